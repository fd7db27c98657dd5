"""The order of a listing: what a person most likely came for is first."""

from __future__ import annotations

import re

from projector.loaders.logdir.label_names import is_auxiliary
from projector.loaders.logdir.sources import Source
from projector.loaders.naming import natural_key

_ROLES = {"embedding": 0, "weight": 1, "slot": 2}
_WHOLE = re.compile(r"u?int|bool")


def in_listing_order(sources: list[Source]) -> list[Source]:
    """Sort embeddings with metadata first and slots last, then by run, name and step."""
    # All steps of a tensor stay together, at the best rank that one of them has.
    best: dict[tuple[str, str], tuple[int, ...]] = {}
    for source in sources:
        group, rank = (source.run, source.tensor.name), _rank(source)
        best[group] = min(best.get(group, rank), rank)

    def key(source: Source) -> tuple[object, ...]:
        run, name = source.run, source.tensor.name
        return (
            best[run, name],
            natural_key(run) if run != "." else (),
            natural_key(name),
            name,
            -1 if source.step is None else source.step,
        )

    return sorted(sources, key=key)


def _rank(source: Source) -> tuple[int, ...]:
    """Return how late a tensor is listed.

    First what a config names, what has metadata, or is called an embedding; tables of loose numbers
    after these; then tokens before positions, fractions before whole numbers, a series before the
    copies of its best and last step, and many points before one.
    """
    tensor = source.tensor
    return (
        _ROLES[source.role],
        tensor.doubtful and not source.named,
        not source.has_metadata,
        not source.named,
        _ROLES[tensor.role],
        is_auxiliary(tensor.name),
        _WHOLE.match(tensor.dtype) is not None,
        source.is_copy,
        source.n_points == 1,
    )

"""The order of a listing: what a person most likely came for is first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

from projector.loaders.logdir.label_names import is_auxiliary
from projector.loaders.logdir.sources import Source
from projector.loaders.naming import natural_key
from projector.model.listing import step_order

_ROLES = {"embedding": 0, "weight": 1, "slot": 2}
_WHOLE = re.compile(r"u?int|bool")


class Ranked(NamedTuple):
    """A source, and what its place in the listing is found by."""

    key: tuple[object, ...]
    source: Source


def ranked(sources: list[Source]) -> list[Ranked]:
    """Sort embeddings with metadata first and slots last, then by run, name and step."""
    # All steps of a tensor stay together, at the best rank that one of them has.
    best: dict[tuple[str, str], tuple[int, ...]] = {}
    for source in sources:
        group, rank = (source.run, source.tensor.name), _rank(source)
        before = best.get(group)
        if before is None or rank < before:
            best[group] = rank
    shared: dict[tuple[str, str], tuple[object, ...]] = {}
    for (run, name), rank in best.items():
        of_run = natural_key(run) if run != "." else ()
        shared[run, name] = (rank, of_run, run, natural_key(name), name)
    found = [
        Ranked(
            (*shared[source.run, source.tensor.name], step_order(source.step)),
            source,
        )
        for source in sources
    ]
    found.sort(key=_key)
    return found


def together(parts: Iterable[Sequence[Ranked]]) -> list[Source]:
    """Return the sources of all parts of a log directory in the order of its listing."""
    every = [each for part in parts for each in part]
    every.sort(key=_key)  # cheap where each part is in order
    return [each.source for each in every]


_key = itemgetter(0)


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

"""A step of a tensor as a projection, laid out together with the other steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from projector.api.methods import find_method
from projector.api.options import parameters_of
from projector.api.session.computations import Computation
from projector.api.session.session import Session
from projector.errors import ParameterError
from projector.jobs.schedule import Client
from projector.model.arguments import shown

#: Up to so many points times steps, motion is measured also where only that needs neighbors.
MOST_MEASURED = 200_000


def project_together(
    session: Session, dataset_id: str, ids: Sequence[str], asked: Mapping[str, Any], client: Client
) -> Computation:
    """Start the layout of several steps, or find it, and return the projection of one of them.

    Parameters
    ----------
    session : Session
    dataset_id : str
        The step.
    ids : sequence of str
        The datasets of all steps, in their order.
    asked : mapping
        ``method``, ``params``, and ``initial``, ``align_to`` and ``label_column``, which must be
        None: what is laid out together depends on nothing else.
    client : tuple of str
        Who asks.

    Raises
    ------
    UnknownNameError, ParameterError, ShapeError, MemoryLimitError
        See `projector.project_series`.
    InvalidStateError
        Too much work waits.
    """
    method, params = asked["method"], asked["params"]
    if any(asked[name] is not None for name in ("initial", "align_to", "label_column")):
        raise ParameterError(
            "What is laid out together starts from no other projection and names no points. Leave "
            "out 'initial', 'align_to' and 'label_column'."
        )
    chosen = find_method(method)
    options = {each.name for each in parameters_of(chosen)}
    beyond = sorted((options - {each.name for each in chosen.parameters}) & set(params))
    if beyond:
        raise ParameterError(
            f"Steps are laid out together without {', '.join(map(repr, beyond))}. Leave that out, "
            "or lay out each step by itself."
        )
    if dataset_id not in ids:
        raise ParameterError(f"'together' must have the dataset itself. Got {shown(list(ids))}.")
    data = [(each, session.vectors(each)) for each in ids]
    # Only the picture of one of them waits for its metadata until it is sent.
    for each in ids:
        if each != dataset_id:
            session.drawn(each)
    n_positions = sum(each.n_points for _, each in data)
    question = {
        "method": method,
        "params": params,
        # Graphs that the method itself does not need are made for small data only.
        "motion": method != "pca" or n_positions <= MOST_MEASURED,
    }
    series = session.analyses.start("series", data, question, client)
    step = list(ids).index(dataset_id)
    session.analyses.look(series.id, step)
    return session.projections.start_together(series, step, data[step][1])

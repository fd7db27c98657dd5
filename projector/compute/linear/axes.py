"""Axes of one's own: how far each point lies from one set of points towards another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np

from projector.compute.common_parameters import RANDOM_STATE, n_components, whole
from projector.compute.linear.components import CHUNK_SIZE
from projector.compute.method import Method, Outcome
from projector.errors import ParameterError
from projector.model.neighbors import Neighbors
from projector.model.parameters import Parameter, Value
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray, Json, Positions, Vectors


def _end(axis: str, end: str) -> Parameter:
    where = "begins" if end == "from" else "ends"
    return Parameter(
        f"{axis}_{end}",
        "text",
        None,
        f"Points in whose middle the {axis} axis {where}, by index: 3, 17, 20-40. The middle of "
        "all points where nobody says.",
    )


PARAMETERS = (
    n_components(2),
    *(_end(axis, end) for axis in "xyz" for end in ("from", "to")),
    Parameter(
        "orthogonal",
        "bool",
        False,
        "Keep of each axis only what is at a right angle to those before it, so that distances "
        "in the picture are not skewed.",
    ),
    RANDOM_STATE,
)


def run(
    vectors: Vectors,
    params: Mapping[str, Value],
    *,
    neighbors: Neighbors | None = None,
    initial: Positions | None = None,
    progress: ProgressCallback,
) -> Outcome:
    """Project `vectors` on the lines between the middles of named sets of points.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    params : mapping
        As `AXES` declares them.
    neighbors, initial : None
        Not looked at.
    progress : callable

    Returns
    -------
    Outcome
        Positions in the unit of `vectors`, 0 halfway along each axis. ``details["axes"]`` has
        for each axis where its ends come to be (``from_at``, ``to_at``).

    Raises
    ------
    ParameterError
        A set that can not be read or names points that are not there.
    """
    wanted = whole(params["n_components"])
    origins, directions = np.zeros((2, wanted, vectors.shape[1]))
    middle = vectors.mean(axis=0, dtype=np.float64)
    warnings: list[Json] = []
    axes: list[Json] = []
    for at, name in enumerate("xyz"[:wanted]):
        ends = [_center(vectors, params, f"{name}_{end}", middle) for end in ("from", "to")]
        direction = ends[1] - ends[0]
        length = float(np.linalg.norm(direction))
        if params["orthogonal"]:
            direction = direction - directions[:at].T @ (directions[:at] @ direction)
        left = float(np.linalg.norm(direction))
        origins[at] = (ends[0] + ends[1]) / 2
        if left > 1e-6 * length:
            directions[at] = direction / left
        else:
            warnings.append(f"The {name} axis leads nowhere: both its ends are the same point.")
        reach = float(directions[at] @ (ends[1] - ends[0])) / 2
        axes.append({"name": name, "from_at": -reach, "to_at": reach, "length": length})
    positions = np.empty((len(vectors), wanted), np.float32)
    step = max(16, CHUNK_SIZE // max(1, vectors.shape[1]))
    offset = np.einsum("ad,ad->a", origins, directions)
    for start in range(0, len(vectors), step):
        chunk = vectors[start : start + step]
        positions[start : start + step] = chunk @ directions.T - offset
        done = start + len(chunk)
        progress(
            Progress("projecting", done, len(vectors), positions if done >= len(vectors) else None)
        )
    return Outcome(positions, {"axes": axes, "warnings": warnings})


def parse_indices(text: str, n_points: int, *, owner: str) -> AnyArray:
    """Read a set of points as in ``"3, 17, 20-40"``.

    Parameters
    ----------
    text : str
    n_points : int
    owner : str
        The parameter's name, for messages.

    Returns
    -------
    ndarray of int64
        In the order given, each point once.

    Raises
    ------
    ParameterError
        Not of that form, or an index out of range.
    """
    found: list[int] = []
    for word in text.replace(",", " ").split():
        first, _, last = word.partition("-")
        if not (first.isdecimal() and (last.isdecimal() or word == first)):
            raise ParameterError(
                f"The parameter {owner!r} of axes must be indices such as 3, 17, 20-40. "
                f"Got {word!r}."
            )
        start, stop = int(first), int(last or first)
        if max(start, stop) >= n_points:
            raise ParameterError(
                f"The parameter {owner!r} of axes names point {max(start, stop)}, but the points "
                f"are 0 to {n_points - 1}."
            )
        found.extend(range(start, stop + 1))
    return np.array(list(dict.fromkeys(found)), np.int64)


def _center(vectors: Vectors, params: Mapping[str, Value], name: str, middle: AnyArray) -> AnyArray:
    text = params[name]
    indices = parse_indices(cast(str, text or ""), len(vectors), owner=name)
    if len(indices) == 0:
        return middle
    return np.asarray(vectors[indices].mean(axis=0, dtype=np.float64))


AXES = Method(
    name="axes",
    title="Axes",
    summary=(
        "Shows how far each point lies from one set of points towards another: the axes mean "
        "what you chose, and everything else about the points is not shown."
    ),
    parameters=PARAMETERS,
    run=run,
)

"""Projection onto axes between sets of points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np

from projector.compute.common_parameters import RANDOM_STATE, n_components, whole
from projector.compute.linear.decomposition import CHUNK_SIZE
from projector.compute.method import Method, MethodInput, Outcome
from projector.compute.point_set import parse_indices
from projector.errors import ShapeError
from projector.machine.blas_threads import one_blas_thread
from projector.model.parameters import Parameter, Value
from projector.model.progress import Progress
from projector.typing import AnyArray, Json, Vectors


def _end(axis: str, end: str) -> Parameter:
    where = "start" if end == "from" else "end"
    return Parameter(
        f"{axis}_{end}",
        "points",
        None,
        f"Points whose centroid is the {where} of the {axis} axis, such as 3, 17, 20-40 or "
        "= king + queen.",
        unset="all points",
        only_3d=axis == "z",
    )


PARAMETERS = (
    n_components(2),
    *(_end(axis, end) for axis in "xyz" for end in ("from", "to")),
    Parameter(
        "orthogonal",
        "bool",
        False,
        "Keep only the part of each axis that is orthogonal to the axes before it, so that "
        "distances in the projection are not skewed.",
    ),
    RANDOM_STATE,
)


def run(inputs: MethodInput) -> Outcome:
    """Project vectors onto the lines between the centroids of sets of points.

    Returns
    -------
    Outcome
        Positions in the unit of the vectors, 0 halfway along each axis. ``details["axes"]`` has
        the coordinates of the ends of each axis (``from_at``, ``to_at``).

    Raises
    ------
    ParameterError
        A set that cannot be read or names points that do not exist.

    Notes
    -----
    Time O(n_points n_dims), one pass over the vectors.
    """
    vectors, params, progress = inputs.vectors, inputs.params, inputs.progress
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
            warnings.append(f"The {name} axis has no direction: its two ends coincide.")
        reach = float(directions[at] @ (ends[1] - ends[0])) / 2
        axes.append({"name": name, "from_at": -reach, "to_at": reach, "length": length})
    positions = np.empty((len(vectors), wanted), np.float32)
    step = max(16, CHUNK_SIZE // max(1, vectors.shape[1]))
    offset = np.einsum("ad,ad->a", origins, directions)
    for start in range(0, len(vectors), step):
        chunk = vectors[start : start + step]
        with one_blas_thread():
            found = chunk @ directions.T - offset
        largest = float(np.abs(found).max(initial=0))
        if largest > float(np.finfo(np.float32).max):
            raise ShapeError(
                f"A position on these axes would be {largest:.3g}, more than float32 can hold. "
                "Divide the vectors by a constant first."
            )
        positions[start : start + step] = found
        done = start + len(chunk)
        progress(
            Progress("projecting", done, len(vectors), positions if done >= len(vectors) else None)
        )
    return Outcome(positions, {"axes": axes, "warnings": warnings})


def _center(vectors: Vectors, params: Mapping[str, Value], name: str, middle: AnyArray) -> AnyArray:
    text = params[name]
    indices = parse_indices(cast(str, text or ""), len(vectors), parameter=name, owner="axes")
    if len(indices) == 0:
        return middle
    return np.asarray(vectors[indices].mean(axis=0, dtype=np.float64))


AXES = Method(
    name="axes",
    title="Axes",
    summary=(
        "Projects each point onto axes of your choice, each from one set of points to another. "
        "Everything else about the points is not shown."
    ),
    parameters=PARAMETERS,
    run=run,
    is_instant=True,
    takes_differences=True,
)

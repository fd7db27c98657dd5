"""The vectors' own dimensions as places: for data that is a map already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np

from projector.compute.common_parameters import RANDOM_STATE, n_components, whole
from projector.compute.method import Method, Outcome
from projector.errors import ParameterError
from projector.model.neighbors import Neighbors
from projector.model.parameters import Parameter, Value
from projector.model.progress import Progress, ProgressCallback
from projector.typing import Json, Positions, Vectors

PARAMETERS = (
    n_components(2),
    Parameter(
        "dims",
        "text",
        None,
        "Dimensions that become x, y and z, by number from 0: 0, 1. The first ones where nobody "
        "says.",
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
    """Take two or three dimensions of `vectors` as positions, unchanged.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    params : mapping
        As `GIVEN` declares them.
    neighbors, initial : None
        Not looked at.
    progress : callable

    Returns
    -------
    Outcome
        Where there are fewer dimensions than `n_components`, the last ones are 0 and a warning
        says so.

    Raises
    ------
    ParameterError
        `dims` names no dimension, or too many.
    """
    wanted = whole(params["n_components"])
    dims = read_dims(cast("str | None", params["dims"]), wanted, vectors.shape[1])
    positions = np.zeros((len(vectors), wanted), np.float32)
    positions[:, : len(dims)] = vectors[:, dims]
    progress(Progress("given", 1, 1, positions))
    warnings: list[Json] = []
    if len(dims) < wanted:
        warnings.append(f"The vectors have {vectors.shape[1]} dimensions; the others are 0.")
    return Outcome(positions, {"dims": list(dims), "warnings": warnings})


def read_dims(text: str | None, wanted: int, n_dims: int) -> list[int]:
    """Return the dimensions that ``"0, 1"`` names; the first `wanted` where it is empty."""
    words = (text or "").replace(",", " ").split()
    if not words:
        return list(range(min(wanted, n_dims)))
    if not all(word.isdecimal() and int(word) < n_dims for word in words) or len(words) > wanted:
        raise ParameterError(
            f"The parameter 'dims' of given must be at most {wanted} numbers from 0 to "
            f"{n_dims - 1}, such as 0, 1. Got {text!r}."
        )
    return [int(word) for word in words]


GIVEN = Method(
    name="given",
    title="Given",
    summary=(
        "Shows two or three of the vectors' own dimensions, unchanged: for data that is a map "
        "already, and to look at single dimensions."
    ),
    parameters=PARAMETERS,
    run=run,
)

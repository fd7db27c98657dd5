"""Takes dimensions of the vectors as positions, unchanged."""

from __future__ import annotations

from typing import cast

import numpy as np

from projector.compute.common_parameters import RANDOM_STATE, n_components, whole
from projector.compute.method import Method, MethodInput, Outcome
from projector.errors import ParameterError
from projector.model.parameters import Parameter
from projector.model.progress import Progress
from projector.typing import Json

PARAMETERS = (
    n_components(2),
    Parameter(
        "dims",
        "text",
        None,
        "Dimensions to use as x, y and z, counted from 0, such as 0, 1.",
        unset="the first ones",
    ),
    RANDOM_STATE,
)


def run(inputs: MethodInput) -> Outcome:
    """Take two or three dimensions of the vectors as positions, unchanged.

    Returns
    -------
    Outcome
        Where there are fewer dimensions than `n_components`, the last ones are 0 and a warning
        says so.

    Raises
    ------
    ParameterError
        ``dims`` names a dimension that does not exist, or too many.
    """
    vectors, params = inputs.vectors, inputs.params
    wanted = whole(params["n_components"])
    dims = read_dims(cast("str | None", params["dims"]), wanted, vectors.shape[1])
    positions = np.zeros((len(vectors), wanted), np.float32)
    positions[:, : len(dims)] = vectors[:, dims]
    inputs.progress(Progress("given", 1, 1, positions))
    warnings: list[Json] = []
    if len(dims) < wanted:
        warnings.append(f"The vectors have {vectors.shape[1]} dimensions; the others are 0.")
    return Outcome(positions, {"dims": list(dims), "warnings": warnings})


def read_dims(text: str | None, wanted: int, n_dims: int) -> list[int]:
    """Return the dimensions that ``"0, 1"`` names; the first `wanted` where it is empty."""
    words = (text or "").replace(",", " ").split()
    if not words:
        return list(range(min(wanted, n_dims)))
    few = len(words) <= wanted and all(word.isdecimal() and len(word) < 10 for word in words)
    if not few or any(int(word) >= n_dims for word in words):
        raise ParameterError(
            f"The parameter 'dims' of given must be at most {wanted} numbers from 0 to "
            f"{n_dims - 1}, such as 0, 1. Got {(text or '')[:40]!r}."
        )
    return [int(word) for word in words]


GIVEN = Method(
    name="given",
    title="Raw dimensions",
    summary=(
        "Shows two or three of the original dimensions, unchanged. Use it for data that is "
        "already a map, or to inspect single dimensions."
    ),
    parameters=PARAMETERS,
    run=run,
    is_instant=True,
)

"""Data types by name, including bfloat16 and float8, which numpy lacks."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from projector.model.small_floats import SMALL_FLOATS
from projector.typing import AnyArray


@cache
def dtype_of(name: str) -> np.dtype[Any]:
    """Return the numpy dtype of a name such as ``"float32"``, ``"bfloat16"``, ``"float8_e5m2"``.

    Raises
    ------
    TypeError
        There is no such type.
    """
    if name in SMALL_FLOATS:
        import ml_dtypes

        extra: np.dtype[Any] = np.dtype(getattr(ml_dtypes, name))
        return extra
    return np.dtype(name)


def to_float32(values: AnyArray) -> AnyArray:
    """Convert types that numpy's own functions do not support (bfloat16, float8) to float32.

    Others are returned as they are. bfloat16 is the upper half of a float32, so a shift suffices.
    """
    if values.dtype.name == "bfloat16":
        wide = np.left_shift(values.view(np.uint16), np.uint32(16), dtype=np.uint32)
        return np.asarray(wide).view(np.float32)
    if values.dtype.name in SMALL_FLOATS:
        return np.asarray(values).astype(np.float32)
    return values

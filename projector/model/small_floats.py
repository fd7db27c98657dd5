"""The types of numbers that NumPy has only by the package ml_dtypes."""

from __future__ import annotations

from typing import Final

SMALL_FLOATS: Final = frozenset(
    {
        "bfloat16",
        "float8_e5m2",
        "float8_e4m3fn",
        "float8_e4m3fnuz",
        "float8_e4m3b11fnuz",
        "float8_e5m2fnuz",
        "float8_e8m0fnu",
    }
)

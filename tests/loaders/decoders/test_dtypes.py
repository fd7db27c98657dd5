"""Data types by name, and the conversion of those that numpy does not support."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest

from projector.loaders.decoders.dtypes import dtype_of, to_float32


@pytest.mark.parametrize(
    ("name", "itemsize"),
    [("float32", 4), ("int8", 1), ("bfloat16", 2), ("float8_e4m3fn", 1), ("float8_e8m0fnu", 1)],
)
def test_names_give_types(name: str, itemsize: int) -> None:
    assert dtype_of(name).itemsize == itemsize
    assert dtype_of(name).name == name


def test_unknown_names_are_refused() -> None:
    with pytest.raises(TypeError):
        dtype_of("float7")


def test_every_bfloat16_becomes_its_float32() -> None:
    values = np.arange(1 << 16, dtype=np.uint16).view(ml_dtypes.bfloat16)
    converted = to_float32(values)
    assert converted.dtype == np.float32
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(converted, values.astype(np.float32))


@pytest.mark.parametrize("name", ["float8_e5m2", "float8_e4m3fn", "float8_e4m3fnuz"])
def test_every_float8_becomes_its_float32(name: str) -> None:
    values = np.arange(256, dtype=np.uint8).view(dtype_of(name))
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(to_float32(values), values.astype(np.float32))


def test_types_of_numpy_are_returned_without_a_copy() -> None:
    values = np.ones(3, np.float64)
    assert to_float32(values) is values

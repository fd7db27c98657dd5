"""Stand-ins for the values of torch and numpy: views, arrays and their limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from projector.loaders.formats.torch.values import (
    DType,
    Storage,
    View,
    is_dtype,
    storage_types,
)

RAW = np.arange(6, dtype="<f4").view(np.uint8)
STORAGE = Storage("0", "float32", 6)


@pytest.mark.parametrize(
    ("shape", "strides", "offset", "expected"),
    [
        ((2, 3), (3, 1), 0, [[0, 1, 2], [3, 4, 5]]),
        ((3, 2), (1, 3), 0, [[0, 3], [1, 4], [2, 5]]),
        ((2, 2), (3, 1), 1, [[1, 2], [4, 5]]),
        ((2, 3), (0, 1), 3, [[3, 4, 5], [3, 4, 5]]),
        ((0, 3), (3, 1), 0, np.zeros((0, 3))),
        ((), (), 5, 5),
    ],
)
def test_views_have_offset_and_strides(
    shape: tuple[int, ...], strides: tuple[int, ...], offset: int, expected: Any
) -> None:
    view = View(STORAGE, offset, shape, strides, "float32")
    np.testing.assert_array_equal(view.take(RAW, big_endian=False), expected)


def test_unaligned_and_big_endian_bytes_are_read() -> None:
    shifted = np.concatenate([np.zeros(1, np.uint8), RAW])[1:]
    view = View(STORAGE, 0, (6,), (1,), "float32")
    np.testing.assert_array_equal(view.take(shifted, big_endian=False), np.arange(6))
    swapped = np.arange(6, dtype=">f4").view(np.uint8)
    np.testing.assert_array_equal(view.take(swapped, big_endian=True), np.arange(6))


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("torch.FloatStorage", "float32"),
        ("torch.cuda.HalfStorage", "float16"),
        ("torch.storage.UntypedStorage", "uint8"),
        ("os.FloatStorage", None),
        ("torch.float32", None),
    ],
)
def test_storages_by_name(name: str, dtype: str | None) -> None:
    found = storage_types(name)
    assert (found.dtype if found else None) == dtype


def test_dtypes_by_name() -> None:
    assert is_dtype("torch.bfloat16") == DType("bfloat16")
    assert is_dtype("torch.save") is None
    assert is_dtype("numpy.float32") is None

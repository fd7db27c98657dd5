"""Raw numbers, whose shape comes from a config or a name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.formats.arrays.raw_float32 import RawFloat32
from tests.loaders.writers import file_with

VALUES = np.arange(6, dtype="<f4")


@pytest.mark.parametrize(
    ("name", "shape"), [("v_2x3.bytes", (2, 3)), ("3x2.raw", (3, 2)), ("v-6x1-b.f32", (6, 1))]
)
def test_a_shape_in_the_name_is_used(tmp_path: Path, name: str, shape: tuple[int, int]) -> None:
    file = file_with(tmp_path / name, VALUES.tobytes())
    loader = RawFloat32()
    assert loader.sniff(file)
    (tensor,) = loader.list(file).tensors
    loaded = loader.load(file, tensor)
    np.testing.assert_array_equal(loaded.values, VALUES.reshape(shape))
    assert loaded.warnings == ()


def test_a_shape_that_fits_roughly_is_used_with_a_warning(tmp_path: Path) -> None:
    file = file_with(tmp_path / "v.bytes", VALUES.tobytes() + b"\0\0")
    found = RawFloat32().with_shape(file, (3, 3))
    (tensor,), (problem,) = found.tensors, found.problems
    assert tensor.shape == (2, 3)
    assert problem.message == (
        "tensor_shape is 3 x 3, but the file has 26 bytes, which is 2.16667 rows of 3 numbers. The "
        "first 2 rows are shown."
    )
    loaded = RawFloat32().load(file, tensor)
    np.testing.assert_array_equal(loaded.values, VALUES.reshape(2, 3))
    assert loaded.warnings == (problem.message,)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((), "expected two positive numbers"),
        ((6,), "expected two positive numbers"),
        ((2, 0), "expected two positive numbers"),
        ((1, 2, 3), "expected two positive numbers"),
        ((100, 3), "takes 1,200 bytes, but the file has 24"),
        ((1, 1), "takes 4 bytes, but the file has 24"),
        ((1 << 40, 1 << 20), "but the file has 24"),
    ],
)
def test_a_shape_that_does_not_fit_is_refused(
    tmp_path: Path, shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises(LoadError, match=message):
        RawFloat32().with_shape(file_with(tmp_path / "v.bytes", VALUES.tobytes()), shape)


def test_a_name_without_a_shape_asks_for_one(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"has 24 bytes of unknown shape\. Set tensor_shape"):
        RawFloat32().list(file_with(tmp_path / "v.bytes", VALUES.tobytes()))


def test_a_file_that_was_truncated_is_noticed(tmp_path: Path) -> None:
    file = file_with(tmp_path / "v_2x3.bytes", VALUES.tobytes())
    (tensor,) = RawFloat32().list(file).tensors
    (tmp_path / "v_2x3.bytes").write_bytes(bytes(20))
    with pytest.raises(LoadError, match="now has only 20 bytes"):
        RawFloat32().load(file, tensor)

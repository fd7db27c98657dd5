"""ONNX models: weights of every type and storage, in the file and outside of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.formats.models.onnx import Onnx
from tests.fixtures.make_formats import table
from tests.loaders.formats.fixture_files import fixture_file, listed, loaded
from tests.loaders.writers import file_with, message, number, write

RAW = table(3, 4).tobytes()


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("floats", "float32"),
        ("doubles", "float64"),
        ("halves", "float16"),
        ("halves_raw", "float16"),
        ("brains", "float32"),
        ("whole", "int64"),
        ("small", "int8"),
        ("constant", "float32"),
    ],
)
def test_weights_are_read_as_they_are_stored(name: str, dtype: str) -> None:
    data = loaded(fixture_file("models/small.onnx"), name)
    assert data.values.dtype == dtype
    np.testing.assert_array_equal(data.values, table(3, 4).astype(dtype))


def test_a_table_that_is_looked_up_is_an_embedding() -> None:
    tensors = listed(fixture_file("models/small.onnx")).tensors
    assert [each.name for each in tensors if each.role == "embedding"] == ["looked_up"]
    data = loaded(fixture_file("models/small.onnx"), "looked_up")
    np.testing.assert_array_equal(data.values, table(9, 4))


def test_data_outside_the_file_is_read_and_belongs_to_it() -> None:
    file = fixture_file("models/outside.onnx")
    np.testing.assert_array_equal(loaded(file, "far").values, table(9, 4))
    assert [part.name for part in listed(file).parts] == ["outside.data"]


def tensor(name: str, sizes: tuple[int, ...], kind: int, *more: bytes) -> bytes:
    """Encode a TensorProto."""
    dims = b"".join(number(1, size) for size in sizes)
    return dims + number(2, kind) + message(8, name.encode()) + b"".join(more)


def model(*weights: bytes) -> bytes:
    """Encode a ModelProto with these weights."""
    return number(1, 8) + message(7, b"".join(message(5, weight) for weight in weights))


def outside(**entries: str) -> bytes:
    """Encode where external data is."""
    pairs = (message(1, k.encode()) + message(2, v.encode()) for k, v in entries.items())
    return b"".join(message(13, pair) for pair in pairs)


GOOD = tensor("good", (3, 4), 1, message(9, RAW))


@pytest.mark.parametrize(
    ("weight", "reason"),
    [
        (tensor("bad", (3, 5), 1, message(9, RAW)), "has 48 bytes, but its shape (3, 5)"),
        (tensor("bad", (1 << 40, 1 << 20), 1, message(9, RAW)), "has 48 bytes"),
        (tensor("bad", (3, 4), 1), "has 0 bytes"),
        (tensor("bad", (1 << 12, 1 << 12), 7, message(7, b"\1")), "packed one by one"),
        (tensor("bad", (3, 4), 1, outside(location="gone")), "'gone' does not exist"),
        (tensor("bad", (3, 4), 1, outside(location="../up")), "points outside"),
        (tensor("bad", (3, 4), 1, outside(location="/etc/passwd")), "points outside"),
        (tensor("bad", (3, 4), 1, outside(location="http://x/y")), "is a URL"),
        (tensor("bad", (3, 4), 1, outside(location="data")), "needs 48 bytes at byte 0"),
        (tensor("bad", (3, 4), 1, outside(location="data", offset="-8")), "needs 48 bytes"),
        (tensor("bad", (3, 4), 1, outside(location="data", length="99")), "needs 48 bytes"),
        (tensor("bad", (3, 4), 1, outside(location="data", offset="x")), "is no number"),
    ],
)
def test_a_weight_that_does_not_fit_costs_itself_only(
    tmp_path: Path, weight: bytes, reason: str
) -> None:
    write(tmp_path / "data", b"short")
    found = listed(file_with(tmp_path / "m.onnx", model(weight, GOOD)))
    assert [each.name for each in found.tensors] == ["good"]
    (problem,) = found.problems
    assert problem.message.startswith("weight 'bad': ")
    assert reason in problem.message


def test_types_without_numbers_of_their_own_are_one_line(tmp_path: Path) -> None:
    weights = [tensor(f"w{kind}", (2, 2), kind) for kind in (22, 21, 14, 77, 8)]
    found = listed(file_with(tmp_path / "m.onnx", model(*weights, GOOD)))
    (line,) = found.problems
    assert line.message == "4 weights of 4 bits, complex numbers, type 77 are not read."
    assert line.severity == "warning"


def test_packed_numbers_are_counted(tmp_path: Path) -> None:
    file = file_with(tmp_path / "m.onnx", model(tensor("w", (2, 2), 7, message(7, b"\1\2\3"))))
    with pytest.raises(LoadError, match="has 3 numbers for the shape"):
        loaded(file, "w")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"text", "cannot be read as an ONNX model"),
        (number(1, 8), "it has no graph"),
        (model()[:-1] + b"\x09", "cannot be read as an ONNX model"),
        (model(), "without weights"),
        (model(tensor("x", (1,) * 65, 1)), "a tensor has the shape"),
        (model(number(1, -5)), "a tensor has the shape"),
    ],
)
def test_files_that_are_no_model_say_so(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(LoadError, match=reason):
        Onnx().list(file_with(tmp_path / "m.onnx", content))

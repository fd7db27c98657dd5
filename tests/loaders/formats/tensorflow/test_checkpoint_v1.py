"""TensorFlow V1 checkpoints: numbers in a table, in whichever field they are."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.decoders.dtypes import dtype_of
from projector.loaders.decoders.protobuf import WireError
from projector.loaders.formats.tensorflow.checkpoint_v1 import TensorFlowV1, tensor_numbers
from projector.loaders.formats.tensorflow.records import Slice, slice_key
from tests.loaders.writers import (
    file_with,
    message,
    number,
    shape_proto,
    slice_proto,
    table,
    varint,
)

VALUES = np.arange(6, dtype=np.float32).reshape(2, 3)
WHOLE: Slice = ((0, -1), (0, -1))


def meta(name: str, shape: tuple[int, ...], slices: list[Slice], dtype: int = 1) -> bytes:
    body = message(1, name.encode()) + message(2, shape_proto(shape)) + number(3, dtype)
    return message(1, body + b"".join(message(4, slice_proto(piece)) for piece in slices))


def record(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> bytes:
    return message(2, message(3, message(5, values.tobytes())))


def checkpoint(path: Path, metas: bytes, records: dict[bytes, bytes]) -> None:
    entries = sorted({b"": message(1, metas), **records}.items())
    path.write_bytes(table(entries))


def test_whole_and_sliced_tensors_are_read(tmp_path: Path) -> None:
    pieces: list[Slice] = [((0, 1), (0, -1)), ((1, 1), (0, -1))]
    metas = meta("emb", (2, 3), [WHOLE]) + meta("cut", (2, 3), pieces)
    records = {slice_key(b"emb", WHOLE): record(VALUES)}
    records |= {
        slice_key(b"cut", piece): record(VALUES[n : n + 1]) for n, piece in enumerate(pieces)
    }
    checkpoint(tmp_path / "old.ckpt-10", metas, records)
    file = file_with(tmp_path / "old.ckpt-10", (tmp_path / "old.ckpt-10").read_bytes())
    loader = TensorFlowV1()
    assert loader.sniff(file)
    found = loader.list(file)
    assert found.step == 10
    assert {t.name: t.role for t in found.tensors} == {"emb": "embedding", "cut": "weight"}
    for tensor in found.tensors:
        np.testing.assert_array_equal(loader.load(file, tensor).values, VALUES)


def test_a_missing_slice_is_reported(tmp_path: Path) -> None:
    checkpoint(tmp_path / "m", meta("emb", (2, 3), [WHOLE]), {b"other": b""})
    found = TensorFlowV1().list(file_with(tmp_path / "m", (tmp_path / "m").read_bytes()))
    assert found.tensors == ()
    assert "tensor 'emb': 1 of its slices have no record" in found.problems[0].message


def test_slices_with_a_gap_are_refused(tmp_path: Path) -> None:
    piece: Slice = ((0, 1), (0, -1))
    checkpoint(
        tmp_path / "m", meta("emb", (2, 3), [piece]), {slice_key(b"emb", piece): record(VALUES[:1])}
    )
    file = file_with(tmp_path / "m", (tmp_path / "m").read_bytes())
    (tensor,) = TensorFlowV1().list(file).tensors
    with pytest.raises(LoadError, match=r"m, tensor 'emb': its slices leave a gap. Save it again"):
        TensorFlowV1().load(file, tensor)


@pytest.mark.parametrize("name", ["m.index", "m.data-00000-of-00001"])
def test_files_of_version_2_are_left_to_it(tmp_path: Path, name: str) -> None:
    assert not TensorFlowV1().sniff(file_with(tmp_path / name, table([(b"", b"")])))


@pytest.mark.parametrize(
    ("proto", "dtype", "expected"),
    [
        (message(4, np.array([1.5, 2.5], "<f4").tobytes()), "float32", [1.5, 2.5]),
        (message(5, np.array([1.5, 2.5], "<f4").tobytes()), "float32", [1.5, 2.5]),
        (2 * (varint(5 << 3 | 5) + struct.pack("<f", 1.5)), "float32", [1.5, 1.5]),
        (message(6, np.array([1.5, 2.5], "<f8").tobytes()), "float64", [1.5, 2.5]),
        (message(10, varint(5) + varint(-7)), "int64", [5, -7]),
        (number(7, 3), "int32", [3, 3]),
        (message(11, b"\0\1"), "bool", [False, True]),
        (message(13, varint(0x3F80) + varint(0x4000)), "bfloat16", [1.0, 2.0]),
        (message(17, varint((1 << 64) - 1) + varint(1)), "uint64", [(1 << 64) - 1, 1]),
    ],
)
def test_numbers_are_read_from_any_field(proto: bytes, dtype: str, expected: list[float]) -> None:
    found = tensor_numbers(proto, dtype, (2,))
    assert found.dtype == dtype_of(dtype)
    assert found.tolist() == expected


@pytest.mark.parametrize(("proto", "shape"), [(b"", (2,)), (message(5, bytes(12)), (2,))])
def test_the_count_must_fit_the_shape(proto: bytes, shape: tuple[int, ...]) -> None:
    with pytest.raises(WireError, match=r"numbers are stored, but the shape \(2,\) has 2"):
        tensor_numbers(proto, "float32", shape)

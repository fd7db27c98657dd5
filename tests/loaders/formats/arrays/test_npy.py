"""NumPy's files: every order and type, and headers that lie."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.formats.arrays.npy import Npy, Npz
from tests.loaders.writers import file_at, file_with


def npy(header: str) -> bytes:
    """Write a file with this header and 24 bytes of data."""
    raw = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(raw)) + raw + bytes(24)


@pytest.mark.parametrize("fortran", [False, True])
@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", "<f2", "|i1", "<u8", "|b1"])
def test_arrays_are_copies_of_our_own(tmp_path: Path, dtype: str, fortran: bool) -> None:
    values = (np.arange(6).reshape(2, 3) % 2).astype(dtype)
    values = np.asfortranarray(values) if fortran else values
    np.save(tmp_path / "v.npy", values)
    file = file_at(tmp_path / "v.npy")
    (tensor,) = Npy().list(file).tensors
    assert (tensor.name, tensor.shape, tensor.real) == ("v", (2, 3), True)
    assert tensor.dtype == np.dtype(dtype).name
    loaded = Npy().load(file, tensor).values
    assert not loaded.flags.writeable
    np.testing.assert_array_equal(loaded, values)


def test_voids_of_two_bytes_are_bfloat16_with_a_warning(tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", np.array([[0x3F80, 0x4000]], "<u2").view("V2"))
    file = file_at(tmp_path / "v.npy")
    (tensor,) = Npy().list(file).tensors
    assert (tensor.dtype, tensor.real) == ("bfloat16", True)
    loaded = Npy().load(file, tensor)
    np.testing.assert_array_equal(loaded.values, [[1.0, 2.0]])
    assert loaded.warnings == ("two-byte values without a type were read as bfloat16.",)


@pytest.mark.parametrize(
    "values", [np.array([["a"]]), np.zeros((2, 2), "c8"), np.zeros(2, "f4,i4")]
)
def test_what_is_not_a_number_is_listed_as_such(tmp_path: Path, values: NDArray[Any]) -> None:
    np.save(tmp_path / "v.npy", values)
    (tensor,) = Npy().list(file_at(tmp_path / "v.npy")).tensors
    assert not tensor.real


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "has a damaged NumPy header"),
        (b"\x93NUMPY\x09\x00", "has a damaged NumPy header"),
        (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }")[:-1], "is truncated"),
        (
            npy("{'descr': '<f4', 'fortran_order': False, 'shape': (9, 9), }"),
            "takes 324 bytes, but",
        ),
        (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 3), }"), "impossible shape"),
        (
            npy("{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }"),
            "pickled Python objects",
        ),
        (npy("__import__('os').system('true')"), "has a damaged NumPy header"),
        (npy("[" * 100), "has a damaged NumPy header"),
    ],
)
def test_damaged_files_say_why(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(LoadError, match=message):
        Npy().list(file_with(tmp_path / "v.npy", content))


def test_a_file_that_was_truncated_after_it_was_listed(tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", np.ones((2, 3), np.float32))
    file = file_at(tmp_path / "v.npy")
    (tensor,) = Npy().list(file).tensors
    (tmp_path / "v.npy").write_bytes((tmp_path / "v.npy").read_bytes()[:-1])
    with pytest.raises(LoadError, match="truncated after it was listed"):
        Npy().load(file, tensor)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_archives_have_several_arrays(tmp_path: Path, save: object) -> None:
    save(tmp_path / "v.npz", a=np.ones((2, 3)), b=np.zeros((4, 1), "i4"))  # type: ignore[operator]
    file = file_at(tmp_path / "v.npz")
    assert Npz().sniff(file)
    found = {tensor.name: tensor for tensor in Npz().list(file).tensors}
    assert {name: tensor.shape for name, tensor in found.items()} == {"a": (2, 3), "b": (4, 1)}
    np.testing.assert_array_equal(Npz().load(file, found["a"]).values, np.ones((2, 3)))


def test_a_bad_member_costs_itself_only(tmp_path: Path) -> None:
    out = io.BytesIO()
    good = io.BytesIO()
    np.save(good, np.ones((2, 3), np.float32))
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("good.npy", good.getvalue())
        archive.writestr("more.npy", good.getvalue() + b"x")
        archive.writestr("junk.npy", b"junk")
        archive.writestr("notes.txt", b"text")
    found = Npz().list(file_with(tmp_path / "v.npz", out.getvalue()))
    assert [tensor.name for tensor in found.tensors] == ["good"]
    messages = [problem.message for problem in found.problems]
    assert messages[0].startswith("member 'more.npy': its shape (2, 3) takes 152 bytes, but")
    assert messages[1].startswith("member 'junk.npy': has a damaged NumPy header")


def test_an_archive_without_arrays_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("notes.txt", b"text")
    with pytest.raises(LoadError, match="contains no arrays"):
        Npz().list(file_with(tmp_path / "v.npz", out.getvalue()))

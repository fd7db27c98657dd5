"""MATLAB's files: every version has its matrices, and the texts that can be labels."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.formats.matlab.headers import is_version_4
from projector.loaders.formats.matlab.matlab import Matlab
from projector.loaders.logdir.log import open_logdir
from tests.fixtures.make_formats import table, words
from tests.loaders.formats.fixture_files import FILES, fixture_file, listed, loaded
from tests.loaders.writers import file_at, file_with


@pytest.mark.parametrize("name", ["v4", "v5", "v7"])
def test_a_matrix_of_every_version_is_read(name: str) -> None:
    data = loaded(fixture_file(f"matlab/{name}.mat"), "X")
    np.testing.assert_array_equal(data.values, table(6, 4))
    assert data.values.dtype == np.float32


@pytest.mark.parametrize("name", ["v5", "v7"])
def test_texts_structures_and_sparse_matrices_are_read(name: str) -> None:
    file = fixture_file(f"matlab/{name}.mat")
    shapes = {each.name: (each.shape, each.real) for each in listed(file).tensors}
    assert shapes == {
        "X": ((6, 4), True),
        "labels": ((6,), True),
        "names": ((6,), False),
        "letters": ((6,), False),
        "data.inner": ((3, 2), True),
        "data.note": ((1,), False),
        "sparse": ((4, 4), True),
        "complex": ((2, 2), False),
    }
    np.testing.assert_array_equal(loaded(file, "data.inner").values, table(3, 2))
    np.testing.assert_array_equal(loaded(file, "sparse").values, np.eye(4))
    assert loaded(file, "labels").values.tolist() == list(range(6))
    for texts in ("names", "letters"):
        assert loaded(file, texts).values.tolist() == words(6)


def test_texts_of_the_same_length_become_labels() -> None:
    log = open_logdir(FILES / "matlab" / "v5.mat")
    data = log.load(next(entry for entry in log.entries if entry.name == "X"))
    assert data.metadata["names"].text.to_list() == words(6)
    assert data.metadata["labels"].text.to_list() == [str(row) for row in range(6)]


def newer(path: Path) -> File:
    """Write a file of version 7.3 as MATLAB does."""

    def dataset(group: Any, name: str, values: Any, kind: str, **attributes: Any) -> Any:
        made = group.create_dataset(name, data=np.asarray(values).T)
        made.attrs["MATLAB_class"] = np.bytes_(kind)
        for key, value in attributes.items():
            made.attrs[key] = value
        return made

    def text(group: Any, name: str, *rows: str) -> Any:
        letters = np.array([[ord(letter) for letter in row] for row in rows], np.uint16)
        return dataset(group, name, letters, "char")

    with h5py.File(path, "w", userblock_size=512) as handle:
        dataset(handle, "X", table(5, 3), "single")
        dataset(handle, "half", np.arange(5.0)[:, None], "double")
        dataset(handle, "none", [0, 0], "double", MATLAB_empty=np.uint8(1))
        text(handle, "letters", "abc", "de ")
        inner = handle.create_group("data")
        inner.attrs["MATLAB_class"] = np.bytes_("struct")
        dataset(inner, "Y", table(4, 2), "double")
        references = handle.create_group("#refs#")
        cells = [text(references, f"c{n}", word).ref for n, word in enumerate(words(5))]
        made = handle.create_dataset("names", (1, 5), h5py.ref_dtype)
        made[0] = cells
        made.attrs["MATLAB_class"] = np.bytes_("cell")
        mixed = handle.create_dataset("mixed", (1, 1), h5py.ref_dtype)
        mixed[0, 0] = handle["X"].ref
        mixed.attrs["MATLAB_class"] = np.bytes_("cell")
        sparse = handle.create_group("sparse")
        sparse.attrs["MATLAB_sparse"] = np.uint64(4)
        handle["outside"] = h5py.ExternalLink("other.mat", "X")
        handle["soft"] = h5py.SoftLink("/X")
    head = b"MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: now".ljust(124) + b"\0\2IM"
    raw = bytearray(path.read_bytes())
    raw[: len(head)] = head
    path.write_bytes(bytes(raw))
    return file_at(path)


def test_version_7_3_is_read_the_right_way_round(tmp_path: Path) -> None:
    file = newer(tmp_path / "big.mat")
    assert Matlab().sniff(file)
    found = listed(file)
    shapes = {each.name: each.shape for each in found.tensors}
    assert shapes == {
        "X": (5, 3),
        "half": (5,),
        "letters": (2,),
        "data.Y": (4, 2),
        "names": (5,),
    }
    np.testing.assert_array_equal(loaded(file, "X").values, table(5, 3))
    np.testing.assert_array_equal(loaded(file, "data.Y").values, table(4, 2))
    assert loaded(file, "names").values.tolist() == words(5)
    assert loaded(file, "letters").values.tolist() == ["abc", "de"]
    (problem,) = found.problems
    assert "'sparse' is sparse and is not read. Save full(X)" in problem.message


def variable(name: str, shape: tuple[int, int], data: bytes, kind: int = 0) -> bytes:
    """Write a variable of version 4."""
    raw = name.encode() + b"\0"
    return struct.pack("<5i", kind, *shape, 0, len(raw)) + raw + data


def matrix(name: bytes, shape: tuple[int, ...], kind: int = 6, flags: int = 0) -> bytes:
    """Write a variable of version 5 without its numbers."""
    dimensions = struct.pack(f"<{len(shape)}i", *shape)
    body = struct.pack("<IIII", 6, 8, kind | flags << 8, 0)
    body += struct.pack("<II", 5, len(dimensions)) + dimensions.ljust(-(-len(dimensions) // 8) * 8)
    body += struct.pack("<II", 1, len(name)) + name.ljust(-(-len(name) // 8) * 8, b"\0")
    return struct.pack("<II", 14, len(body)) + body


HEAD = b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM"


def test_several_variables_of_version_4_are_listed(tmp_path: Path) -> None:
    content = variable("a", (2, 3), np.arange(6.0).tobytes()) + variable("t", (1, 2), bytes(16), 1)
    file = file_with(tmp_path / "old.mat", content)
    assert Matlab().sniff(file)
    assert {each.name: each.shape for each in listed(file).tensors}["a"] == (2, 3)
    np.testing.assert_array_equal(loaded(file, "a").values, np.arange(6.0).reshape(3, 2).T)


@pytest.mark.parametrize(
    "content",
    [b"", b"text", b"1 2 3\n4 5 6\n7 8 9\n0 0 0\n", bytes(40), b"\x89PNG\r\n\x1a\n" + bytes(40)],
)
def test_other_files_are_no_version_4(content: bytes) -> None:
    assert not is_version_4(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HEAD, "without arrays of numbers"),
        (HEAD[:126] + b"??", "byte order is not given"),
        (HEAD + struct.pack("<II", 14, 1 << 30), "bytes are needed"),
        (HEAD + struct.pack("<II", 15, 4) + b"none", "a variable is damaged"),
        (HEAD + matrix(b"X", (-1, 3)), "has the shape"),
        (HEAD + matrix(b"X", (1,) * 40), "no plausible header"),
        (HEAD + matrix(b"t", (1, 9), 4), "cannot be read as a MATLAB file"),
        (variable("a", (2, 3), bytes(40)), "bytes are needed"),
        (variable("a", (2, 3), bytes(48)) + b"x" * 30, "no variable begins at byte 70"),
    ],
)
def test_damaged_files_say_so(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(LoadError, match=reason):
        Matlab().list(file_with(tmp_path / "bad.mat", content))


@pytest.mark.parametrize(
    ("shape", "kind", "reason"),
    [
        ((1 << 30, 1 << 30), 6, "claims 1073741824 x 1073741824 numbers, but the file has"),
        ((1 << 20, 1 << 20), 5, "as a full matrix, which is too large"),
    ],
)
def test_sizes_that_lie_are_a_problem(
    tmp_path: Path, shape: tuple[int, int], kind: int, reason: str
) -> None:
    found = Matlab().list(file_with(tmp_path / "bad.mat", HEAD + matrix(b"X", shape, kind)))
    (problem,) = found.problems
    assert reason in problem.message


def test_numbers_that_are_missing_are_told_when_they_are_loaded(tmp_path: Path) -> None:
    file = file_with(tmp_path / "cut.mat", HEAD + matrix(b"X", (3, 4)))
    with pytest.raises(LoadError, match="cannot be read as a MATLAB file"):
        Matlab().load(file, Matlab().list(file).tensors[0])

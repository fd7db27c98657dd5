"""safetensors: single and sharded files, and headers that lie."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.formats.arrays.safetensors import Safetensors
from tests.loaders.writers import file_with, write

DATA = np.arange(6, dtype="<f4").tobytes()


def content(header: Any, data: bytes = DATA) -> bytes:
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(raw)) + raw + data


def entry(dtype: str = "F32", shape: Any = (2, 3), offsets: Any = (0, 24)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def test_tensors_are_found_by_the_header(tmp_path: Path) -> None:
    header = {
        "__metadata__": {"format": "pt"},
        "emb": entry(),
        "half": entry("BF16", (1, 1), (24, 26)),
    }
    file = file_with(tmp_path / "m.safetensors", content(header, DATA + b"\x80\x3f"))
    loader = Safetensors()
    assert loader.sniff(file)
    emb, half = loader.list(file).tensors
    assert (emb.name, emb.shape, emb.dtype, emb.role) == ("emb", (2, 3), "float32", "embedding")
    np.testing.assert_array_equal(loader.load(file, emb).values, np.arange(6).reshape(2, 3))
    np.testing.assert_array_equal(loader.load(file, half).values, [[1.0]])


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("text", "its entry is not an object"),
        (entry("F7"), "its type 'F7' is unknown; expected one of F64, F32"),
        (entry(shape=(-1, 3)), "must be lists of counts"),
        (entry(shape=(2.5, 3)), "must be lists of counts"),
        (entry(offsets=(0, 24, 5)), "must be lists of counts"),
        (entry(offsets=(24, 48)), "its bytes 24 to 48 are outside the file's 24"),
        (entry(offsets=(12, 4)), "are outside"),
        (entry(shape=(9, 9)), "takes 324 bytes, but it has 24"),
    ],
)
def test_a_bad_entry_costs_its_tensor_only(tmp_path: Path, bad: Any, message: str) -> None:
    file = file_with(tmp_path / "m.safetensors", content({"bad": bad, "good": entry()}))
    found = Safetensors().list(file)
    assert [tensor.name for tensor in found.tensors] == ["good"]
    (problem,) = found.problems
    assert problem.message.startswith("tensor 'bad': ")
    assert message in problem.message


def test_tensors_that_share_bytes_are_both_refused(tmp_path: Path) -> None:
    header = {"a": entry(shape=(1, 3), offsets=(0, 12)), "b": entry(shape=(1, 4), offsets=(8, 24))}
    found = Safetensors().list(file_with(tmp_path / "m.safetensors", content(header)))
    assert found.tensors == ()
    assert "tensors 'a' and 'b' share bytes" in found.problems[0].message


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"abc", "too short for a header"),
        (struct.pack("<Q", 1 << 60) + b"{}", "claims a header of"),
        (content(b"not json"), "the header is not JSON"),
        (content(b"[" * 50_000), "nested more than 100 deep"),
        (content([1]), "the header is not a JSON object"),
        (content(b'{"a": 1, "a": 2}'), r"the header repeats a name, one of \['a'\]"),
    ],
)
def test_a_bad_header_is_refused(tmp_path: Path, raw: bytes, message: str) -> None:
    with pytest.raises(LoadError, match=message):
        Safetensors().list(file_with(tmp_path / "m.safetensors", raw))


def test_an_index_names_the_files_of_its_folder(tmp_path: Path) -> None:
    write(
        tmp_path / "one.safetensors",
        content({"a": entry(), "unlisted": entry(shape=(0,), offsets=(24, 24))}),
    )
    write(tmp_path / "two.safetensors", b"bad")
    index = {"weight_map": {
        "a": "one.safetensors", "lost": "one.safetensors", "b": "two.safetensors",
        "c": "gone.safetensors", "d": "../up.safetensors",
    }}  # fmt: skip
    file = file_with(tmp_path / "model.safetensors.index.json", json.dumps(index))
    loader = Safetensors()
    found = loader.list(file)
    assert [tensor.name for tensor in found.tensors] == ["a"]
    assert {part.name for part in found.parts} == {"one.safetensors", "two.safetensors"}
    np.testing.assert_array_equal(
        loader.load(file, found.tensors[0]).values, np.arange(6).reshape(2, 3)
    )
    messages = " ".join(problem.message for problem in found.problems)
    assert "one.safetensors does not contain lost, which the index lists" in messages
    assert "too short for a header" in messages
    assert "'gone.safetensors' is missing, so 1 tensors cannot be shown (c)" in messages
    assert "'../up.safetensors' is a path; expected a file name" in messages


@pytest.mark.parametrize("index", ["[]", "{}", '{"weight_map": []}', "no"])
def test_an_index_without_a_map_is_refused(tmp_path: Path, index: str) -> None:
    with pytest.raises(LoadError, match=r"weight_map|not a JSON|not JSON"):
        Safetensors().list(file_with(tmp_path / "model.safetensors.index.json", index))

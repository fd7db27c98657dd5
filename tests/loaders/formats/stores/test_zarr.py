"""Zarr stores: every codec of both versions, groups, archives, and stores that lie."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.formats.stores.zarr import Zarr
from projector.loaders.logdir.log import open_logdir
from tests.fixtures.make_formats import table, words
from tests.loaders.formats.fixture_files import listed, loaded
from tests.loaders.formats.stores.archive import marker, names, unpacked
from tests.loaders.writers import file_at, write

VALUES = table(17, 9)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(tmp_path_factory.mktemp("stores"))


@pytest.mark.parametrize("name", [name for name in names() if name.startswith(("v2/", "v3/"))])
def test_every_codec_gives_the_same_array(stores: Path, name: str) -> None:
    file = marker(stores / name)
    (tensor,) = listed(file).tensors
    assert (tensor.name, tensor.whole) == (Path(name).stem, True)
    np.testing.assert_array_equal(loaded(file, tensor.name).values, VALUES)


def test_groups_list_every_array_and_unwritten_chunks_are_filled(stores: Path) -> None:
    file = marker(stores / "group.zarr")
    found = {each.name: (each.shape, each.real, each.role) for each in listed(file).tensors}
    assert found == {
        "layer/emb": ((17, 9), True, "embedding"),
        "layer/ids": ((17,), True, "weight"),
        "names": ((17,), False, "weight"),
        "partial": ((8, 4), True, "weight"),
    }
    np.testing.assert_array_equal(loaded(file, "layer/emb").values, VALUES)
    assert loaded(file, "names").values.tolist() == words(17)
    partial = loaded(file, "partial").values
    np.testing.assert_array_equal(partial[:2], VALUES[:2, :4])
    assert (partial[2:] == 2.5).all()


def test_archives_are_read(stores: Path) -> None:
    file = file_at(stores / "packed.zarr.zip")
    assert Zarr().sniff(file)
    np.testing.assert_array_equal(loaded(file, "emb").values, VALUES)


def test_a_store_is_one_thing_in_a_log_directory(stores: Path, tmp_path: Path) -> None:
    for run in ("one", "two"):
        shutil.copytree(stores / "group.zarr", tmp_path / run / "out.zarr")
    log = open_logdir(tmp_path)
    assert {entry.run for entry in log.entries} == {"one", "two"}
    assert {entry.format for entry in log.entries} == {"zarr"}
    assert not log.problems
    first = log.entries[0]
    assert first.name == "layer/emb"
    np.testing.assert_array_equal(log.load(first).vectors, VALUES)
    assert open_logdir(tmp_path / "one" / "out.zarr").entries[0].name == "layer/emb"


def test_a_chunk_that_is_rewritten_changes_the_entry(stores: Path, tmp_path: Path) -> None:
    shutil.copytree(stores / "v3" / "raw.zarr", tmp_path / "a.zarr")
    log = open_logdir(tmp_path)
    before = log.entries[0]
    assert log.load(before).vectors[0, 0] == VALUES[0, 0]
    chunk = tmp_path / "a.zarr" / "c" / "0" / "0"
    chunk.write_bytes(np.float32(7).tobytes() + chunk.read_bytes()[4:])
    log.refresh()
    after = log.entries[0]
    assert (before.id, before.revision) != (after.id, after.revision)
    assert log.load(after).vectors[0, 0] == 7


def store(tmp_path: Path, about: dict[str, Any], chunks: dict[str, bytes]) -> File:
    """Write an array of version 2 with some of its metadata changed."""
    plain = {
        "zarr_format": 2,
        "shape": [4, 3],
        "chunks": [4, 3],
        "dtype": "<f4",
        "compressor": None,
        "filters": None,
        "fill_value": 0,
        "order": "C",
    }
    write(tmp_path / "a.zarr" / ".zarray", json.dumps(plain | about))
    for key, raw in chunks.items():
        write(tmp_path / "a.zarr" / key, raw)
    return marker(tmp_path / "a.zarr")


CHUNK = table(4, 3).tobytes()


def test_a_plain_array_is_read(tmp_path: Path) -> None:
    np.testing.assert_array_equal(
        loaded(store(tmp_path, {}, {"0.0": CHUNK}), "a").values, table(4, 3)
    )


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"shape": [-1, 3]}, "has the sizes"),
        ({"shape": "4"}, "has the sizes"),
        ({"chunks": [4]}, "has chunks of"),
        ({"chunks": [0, 3]}, "has chunks of"),
        ({"chunks": [1 << 20, 1 << 20]}, "which are too large"),
        ({"dtype": [["a", "<i4"]]}, "which is not read"),
        ({"dtype": "<f4,<f4"}, "which is not read"),
        ({"filters": ["x"]}, "expected a list of objects"),
        ({"filters": [{"id": "delta"}]}, "uses the codec 'delta'"),
        ({"compressor": {"id": "zfp"}}, "uses the codec 'zfp'"),
        ({"shape": [1 << 40, 3]}, "bytes are stored. It was never written completely"),
    ],
)
def test_metadata_that_lies_or_is_not_read_is_told(
    tmp_path: Path, about: dict[str, Any], reason: str
) -> None:
    file = store(tmp_path, about, {"0.0": CHUNK})
    try:
        messages = [problem.message for problem in Zarr().list(file).problems]
    except LoadError as error:
        messages = [error.message]
    assert len(messages) == 1
    assert "zarr store" in messages[0]
    assert reason in messages[0]


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff", b"[" * 9000, b'{"node_type": "array"}'])
def test_damaged_metadata_is_told(tmp_path: Path, raw: bytes) -> None:
    write(tmp_path / "a.zarr" / "zarr.json", raw)
    with pytest.raises(LoadError, match="zarr store"):
        Zarr().list(marker(tmp_path / "a.zarr"))


@pytest.mark.parametrize(
    ("about", "chunk", "reason"),
    [
        ({}, CHUNK[:-1], "a chunk has 47 bytes, expected 48"),
        ({}, CHUNK + b"x", "a chunk has 49 bytes, expected 48"),
        ({"compressor": {"id": "zlib"}}, b"none", "its zlib is damaged"),
        ({"compressor": {"id": "zstd"}}, b"none", "its zstd is damaged"),
        ({"compressor": {"id": "lz4"}}, b"\xff\xff\xff\x7fnone", "its lz4 is damaged"),
        ({"compressor": {"id": "blosc"}}, b"none", "has no header"),
        ({"compressor": {"id": "blosc"}}, b"\2\1\0\4" + b"\xff" * 12, "claims"),
        ({"filters": [{"id": "vlen-utf8"}], "dtype": "|O"}, b"\xff" * 8, "another number of them"),
        ({"filters": [{"id": "vlen-utf8"}], "dtype": "|O"}, b"\x0c\0\0\0\xff", "is truncated"),
    ],
)
def test_damaged_chunks_are_told(
    tmp_path: Path, about: dict[str, Any], chunk: bytes, reason: str
) -> None:
    file = store(tmp_path, about, {"0.0": chunk})
    (tensor,) = Zarr().list(file).tensors
    with pytest.raises(LoadError, match=reason):
        Zarr().load(file, tensor)


def test_files_that_are_no_chunks_are_passed_over(tmp_path: Path) -> None:
    chunks = {"0.0": CHUNK, "9.9": b"", "0.x": b"", "0": b"", "notes.txt": b"", "0.0.0": b""}
    np.testing.assert_array_equal(loaded(store(tmp_path, {}, chunks), "a").values, table(4, 3))


def test_links_out_of_the_log_directory_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "outside", CHUNK)
    store(tmp_path, {}, {"x": CHUNK})
    (tmp_path / "a.zarr" / "0.0").symlink_to(tmp_path / "outside")
    log = open_logdir(tmp_path / "a.zarr")
    assert "points outside the log directory" in log.problems[0].message
    (entry,) = log.entries
    assert not log.load(entry).vectors.any()

"""Zip archives read by position: only what is asked for, and everything hostile refused."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from projector.errors import LoadError
from projector.loaders.decoders.zip_archive import Archive, names_in, open_archive
from projector.loaders.file_bytes import FileBytes
from tests.loaders.writers import file_with, write

Open: TypeAlias = Callable[[bytes], Archive]


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return the bytes of an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Return a function that opens bytes as an archive."""

    def of(raw: bytes) -> Archive:
        path = write(tmp_path / "a.zip", raw)
        return Archive(path, FileBytes(path))

    return of


def test_stored_members_are_found_by_position(opened: Open) -> None:
    raw = zipped({"a": b"alpha", "b/c": b"", "d": b"delta"})
    archive = opened(raw)
    assert archive.names == ("a", "b/c", "d")
    start, stop = archive.place("d")
    assert raw[start:stop] == b"delta"
    assert archive.stored("d").tobytes() == b"delta"
    assert archive.stored_stream("d").read() == b"delta"
    assert archive.stored("b/c").tobytes() == b""


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_are_read_whole_or_from_the_start(opened: Open, method: int) -> None:
    archive = opened(zipped({"a": b"0123456789" * 50}, method))
    assert archive.read("a", limit=500) == b"0123456789" * 50
    assert archive.read("a", limit=500, count=12) == b"012345678901"
    with pytest.raises(LoadError, match="not plausible"):
        archive.read("a", limit=499)


def test_a_member_must_exist_and_be_stored(opened: Open) -> None:
    archive = opened(zipped({"a": b"x" * 99}, zipfile.ZIP_DEFLATED))
    with pytest.raises(LoadError, match=r"a\.zip, member 'a': is compressed"):
        archive.stored("a")
    with pytest.raises(LoadError, match=r"no member '\.\./\.\./etc/passwd'"):
        archive.read("../../etc/passwd", limit=10)


def test_a_wrong_checksum_is_noticed(opened: Open) -> None:
    raw = bytearray(zipped({"a": b"alpha"}))
    raw[raw.index(b"alpha")] ^= 1
    archive = opened(bytes(raw))
    assert archive.stored_stream("a").read(1) == bytes([ord("a") ^ 1])
    with pytest.raises(LoadError, match="checksum mismatch"):
        archive.stored("a")
    with pytest.raises(LoadError, match="is damaged"):
        archive.read("a", limit=10)


def test_a_bomb_is_refused_before_it_is_unpacked(opened: Open) -> None:
    content = bytes(1 << 25)  # compresses by a thousand
    archive = opened(zipped({"a": content}, zipfile.ZIP_DEFLATED))
    with pytest.raises(LoadError, match="claims to unpack"):
        archive.read("a", limit=1 << 40)
    assert archive.read("a", limit=1 << 40, count=4) == bytes(4)


def test_a_lie_about_the_size_is_noticed(opened: Open) -> None:
    raw = bytearray(zipped({"a": b"alpha"}))
    directory = raw.index(b"PK\x01\x02")
    raw[directory + 20 : directory + 28] = struct.pack("<II", 1 << 20, 1 << 20)
    archive = opened(bytes(raw))
    with pytest.raises(LoadError, match="ends at byte"):
        archive.stored("a")
    with pytest.raises(LoadError):
        archive.read("a", limit=1 << 30)


def test_a_member_without_its_own_header_is_refused(opened: Open) -> None:
    raw = bytearray(zipped({"a": b"alpha"}))
    raw[0:4] = b"XXXX"
    archive = opened(bytes(raw))
    with pytest.raises(LoadError, match="member 'a': has no header"):
        archive.place("a")


def test_of_members_with_one_name_the_first_counts(opened: Open) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", b"first")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", b"other")
    found = opened(out.getvalue())
    assert found.stored("a").tobytes() == b"first"


@pytest.mark.parametrize("length", [0, 4, 60])
def test_a_truncated_archive_is_refused(opened: Open, length: int) -> None:
    with pytest.raises(LoadError, match="not a complete zip archive"):
        opened(zipped({"a": b"x" * 100})[:length])


def test_names_are_read_once_and_only_of_zip_files(tmp_path: Path) -> None:
    file = file_with(tmp_path / "a.zip", zipped({"x": b"1"}))
    assert names_in(file) == ("x",)
    (tmp_path / "a.zip").unlink()
    assert names_in(file) == ("x",)
    assert names_in(file_with(tmp_path / "b.zip", b"PK\x03\x04 cut")) == ()
    assert names_in(file_with(tmp_path / "c.txt", b"text")) == ()
    with pytest.raises(LoadError):
        open_archive(file_with(tmp_path / "d.zip", b"text"))

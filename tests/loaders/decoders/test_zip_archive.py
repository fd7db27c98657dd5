"""Zip archives in memory: stored members without a copy, and everything hostile refused."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.decoders.zip_archive import Archive, as_file, names_in, open_archive
from tests.loaders.writers import file_with

P = Path("a.zip")


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> NDArray[np.uint8]:
    """Return the bytes of an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return np.frombuffer(out.getvalue(), np.uint8)


def test_stored_members_are_views() -> None:
    raw = zipped({"a": b"alpha", "b/c": b"", "d": b"delta"})
    archive = Archive(P, raw)
    assert archive.names == ("a", "b/c", "d")
    data = archive.stored("d", verify=True)
    assert data.tobytes() == b"delta"
    assert np.shares_memory(data, raw)
    assert archive.stored("b/c", verify=True).tobytes() == b""


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_are_read_whole_or_from_the_start(method: int) -> None:
    archive = Archive(P, zipped({"a": b"0123456789" * 50}, method))
    assert archive.read("a", limit=500) == b"0123456789" * 50
    assert archive.read("a", limit=500, count=12) == b"012345678901"
    with pytest.raises(LoadError, match="not plausible"):
        archive.read("a", limit=499)


def test_a_member_must_exist_and_be_stored() -> None:
    archive = Archive(P, zipped({"a": b"x" * 99}, zipfile.ZIP_DEFLATED))
    with pytest.raises(LoadError, match=r"a\.zip, member 'a': is compressed"):
        archive.stored("a", verify=True)
    with pytest.raises(LoadError, match=r"no member '\.\./\.\./etc/passwd'"):
        archive.read("../../etc/passwd", limit=10)


def test_a_wrong_checksum_is_noticed() -> None:
    raw = zipped({"a": b"alpha"}).copy()
    at = raw.tobytes().index(b"alpha")
    raw[at] ^= 1
    archive = Archive(P, raw)
    assert archive.stored("a", verify=False)[0] == ord("a") ^ 1
    with pytest.raises(LoadError, match="checksum mismatch"):
        archive.stored("a", verify=True)
    with pytest.raises(LoadError, match="is damaged"):
        archive.read("a", limit=10)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    content = bytes(1 << 25)  # compresses by a thousand
    archive = Archive(P, zipped({"a": content}, zipfile.ZIP_DEFLATED))
    with pytest.raises(LoadError, match="claims to unpack"):
        archive.read("a", limit=1 << 40)
    assert archive.read("a", limit=1 << 40, count=4) == bytes(4)


def test_a_lie_about_the_size_is_noticed() -> None:
    raw = bytearray(zipped({"a": b"alpha"}).tobytes())
    directory = raw.index(b"PK\x01\x02")
    raw[directory + 20 : directory + 28] = struct.pack("<II", 1 << 20, 1 << 20)
    archive = Archive(P, np.frombuffer(bytes(raw), np.uint8))
    with pytest.raises(LoadError, match="ends at byte"):
        archive.stored("a", verify=True)
    with pytest.raises(LoadError):
        archive.read("a", limit=1 << 30)


def test_a_member_without_its_own_header_is_refused() -> None:
    raw = bytearray(zipped({"a": b"alpha"}).tobytes())
    raw[0:4] = b"XXXX"
    archive = Archive(P, np.frombuffer(bytes(raw), np.uint8))
    with pytest.raises(LoadError, match="member 'a': has no header"):
        archive.stored("a", verify=False)


def test_of_members_with_one_name_the_first_counts() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", b"first")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", b"other")
    found = Archive(P, np.frombuffer(out.getvalue(), np.uint8))
    assert found.stored("a", verify=True).tobytes() == b"first"


@pytest.mark.parametrize("length", [0, 4, 60])
def test_a_truncated_archive_is_refused(length: int) -> None:
    with pytest.raises(LoadError, match="not a complete zip archive"):
        Archive(P, zipped({"a": b"x" * 100})[:length])


def test_names_are_read_once_and_only_of_zip_files(tmp_path: Path) -> None:
    file = file_with(tmp_path / "a.zip", zipped({"x": b"1"}).tobytes())
    assert names_in(file) == ("x",)
    (tmp_path / "a.zip").unlink()
    assert names_in(file) == ("x",)
    assert names_in(file_with(tmp_path / "b.zip", b"PK\x03\x04 cut")) == ()
    assert names_in(file_with(tmp_path / "c.txt", b"text")) == ()
    with pytest.raises(LoadError):
        open_archive(file_with(tmp_path / "d.zip", b"text"))


def test_an_array_can_be_read_like_a_file() -> None:
    file = as_file(np.frombuffer(b"0123456789", np.uint8))
    assert file.read(3) == b"012"
    assert file.seek(-2, io.SEEK_END) == 8
    assert file.read() == b"89"
    assert file.seek(-1, io.SEEK_CUR) == 9
    assert file.read(5) == b"9"
    assert file.tell() == 10
    assert file.readable()
    assert file.seekable()
    with pytest.raises(ValueError, match="before the start"):
        file.seek(-1)

"""Unpacking within limits, to a file that does not stay."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from projector.errors import LoadError
from projector.loaders.decoders.compression import compression_of, packed_in, unpacked
from tests.loaders.writers import file_with

TEXT = b"".join(b"%d 0.25 -1.5\n" % i for i in range(400))


def zipped(data: bytes, name: str = "a/b.txt") -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("__MACOSX/._b.txt", b"junk")
        archive.writestr(name, data)
    return raw.getvalue()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": lambda data: gzip.compress(data, mtime=0),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": lambda data: pa.Codec("zstd").compress(data, asbytes=True),
    "zip": zipped,
}


@pytest.mark.parametrize("suffix", PACKERS)
def test_every_kind_is_unpacked_to_a_file_that_is_gone_afterwards(
    tmp_path: Path, suffix: str
) -> None:
    file = file_with(tmp_path / f"b.txt.{suffix}", PACKERS[suffix](TEXT))
    (packed,) = packed_in(file)
    with unpacked(packed) as inner:
        assert (inner.name, inner.stem, inner.size) == ("b.txt", "b", len(TEXT))
        assert inner.path == file.path
        assert inner.real.read_bytes() == TEXT
        where = inner.real
    assert not where.exists()


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_start_is_enough_where_only_a_start_is_asked_for(tmp_path: Path, suffix: str) -> None:
    (packed,) = packed_in(file_with(tmp_path / f"b.{suffix}", PACKERS[suffix](TEXT)))
    with unpacked(packed, at_most=100) as inner:
        assert inner.real.read_bytes() == TEXT[:100]


@pytest.mark.parametrize("suffix", ["gz", "bz2", "xz", "zip"])
def test_pieces_one_after_the_other_or_cut_are_told_apart(tmp_path: Path, suffix: str) -> None:
    whole = PACKERS[suffix](TEXT)
    if suffix != "zip":
        (packed,) = packed_in(file_with(tmp_path / f"two.{suffix}", whole + whole))
        with unpacked(packed) as inner:
            assert inner.real.read_bytes() == TEXT + TEXT
    found = packed_in(file_with(tmp_path / f"cut.{suffix}", whole[: len(whole) // 2]))
    for packed in found:
        with pytest.raises(LoadError, match=rf"cut\.{suffix}: is a damaged"), unpacked(packed):
            pytest.fail("half a file was unpacked")


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_bomb_is_refused_and_leaves_nothing(tmp_path: Path, suffix: str) -> None:
    content = PACKERS[suffix](bytes(64 << 20))
    (packed,) = packed_in(file_with(tmp_path / f"a.{suffix}", content))
    before = set(Path(tempfile.gettempdir()).glob("projector-unpacked-*"))
    with pytest.raises(LoadError, match="not plausible"), unpacked(packed):
        pytest.fail("a bomb was unpacked")
    assert set(Path(tempfile.gettempdir()).glob("projector-unpacked-*")) <= before


def test_plain_files_are_not_packed(tmp_path: Path) -> None:
    file = file_with(tmp_path / "a.gz", b"1.5 2.5\n")
    assert compression_of(file) is None
    assert packed_in(file) == []

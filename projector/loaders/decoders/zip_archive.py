"""Reads zip archives in memory: stored members without a copy, compressed ones within limits.

A member's name is only looked up, never used as a path.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.safe_files import map_bytes

MAGIC = b"PK\x03\x04"
_LOCAL = 30
#: Deflate can compress by 1,032, real data hardly by 20. Larger ratios are treated as zip bombs.
_MAX_RATIO = 200
_SMALL = 1 << 24

#: Everything that `zipfile` raises on damaged archives.
ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OverflowError,
    ValueError,
    LookupError,
    OSError,
)


class Archive:
    """A zip archive in the bytes of a memory map.

    Parameters
    ----------
    path : Path
        For error messages.
    raw : ndarray of shape (n_bytes,), uint8
        The archive's bytes: a whole file, or a part of one.

    Attributes
    ----------
    members : dict of str to zipfile.ZipInfo
        By name; the first of several with the same name.
    repeated : frozenset of str
        The names that several members have.

    Raises
    ------
    LoadError
        It is not a zip archive, or is truncated.
    """

    def __init__(self, path: Path, raw: NDArray[np.uint8]) -> None:
        self.path = path
        self.raw = raw
        try:
            self._zip = zipfile.ZipFile(_ArrayFile(raw))
        except ERRORS as error:
            raise LoadError(
                path,
                f"is not a complete zip archive ({error}). It is truncated or damaged; copy it "
                "again.",
            ) from None
        self.members = {info.filename: info for info in reversed(self._zip.infolist())}
        counts = Counter(info.filename for info in self._zip.infolist())
        self.repeated = frozenset(name for name, count in counts.items() if count > 1)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the members, in the order of the archive."""
        return tuple(reversed(self.members))

    def stored(self, name: str, *, verify: bool) -> NDArray[np.uint8]:
        """Return the bytes of an uncompressed member as a view of the map.

        Raises
        ------
        LoadError
            It does not exist, is compressed, extends past the file, or has the wrong checksum.
        """
        info = self._info(name)
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
            raise LoadError(
                self.path,
                f"is compressed ({info.compress_size:,} bytes for {info.file_size:,}), but this "
                "format stores tensors uncompressed. Save the file again.",
                place=f"member {name!r}",
            )
        start = self._start(info)
        if start + info.file_size > len(self.raw):
            raise LoadError(
                self.path,
                f"ends at byte {start + info.file_size:,}, but the archive has only "
                f"{len(self.raw):,}. Copy it again.",
                place=f"member {name!r}",
            )
        data = self.raw[start : start + info.file_size]
        found = zlib.crc32(data.data) if verify else info.CRC
        if found != info.CRC:
            raise LoadError(
                self.path,
                f"checksum mismatch: {info.CRC:#010x} is stored, but the {info.file_size:,} bytes "
                f"have {found:#010x}. The file is damaged; copy it again.",
                place=f"member {name!r}",
            )
        return data

    def read(self, name: str, *, limit: int, count: int | None = None) -> bytes:
        """Return a member of at most `limit` bytes, or its first `count` bytes.

        Raises
        ------
        LoadError
            It does not exist, is too large, implausibly compressed, or damaged.
        """
        info = self._info(name)
        wanted = info.file_size if count is None else min(count, info.file_size)
        if count is None and (
            wanted > limit or wanted > max(_SMALL, _MAX_RATIO * info.compress_size)
        ):
            raise LoadError(
                self.path,
                f"claims to unpack from {info.compress_size:,} to {info.file_size:,} bytes, which "
                "is not plausible. Unpack the archive by hand if you trust it.",
                place=f"member {name!r}",
            )
        try:
            with self._zip.open(info) as member:
                data = member.read(wanted)
                if count is None:
                    member.read(1)  # zipfile compares the checksum at the end of the member
        except ERRORS as error:
            raise LoadError(
                self.path, f"is damaged ({error}). Copy it again.", place=f"member {name!r}"
            ) from None
        if len(data) != wanted:
            raise LoadError(
                self.path,
                f"should have {wanted:,} bytes, but has {len(data):,}. Copy it again.",
                place=f"member {name!r}",
            )
        return data

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = self.members.get(name)
        if info is None:
            raise LoadError(self.path, f"has no member {name!r}. It is incomplete; save it again.")
        return info

    def _start(self, info: zipfile.ZipInfo) -> int:
        """Return the offset of a member's bytes, which follow the member's own header."""
        local = self.raw[info.header_offset : info.header_offset + _LOCAL].tobytes()
        if len(local) < _LOCAL or local[:4] != MAGIC:
            raise LoadError(
                self.path, "has no header. Copy it again.", place=f"member {info.filename!r}"
            )
        name_length, extra_length = struct.unpack("<HH", local[26:30])
        return int(info.header_offset + _LOCAL + name_length + extra_length)


class _ArrayFile(io.RawIOBase):
    """A file object over an array, for `zipfile` and h5py."""

    def __init__(self, raw: NDArray[np.uint8]) -> None:
        self._raw = raw
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = (0, self._at, len(self._raw))[whence]
        if start + offset < 0:
            raise ValueError("cannot seek to before the start")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = self._raw[self._at : self._at + len(view)]
        view[: len(data)] = memoryview(data)  # type: ignore[arg-type]
        self._at += len(data)
        return len(data)


def as_file(raw: NDArray[np.uint8]) -> io.RawIOBase:
    """Return a readable, seekable file object over the bytes of an array."""
    return _ArrayFile(raw)


def open_archive(file: File) -> Archive:
    """Open a zip file; see `Archive`."""
    return Archive(file.path, map_bytes(file.real))


def names_in(file: File) -> tuple[str, ...]:
    """Return the names of a zip file's members; none if it is not a zip file, or damaged."""
    if not file.head().startswith(MAGIC):
        return ()
    kept = file.__dict__.get("_names")
    if kept is None:
        try:
            kept = open_archive(file).names
        except LoadError:
            kept = ()
        object.__setattr__(file, "_names", kept)
    return tuple(kept)

"""Reads zip archives by position: members in part, whole, or as private copies, within limits.

A member's name is only looked up, never used as a path.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.file_bytes import FileBytes

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
    """A zip archive: a whole file, or a part of one. Only its directory is read.

    Parameters
    ----------
    path : Path
        For error messages.
    raw : FileBytes
        The archive's bytes.

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

    def __init__(self, path: Path, raw: FileBytes) -> None:
        self.path = path
        self.raw = raw
        try:
            self._zip = zipfile.ZipFile(cast(IO[bytes], raw.stream()))
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

    def place(self, name: str) -> tuple[int, int]:
        """Return where the bytes of an uncompressed member start and stop. They are not read.

        Raises
        ------
        LoadError
            It does not exist, is compressed, or extends past the file.
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
        stop = start + info.file_size
        if stop > len(self.raw):
            raise LoadError(
                self.path,
                f"ends at byte {stop:,}, but the archive has only {len(self.raw):,}. Copy it "
                "again.",
                place=f"member {name!r}",
            )
        return start, stop

    def stored(self, name: str) -> NDArray[np.uint8]:
        """Return a private copy of an uncompressed member, after verifying its checksum.

        Raises
        ------
        LoadError
            See `place` and `verify`.
        """
        data = self.raw.array(*self.place(name))
        self.verify(name, data)
        return data

    def stored_stream(self, name: str) -> io.RawIOBase:
        """Return an uncompressed member as a file object; its checksum is not verified."""
        return self.raw.stream(*self.place(name))

    def verify(self, name: str, data: NDArray[np.uint8]) -> None:
        """Raise LoadError unless bytes have the checksum of a member."""
        info = self._info(name)
        found = zlib.crc32(data.data)
        if found != info.CRC:
            raise LoadError(
                self.path,
                f"checksum mismatch: {info.CRC:#010x} is stored, but the {info.file_size:,} bytes "
                f"have {found:#010x}. The file is damaged; copy it again.",
                place=f"member {name!r}",
            )

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

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Give a member's bytes as a stream, whose checksum is compared at its end.

        Raises
        ------
        LoadError
            It does not exist, or is encrypted.
        """
        info = self._info(name)
        if info.flag_bits & 1:
            raise LoadError(self.path, "is encrypted. Unpack it by hand.", place=f"member {name!r}")
        with self._zip.open(info) as member:
            yield member

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = self.members.get(name)
        if info is None:
            raise LoadError(self.path, f"has no member {name!r}. It is incomplete; save it again.")
        return info

    def _start(self, info: zipfile.ZipInfo) -> int:
        """Return the offset of a member's bytes, which follow the member's own header."""
        local = self.raw[info.header_offset : info.header_offset + _LOCAL]
        if len(local) < _LOCAL or local[:4] != MAGIC:
            raise LoadError(
                self.path, "has no header. Copy it again.", place=f"member {info.filename!r}"
            )
        name_length, extra_length = struct.unpack("<HH", local[26:30])
        return int(info.header_offset + _LOCAL + name_length + extra_length)


def open_archive(file: File) -> Archive:
    """Open a zip file; see `Archive`."""
    return Archive(file.path, FileBytes(file.real))


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

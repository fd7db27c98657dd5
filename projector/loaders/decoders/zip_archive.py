"""Read zip archives without writing a file: stored members as they lie, others within limits.

A member's name is only ever looked up, never used as a path.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.safe_files import map_bytes

MAGIC = b"PK\x03\x04"
_LOCAL = 30
#: Deflate can shrink by 1,032; real data hardly by 20. Larger claims are taken for bombs.
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
    """A zip file, or a part of a file that is one, over a memory map.

    Parameters
    ----------
    path : Path
        For messages.
    raw : ndarray of shape (n_bytes,), uint8
        The archive's bytes.

    Raises
    ------
    LoadError
        No zip, or cut: its directory stands at the end.
    """

    def __init__(self, path: Path, raw: NDArray[np.uint8]) -> None:
        self.path = path
        self.raw = raw
        try:
            self._zip = zipfile.ZipFile(_ArrayFile(raw))
        except ERRORS as error:
            raise LoadError(
                path, f"is not a whole zip archive ({error}). It is cut or damaged; copy it again."
            ) from None
        self.members = {info.filename: info for info in reversed(self._zip.infolist())}

    @property
    def names(self) -> tuple[str, ...]:
        """The members' names, in the archive's order."""
        return tuple(reversed(self.members))

    def stored(self, name: str, *, verify: bool) -> NDArray[np.uint8]:
        """Return an uncompressed member's bytes as a view of the map.

        Raises
        ------
        LoadError
            Not there, compressed, beyond the file, or with another checksum.
        """
        info = self._info(name)
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
            raise LoadError(
                self.path,
                f"is compressed, {info.compress_size:,} bytes for {info.file_size:,}; the format "
                "stores its tensors as they are. It is refused.",
                place=f"member {name!r}",
            )
        start = self._start(info)
        if start + info.file_size > len(self.raw):
            raise LoadError(
                self.path,
                f"ends at byte {start + info.file_size:,} of {len(self.raw):,}. Copy it again.",
                place=f"member {name!r}",
            )
        data = self.raw[start : start + info.file_size]
        found = zlib.crc32(data.data) if verify else info.CRC
        if found != info.CRC:
            raise LoadError(
                self.path,
                f"checksum mismatch: {info.CRC:#010x} is stored, the {info.file_size:,} bytes give "
                f"{found:#010x}. The file is damaged; copy it again.",
                place=f"member {name!r}",
            )
        return data

    def read(self, name: str, *, limit: int, count: int | None = None) -> bytes:
        """Return a member, or its first `count` bytes, of at most `limit` bytes."""
        info = self._info(name)
        wanted = info.file_size if count is None else min(count, info.file_size)
        if count is None and (
            wanted > limit or wanted > max(_SMALL, _MAX_RATIO * info.compress_size)
        ):
            raise LoadError(
                self.path,
                f"claims {info.file_size:,} bytes out of {info.compress_size:,}; that is not "
                "plausible and it is refused.",
                place=f"member {name!r}",
            )
        try:
            with self._zip.open(info) as member:
                data = member.read(wanted)
                if count is None:
                    member.read(1)  # at the end of the member its checksum is compared
        except ERRORS as error:
            raise LoadError(
                self.path, f"is damaged ({error}). Copy it again.", place=f"member {name!r}"
            ) from None
        if len(data) != wanted:
            raise LoadError(
                self.path,
                f"claims {wanted:,} bytes and has {len(data):,}. Copy it again.",
                place=f"member {name!r}",
            )
        return data

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = self.members.get(name)
        if info is None:
            raise LoadError(self.path, f"has no member {name!r}. It is incomplete; save it anew.")
        return info

    def _start(self, info: zipfile.ZipInfo) -> int:
        """Return where a member's bytes begin: behind its own, second header."""
        local = self.raw[info.header_offset : info.header_offset + _LOCAL].tobytes()
        if len(local) < _LOCAL or local[:4] != MAGIC:
            raise LoadError(self.path, "has no header. Copy it again.", place=info.filename)
        name_length, extra_length = struct.unpack("<HH", local[26:30])
        return int(info.header_offset + _LOCAL + name_length + extra_length)


class _ArrayFile(io.RawIOBase):
    """A file over an array, for `zipfile` and h5py."""

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
            raise ValueError("a place before the start")
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
    """Return a readable, seekable file over an array's bytes."""
    return _ArrayFile(raw)


def open_archive(file: File) -> Archive:
    """Open a zip file."""
    return Archive(file.path, map_bytes(file.real))


def names_in(file: File) -> tuple[str, ...]:
    """Return the names of a zip's members; nothing where it is no zip or damaged."""
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

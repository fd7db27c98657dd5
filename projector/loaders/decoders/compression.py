"""Unpacks compressed files within limits: gzip, bzip2, xz, zstd, and the members of zip archives.

What is unpacked goes to a file of its own in the temporary directory, so that a loader reads it as
it reads any file, mapped and in part. It is removed when the loader is done.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO

from projector.errors import LoadError
from projector.loaders.base import HEAD, File
from projector.loaders.decoders.zip_archive import ERRORS, names_in, open_archive
from projector.loaders.safe_files import open_regular

#: Numbers hardly compress by 20; a higher ratio is treated as a bomb, beyond a small size.
_MAX_RATIO = 200
_SMALL = 1 << 24
_LARGEST = 1 << 36
_PIECE = 1 << 20
#: Space in the temporary directory that is left to others.
_SPARE = 1 << 28
#: What the decompressors raise on damaged data.
_DAMAGE = (*ERRORS, OSError, EOFError, lzma.LZMAError, zlib.error)
_MAGIC = {
    "gzip": re.compile(rb"\x1f\x8b\x08"),
    "bzip2": re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"),
    "xz": re.compile(rb"\xfd7zXZ\x00"),
    "zstd": re.compile(rb"\x28\xb5\x2f\xfd"),
}
SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".zip")
_SUFFIX = re.compile(r"\.(?:gz|gzip|bz2|xz|zst|zstd)$", re.IGNORECASE)


@dataclass(frozen=True)
class Packed:
    """One file inside another.

    Attributes
    ----------
    outer : File
    kind : str
        ``"gzip"``, ``"bzip2"``, ``"xz"``, ``"zstd"`` or ``"zip"``.
    member : str
        The name in the archive; empty for a file that is compressed as a whole.
    """

    outer: File
    kind: str
    member: str = ""

    @property
    def name(self) -> str:
        """The name that it has unpacked."""
        return PurePosixPath(self.member).name or _SUFFIX.sub("", self.outer.name)


def compression_of(file: File) -> str | None:
    """Return how a file is compressed as a whole, by its first bytes; None if it is not."""
    head = file.head()
    return next((kind for kind, magic in _MAGIC.items() if magic.match(head)), None)


def packed_in(file: File) -> list[Packed]:
    """Return what is packed in a file: the whole of it, or the members of a zip archive."""
    kind = compression_of(file)
    if kind is not None:
        return [Packed(file, kind)]
    return [Packed(file, "zip", name) for name in names_in(file) if _is_file(name)]


def _is_file(member: str) -> bool:
    path = PurePosixPath(member)
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return bool(member) and not member.endswith("/") and not hidden


@contextmanager
def unpacked(packed: Packed, *, at_most: int | None = None) -> Iterator[File]:
    """Give a packed file as a file of its own, which exists until the block ends.

    Parameters
    ----------
    packed : Packed
    at_most : int, optional
        Bytes to unpack; all if left out. The size of the file that is given is then the smaller
        of what there is and this.

    Raises
    ------
    LoadError
        It is damaged, unpacks to an implausible size, or does not fit into the temporary directory.
    """
    folder = Path(tempfile.mkdtemp(prefix="projector-unpacked-"))
    try:
        where = folder / "file"
        with where.open("wb") as target, _damage(packed):
            _copy(packed, target, at_most)
        yield _as_file(packed, where)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_file(packed: Packed, where: Path) -> File:
    outer = packed.outer
    size = where.stat().st_size
    file = File(outer.path, outer.root, size, outer.mtime_ns, {}, where)
    # Messages name the file that is there; loaders look at the name that it has unpacked.
    object.__setattr__(file, "name", packed.name)
    object.__setattr__(file, "folder", {packed.name: file})
    object.__setattr__(file, "_depth", depth_of(outer) + 1)
    return file


def depth_of(file: File) -> int:
    """Return how many packed files a file is inside of."""
    return int(file.__dict__.get("_depth", 0))


@contextmanager
def _damage(packed: Packed) -> Iterator[None]:
    try:
        yield
    except LoadError:
        raise
    except _DAMAGE as error:
        raise LoadError(
            packed.outer.path,
            f"is a damaged {packed.kind} file ({error}). Copy it again.",
            place=f"member {packed.member!r}" if packed.member else None,
        ) from None


def _copy(packed: Packed, target: BinaryIO, at_most: int | None) -> None:
    limit = min(max(_SMALL, _MAX_RATIO * packed.outer.size), _LARGEST)
    free = shutil.disk_usage(target.name).free - _SPARE
    left = limit if at_most is None else min(limit, at_most)
    with _stream(packed) as source:
        while left and (piece := source.read(min(left, _PIECE))):
            target.write(piece)
            left -= len(piece)
            free -= len(piece)
            if free < 0:
                raise LoadError(
                    packed.outer.path,
                    f"does not fit unpacked into {tempfile.gettempdir()!r}. Free some space there, "
                    "or unpack it by hand.",
                )
        if at_most is None and source.read(1):
            raise LoadError(
                packed.outer.path,
                f"unpacks from {packed.outer.size:,} to more than {limit:,} bytes, which is not "
                "plausible for vectors. Unpack it by hand if you trust it.",
            )


@contextmanager
def _stream(packed: Packed) -> Iterator[IO[bytes]]:
    """Give the unpacked bytes as a stream."""
    if packed.kind == "zip":
        with open_archive(packed.outer).open(packed.member) as member:
            yield member
        return
    with open_regular(packed.outer.real) as raw, _DECOMPRESSORS[packed.kind](raw) as source:
        yield source


def _zstd(raw: BinaryIO) -> Any:
    """Return a stream of zstd, which Python itself has from 3.14 on; Arrow brings it."""
    import pyarrow as pa

    return pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd")


_DECOMPRESSORS: dict[str, Callable[[BinaryIO], Any]] = {
    "gzip": lambda raw: gzip.GzipFile(fileobj=raw),
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
    "zstd": _zstd,
}


def start_of(packed: Packed) -> bytes:
    """Return the first bytes of what is packed, at most `HEAD`; none where it is damaged."""
    try:
        with _stream(packed) as source:
            return bytes(source.read(HEAD))
    except (LoadError, *_DAMAGE):
        return b""

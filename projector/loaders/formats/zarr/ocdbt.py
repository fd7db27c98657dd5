"""Reads OCDBT, the database in which Orbax and tensorstore keep the chunks of arrays.

A manifest names the root of a tree for each version; the leaves have keys with their values, or
where those are. Every node has a checksum. Source: the storage format in tensorstore's
documentation of the driver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from projector.loaders.base import File
from projector.loaders.decoders.crc32c import crc32c
from projector.loaders.decoders.cursor import Cursor
from projector.loaders.decoders.protobuf import varint
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.zarr.codecs import unpacked

MANIFEST = "manifest.ocdbt"
_MANIFEST_MAGIC, _NODE_MAGIC = b"\x0c\xdb\x3a\x2a", b"\x0c\xdb\x20\xde"
#: The largest node, unpacked; tensorstore's own default is a sixteenth.
_MAX_NODE = 1 << 27
_MAX_NODES, _MAX_DEPTH, _MAX_KEYS = 1 << 16, 32, 1 << 22


class OcdbtError(ValueError):
    """The database is damaged or incomplete; loaders turn it into a LoadError."""


@dataclass(frozen=True)
class _Place:
    """A range of bytes of a file."""

    path: str
    base: str
    offset: int
    length: int


class OcdbtKeys:
    """The keys of the newest version of a database.

    Parameters
    ----------
    files : mapping of str to File
        The files of the folder and those below it, by their relative path.

    Raises
    ------
    OcdbtError, TruncatedError, WireError, CodecError, LoadError
        It is damaged or incomplete.
    """

    def __init__(self, files: Mapping[str, File]) -> None:
        self._files = files
        self._values: dict[str, bytes | _Place] = {}
        self._nodes = 0
        root = self._newest()
        if root is not None:
            self._walk(root)
        self._keys = sorted(self._values)

    def keys(self) -> Sequence[str]:
        """Return all keys."""
        return self._keys

    def size(self, key: str) -> int:
        """Return the size of a value."""
        value = self._values.get(key, b"")
        return value.length if isinstance(value, _Place) else len(value)

    def get(self, key: str) -> bytes | None:
        """Return a value."""
        value = self._values.get(key)
        return self._read(value) if isinstance(value, _Place) else value

    def _read(self, place: _Place) -> bytes:
        file = self._files.get(place.path)
        if file is None:
            raise OcdbtError(f"its file {place.path!r} is missing. Copy the whole folder")
        if place.offset + place.length > file.size:
            raise OcdbtError(f"its file {place.path!r} is truncated")
        return FileBytes(file.real)[place.offset : place.offset + place.length]

    def _newest(self) -> _Place | None:
        """Return where the root of the newest version is; None if it has no keys."""
        manifest = self._files.get(MANIFEST)
        if manifest is None or manifest.size > _MAX_NODE:
            raise OcdbtError("it has no manifest of a plausible size")
        body = _Body(_unwrapped(FileBytes(manifest.real)[:], _MANIFEST_MAGIC))
        body.skip(16)  # the name of the database
        if body.number():
            raise OcdbtError("its manifest is in several files, which is not read")
        body.numbers(2)  # the largest value and node
        body.skip(1)
        if body.number():  # compression of new nodes, with its level
            body.skip(4)
        paths = body.paths("")
        count = body.count()
        body.numbers(count)  # generations
        body.skip(count)  # heights
        which, offsets, lengths = (body.numbers(count) for _ in range(3))
        if not count or lengths[-1] == 0 or offsets[-1] == (1 << 64) - 1:
            return None
        return body.place(paths, which[-1], offsets[-1], lengths[-1])

    def _walk(self, root: _Place) -> None:
        waiting = [(root, b"", 0)]
        while waiting:
            place, prefix, depth = waiting.pop()
            self._nodes += 1
            if self._nodes > _MAX_NODES or depth > _MAX_DEPTH:
                raise OcdbtError("its tree has more nodes than is plausible")
            body = _Body(_unwrapped(self._read(place), _NODE_MAGIC))
            height = body.skip(1)[0]
            paths = body.paths(place.base)
            if height:
                inner = _children(body, paths, prefix)
                waiting += [(child, key, depth + 1) for child, key in inner]
            else:
                self._values |= _leaf(body, paths, prefix)
            if len(self._values) > _MAX_KEYS:
                raise OcdbtError("it has more keys than is plausible")


class _Body:
    """The content of a manifest or node, whose numbers are in columns."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def number(self) -> int:
        value, self._at = varint(self._raw, self._at)
        return value

    def numbers(self, count: int) -> list[int]:
        return [self.number() for _ in range(count)]

    def count(self) -> int:
        """Read how many entries follow; each takes a byte at least."""
        count = self.number()
        if count > len(self._raw) - self._at:
            raise OcdbtError(f"a node claims {count:,} entries")
        return count

    def skip(self, count: int) -> bytes:
        cursor = Cursor(self._raw, self._at)
        found = cursor.take(count)
        self._at = cursor.at
        return found

    def texts(self, count: int, prefixes: list[int], suffixes: list[int]) -> list[bytes]:
        """Read texts that share their beginning with the one before."""
        found, last = [], b""
        for shared, length in zip(prefixes, suffixes, strict=True):
            if shared > len(last):
                raise OcdbtError("a key shares more than there is with the one before")
            last = last[:shared] + self.skip(length)
            found.append(last)
        return found

    def keys(self, count: int) -> tuple[list[int], list[int]]:
        """Read how much each key shares with the one before, and what it has of its own."""
        return [0, *self.numbers(max(0, count - 1))][:count], self.numbers(count)

    def paths(self, outer: str) -> list[tuple[str, str]]:
        """Read the table of files: path, and the part of it that files below share."""
        count = self.count()
        prefixes, suffixes = self.keys(count)
        bases = self.numbers(count)
        names = self.texts(count, prefixes, suffixes)
        return [
            (
                outer + name.decode("utf-8", "replace"),
                outer + name[:base].decode("utf-8", "replace"),
            )
            for name, base in zip(names, bases, strict=True)
        ]

    def place(self, paths: list[tuple[str, str]], which: int, offset: int, length: int) -> _Place:
        if which >= len(paths):
            raise OcdbtError(f"a node refers to file {which:,} of {len(paths):,}")
        path, base = paths[which]
        return _Place(path, base, offset, length)


def _children(
    body: _Body, paths: list[tuple[str, str]], prefix: bytes
) -> list[tuple[_Place, bytes]]:
    count = body.count()
    prefixes, suffixes = body.keys(count)
    shared = body.numbers(count)
    keys = body.texts(count, prefixes, suffixes)
    which, offsets, lengths = (body.numbers(count) for _ in range(3))
    return [
        (body.place(paths, which[n], offsets[n], lengths[n]), prefix + keys[n][: shared[n]])
        for n in range(count)
    ]


def _leaf(body: _Body, paths: list[tuple[str, str]], prefix: bytes) -> dict[str, bytes | _Place]:
    count = body.count()
    prefixes, suffixes = body.keys(count)
    keys = body.texts(count, prefixes, suffixes)
    lengths, kinds = body.numbers(count), body.numbers(count)
    outside = [n for n in range(count) if kinds[n]]
    which, offsets = body.numbers(len(outside)), body.numbers(len(outside))
    values: dict[int, bytes | _Place] = {
        n: body.place(paths, which[k], offsets[k], lengths[n]) for k, n in enumerate(outside)
    }
    for n in range(count):
        if not kinds[n]:
            values[n] = body.skip(lengths[n])
    return {(prefix + keys[n]).decode("utf-8", "replace"): values[n] for n in range(count)}


def _unwrapped(raw: bytes, magic: bytes) -> bytes:
    """Return the content of a manifest or node after checking its length and checksum."""
    if raw[:4] != magic or int.from_bytes(raw[4:12], "little") != len(raw) or len(raw) < 18:
        raise OcdbtError("a node has no plausible header")
    if crc32c(raw[:-4]) != int.from_bytes(raw[-4:], "little"):
        raise OcdbtError("a checksum does not match")
    version, at = varint(raw, 12)
    compression, at = varint(raw, at)
    if version or compression > 1:
        raise OcdbtError(f"has version {version} and compression {compression}, expected 0 and 1")
    body = raw[at:-4]
    return unpacked(body, {"id": "zstd"}, _MAX_NODE) if compression else body

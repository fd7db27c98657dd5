"""Reads zarr arrays and the groups that they are in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from projector.loaders.formats.zarr.chunks import decode
from projector.loaders.formats.zarr.codecs import CodecError, is_known
from projector.loaders.formats.zarr.key_values import Below, KeyValues
from projector.loaders.formats.zarr.metadata import (
    Metadata,
    MetadataError,
    Pipeline,
    parse,
    read_version_2,
    read_version_3,
)
from projector.typing import AnyArray

_V2, _V3, _ATTRIBUTES = ".zarray", "zarr.json", ".zattrs"
#: Compression beyond this factor is not plausible.
_MAX_RATIO, _SMALL = 1000, 1 << 16


class ZarrArray:
    """One array.

    Parameters
    ----------
    keys : KeyValues
        With keys relative to the array.
    metadata : Metadata

    Attributes
    ----------
    shape, dtype, attrs
        As numpy and h5py have them.
    """

    def __init__(self, keys: KeyValues, metadata: Metadata) -> None:
        self._keys = keys
        self._metadata = metadata
        self.shape = metadata.shape
        self.dtype = metadata.dtype
        self.attrs: Mapping[str, Any] = metadata.attributes

    def refusal(self) -> str:
        """Return why the array is not read, or an empty string. No chunk is read."""
        unknown = [codec for codec in _codecs(self._metadata.pipeline) if not is_known(codec)]
        if unknown:
            name = unknown[0].get("id", unknown[0].get("name"))
            return f"uses the codec {name!r}, which is not read. Save it with zstd or gzip."
        stored = sum(map(self._keys.size, self._keys.keys()))
        size = math.prod(self.shape) * self.dtype.itemsize
        if size > max(_SMALL, _MAX_RATIO * stored):
            return (
                f"claims {' x '.join(map(str, self.shape))} numbers, but only {stored:,} bytes are "
                "stored. It was never written completely; save it again."
            )
        return ""

    def read(self) -> AnyArray:
        """Return all values; texts of any length as an array of objects.

        Raises
        ------
        CodecError
            A chunk is damaged.
        """
        about = self._metadata
        if self.refusal():
            raise CodecError(f"it {self.refusal()}")
        values = np.full(self.shape, self._fill(), self.dtype)
        for key in list(self._keys.keys()):
            place = self._place(key)
            if place is None:
                continue
            raw = self._keys.get(key)
            if raw is None:
                continue
            chunk = decode(raw, about.pipeline, about.chunks, about.dtype, self._fill())
            where = tuple(
                slice(at * size, min((at + 1) * size, whole))
                for at, size, whole in zip(place, about.chunks, self.shape, strict=True)
            )
            inside = tuple(slice(0, piece.stop - piece.start) for piece in where)
            values[where] = chunk[inside]
        return values

    def _place(self, key: str) -> tuple[int, ...] | None:
        """Return the place of a chunk in the grid; None if a key is none of this array."""
        about = self._metadata
        parts = key.split(about.separator)
        if about.prefix:
            if parts[:1] != [about.prefix]:
                return None
            parts = parts[1:]
        if not self.shape:
            return () if key == about.chunk_key(()) else None
        if len(parts) != len(self.shape) or not all(p.isascii() and p.isdecimal() for p in parts):
            return None
        place = tuple(map(int, parts))
        inside = all(
            at * size < whole
            for at, size, whole in zip(place, about.chunks, self.shape, strict=True)
        )
        return place if inside else None

    def _fill(self) -> Any:
        fill = self._metadata.fill
        if self.dtype == object or self.dtype.kind in "US":
            return fill if isinstance(fill, str) else ""
        if fill in ("NaN", "Infinity", "-Infinity"):
            return float(fill)
        return fill if isinstance(fill, (int, float)) else 0


class ZarrGroup:
    """A group: arrays and groups by name, and attributes.

    Parameters
    ----------
    keys : KeyValues
        With keys relative to the group.
    """

    def __init__(self, keys: KeyValues) -> None:
        self._keys = keys
        own = keys.get(_V3)
        if own is not None:
            attributes = parse(own).get("attributes")
        else:
            beside = keys.get(_ATTRIBUTES)
            attributes = None if beside is None else parse(beside)
        self.attrs: Mapping[str, Any] = attributes if isinstance(attributes, dict) else {}

    def names(self) -> list[str]:
        """Return the names of what is in it, sorted."""
        inner = {key.partition("/")[0] for key in self._keys.keys() if "/" in key}  # noqa: SIM118
        return sorted(inner)

    def get(self, path: str) -> ZarrArray | ZarrGroup | None:
        """Return what is at a path; None if there is nothing.

        Raises
        ------
        MetadataError
            Its metadata is damaged, or of an array that is not read.
        """
        return node(Below(self._keys, f"{path}/"))

    def arrays(self) -> Iterator[tuple[str, ZarrArray | MetadataError]]:
        """Yield every array in it with its path, or why one is not read."""
        ends = (f"/{_V2}", f"/{_V3}")
        for key in sorted(self._keys.keys()):
            if key.endswith(ends):
                path = key.rpartition("/")[0]
                try:
                    found = self.get(path)
                except MetadataError as error:
                    yield path, error
                    continue
                if isinstance(found, ZarrArray):
                    yield path, found


def node(keys: KeyValues) -> ZarrArray | ZarrGroup | None:
    """Return the array or group that keys belong to; None if it is neither.

    Raises
    ------
    MetadataError
        Its metadata is damaged, or of an array that is not read.
    """
    newer, older = keys.get(_V3), keys.get(_V2)
    if newer is not None:
        content = parse(newer)
        if content.get("node_type") == "array":
            return ZarrArray(keys, read_version_3(content))
        return ZarrGroup(keys)
    if older is not None:
        beside = keys.get(_ATTRIBUTES)
        attributes = {} if beside is None else parse(beside)
        return ZarrArray(keys, read_version_2(parse(older), attributes))
    return ZarrGroup(keys) if len(keys.keys()) else None


def _codecs(pipeline: Pipeline) -> Iterator[Mapping[str, Any]]:
    while True:
        yield from pipeline.codecs
        if pipeline.shard is None:
            return
        yield from pipeline.shard.index.codecs
        pipeline = pipeline.shard.inner

"""Reads the metadata of one zarr array, of version 2 (``.zarray``) or 3 (``zarr.json``)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from projector.loaders.bounded_json import parse_json
from projector.loaders.decoders.dtypes import dtype_of

#: numpy's short names of types, as version 2 has them.
_TYPE = re.compile(r"[<>|][biufcSUV]\d{1,6}", re.ASCII)
_V3_TYPES = frozenset(
    str.split(
        """
        bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64
        complex128 bfloat16 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz
        """
    )
)
_TEXT_FILTERS = ("vlen-utf8", "vlen-bytes")
_MAX_RANK = 32
#: The largest chunk; a chunk is in memory as a whole.
_MAX_CHUNK = 1 << 31
_DEEPEST = 4


class MetadataError(ValueError):
    """Metadata that is damaged, or of something that is not read."""


@dataclass(frozen=True)
class Pipeline:
    """How a chunk became bytes.

    Attributes
    ----------
    order : {"C", "F"} or tuple of int
        The order of axes in the bytes.
    is_text : bool
        Whether the values are texts of any length.
    codecs : tuple of mapping
        Codecs of bytes, in the order in which they were applied.
    shard : Shard or None
        What the bytes hold if they hold chunks of their own.
    """

    order: str | tuple[int, ...] = "C"
    is_text: bool = False
    codecs: tuple[Mapping[str, Any], ...] = ()
    shard: Shard | None = None


@dataclass(frozen=True)
class Shard:
    """The chunks inside a chunk.

    Attributes
    ----------
    chunks : tuple of int
        Their shape.
    inner : Pipeline
    index : Pipeline
    index_first : bool
    """

    chunks: tuple[int, ...]
    inner: Pipeline
    index: Pipeline
    index_first: bool


@dataclass(frozen=True)
class Metadata:
    """One array.

    Attributes
    ----------
    shape, chunks : tuple of int
    dtype : dtype
        Of the bytes; objects for texts of any length.
    fill : object
        The value of what was never written.
    pipeline : Pipeline
    prefix, separator : str
        Of the keys of chunks: ``c/0/1`` or ``0.1``.
    attributes : mapping
    """

    shape: tuple[int, ...]
    chunks: tuple[int, ...]
    dtype: np.dtype[Any]
    fill: Any
    pipeline: Pipeline
    prefix: str = ""
    separator: str = "."
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def chunk_key(self, place: tuple[int, ...]) -> str:
        """Return the key of a chunk by its place in the grid."""
        parts = ([self.prefix] if self.prefix else []) + list(map(str, place))
        return self.separator.join(parts) if parts else "0"

    @property
    def chunk_bytes(self) -> int:
        """How many bytes a chunk of numbers has."""
        return math.prod(self.chunks) * self.dtype.itemsize


def parse(text: bytes) -> dict[str, Any]:
    """Return the JSON object of a metadata file.

    Raises
    ------
    MetadataError
        It is something else.
    """
    try:
        content = parse_json(text)
    except ValueError as error:
        raise MetadataError(f"is no JSON: {str(error)[:80]}") from None
    if not isinstance(content, dict):
        raise MetadataError("is no JSON object")
    return content


def read_version_2(content: dict[str, Any], attributes: Mapping[str, Any]) -> Metadata:
    """Return the metadata of an array of version 2.

    Raises
    ------
    MetadataError
        It is damaged, or of an array that is not read.
    """
    shape, chunks = _sizes(content.get("shape")), _sizes(content.get("chunks"))
    filters = _codecs(content.get("filters") or [])
    is_text = bool(filters) and filters[0].get("id") in _TEXT_FILTERS
    dtype = _type_2(content.get("dtype"), is_text)
    compressor = content.get("compressor")
    packed = filters[1:] if is_text else filters
    packed = (*packed, *(_codecs([compressor]) if compressor else ()))
    pipeline = Pipeline("F" if content.get("order") == "F" else "C", is_text, packed)
    separator = "/" if content.get("dimension_separator") == "/" else "."
    fill = content.get("fill_value")
    return _checked(Metadata(shape, chunks, dtype, fill, pipeline, "", separator, attributes))


def read_version_3(content: dict[str, Any]) -> Metadata:
    """Return the metadata of an array of version 3.

    Raises
    ------
    MetadataError
        See `read_version_2`.
    """
    shape = _sizes(content.get("shape"))
    grid = _named(content.get("chunk_grid"))
    if grid[0] != "regular":
        raise MetadataError(f"has the chunk grid {grid[0]!r}, which is not read")
    chunks = _sizes(grid[1].get("chunk_shape"))
    dtype = _type_3(content.get("data_type"))
    pipeline, order = _pipeline(content.get("codecs"), 0)
    keys, options = _named(content.get("chunk_key_encoding") or "default")
    prefix = "c" if keys == "default" else ""
    separator = str(options.get("separator", "/" if prefix else "."))
    attributes = content.get("attributes")
    return _checked(
        Metadata(
            shape,
            chunks,
            dtype if order == "<" or dtype.itemsize < 2 else dtype.newbyteorder(">"),
            content.get("fill_value"),
            pipeline,
            prefix,
            separator if separator in ("/", ".") else "/",
            attributes if isinstance(attributes, dict) else {},
        )
    )


def _checked(found: Metadata) -> Metadata:
    if len(found.chunks) != len(found.shape) or any(size < 1 for size in found.chunks):
        raise MetadataError(f"has chunks of {found.chunks} for the shape {found.shape}")
    if found.chunk_bytes > _MAX_CHUNK:
        raise MetadataError(f"has chunks of {found.chunk_bytes:,} bytes, which are too large")
    return found


def _sizes(values: Any) -> tuple[int, ...]:
    plausible = isinstance(values, list) and len(values) <= _MAX_RANK
    if not plausible or any(type(v) is not int or not 0 <= v < 1 << 62 for v in values):
        raise MetadataError(f"has the sizes {str(values)[:60]}, expected whole numbers")
    return tuple(values)


def _codecs(values: Any) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(values, list) or not all(isinstance(each, dict) for each in values):
        raise MetadataError(f"has the codecs {str(values)[:60]}, expected a list of objects")
    return tuple(values)


def _type_2(value: Any, is_text: bool) -> np.dtype[Any]:
    if is_text:
        return np.dtype(object)
    if isinstance(value, str) and _TYPE.fullmatch(value):
        return np.dtype(value)
    if isinstance(value, str) and value in _V3_TYPES:  # as tensorstore writes bfloat16
        return dtype_of(value)
    raise MetadataError(f"has the type {str(value)[:60]}, which is not read")


def _type_3(value: Any) -> np.dtype[Any]:
    if isinstance(value, str) and value in _V3_TYPES:
        return dtype_of(value)
    if value == "string":
        return np.dtype(object)
    name, options = _named(value)
    length = options.get("length_bytes")
    if name == "fixed_length_utf32" and type(length) is int and 0 < length < 1 << 20:
        return np.dtype(f"<U{length // 4}")
    raise MetadataError(f"has the type {str(value)[:60]}, which is not read")


def _named(value: Any) -> tuple[str, Mapping[str, Any]]:
    """Return name and options of an extension point: a text, or an object."""
    if isinstance(value, str):
        return value, {}
    if isinstance(value, dict):
        options = value.get("configuration")
        return str(value.get("name")), options if isinstance(options, dict) else {}
    raise MetadataError(f"has {str(value)[:60]}, expected a name")


def _pipeline(values: Any, depth: int) -> tuple[Pipeline, str]:
    """Return how chunks became bytes, and the byte order of their numbers."""
    if depth > _DEEPEST:
        raise MetadataError("has shards in shards in shards")
    order: str | tuple[int, ...] = "C"
    byte_order, is_text, shard, packed = "<", False, None, []
    for codec in _codecs(values):
        name, options = _named(codec)
        if name == "transpose":
            order = _axes(options.get("order"))
        elif name == "bytes":
            byte_order = ">" if options.get("endian") == "big" else "<"
        elif name in _TEXT_FILTERS:
            is_text = True
        elif name == "sharding_indexed":
            shard, byte_order = _shard(options, depth)
        else:
            packed.append(codec)
    return Pipeline(order, is_text, tuple(packed), shard), byte_order


def _axes(value: Any) -> str | tuple[int, ...]:
    if value in ("C", "F"):
        return str(value)
    axes = _sizes(value)
    if sorted(axes) != list(range(len(axes))):
        raise MetadataError(f"has the order of axes {axes}")
    return axes


def _shard(options: Mapping[str, Any], depth: int) -> tuple[Shard, str]:
    inner, byte_order = _pipeline(options.get("codecs"), depth + 1)
    index, _ = _pipeline(options.get("index_codecs") or [], depth + 1)
    chunks = _sizes(options.get("chunk_shape"))
    if any(size < 1 for size in chunks):
        raise MetadataError(f"has chunks of {chunks} in its shards")
    first = options.get("index_location") == "start"
    return Shard(chunks, inner, index, first), byte_order

"""Decodes one chunk of a zarr array, and the chunks inside a shard."""

from __future__ import annotations

import itertools
import math
import struct
from typing import Any

import numpy as np

from projector.loaders.formats.zarr.codecs import CodecError, unpacked
from projector.loaders.formats.zarr.metadata import Pipeline, Shard
from projector.typing import AnyArray

#: The most bytes of texts in a chunk, and how far they may have been compressed.
_MAX_TEXT, _SMALL_TEXT, _TEXT_RATIO = 1 << 30, 1 << 26, 1000
#: Both numbers of a chunk that a shard does not have.
_MISSING = (1 << 64) - 1


def decode(
    raw: bytes, pipeline: Pipeline, shape: tuple[int, ...], dtype: np.dtype[Any], fill: Any
) -> AnyArray:
    """Return the values of a chunk.

    Parameters
    ----------
    raw : bytes
        As stored.
    pipeline : Pipeline
    shape : tuple of int
        Of the chunk.
    dtype : dtype
    fill : object
        The value of what is missing in a shard.

    Raises
    ------
    CodecError
        They are damaged, or packed in a way that is not read.
    """
    if pipeline.shard is not None:
        return _decode_shard(raw, pipeline, pipeline.shard, shape, dtype, fill)
    size = math.prod(shape) * dtype.itemsize
    if pipeline.is_text:
        size = min(_MAX_TEXT, max(_SMALL_TEXT, _TEXT_RATIO * len(raw)))
    data = _unpacked(raw, pipeline, size)
    if pipeline.is_text:
        return _ordered(_texts(data, math.prod(shape)), pipeline, shape)
    if len(data) != size:
        raise CodecError(f"a chunk has {len(data):,} bytes, expected {size:,}")
    return _ordered(np.frombuffer(data, dtype), pipeline, shape)


def _unpacked(raw: bytes, pipeline: Pipeline, size: int) -> bytes:
    # What compresses badly is a little larger before it is unpacked, and has a checksum.
    limit = size + size // 8 + 4096
    for codec in reversed(pipeline.codecs):
        raw = unpacked(raw, codec, limit)
    return raw


def _ordered(values: AnyArray, pipeline: Pipeline, shape: tuple[int, ...]) -> AnyArray:
    order = pipeline.order
    if isinstance(order, tuple):
        if len(order) != len(shape):
            raise CodecError(f"the order of axes {order} does not fit the shape {shape}")
        turned = values.reshape([shape[axis] for axis in order])
        return turned.transpose(np.argsort(order))
    return values.reshape(shape, order="F" if order == "F" else "C")


def _texts(data: bytes, count: int) -> AnyArray:
    """Read texts of any length: their number, then each after its length."""
    if len(data) < 4 or int.from_bytes(data[:4], "little") != count:
        raise CodecError(f"a chunk of texts has another number of them than {count:,}")
    texts, at = np.empty(count, object), 4
    for place in range(count):
        if at + 4 > len(data):
            raise CodecError("a chunk of texts is truncated")
        (length,) = struct.unpack_from("<I", data, at)
        at += 4
        if at + length > len(data):
            raise CodecError("a chunk of texts is truncated")
        texts[place] = data[at : at + length].decode("utf-8", "replace")
        at += length
    return texts


def _decode_shard(
    raw: bytes,
    pipeline: Pipeline,
    shard: Shard,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    fill: Any,
) -> AnyArray:
    """Read a chunk that holds smaller ones, whose places are listed at its start or end."""
    if len(shard.chunks) != len(shape) or any(
        size % inner for size, inner in zip(shape, shard.chunks, strict=False)
    ):
        raise CodecError(f"a shard of shape {shape} has chunks of {shard.chunks}")
    data = _unpacked(raw, Pipeline(codecs=pipeline.codecs), max(len(raw), 1 << 20))
    grid = [size // inner for size, inner in zip(shape, shard.chunks, strict=True)]
    count = math.prod(grid)
    places = _index(data, shard, count)
    values = np.full(shape, fill, dtype)
    for number, place in enumerate(itertools.product(*map(range, grid))):
        offset, length = int(places[number, 0]), int(places[number, 1])
        if offset == length == _MISSING:
            continue
        if offset + length > len(data):
            raise CodecError("a shard is truncated")
        where = tuple(
            slice(at * size, (at + 1) * size) for at, size in zip(place, shard.chunks, strict=True)
        )
        piece = data[offset : offset + length]
        values[where] = decode(piece, shard.inner, shard.chunks, dtype, fill)
    return values


def _index(data: bytes, shard: Shard, count: int) -> AnyArray:
    extra = 4 * sum(codec.get("name") == "crc32c" for codec in shard.index.codecs)
    if len(shard.index.codecs) * 4 != extra:
        raise CodecError("the index of a shard is compressed, which is not read")
    size = 16 * count + extra
    if size > len(data):
        raise CodecError(f"a shard of {len(data):,} bytes has no index of {count:,} chunks")
    stored = data[:size] if shard.index_first else data[len(data) - size :]
    plain = _unpacked(stored, shard.index, size)
    return np.frombuffer(plain, "<u8").reshape(count, 2)

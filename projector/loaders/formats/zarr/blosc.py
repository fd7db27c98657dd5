"""Decompresses Blosc: blocks of LZ4, Zstandard, zlib or Snappy with their bytes rearranged.

Source: README_CHUNK_FORMAT.rst of c-blosc, version 1.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np

from projector.loaders.decoders.protobuf import WireError
from projector.loaders.decoders.snappy import decompress as decompress_snappy
from projector.loaders.formats.zarr.blosclz import decompress as decompress_blosclz

_HEADER = 16
_SHUFFLED, _STORED, _BITS_SHUFFLED, _UNSPLIT = 1, 2, 4, 16
_NAMES = ("blosclz", "lz4", "snappy", "zlib", "zstd")


class BloscError(ValueError):
    """Bytes that are not Blosc, or of a kind that is not read."""


def decompress(data: bytes, limit: int) -> bytes:
    """Return the content of a Blosc buffer of at most `limit` bytes.

    Raises
    ------
    BloscError
        It is truncated, claims more than `limit` bytes, or uses a compressor that is not read.
    """
    if len(data) < _HEADER:
        raise BloscError(f"a Blosc buffer of {len(data)} bytes has no header")
    version, _, flags, width, size, block, stored = struct.unpack("<BBBBIII", data[:_HEADER])
    if version not in (1, 2) or stored > len(data) or size > limit:
        raise BloscError(
            f"a Blosc buffer of version {version} claims {size:,} bytes from {stored:,}; "
            f"{len(data):,} are there and at most {limit:,} are expected"
        )
    if flags & _STORED:
        if _HEADER + size > len(data):
            raise BloscError("a Blosc buffer is truncated")
        return data[_HEADER : _HEADER + size]
    if not size:
        return b""
    if not 0 < block <= size or not width:
        raise BloscError(f"a Blosc buffer has blocks of {block:,} bytes of {width}")
    count = -(-size // block)
    if _HEADER + 4 * count > len(data):
        raise BloscError("a Blosc buffer is truncated")
    starts = struct.unpack_from(f"<{count}i", data, _HEADER)
    pieces = []
    for number, start in enumerate(starts):
        length = min(block, size - number * block)
        whole = length == block and not flags & _UNSPLIT
        parts = width if whole else 1
        raw = _block(data, start, length, parts, flags >> 5)
        pieces.append(_arranged(raw, width, flags))
    return b"".join(pieces)


def _block(data: bytes, at: int, length: int, parts: int, kind: int) -> bytes:
    """Decompress the parts of one block."""
    if length % parts:
        raise BloscError(f"a block of {length:,} bytes has {parts} parts")
    out = []
    for _ in range(parts):
        if not 0 <= at <= len(data) - 4:
            raise BloscError("a Blosc block is truncated")
        (size,) = struct.unpack_from("<i", data, at)
        at += 4
        if size < 0 or size > len(data) - at:
            raise BloscError("a Blosc block is truncated")
        piece = data[at : at + size]
        at += size
        out.append(piece if size == length // parts else _unpack(piece, length // parts, kind))
    return b"".join(out)


def _unpack(piece: bytes, size: int, kind: int) -> bytes:
    name = _NAMES[kind] if kind < len(_NAMES) else f"compressor {kind}"
    try:
        if name == "zlib":
            found = zlib.decompressobj().decompress(piece, size)
        elif name == "snappy":
            found = decompress_snappy(piece, limit=size)
        elif name == "blosclz":
            found = decompress_blosclz(piece, size) or b""
        elif name in ("lz4", "zstd"):
            import pyarrow as pa

            codec = pa.Codec("lz4_raw" if name == "lz4" else name)
            found = codec.decompress(piece, decompressed_size=size, asbytes=True)
        else:
            raise BloscError(f"it is compressed with {name}, which is not read")
    except (zlib.error, WireError, OSError, ValueError) as error:
        if isinstance(error, BloscError):
            raise
        raise BloscError(f"a block of {name} is damaged") from None
    if len(found) != size:
        raise BloscError(f"a block of {name} has {len(found):,} bytes, expected {size:,}")
    return bytes(found)


def _arranged(raw: bytes, width: int, flags: int) -> bytes:
    """Put the bytes, or the bits, of the numbers of a block together again."""
    count = len(raw) // width
    used = count * width
    if flags & _SHUFFLED and width > 1:
        table = np.frombuffer(raw, np.uint8, used).reshape(width, count)
        return table.T.tobytes() + raw[used:]
    if flags & _BITS_SHUFFLED and count and count % 8 == 0:
        rows = np.frombuffer(raw, np.uint8, used).reshape(8 * width, count // 8)
        bits = np.unpackbits(rows, axis=1, bitorder="little").T.reshape(count, width, 8)
        return np.packbits(bits, axis=2, bitorder="little").tobytes() + raw[used:]
    return raw

"""Undoes what a zarr array does with the bytes of its chunks."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from projector.loaders.decoders.crc32c import crc32c
from projector.loaders.formats.zarr.blosc import BloscError, decompress


class CodecError(ValueError):
    """A codec that is not read, or bytes that do not fit it; loaders turn it into a LoadError."""


def unpacked(data: bytes, codec: Mapping[str, Any], limit: int) -> bytes:
    """Return the bytes that one codec of bytes was given.

    Parameters
    ----------
    data : bytes
    codec : mapping
        As the metadata has it: an ``id`` (version 2) or a ``name`` (version 3), and options.
    limit : int
        The most bytes that are expected.

    Raises
    ------
    CodecError
        The codec is not known, or the bytes are damaged or too many.
    """
    name = str(codec.get("id", codec.get("name")))
    options = codec.get("configuration")
    undo = _CODECS.get(name)
    if undo is None:
        raise CodecError(f"it uses the codec {name!r}, which is not read")
    try:
        found = undo(data, options if isinstance(options, dict) else codec, limit)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, BloscError) as error:
        raise CodecError(f"its {name} is damaged or not read: {error}") from None
    if len(found) > limit:
        raise CodecError(f"its {name} has more than the {limit:,} bytes that are expected")
    return found


def is_known(codec: Mapping[str, Any]) -> bool:
    """Tell whether a codec of bytes is read."""
    return str(codec.get("id", codec.get("name"))) in _CODECS


def _zlib(data: bytes, options: Mapping[str, Any], limit: int) -> bytes:
    machine = zlib.decompressobj(47)  # zlib and gzip
    return _ended(machine.decompress(data, limit + 1), machine, limit)


def _bz2(data: bytes, options: Mapping[str, Any], limit: int) -> bytes:
    machine = bz2.BZ2Decompressor()
    return _ended(machine.decompress(data, limit + 1), machine, limit)


def _lzma(data: bytes, options: Mapping[str, Any], limit: int) -> bytes:
    machine = lzma.LZMADecompressor()
    return _ended(machine.decompress(data, limit + 1), machine, limit)


def _ended(found: bytes, machine: Any, limit: int) -> bytes:
    if not machine.eof and len(found) <= limit:
        raise EOFError("it is truncated")
    return found


def _zstd(data: bytes, options: Mapping[str, Any], limit: int) -> bytes:
    import pyarrow as pa

    with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as stream:
        return bytes(stream.read(limit + 1))


def _lz4(data: bytes, options: Mapping[str, Any], limit: int) -> bytes:
    """Numcodecs' LZ4: the size, then one block."""
    import pyarrow as pa

    size = int.from_bytes(data[:4], "little")
    if size > limit:
        raise EOFError(f"it claims {size:,} bytes")
    return bytes(pa.Codec("lz4_raw").decompress(data[4:], decompressed_size=size, asbytes=True))


def _blosc(data: bytes, options: Mapping[str, Any], limit: int) -> bytes:
    return decompress(data, limit)


def _crc32c(data: bytes, options: Mapping[str, Any], limit: int) -> bytes:
    if len(data) < 4 or crc32c(data[:-4]) != int.from_bytes(data[-4:], "little"):
        raise EOFError("the checksum does not match")
    return data[:-4]


def _shuffle(data: bytes, options: Mapping[str, Any], limit: int) -> bytes:
    width = options.get("elementsize", 4)
    if type(width) is not int or not 0 < width <= 256 or len(data) % width:
        raise EOFError("its elements have no plausible size")
    return np.frombuffer(data, np.uint8).reshape(width, -1).T.tobytes()


_CODECS: dict[str, Callable[[bytes, Mapping[str, Any], int], bytes]] = {
    "zlib": _zlib,
    "gzip": _zlib,
    "bz2": _bz2,
    "lzma": _lzma,
    "zstd": _zstd,
    "lz4": _lz4,
    "blosc": _blosc,
    "crc32c": _crc32c,
    "shuffle": _shuffle,
    "numcodecs.zlib": _zlib,
    "numcodecs.bz2": _bz2,
    "numcodecs.lzma": _lzma,
    "numcodecs.zstd": _zstd,
    "numcodecs.lz4": _lz4,
    "numcodecs.blosc": _blosc,
    "numcodecs.shuffle": _shuffle,
}

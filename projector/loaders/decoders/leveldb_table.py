"""Reads LevelDB tables, in which TensorFlow stores the index of a checkpoint.

Layout: data blocks, a meta-index block, an index block, and a footer of 48 bytes that says
where the last two are. A block is entries with shared key prefixes, restart offsets and their
count, then one byte for the compression and four for a masked CRC-32C.
Source: tensorflow/core/lib/io/{format,block,two_level_iterator}.cc.
"""

from __future__ import annotations

from pathlib import Path

from projector.errors import LoadError
from projector.loaders.decoders.crc32c import masked_crc32c
from projector.loaders.decoders.protobuf import WireError, varint
from projector.loaders.decoders.snappy import decompress
from projector.loaders.safe_files import read_all

MAGIC = bytes.fromhex("57fb808b247547db")
_FOOTER = 48
#: The largest table that is read. 5,000 tensors take 300 kB, so this is about a hundred million.
_MAX_TABLE = 1 << 32
#: A compressed block is at most this many times smaller than what it holds (snappy's bound is
#: about 21); TensorFlow writes 256 KiB.
_MAX_RATIO = 32


def is_table(tail: bytes) -> bool:
    """Tell whether a file with these last 8 bytes is a table."""
    return tail[-8:] == MAGIC


def read_table(path: Path, content: bytes | None = None) -> list[tuple[bytes, bytes]]:
    """Return all (key, value) pairs of a table in its order; every block's checksum is verified.

    Parameters
    ----------
    path : Path
    content : bytes, optional
        All of the file, if it was read.

    Raises
    ------
    LoadError
        It is not a table, or it is truncated or damaged.

    Notes
    -----
    Takes about 2 µs per entry. Memory: the file and its entries.
    """
    data = content or read_all(path, limit=_MAX_TABLE, what="an index")
    if len(data) < _FOOTER or not is_table(data):
        raise LoadError(
            path,
            f"is not a TensorFlow index: its {len(data):,} bytes do not end in the magic number of "
            "a table. It is truncated or another kind of file; copy it again.",
        )
    try:
        at = len(data) - _FOOTER
        _, at = _handle(data, at)
        index, _ = _handle(data, at)
        entries: list[tuple[bytes, bytes]] = []
        # Keys of the index block are separators, not names: only its values count.
        for _, value in _entries(_block(path, data, index)):
            handle, _ = _handle(value, 0)
            entries += _entries(_block(path, data, handle))
        return entries
    except WireError as error:
        raise LoadError(
            path, f"the index is damaged: {error}. Copy or save the checkpoint again."
        ) from None


def _handle(data: bytes, at: int) -> tuple[tuple[int, int], int]:
    offset, at = varint(data, at)
    size, at = varint(data, at)
    return (offset, size), at


def _block(path: Path, data: bytes, handle: tuple[int, int]) -> bytes:
    offset, size = handle
    end = offset + size
    if end + 5 > len(data) - _FOOTER:
        raise WireError(
            f"a block of {size:,} bytes at byte {offset:,} extends past the end of the file at "
            f"{len(data):,}"
        )
    stored = int.from_bytes(data[end + 1 : end + 5], "little")
    found = masked_crc32c(data[offset : end + 1])
    if stored != found:
        raise LoadError(
            path,
            f"checksum mismatch in the index: {stored:#010x} is stored, but the {size:,} bytes "
            f"have {found:#010x}. The file is damaged; copy it again.",
            place=f"block at byte {offset}",
        )
    body, kind = data[offset:end], data[end]
    if kind == 0:
        return body
    if kind == 1:
        return decompress(body, limit=_MAX_RATIO * len(body) + 64)
    raise WireError(f"the block at byte {offset:,} has the unknown compression {kind}")


def _entries(block: bytes) -> list[tuple[bytes, bytes]]:
    if len(block) < 4:
        raise WireError(f"a block of {len(block)} bytes is too short")
    n_restarts = int.from_bytes(block[-4:], "little")
    end = len(block) - 4 - 4 * n_restarts
    if end < 0:
        raise WireError(
            f"a block of {len(block):,} bytes claims to have {n_restarts:,} restart points"
        )
    entries: list[tuple[bytes, bytes]] = []
    key, at = b"", 0
    while at < end:
        shared, at = varint(block, at)
        unshared, at = varint(block, at)
        length, at = varint(block, at)
        if shared > len(key):
            raise WireError(f"an entry shares {shared} bytes with a key of {len(key)}")
        if unshared + length > end - at:
            raise WireError(f"an entry of {unshared + length:,} bytes extends past its block")
        key = key[:shared] + block[at : at + unshared]
        entries.append((key, block[at + unshared : at + unshared + length]))
        at += unshared + length
    return entries

"""Reads the headers of an Arrow file's or stream's batches, without their bodies.

A message is a length, a flatbuffer with its kind, and a body; the header of a batch has its number
of rows, and for every column, nested ones included, a node with its length and its missing values.
Source: format/Message.fbs and File.fbs of Apache Arrow.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

from projector.loaders.file_bytes import FileBytes

FILE_MAGIC = b"ARROW1"
_CONTINUES = 0xFFFFFFFF
_BATCH = 3
#: A header is a few bytes for every column.
_MAX_HEADER = 1 << 26


@dataclass(frozen=True)
class Batch:
    """The header of one batch.

    Attributes
    ----------
    n_rows : int
    nodes : tuple of (int, int)
        The length and the number of missing values of each column, depth first.
    start : int
        The byte at which its message begins.
    """

    n_rows: int
    nodes: tuple[tuple[int, int], ...]
    start: int = 0


def batch_headers(raw: FileBytes) -> Iterator[Batch]:
    """Yield the headers of all complete batches.

    Raises
    ------
    ValueError
        A header is damaged.
    """
    at = 8 if raw[: len(FILE_MAGIC)] == FILE_MAGIC else 0
    while at + 8 <= len(raw):
        start = at
        length, marked = struct.unpack("<II", raw[at : at + 8])
        at += 8
        if length != _CONTINUES:  # before Arrow 0.15
            length, marked, at = 0, length, at - 4
        if not marked:
            return  # the end of the stream
        if marked > _MAX_HEADER or at + marked > len(raw):
            raise ValueError(f"a header of {marked:,} bytes at byte {at:,} is not plausible")
        batch, body = _message(raw[at : at + marked])
        at += marked + body
        if at > len(raw):
            raise ValueError(f"a batch ends at byte {at:,}, but there are only {len(raw):,}")
        if batch is not None:
            yield replace(batch, start=start)


def _message(header: bytes) -> tuple[Batch | None, int]:
    """Return the batch that a message's header describes, if any, and the length of its body."""
    try:
        message = _fields(header, _offset(header, 0))
        body = struct.unpack_from("<q", header, message[3])[0] if message[3] else 0
        if not message[1] or header[message[1]] != _BATCH or not message[2]:
            return None, _positive(body)
        record = _fields(header, _offset(header, message[2]))
        n_rows = struct.unpack_from("<q", header, record[0])[0] if record[0] else 0
        nodes: list[tuple[int, int]] = []
        if record[1]:
            start = _offset(header, record[1])
            (count,) = struct.unpack_from("<I", header, start)
            if start + 4 + 16 * count > len(header):
                raise ValueError(f"{count:,} columns are claimed in {len(header):,} bytes")
            nodes += struct.iter_unpack("<qq", header[start + 4 : start + 4 + 16 * count])
        return Batch(_positive(n_rows), tuple(nodes)), _positive(body)
    except (struct.error, IndexError) as error:
        raise ValueError(f"a header is damaged: {error}") from None


def _offset(header: bytes, at: int) -> int:
    return at + int(struct.unpack_from("<I", header, at)[0])


def _fields(header: bytes, table: int) -> list[int]:
    """Return where the first four fields of a flatbuffer's table are; 0 for those left out."""
    start = table - int(struct.unpack_from("<i", header, table)[0])
    (size,) = struct.unpack_from("<H", header, start)
    found = []
    for number in range(4):
        at = 4 + 2 * number
        relative = struct.unpack_from("<H", header, start + at)[0] if at < size else 0
        found.append(table + int(relative) if relative else 0)
    return found


def _positive(value: int) -> int:
    if value < 0:
        raise ValueError(f"the length {value} is negative")
    return value

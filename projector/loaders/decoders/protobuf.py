"""Decodes protocol buffers' wire format: varints and fields.

Log directories contain a dozen small kinds of messages; they need no general decoder and no
dependency.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from projector.loaders.decoders.cursor import Source

#: A field's number, its wire type (0 varint, 1 64 bits, 2 bytes, 5 32 bits), its value.
Field: TypeAlias = tuple[int, int, int | bytes]


class WireError(ValueError):
    """Bytes that are not a protocol buffer; loaders turn it into a LoadError with a place."""


def varint(data: Source, at: int) -> tuple[int, int]:
    """Return the unsigned number at offset `at`, and the offset after it.

    Raises
    ------
    WireError
        It runs past the end, or is longer than the 10 bytes that 64 bits need.
    """
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise WireError("a number is truncated")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at
    raise WireError("a number has more than 10 bytes")


def signed(value: int) -> int:
    """Return a 64-bit pattern as a signed number (int32, int64, enum)."""
    return value - (1 << 64) if value >> 63 else value


def fields(data: bytes) -> Iterator[Field]:
    """Yield the fields of one message.

    Raises
    ------
    WireError
        A length runs past the end, or a wire type does not exist.
    """
    for number, kind, value in places(data, 0, len(data)):
        yield number, kind, value if isinstance(value, int) else data[value.start : value.stop]


def places(data: Source, start: int, stop: int) -> Iterator[tuple[int, int, int | range]]:
    """Yield the fields of a message in ``data[start:stop]``, without their bytes.

    Each has its number, its wire type, and the value of a varint or the range of its bytes.

    Raises
    ------
    WireError
        See `fields`.
    """
    at = start
    while at < stop:
        tag, at = varint(data, at)
        number, kind = tag >> 3, tag & 7
        value: int | range
        if kind == 0:
            value, at = varint(data, at)
        elif kind in (1, 2, 5):
            length, at = varint(data, at) if kind == 2 else (8 if kind == 1 else 4, at)
            if length > stop - at:
                raise WireError(f"field {number} needs {length:,} bytes, but {stop - at:,} follow")
            value = range(at, at + length)
            at += length
        else:
            raise WireError(f"field {number} has the unknown wire type {kind}")
        if number == 0:
            raise WireError("a field has the number 0")
        yield number, kind, value


def as_int(value: int | bytes) -> int:
    """Return the value of a varint or of a field of fixed width as an unsigned number."""
    return value if isinstance(value, int) else int.from_bytes(value, "little")


def as_bytes(value: int | bytes) -> bytes:
    """Return the bytes of a length-delimited field, or raise WireError."""
    if isinstance(value, int):
        raise WireError("found a number, expected bytes")
    return value


def packed_varints(value: int | bytes) -> list[int]:
    """Return the values of a repeated number, packed or single."""
    if isinstance(value, int):
        return [value]
    numbers: list[int] = []
    at = 0
    while at < len(value):
        number, at = varint(value, at)
        numbers.append(number)
    return numbers

"""Decodes the header of a GGUF file: metadata, and the name, shape, type and place of each tensor.

Source: docs/gguf.md of ggml.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from projector.loaders.decoders.cursor import Cursor, Source

MAGIC = b"GGUF"
#: Kinds of metadata values of one size, by their code.
_FIXED = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_WIDTHS = {"B": 1, "b": 1, "?": 1, "H": 2, "h": 2, "I": 4, "i": 4, "f": 4, "Q": 8, "q": 8, "d": 8}
#: Names, values in a block, and bytes of a block of every type of tensor, by its code.
TYPES: dict[int, tuple[str, int, int]] = {
    0: ("F32", 1, 4),
    1: ("F16", 1, 2),
    2: ("Q4_0", 32, 18),
    3: ("Q4_1", 32, 20),
    6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24),
    8: ("Q8_0", 32, 34),
    9: ("Q8_1", 32, 36),
    10: ("Q2_K", 256, 84),
    11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144),
    13: ("Q5_K", 256, 176),
    14: ("Q6_K", 256, 210),
    15: ("Q8_K", 256, 292),
    16: ("IQ2_XXS", 256, 66),
    17: ("IQ2_XS", 256, 74),
    18: ("IQ3_XXS", 256, 98),
    19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18),
    21: ("IQ3_S", 256, 110),
    22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136),
    24: ("I8", 1, 1),
    25: ("I16", 1, 2),
    26: ("I32", 1, 4),
    27: ("I64", 1, 8),
    28: ("F64", 1, 8),
    29: ("IQ1_M", 256, 56),
    30: ("BF16", 1, 2),
    34: ("TQ1_0", 256, 54),
    35: ("TQ2_0", 256, 66),
    39: ("MXFP4", 32, 17),
}
_MAX_RANK, _MAX_DEPTH, _MAX_NAME = 8, 4, 1 << 16


class GgufError(ValueError):
    """The file is not GGUF as this reader knows it; loaders turn it into a LoadError."""


@dataclass(frozen=True)
class Weight:
    """One tensor.

    Attributes
    ----------
    name : str
    shape : tuple of int
        As numpy has it: the last axis is the one that is contiguous.
    kind : str
        ``"F32"``, ``"Q8_0"``; a number in the file that is not known is ``"type 77"``.
    start : int
        The place of its first byte in the file.
    size : int
        Its bytes; -1 if that is not known.
    """

    name: str
    shape: tuple[int, ...]
    kind: str
    start: int
    size: int


@dataclass(frozen=True)
class Texts:
    """A list of texts in the metadata, which is read when it is asked for.

    Attributes
    ----------
    count : int
    read : callable
        Returns the texts.
    """

    count: int
    read: Callable[[], list[str]]


@dataclass(frozen=True)
class Header:
    """What a file says before its numbers."""

    order: str
    metadata: Mapping[str, Any]
    weights: tuple[Weight, ...]


def read_header(source: Source) -> Header:
    """Return the header of a file.

    Parameters
    ----------
    source : FileBytes or bytes
        The file; only its header is read.

    Raises
    ------
    GgufError
        It is of another version, or does not hold together.
    TruncatedError
        It ends within the header.
    """
    cursor = Cursor(source, 4)
    version = cursor.number("I")
    if version >> 16:  # the other byte order
        cursor.order, version = ">", int.from_bytes(version.to_bytes(4, "little"), "big")
    if version not in (2, 3):
        raise GgufError(f"it has the version {version}, expected 2 or 3")
    n_weights, n_entries = cursor.numbers("QQ")
    metadata: dict[str, Any] = {}
    for _ in range(n_entries):
        key = _string(cursor)
        metadata.setdefault(key, _value(cursor, cursor.number("I"), 0))
    rows = [_weight(cursor) for _ in range(n_weights)]
    alignment = metadata.get("general.alignment", 32)
    if type(alignment) is not int or not 0 < alignment <= 1 << 20:
        raise GgufError(f"it has the alignment {str(alignment)[:20]}")
    start = -(-cursor.at // alignment) * alignment
    return Header(cursor.order, metadata, tuple(_placed(row, start) for row in rows))


def _string(cursor: Cursor) -> str:
    return cursor.text(cursor.number("Q"))


def _value(cursor: Cursor, kind: int, depth: int) -> Any:
    if kind in _FIXED:
        return cursor.number(_FIXED[kind])
    if kind == _STRING:
        return _string(cursor)
    if kind != _ARRAY or depth > _MAX_DEPTH:
        raise GgufError(f"it has a metadata value of the unknown type {kind}")
    inner, count = cursor.numbers("IQ")
    if inner in _FIXED:
        form = np.dtype(_FIXED[inner]).newbyteorder("<" if cursor.order == "<" else ">")
        return np.frombuffer(cursor.take(count * form.itemsize), form)
    if inner == _STRING:
        return _texts(cursor, count)
    return [_value(cursor, inner, depth + 1) for _ in range(_plausible(cursor, count))]


def _plausible(cursor: Cursor, count: int) -> int:
    if count > cursor.left:
        raise GgufError(f"it claims {count:,} values, but only {cursor.left:,} bytes follow")
    return int(count)


def _texts(cursor: Cursor, count: int) -> Texts:
    """Pass over texts; a vocabulary has hundreds of thousands of them."""
    start = cursor.at
    for _ in range(_plausible(cursor, count)):
        cursor.skip(cursor.number("Q"))

    def read() -> list[str]:
        again = Cursor(cursor.source, start, cursor.order)
        return [_string(again) for _ in range(count)]

    return Texts(count, read)


def _weight(cursor: Cursor) -> tuple[str, tuple[int, ...], int, int]:
    name = _string(cursor)
    rank = cursor.number("I")
    if rank > _MAX_RANK or len(name) > _MAX_NAME:
        raise GgufError(f"it has a tensor of {rank:,} dimensions")
    sizes = cursor.numbers("Q" * rank)
    kind, offset = cursor.numbers("IQ")
    return name, tuple(reversed(sizes)), kind, offset


def _placed(row: tuple[str, tuple[int, ...], int, int], start: int) -> Weight:
    name, shape, kind, offset = row
    if kind not in TYPES:
        return Weight(name, shape, f"type {kind}", start + offset, -1)
    title, block, width = TYPES[kind]
    last = shape[-1] if shape else 1
    # Blocks run along the last axis and do not cross its end.
    size = math.prod(shape) // block * width if last % block == 0 else -1
    return Weight(name, shape, title, start + offset, size)

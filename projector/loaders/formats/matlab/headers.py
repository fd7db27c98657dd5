"""Lists the variables of MATLAB files of version 4 and 5 to 7 from their headers.

Source: MAT-File Format, The MathWorks. Version 7 is 5 with each variable compressed.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from projector.loaders.decoders.cursor import Cursor, Source

#: MATLAB's classes by their number, and numpy's names of those that are numbers.
_CLASSES = {
    1: "cell",
    2: "struct",
    3: "object",
    4: "char",
    5: "sparse",
    16: "function",
    17: "opaque",
}
_NUMBERS = {
    6: "float64",
    7: "float32",
    8: "int8",
    9: "uint8",
    10: "int16",
    11: "uint16",
    12: "int32",
    13: "uint32",
    14: "int64",
    15: "uint64",
}
#: The same of version 4: the type of numbers, and the kind of matrix.
_OLD_NUMBERS = ("float64", "float32", "int32", "int16", "uint16", "uint8")
_OLD_SIZES = (8, 4, 4, 2, 2, 1)
_OLD_KINDS = ("", "char", "sparse")
_MATRIX, _COMPRESSED = 14, 15
#: Bytes of a compressed variable in which its header is, with a long name.
_HEAD = 4096
_MAX_RANK, _MAX_NAME, _MAX_TYPE = 32, 4096, 5000


class MatlabError(ValueError):
    """The file is damaged; loaders turn it into a LoadError."""


@dataclass(frozen=True)
class Header:
    """One variable.

    Attributes
    ----------
    name : str
    shape : tuple of int
    dtype : str
        numpy's name of its numbers; empty if it has none, and `kind` says what it is.
    kind : str
        ``"cell"``, ``"struct"``, ``"char"``, ``"sparse"`` and others; empty for plain numbers.
    is_complex : bool
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    kind: str
    is_complex: bool


def is_version_4(head: bytes) -> bool:
    """Recognize the header of a variable of version 4, which has no magic string."""
    try:
        return any(_old(Cursor(head, 0, order)) is not None for order in "<>")
    except ValueError:
        return False


def read_headers(source: Source) -> Iterator[Header]:
    """Yield the variables of a file in their order.

    Raises
    ------
    MatlabError
        A header does not hold together.
    TruncatedError
        The file ends too early.
    """
    if bytes(source[:7]) == b"MATLAB ":
        order = {b"IM": "<", b"MI": ">"}.get(bytes(source[126:128]))
        if order is None:
            raise MatlabError("its byte order is not given")
        yield from _elements(Cursor(source, 128, order))
        return
    order = next((o for o in "<>" if _old(Cursor(source, 0, o)) is not None), "<")
    cursor = Cursor(source, 0, order)
    while cursor.left:
        start, header = cursor.at, _old(cursor)
        if header is None:
            raise MatlabError(f"no variable begins at byte {start:,}")
        yield header


def _old(cursor: Cursor) -> Header | None:
    """Read a variable of version 4 and pass over its numbers; None if there is none."""
    kind, rows, columns, imaginary, length = cursor.numbers("iiiii")
    number, form = kind // 10 % 10, kind % 10
    plausible = 0 <= kind < _MAX_TYPE and rows >= 0 and columns >= 0 and imaginary in (0, 1)
    if not plausible or number >= len(_OLD_NUMBERS) or form >= len(_OLD_KINDS):
        return None
    if not 1 < length <= _MAX_NAME or kind // 100 % 10:
        return None
    name = cursor.take(length)
    if not name.endswith(b"\0"):
        return None
    cursor.skip(rows * columns * _OLD_SIZES[number] * (1 + imaginary))
    text = name[:-1].decode("latin-1")
    dtype = "" if form == 1 else _OLD_NUMBERS[number]
    return Header(text, (rows, columns), dtype, _OLD_KINDS[form], bool(imaginary))


def _elements(cursor: Cursor) -> Iterator[Header]:
    while cursor.left >= 8:
        kind, size = cursor.numbers("II")
        start = cursor.skip(size)
        if kind == _COMPRESSED:
            packed = bytes(cursor.source[start : min(start + size, start + _HEAD)])
            try:
                head = zlib.decompressobj().decompress(packed, _HEAD)
            except zlib.error as error:
                raise MatlabError(f"a variable is damaged ({error})") from None
            inner = Cursor(head, 0, cursor.order)
            kind, _ = inner.numbers("II")
            if kind == _MATRIX:
                yield _matrix(inner)
        elif kind == _MATRIX and size:
            yield _matrix(Cursor(cursor.source, start, cursor.order))


def _matrix(cursor: Cursor) -> Header:
    """Read flags, dimensions and name of a variable."""
    flags = _part(cursor)
    dimensions, name = _part(cursor), _part(cursor)
    if len(flags) < 8 or len(dimensions) % 4 or len(dimensions) > 4 * _MAX_RANK:
        raise MatlabError("a variable has no plausible header")
    (bits,) = Cursor(flags, 0, cursor.order).numbers("I")
    shape = Cursor(dimensions, 0, cursor.order).numbers(f"{len(dimensions) // 4}i")
    kind = bits & 255
    if any(size < 0 for size in shape):
        raise MatlabError(f"a variable has the shape {shape}")
    text = name.decode("latin-1")
    named = _CLASSES.get(kind, "" if kind in _NUMBERS else "unknown")
    dtype = _NUMBERS.get(kind, "float64" if named == "sparse" else "")
    return Header(text, tuple(shape), dtype, named, bool(bits >> 11 & 1))


def _part(cursor: Cursor) -> bytes:
    """Read a small part of a variable; the shortest ones are in their own tag."""
    kind, size = cursor.numbers("II")
    if kind >> 16:
        cursor.at -= 4
        return cursor.take(4)[: min(kind >> 16, 4)]
    if size > _MAX_NAME:
        raise MatlabError(f"a part of a variable's header has {size:,} bytes")
    data = cursor.take(size)
    cursor.skip(min(-size % 8, cursor.left))
    return data


def n_numbers(header: Header) -> int:
    """Return how many numbers a variable has."""
    return math.prod(header.shape)

"""Finds the vectors in a file that FAISS wrote: where they are, and in which order.

Only indexes that keep whole vectors have them: flat ones, lists of flat ones (IVF), graphs over
them (HNSW), and any of these with numbers of its own. Source: faiss/impl/index_write.cpp.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.loaders.decoders.cursor import Cursor, Source
from projector.loaders.file_bytes import FileBytes
from projector.typing import AnyArray

_FLAT = ("IxFI", "IxF2", "IxFl")
_NUMBERED = ("IxMp", "IxM2")
_LISTS, _GRAPH = "IwFl", "IHNf"
#: Indexes that keep something else in place of the vectors, by the four letters at their start.
_LOSSY = {
    "IxPq": "a product quantizer",
    "IxPQ": "a product quantizer",
    "IxPo": "a product quantizer",
    "IPfs": "a product quantizer",
    "IwPQ": "inverted lists of product codes",
    "IwQR": "inverted lists of product codes",
    "IwPf": "inverted lists of product codes",
    "IxSQ": "a scalar quantizer",
    "IwSq": "inverted lists of scalar codes",
    "IwSQ": "inverted lists of scalar codes",
    "IHNs": "a graph over a scalar quantizer",
    "IHNp": "a graph over a product quantizer",
    "IHN2": "a graph over a two-level quantizer",
    "IHNc": "a graph of another kind",
    "IxHE": "hash codes",
    "IxHe": "hash codes",
    "IxPT": "an index over transformed vectors",
    "IxRF": "a refined index",
    "INSf": "a navigating graph",
    "IBxF": "a binary index",
    "IBwF": "binary inverted lists",
    "IBHf": "a binary graph",
}
_KINDS = frozenset((*_FLAT, *_NUMBERED, _LISTS, _GRAPH, *_LOSSY))
_MAX_DIMS, _MAX_METRIC, _MAX_DEPTH = 1 << 20, 30, 4


class FaissError(ValueError):
    """The file is damaged, or keeps no whole vectors; loaders turn it into a LoadError."""


@dataclass(frozen=True)
class Index:
    """The vectors of an index.

    Attributes
    ----------
    shape : tuple of int
        (n_vectors, n_dims).
    pieces : tuple of range
        Where the bytes of the vectors are, float32, in one piece or several.
    numbers : ndarray of shape (n_vectors,), int64, or None
        The numbers under which the vectors were added, where they do not just count.
    """

    shape: tuple[int, int]
    pieces: tuple[range, ...]
    numbers: NDArray[np.int64] | None = None

    def take(self, source: FileBytes) -> AnyArray:
        """Return the vectors from the file."""
        if len(self.pieces) == 1:
            raw = source.array(self.pieces[0].start, self.pieces[0].stop)
        else:
            raw = np.frombuffer(b"".join(source[p.start : p.stop] for p in self.pieces), np.uint8)
        return raw.view("<f4").reshape(self.shape)


@dataclass(frozen=True)
class _Header:
    n_dims: int
    n_vectors: int


def is_faiss(head: bytes) -> bool:
    """Recognize an index by its first four letters and a plausible header."""
    if head[:4].decode("latin-1") not in _KINDS or len(head) < 37:
        return False
    try:
        _header(Cursor(head, 4))
    except ValueError:
        return False
    return True


def read_index(source: Source) -> Index:
    """Return the vectors of an index; only headers and numbers are read.

    Parameters
    ----------
    source : FileBytes or bytes
        The file.

    Raises
    ------
    FaissError
        It is of a kind that keeps no whole vectors, or does not hold together.
    TruncatedError
        It ends too early.
    """
    return _index(Cursor(source), 0)


def _index(cursor: Cursor, depth: int) -> Index:
    kind = cursor.text(4)
    if kind in _LOSSY:
        raise FaissError(f"is {_LOSSY[kind]} ({kind}), which does not keep the vectors themselves")
    if kind not in _KINDS or depth > _MAX_DEPTH:
        raise FaissError(f"has an index of the unknown kind {kind!r}")
    header = _header(cursor)
    if kind in _FLAT:
        return _flat(cursor, header)
    if kind in _NUMBERED:
        return _numbered(cursor, header, depth)
    if kind == _LISTS:
        return _lists(cursor, header, depth)
    _skip_graph(cursor)
    return _same_size(_index(cursor, depth + 1), header)


def _header(cursor: Cursor) -> _Header:
    n_dims, n_vectors, _, _, is_trained, metric = cursor.numbers("iqqqBi")
    if metric > 1:
        cursor.number("f")
    plausible = 0 < n_dims <= _MAX_DIMS and n_vectors >= 0 and is_trained <= 1
    if not plausible or not 0 <= metric <= _MAX_METRIC:
        raise FaissError(f"has an implausible header: {n_vectors:,} vectors of {n_dims:,} numbers")
    return _Header(n_dims, n_vectors)


def _flat(cursor: Cursor, header: _Header) -> Index:
    count = cursor.number("Q")  # in units of four bytes
    if count != header.n_vectors * header.n_dims:
        raise FaissError(
            f"has {count:,} numbers, expected {header.n_vectors:,} vectors of {header.n_dims:,}"
        )
    return Index((header.n_vectors, header.n_dims), (_piece(cursor, 4 * count),))


def _piece(cursor: Cursor, size: int) -> range:
    start = cursor.skip(size)
    return range(start, start + size)


def _numbered(cursor: Cursor, header: _Header, depth: int) -> Index:
    inner = _same_size(_index(cursor, depth + 1), header)
    numbers = _counted(cursor, "<i8", header.n_vectors)
    # The inner index may have an order of its own, by the rows that it numbers.
    if inner.numbers is not None:
        if not _is_order(inner.numbers):
            raise FaissError("numbers its vectors twice, which does not hold together")
        numbers = numbers[inner.numbers]
    return Index(inner.shape, inner.pieces, numbers)


def _same_size(index: Index, header: _Header) -> Index:
    if index.shape != (header.n_vectors, header.n_dims):
        raise FaissError(
            f"has {index.shape[0]:,} vectors of {index.shape[1]:,} numbers, expected "
            f"{header.n_vectors:,} of {header.n_dims:,}"
        )
    return index


def _counted(cursor: Cursor, kind: str, expected: int | None = None) -> AnyArray:
    """Read an array after the number of its elements."""
    count = cursor.number("Q")
    if expected is not None and count != expected:
        raise FaissError(f"has a list of {count:,} elements, expected {expected:,}")
    return np.frombuffer(cursor.take(count * np.dtype(kind).itemsize), kind)


def _skip_graph(cursor: Cursor) -> None:
    """Pass over the links of a graph."""
    for kind in ("<f8", "<i4", "<i4", "<u8", "<i4"):
        _counted(cursor, kind)
    cursor.numbers("iiiii")


def _lists(cursor: Cursor, header: _Header, depth: int) -> Index:
    """Read vectors that are in lists, by the nearest of some centers."""
    n_lists, _ = cursor.numbers("QQ")
    _index(cursor, depth + 1)  # the centers
    direct, _ = cursor.number("b"), _counted(cursor, "<i8")
    if direct == 2:  # a hash table of the numbers
        _counted(cursor, "<i8,<i8")
    form = cursor.text(4)
    if form == "il00":
        raise FaissError("keeps its lists in another file. Merge them into the index")
    if form != "ilar":
        raise FaissError(f"has inverted lists of the unknown kind {form!r}")
    stored_lists, width = cursor.numbers("QQ")
    if stored_lists != n_lists or width != 4 * header.n_dims:
        raise FaissError(f"has {stored_lists:,} lists of {width:,} bytes, expected {n_lists:,}")
    pieces, numbers = [], []
    for size in _sizes(cursor, n_lists):
        if size:
            pieces.append(_piece(cursor, size * width))
            numbers.append(np.frombuffer(cursor.take(size * 8), "<i8"))
    total = sum(map(len, numbers))
    if total != header.n_vectors:
        raise FaissError(f"has {total:,} vectors in its lists, expected {header.n_vectors:,}")
    shape = (header.n_vectors, header.n_dims)
    return Index(shape, tuple(pieces), np.concatenate([*numbers, np.zeros(0, np.int64)]))


def _sizes(cursor: Cursor, n_lists: int) -> list[int]:
    """Return the sizes of all lists, or of those that are not empty."""
    form = cursor.text(4)
    sizes = _counted(cursor, "<u8")
    if form == "full" and len(sizes) == n_lists:
        return [int(size) for size in sizes]
    if form == "sprs" and len(sizes) % 2 == 0:
        return [int(size) for size in sizes[1::2]]
    raise FaissError(f"has the sizes of {len(sizes):,} lists, expected {n_lists:,}")


def _is_order(numbers: NDArray[np.int64]) -> bool:
    return bool((np.sort(numbers) == np.arange(len(numbers))).all())


def in_order(index: Index, source: FileBytes) -> tuple[AnyArray, NDArray[np.int64] | None]:
    """Return the vectors by their numbers, and these if they do more than count.

    In one piece, vectors are in the order in which they were added; in lists, in none.
    """
    values = index.take(source)
    if index.numbers is None:
        return values, None
    if _is_order(index.numbers):
        ordered = np.empty_like(values)
        ordered[index.numbers] = values
        return ordered, None
    if len(index.pieces) > 1:
        order = np.argsort(index.numbers, kind="stable")
        return values[order], index.numbers[order]
    return values, index.numbers

"""Packed text: many short texts in one block of memory, in Arrow's layout.

A column of a million labels takes about 60 MB as Python strings, and a second to iterate. Packed,
it is the file's own bytes and one array of offsets, which are also what is sent to the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from projector.errors import ShapeError
from projector.model.distinct import seen_texts

#: Longer texts are compared by a Python dictionary: a fixed-width table of them would cost more
#: memory than it saves time.
_WIDE = 64
#: From so many texts on Arrow compares them, and only the first names are in natural order.
_MANY, _IN_ORDER = 1 << 16, 1000
#: Different marks of texts: of 64 lengths, 256 first letters and 4 kinds of last ones.
_MARKS = 64 * 1024


def well_formed(text: str) -> str:
    """Return a text that a file can hold.

    A lone surrogate, which can only come from a badly decoded file name, is replaced.
    """
    return text.encode("utf-8", "replace").decode()


@dataclass(frozen=True)
class PackedText:
    """An immutable sequence of texts, each of which may be missing.

    Parameters
    ----------
    data : ndarray of shape (n_bytes,), uint8
        UTF-8 of all texts, one after the other.
    offsets : ndarray of shape (n + 1,), int64
        Text `i` is ``data[offsets[i]:offsets[i + 1]]``.
    missing : ndarray of shape (n,), bool
        True if there is no value; such a text is empty in `data`.
    """

    data: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    missing: NDArray[np.bool_] = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.offsets) != len(self.missing) + 1:
            raise ShapeError(
                f"{len(self.missing):,} texts need {len(self.missing) + 1:,} offsets. Got "
                f"{len(self.offsets):,}."
            )

    @classmethod
    def pack(cls, texts: Iterable[str | None]) -> PackedText:
        """Pack Python strings; None is a missing value."""
        # As `well_formed`: "surrogatepass" would write bytes that are not UTF-8.
        encoded = [None if t is None else t.encode("utf-8", "replace") for t in texts]
        missing = np.fromiter((e is None for e in encoded), np.bool_, len(encoded))
        lengths = np.fromiter((len(e or b"") for e in encoded), np.int64, len(encoded))
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        data = np.frombuffer(b"".join(e or b"" for e in encoded), np.uint8)
        return cls(data, offsets, missing)

    @classmethod
    def blank(cls, count: int) -> PackedText:
        """Return `count` missing texts."""
        return cls(np.zeros(0, np.uint8), np.zeros(count + 1, np.int64), np.ones(count, np.bool_))

    def replaced(self, rows: Sequence[int], texts: Sequence[str]) -> PackedText:
        """Return the texts with others at `rows`, which must ascend.

        Notes
        -----
        The texts between two of the rows are copied as one piece.
        """
        if not rows:
            return self
        raw, offsets = self.data.tobytes(), self.offsets
        encoded = [text.encode("utf-8", "replace") for text in texts]
        pieces: list[bytes] = []
        last = int(offsets[0])
        starts, stops = offsets[list(rows)].tolist(), offsets[np.add(rows, 1)].tolist()
        for start, stop, text in zip(starts, stops, encoded, strict=True):
            pieces += (raw[last:start], text)
            last = stop
        pieces.append(raw[last : int(offsets[-1])])
        lengths = np.diff(offsets)
        lengths[list(rows)] = [len(text) for text in encoded]
        missing = self.missing.copy()
        missing[list(rows)] = False
        moved = np.concatenate(([0], np.cumsum(lengths)))
        return PackedText(np.frombuffer(b"".join(pieces), np.uint8), moved, missing)

    def __len__(self) -> int:
        return len(self.missing)

    @overload
    def __getitem__(self, index: int) -> str | None: ...

    @overload
    def __getitem__(self, index: slice) -> list[str | None]: ...

    def __getitem__(self, index: int | slice) -> str | list[str | None] | None:
        if isinstance(index, slice):
            return self.take(range(*index.indices(len(self))))
        if self.missing[index]:
            return None
        index = index % len(self)  # from the end, if it is negative
        return self._decode(int(self.offsets[index]), int(self.offsets[index + 1]))

    def __iter__(self) -> Iterator[str | None]:
        return iter(self.to_list())

    def to_list(self) -> list[str | None]:
        """Return all texts as Python strings."""
        raw = self.data.tobytes()
        ends = self.offsets.tolist()
        return [
            None if missing else raw[start:stop].decode("utf-8", "replace")
            for start, stop, missing in zip(ends[:-1], ends[1:], self.missing.tolist(), strict=True)
        ]

    def take(self, indices: Sequence[int] | NDArray[np.integer]) -> list[str | None]:
        """Return the texts at `indices`, in that order."""
        return [self[int(index)] for index in indices]

    def fixed_width(self) -> NDArray[np.bytes_] | None:
        """Return the texts as one array of fixed-width bytes, or None if one is too long."""
        lengths = np.diff(self.offsets)
        width = int(lengths.max(initial=1)) or 1
        if width > _WIDE:
            return None
        table = np.zeros(len(self) * width, np.uint8)
        first, last = int(self.offsets[0]), int(self.offsets[-1])
        if bool((lengths == width).all()):
            table[:] = self.data[first:last]
            return table.view(f"S{width}")
        # Each byte moves as far as the start of its row: one scatter moves all rows.
        kind = np.int32 if len(table) < 1 << 31 and last < 1 << 31 else np.int64
        moved = np.arange(len(self), dtype=np.int64) * width - (self.offsets[:-1] - first)
        places = np.repeat(moved.astype(kind), lengths)
        places += np.arange(last - first, dtype=kind)
        table[places] = self.data[first:last]
        return table.view(f"S{width}")

    def n_distinct(self) -> int:
        """Return the number of different texts, not counting missing ones.

        Notes
        -----
        Fewer than 65,536 are compared by 64 bits of hash: the chance that any two of them count
        as one is 1 in 8 billion. A million takes 0.01 to 0.1 s, once.
        """
        return self._n_distinct

    @cached_property
    def _n_distinct(self) -> int:
        if len(self) >= _MANY:
            array = self._as_arrow()
            return len(array.unique()) - bool(array.null_count)
        fixed = self.fixed_width()
        # Fixed-width bytes lose trailing NULs.
        if fixed is None or bool((self.data == 0).any()):
            return len({text for text in self.to_list() if text is not None})
        hashes = np.sort(_hashes(fixed)[~self.missing])
        return int(np.count_nonzero(hashes[1:] != hashes[:-1])) + bool(len(hashes))

    def most_common_with(self, other: PackedText) -> int:
        """Return the most of the texts that may be among others, by their lengths and letters.

        Notes
        -----
        A million texts take 0.02 s, so that columns without a common text are soon told apart.
        """
        there = np.zeros(_MARKS, np.bool_)
        there[other._marks()] = True
        return int(np.count_nonzero(there[self._marks()]))

    def _marks(self) -> NDArray[np.int64]:
        """Return a number below `_MARKS` for each present text, the same for equal texts."""
        starts, stops = self.offsets[:-1][~self.missing], self.offsets[1:][~self.missing]
        lengths = stops - starts
        marks = lengths % 64 * 1024
        filled = lengths > 0
        first, last = starts[filled], stops[filled] - 1
        marks[filled] += self.data[first].astype(np.int64) % 256 * 4 + self.data[last] % 4
        return marks

    def has_more_distinct(self, limit: int) -> bool:
        """Tell whether there are more than `limit` different texts.

        Notes
        -----
        Stops as soon as so many were seen: a million different texts take 0.02 s.
        """
        if len(self) <= limit:
            return False
        seen = seen_texts(self.data, self.offsets, self.missing, limit)
        return self.n_distinct() > limit if seen is None else seen

    @cached_property
    def _encoded(self) -> tuple[NDArray[np.int32], Any]:
        """Return codes, of which -1 is missing, and Arrow's array of the texts they stand for."""
        encoded = self._as_arrow().dictionary_encode()
        codes = encoded.indices.fill_null(-1).to_numpy().astype(np.int32, copy=False)
        return codes, encoded.dictionary

    def _as_arrow(self) -> Any:
        """Return an array of Arrow's that shares the memory."""
        import pyarrow as pa

        present = pa.py_buffer(np.packbits(~self.missing, bitorder="little"))
        buffers = [present, pa.py_buffer(self.offsets), pa.py_buffer(self.data)]
        return pa.Array.from_buffers(pa.large_binary(), len(self), buffers)

    def _many_categories(self) -> tuple[NDArray[np.int32], list[str], NDArray[np.int64]]:
        codes, texts = self._encoded
        counts = np.bincount(codes[codes >= 0], minlength=len(texts))
        names = [name.decode("utf-8", "replace") for name in texts.to_pylist()]
        order = np.argsort(-counts, kind="stable")
        first = order[:_IN_ORDER].tolist()
        order[: len(first)] = sorted(first, key=lambda i: (-int(counts[i]), natural(names[i])))
        rank = np.full(len(names) + 1, -1, np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        return rank[codes], [names[i] for i in order.tolist()], counts[order]

    @cached_property
    def _categories(self) -> tuple[NDArray[np.int32], list[str], NDArray[np.int64]]:
        if len(self) >= _MANY:
            return self._many_categories()
        fixed = self.fixed_width()
        # Fixed-width bytes lose trailing NULs: texts with NULs take the slow, exact path.
        if fixed is not None and not bool((self.data == 0).any()):
            keys, inverse = np.unique(fixed, return_inverse=True)
            names = [key.decode("utf-8", "replace") for key in keys.tolist()]
            codes = inverse.astype(np.int32)
        else:
            seen: dict[str, int] = {}
            codes = np.fromiter(
                (seen.setdefault(text or "", len(seen)) for text in self.to_list()),
                np.int32,
                len(self),
            )
            names = list(seen)
        codes = np.where(self.missing, np.int32(-1), codes)
        counts = np.bincount(codes[codes >= 0], minlength=len(names))
        # Most frequent first, then in natural order.
        order = sorted(range(len(names)), key=lambda i: (-int(counts[i]), natural(names[i])))
        order = [i for i in order if counts[i] > 0]
        rank = np.full(len(names) + 1, -1, np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        return rank[codes], [names[i] for i in order], counts[order]

    def categories(self) -> tuple[NDArray[np.int32], list[str], NDArray[np.int64]]:
        """Return codes, names and counts of the distinct texts, the most frequent first.

        Equally frequent ones are in natural order; of 65,536 texts and more only the first 1,000,
        and the others as they first appear.

        Returns
        -------
        codes : ndarray of shape (n,), int32
            Index into `names`; -1 is missing.
        names : list of str
        counts : ndarray of shape (n_names,), int64
        """
        return self._categories

    def _decode(self, start: int, stop: int) -> str:
        return self.data[start:stop].tobytes().decode("utf-8", "replace")


def _hashes(fixed: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    """Return 64 bits for each text; the multiplier and shifts are MurmurHash3's finalizer."""
    width = fixed.dtype.itemsize
    words = np.zeros((len(fixed), -(-width // 8) * 8), np.uint8)
    words[:, :width] = fixed.view(np.uint8).reshape(len(fixed), width)
    hashes = np.zeros(len(fixed), np.uint64)
    for column in words.view(np.uint64).T:
        hashes ^= column
        hashes ^= hashes >> np.uint64(33)
        hashes *= np.uint64(0xFF51AFD7ED558CCD)
        hashes ^= hashes >> np.uint64(29)
    return hashes


def natural(text: str) -> tuple[float, str]:
    """Sort names that are numbers by value, and before all others."""
    try:
        number = float(text)
    except ValueError:
        number = math.inf
    # "nan" is no number that others could be before or after.
    return (math.inf if math.isnan(number) else number, text)

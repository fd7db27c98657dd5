"""Converts arrays to bytes and back, as docs/wire.md specifies. Everything is little-endian."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.api.session.shared_selection import Author, Selected
from projector.errors import DataError, ParameterError
from projector.model.metadata import Column
from projector.model.projection import Projection
from projector.typing import AnyArray

#: Number, points, selected rows, encoding of the rows, author, dataset.
_SELECTION_HEADER = struct.Struct("<IIIBBxx8s")
_ROWS, _BITS = 1, 2
_AUTHORS: tuple[Author, ...] = ("none", "page", "python")
_FRAME_HEADER = struct.Struct("<IIfBBH")
_PART_NUMBER = struct.Struct("<I")
_FLOAT32 = 1
#: Flags of a frame.
LAST, EMPTY, SAME = 1, 2, 4
#: The largest error of float32, relative to a column's range: far less than a pixel of a chart.
_TOLERANCE = 1e-5
#: From this many categories on a code takes four bytes: 0xFFFF stands for "missing".
_TWO_BYTES = 0xFFFF


def positions_bytes(projection: Projection, components: Sequence[int] | None) -> bytes:
    """Return positions as float32, row-major; `components` selects among those that PCA kept.

    Raises
    ------
    ParameterError
        There are not two or three components, or one was not kept.
    """
    return np.ascontiguousarray(chosen_positions(projection, components), "<f4").tobytes()


def chosen_positions(projection: Projection, components: Sequence[int] | None) -> AnyArray:
    """Return positions; see `positions_bytes`."""
    table = projection.positions
    if components is not None:
        kept = table if projection.scores is None else projection.scores
        if len(components) not in (2, 3) or not all(0 <= c < kept.shape[1] for c in components):
            raise ParameterError(
                f"'components' must be two or three numbers from 0 to {kept.shape[1] - 1}, "
                f"separated by commas. Got {','.join(map(str, components))!r}."
            )
        table = kept[:, list(components)]
    return table


def frame_header(
    n_bytes: int, done: int, fraction: float, n_components: int, flags: int = 0
) -> bytes:
    """Return the 16 bytes before a frame's payload."""
    return _FRAME_HEADER.pack(n_bytes, done, fraction, _FLOAT32, n_components, flags)


def part_number(number: int) -> bytes:
    """Return the 4 bytes before a frame that say which of several projections it is of."""
    return _PART_NUMBER.pack(number)


def keep_alive_frame() -> bytes:
    """Return an empty frame, which keeps a stream open."""
    return frame_header(0, 0, 0.0, 0, EMPTY)


def numbers_bytes(column: Column) -> bytes:
    """Return a numeric column as float32 or float64 (see `number_bytes`); NaN is missing.

    Raises
    ------
    DataError
        The column is not numeric.
    """
    if column.numbers is None:
        raise DataError(f"Column {column.name!r} is {column.kind}, not numeric.")
    with np.errstate(over="ignore"):
        body: bytes = column.numbers.astype(f"<f{number_bytes(column)}").tobytes()
    return body


def number_bytes(column: Column) -> int:
    """Return the size of a column's numbers: 4 bytes, or 8 if float32 is not precise enough.

    As float32, seconds since 1970 have steps of 128. The same happens to all numbers that are
    large compared with the range of their column.
    """
    if column.kind == "time":
        return 8
    if column.numbers is None:
        return 4
    numbers = column.numbers[np.isfinite(column.numbers)]
    if not len(numbers):
        return 4
    with np.errstate(over="ignore"):
        narrow = numbers.astype(np.float32).astype(np.float64)
    lost = float(np.abs(narrow - numbers).max())
    return 8 if lost > _TOLERANCE * float(numbers.max() - numbers.min()) else 4


def code_bytes(n_categories: int) -> int:
    """Return the size of a category code: 2 or 4 bytes."""
    return 2 if n_categories < _TWO_BYTES else 4


def codes_bytes(column: Column) -> bytes:
    """Return a column as category codes; all bits set is missing."""
    codes, _, _ = column.categories()
    # -1 becomes the largest unsigned number, with all bits set.
    dtype = "<u2" if code_bytes(column.text.n_distinct()) == 2 else "<u4"
    return codes.astype(dtype).tobytes()


def text_bytes(column: Column) -> bytes:
    """Return a column's texts: uint32 offsets, then UTF-8.

    Raises
    ------
    DataError
        The text is too long for 32-bit offsets.
    """
    offsets = column.text.offsets - column.text.offsets[0]
    if int(offsets[-1]) > 0xFFFFFFFF:
        raise DataError(f"Column {column.name!r} contains more than 4 GiB of text.")
    start, stop = int(column.text.offsets[0]), int(column.text.offsets[-1])
    return b"".join((offsets.astype("<u4").tobytes(), column.text.data[start:stop].tobytes()))


def rows_bytes(rows: NDArray[np.uint32]) -> bytes:
    """Return row numbers as uint32."""
    return rows.astype("<u4").tobytes()


def selection_bytes(selected: Selected) -> bytes:
    """Return a selection: header, then rows or one bit per point, whichever is shorter."""
    rows, n_points = selected.selection.indices, selected.n_points
    form = _ROWS if len(rows) * 4 <= bits_length(n_points) else _BITS
    header = _SELECTION_HEADER.pack(
        selected.number,
        n_points,
        len(rows),
        form,
        _AUTHORS.index(selected.author),
        bytes.fromhex(selected.dataset_id),
    )
    if form == _ROWS:
        return header + rows.astype("<u4").tobytes()
    bits = np.zeros(n_points, np.bool_)
    bits[rows] = True
    return header + np.packbits(bits, bitorder="little").tobytes()


def bits_length(n_points: int) -> int:
    """Return the size of one bit per point, in bytes."""
    return (n_points + 7) // 8


def most_selection_bytes(n_points: int) -> int:
    """Return the size of the largest selection among `n_points`, in bytes."""
    return _SELECTION_HEADER.size + bits_length(n_points)


@dataclass(frozen=True)
class SentSelection:
    """A selection from a page; `rows` ascend without repetition, all below `n_points`."""

    dataset_id: str
    n_points: int
    rows: NDArray[np.int64]


def read_selection(body: bytes) -> SentSelection:
    """Read a selection from a page.

    Raises
    ------
    ParameterError
        The bytes are not a selection; the message says why.
    """
    if len(body) < _SELECTION_HEADER.size:
        raise ParameterError(
            f"A selection has a header of {_SELECTION_HEADER.size} bytes. Got {len(body)} bytes."
        )
    _, n_points, n_rows, form, _, dataset = _SELECTION_HEADER.unpack_from(body)
    content = np.frombuffer(body, np.uint8, offset=_SELECTION_HEADER.size)
    expected = {_ROWS: n_rows * 4, _BITS: bits_length(n_points)}.get(form)
    if expected is None:
        raise ParameterError(f"The encoding of a selection is 1 (rows) or 2 (bits). Got {form}.")
    if len(content) != expected:
        raise ParameterError(
            f"The payload of the selection must have {expected} bytes. Got {len(content)}."
        )
    if form == _ROWS:
        rows = content.view("<u4").astype(np.int64)
    else:
        rows = np.flatnonzero(np.unpackbits(content, bitorder="little"))
    ascends = len(rows) == n_rows and bool((rows[1:] > rows[:-1]).all())
    if not ascends or (n_rows and int(rows[-1]) >= n_points):
        raise ParameterError(
            f"The selection must contain {n_rows:,} rows below {n_points:,}, ascending without "
            "repetition."
        )
    return SentSelection(dataset.hex(), n_points, rows)


def read_groups(body: bytes, n_points: int) -> tuple[NDArray[np.int64], NDArray[np.int64] | None]:
    """Read one or two groups of points: one bit a point each, the lowest bit first.

    Returns
    -------
    group : ndarray of int64
        Row numbers, ascending, at least one.
    others : ndarray of int64, or None
        The second group; None if there is one only.

    Raises
    ------
    ParameterError
        The bytes are no groups of `n_points` points, or one is empty.
    """
    size = bits_length(n_points)
    if len(body) not in (size, 2 * size):
        raise ParameterError(
            f"One or two groups of {n_points:,} points have {size:,} or {2 * size:,} bytes. Got "
            f"{len(body):,}."
        )
    groups = []
    for start in range(0, len(body), size):
        bits = np.unpackbits(np.frombuffer(body, np.uint8, size, start), bitorder="little")
        rows = np.flatnonzero(bits)
        if len(rows) == 0 or rows[-1] >= n_points:
            got = "no bit set" if len(rows) == 0 else f"row {rows[-1]:,}"
            raise ParameterError(f"A group has at least one row below {n_points:,}. Got {got}.")
        groups.append(rows)
    return groups[0], groups[1] if len(groups) == 2 else None


def array_bytes(values: AnyArray) -> bytes:
    """Return an array of an answer about change, row-major.

    Whole numbers of 32 and 64 bits as uint32, bytes as uint8, all other numbers as float32.
    """
    kind = {"u1": "u1", "u4": "<u4", "i8": "<u4"}.get(values.dtype.str[1:], "<f4")
    return np.ascontiguousarray(values, kind).tobytes()

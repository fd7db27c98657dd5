"""Finds values that look like a mark for "missing": -9999, 1e20, far outside everything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from projector.typing import AnyArray, Vectors

#: Marks of instruments, formats and habits; those of integers and netCDF among them.
KNOWN = np.array(
    [
        *(sign * mark for mark in (99, 999, 9999, 99999, 999999) for sign in (-1, 1)),
        *(sign * mark for mark in (1e20, 1e30, 1e34, 1e35, 1e36) for sign in (-1, 1)),
        *(-(2**15), 2**15 - 1, -(2**31), 2**31 - 1, -(2**63), 2**63 - 1, 2**32 - 1),
        *(9.969209968386869e36, 9.97e36, np.finfo(np.float32).max, np.finfo(np.float32).min),
    ]
).astype(np.float32)
#: Rows from which a dimension's usual spread is estimated.
SAMPLE = 512
#: Another value is a mark only if it is at least this large ...
LEAST = 1e4
#: ... and this many times farther from the middle than all others, times the cube of how long
#: their own tail is (a Cauchy distribution's largest of a million is no mark).
GAP = 1e3
#: Rows without the mark that tell what is usual; where the mark is a known one, rows in all.
LEAST_ROWS, LEAST_KNOWN = 8, 4
#: Different values that all count as marks; with more, only very few rows do.
MOST_MARKS, FEW_ROWS = 3, 0.01
#: Dimensions that are looked at closely, those first whose range is most unusual; of others it is
#: only seen whether their least or largest value is one of the marks found there.
MOST_DIMS = 32
#: What a sentence lists.
LISTED = 3
#: Numbers looked at at once.
BLOCK = 1 << 21


def marks_warning(
    vectors: Vectors, rows: NDArray[np.bool_], low: AnyArray, high: AnyArray
) -> str | None:
    """Return a sentence about values that look like a mark for missing, or None.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    rows : ndarray of shape (n_points,), bool
        Rows without NaN and infinity: no others are looked at.
    low, high : ndarray of shape (n_dims,)
        The least and largest value of each dimension in these rows.
    """
    n_rows = int(rows.sum())
    if n_rows < LEAST_KNOWN:
        return None
    dims = _unusual(vectors, rows, n_rows, low, high)
    marks: dict[int, AnyArray] = {}
    for dim, values in _columns(vectors, dims[:MOST_DIMS]):
        marks[dim] = _marks_of(values[rows])
    known = np.unique(np.concatenate([*marks.values(), np.zeros(0, np.float32)]))
    if not len(known):
        return None
    others = dims[MOST_DIMS:]
    same = others[np.isin(low[others], known) | np.isin(high[others], known)]
    marks |= dict.fromkeys(same.tolist(), known)
    return _sentence(vectors, rows, {dim: found for dim, found in marks.items() if len(found)})


def _columns(vectors: Vectors, dims: Iterable[int]) -> Iterator[tuple[int, AnyArray]]:
    """Give the dimensions `dims` with their values, read in blocks: rows lie in memory."""
    chosen, at_once = np.array(sorted(dims), np.intp), max(1, BLOCK // len(vectors))
    for start in range(0, len(chosen), at_once):
        some = chosen[start : start + at_once]
        block = np.ascontiguousarray(np.asarray(vectors[:, some]).T)
        yield from zip(some.tolist(), block, strict=True)


def _unusual(
    vectors: Vectors, rows: NDArray[np.bool_], n_rows: int, low: AnyArray, high: AnyArray
) -> AnyArray:
    """Return the dimensions whose range is far larger than their usual spread."""
    is_known = np.isin(low, KNOWN) | np.isin(high, KNOWN)
    is_large = np.maximum(np.abs(low), np.abs(high)) >= LEAST
    dims = np.flatnonzero(is_known | is_large)
    if not len(dims):
        return dims
    sampled = np.flatnonzero(rows)[:: max(1, n_rows // SAMPLE)]
    unusual: list[AnyArray] = []
    for start in range(0, len(dims), max(1, BLOCK // len(sampled))):
        some = dims[start : start + max(1, BLOCK // len(sampled))]
        values = np.asarray(vectors[np.ix_(sampled, some)], np.float64)
        middle = np.median(values, axis=0)
        usual = np.median(np.abs(values - middle), axis=0)
        reach = np.maximum(high[some] - middle, middle - low[some])
        unusual.append(np.where(usual > 0, reach / np.where(usual > 0, usual, 1), np.inf))
    ratio = np.concatenate(unusual)
    kept = is_known[dims] | (ratio >= GAP)
    order = np.lexsort((dims[kept], -ratio[kept], ~is_known[dims][kept]))
    return dims[kept][order]


def _marks_of(values: AnyArray) -> AnyArray:
    """Return the different values of one dimension that look like marks."""
    unique, counts = np.unique(values, return_counts=True)
    found: list[np.float32] = []
    # What is found first may have hidden the others.
    while len(unique) > 1:
        more = [mark for mark in (unique[0], unique[-1]) if _is_known_mark(unique, mark)]
        more = more or _far_outside(unique, counts)
        if not more:
            break
        found += more
        others = ~np.isin(unique, more)
        unique, counts = unique[others], counts[others]
    return np.array(sorted(found), np.float32)


def _is_known_mark(unique: AnyArray, mark: np.float32) -> bool:
    """Whether a known mark lies as far from all others as they lie from each other."""
    rest = unique[unique != mark]
    rest = rest[~np.isin(rest, KNOWN) | (np.abs(rest) < abs(float(mark)) / 2)]
    if mark not in KNOWN or len(rest) < 2:  # of two values neither is usual
        return False
    least, largest = float(rest[0]), float(rest[-1])
    gap = least - float(mark) if mark < least else float(mark) - largest
    return gap > 0 and gap >= largest - least


def _far_outside(unique: AnyArray, counts: AnyArray) -> list[np.float32]:
    values = unique.astype(np.float64)
    n_rows = int(counts.sum())
    middle = values[np.searchsorted(np.cumsum(counts), n_rows / 2)]
    order = np.argsort(np.abs(values - middle), kind="stable")
    order = order[np.abs(values - middle)[order] > 0]
    distances, upto = np.abs(values - middle)[order], np.cumsum(counts[order])
    for at in range(len(order) - 1):
        first = at + 1
        if distances[first] < GAP * distances[at] or upto[at] < LEAST_ROWS:
            continue
        n_far = int(upto[-1] - upto[at])
        is_few = len(order) - first <= MOST_MARKS or n_far <= max(1, FEW_ROWS * n_rows)
        if not is_few or 2 * n_far > n_rows:
            continue
        tail = distances[np.searchsorted(upto, [upto[at] // 2, int(0.95 * upto[at])])]
        if distances[first] < GAP * (tail[1] / tail[0]) ** 3 * distances[at]:
            continue
        far = unique[order[first:]]
        return [value for value in far if abs(value) >= LEAST]
    return []


def _places(
    vectors: Vectors, rows: NDArray[np.bool_], marks: dict[int, AnyArray]
) -> Iterator[tuple[int, AnyArray, AnyArray]]:
    """Give each dimension with its rows that hold a mark, and these marks."""
    for dim, values in _columns(vectors, marks):
        at = np.flatnonzero(rows & np.isin(values, marks[dim]))
        yield dim, at, values[at]


def _sentence(vectors: Vectors, rows: NDArray[np.bool_], marks: dict[int, AnyArray]) -> str:
    marked = np.zeros(len(vectors), bool)
    n_values, counts = 0, dict[float, int]()
    for _, at, values in _places(vectors, rows, marks):
        marked[at] = True
        n_values += len(at)
        for value, count in zip(*np.unique(values, return_counts=True), strict=True):
            counts[float(value)] = counts.get(float(value), 0) + int(count)
    often = sorted(counts, key=lambda value: (-counts[value], value))
    named = _listed([_exact(value) for value in often])
    at, dims = np.flatnonzero(marked), sorted(marks)
    where = (
        f"{_counted(len(at), 'row')} ({_listed([str(row) for row in at])}) and "
        f"{_counted(len(dims), 'dimension')} ({_listed([str(dim) for dim in dims])})"
    )
    one = n_values == 1
    return (
        f"{_counted(n_values, 'value')} in {where} {'looks' if one else 'look'} like a mark for "
        f"missing: {named}, far outside all others. {'It was' if one else 'They were'} taken as "
        f"{'it is' if one else 'they are'}. To leave these rows out, replace the mark by NaN, as "
        f"in vectors[vectors == {_exact(often[0])}] = numpy.nan."
    )


def _exact(value: float) -> str:
    """Return the shortest text that is the same float32."""
    return str(np.float32(value)).removesuffix(".0")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _listed(words: list[str]) -> str:
    return ", ".join(words[:LISTED]) + (" …" if len(words) > LISTED else "")

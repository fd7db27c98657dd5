"""Narrows numbers to float32, and keeps the differences that float32 could not tell apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.errors import ShapeError
from projector.model.sparse_rows import sparse_of
from projector.typing import AnyArray, Vectors

#: Rows that tell whether a dimension loses something.
SAMPLE = 512
#: Rounding that counts, as a share of a dimension's standard deviation.
LOSS = 2.0**-15
#: Below this share nothing is lost that matters, even if some values become equal.
NOTHING = 2.0**-30
#: Differences smaller than this share of the values are float64's own rounding.
NOISE = 2.0**-47
#: A share of the different values that may become equal.
MERGED = 0.2
#: Numbers converted at once.
BLOCK = 1 << 22


@dataclass(frozen=True)
class Narrowed:
    """Vectors as float32.

    Attributes
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32, C order
        Never written again by anybody.
    centered : ndarray of the same shape, float32, or None
        The same vectors less a constant per dimension, where that keeps differences which
        `vectors` have lost; None where it would keep no more.
    center : ndarray of shape (n_dims,), float64, or None
        That constant; integers beyond 2^53 are rounded here.
    rounded : tuple of str
        What `vectors` have lost, with numbers.
    lost : tuple of str
        What `centered` has lost, too, or the range of float32 cannot hold.
    """

    vectors: Vectors
    centered: Vectors | None = None
    center: NDArray[np.float64] | None = None
    rounded: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def narrow(given: AnyArray) -> Narrowed:
    """Return vectors as float32, and what they lose by it.

    Parameters
    ----------
    given : ndarray of shape (n_points, n_dims), any real dtype
        Copied unless nobody can write to it: what is computed later must be what was checked.

    Raises
    ------
    ShapeError
        No numbers, or complex ones.
    """
    sparse = sparse_of(given)
    if sparse is not None:
        return Narrowed(given, lost=sparse.lost)
    vectors = held(_as_float32(given))
    if not (given.dtype.kind == "f" and given.dtype.itemsize > 4) and not (
        given.dtype.kind in "iu" and given.dtype.itemsize >= 4
    ):
        return Narrowed(vectors)
    lost = _beyond_range(given, vectors)
    with np.errstate(all="ignore"):
        return _differences(given, vectors, lost)


def dtype_needed(sample: AnyArray) -> type[np.float32] | type[np.float64]:
    """Return in which type numbers should be read, by a sample of float64 rows of them."""
    if 0 in sample.shape:
        return np.float32
    # What is beyond the range is counted by whoever narrows it.
    found = narrow(np.where(np.abs(sample) <= np.finfo(np.float32).max, sample, np.nan))
    return np.float32 if found.centered is None and not found.lost else np.float64


def held(vectors: AnyArray) -> AnyArray:
    """Return `vectors` themselves if nobody can write to them, else a copy that nobody can."""
    if is_fixed(vectors):
        return vectors
    kept = np.array(vectors, order="C", subok=False)
    kept.flags.writeable = False
    return kept


def given_up(vectors: AnyArray) -> AnyArray:
    """Return `vectors`, which their only owner will not write to again, so that none copies."""
    each: object = vectors
    while isinstance(each, np.ndarray):
        each.flags.writeable = False
        each = each.base
    return vectors


def is_fixed(vectors: AnyArray) -> bool:
    """Return whether nobody who holds `vectors`, or what they are a part of, can write to them."""
    each: object = vectors
    while isinstance(each, np.ndarray):
        if each.flags.writeable:
            return False
        each = each.base
    if each is None:
        return True
    try:
        # A map of a file, or the buffer of another library.
        return memoryview(each).readonly  # type: ignore[arg-type]
    except TypeError:
        return False


def _as_float32(vectors: AnyArray) -> Vectors:
    if vectors.dtype == np.float32 and vectors.flags.c_contiguous and vectors.dtype.isnative:
        return vectors
    if vectors.dtype.kind == "c":
        raise ShapeError("Complex vectors are not supported. Use the real or imaginary part.")
    try:
        with np.errstate(over="ignore"):
            return given_up(np.ascontiguousarray(vectors, dtype=np.float32))
    except (TypeError, ValueError):
        raise ShapeError(f"Vectors must be numbers. Got dtype {vectors.dtype}.") from None


def _beyond_range(given: AnyArray, kept: Vectors) -> tuple[str, ...]:
    if given.dtype.kind != "f":
        return ()
    lost = int(np.isfinite(given).sum()) - int(np.isfinite(kept).sum())
    if not lost:
        return ()
    return (f"{lost:,} values exceed the range of float32 and became infinite.",)


def _differences(given: AnyArray, vectors: Vectors, lost: tuple[str, ...]) -> Narrowed:
    step = max(1, len(given) // SAMPLE)
    sample, kept = given[::step], vectors[::step].astype(np.float64)
    middle = _middle(sample)
    apart = _less(sample, middle)
    usable = np.isfinite(kept) & np.isfinite(apart)
    spread = _deviation(apart, usable)
    if given.dtype.kind == "f":
        spread[spread < NOISE * np.abs(middle.astype(np.float64))] = 0
    wide = np.float64 if sample.dtype == np.float64 else np.longdouble
    error = _largest(sample.astype(wide) - kept.astype(wide), usable)
    error_apart = _largest(apart - apart.astype(np.float32), usable)
    loses = (error > LOSS * spread) & (spread > 0)
    shifted = loses & (error_apart < error / 4)
    merges = (error > NOTHING * spread) & (spread > 0)
    before, after = _distinct(apart, usable, merges), _distinct(kept, usable, merges)
    narrowed = np.where(shifted, apart.astype(np.float32).astype(np.float64), kept)
    after_shift = _distinct(narrowed, usable, merges & shifted)
    merged = merges & (after < (1 - MERGED) * before)
    still = np.where(shifted, merges & (after_shift < (1 - MERGED) * before), merged)
    centered, center = None, None
    rounded: tuple[str, ...] = ()
    if shifted.any():
        middle = np.where(shifted, middle, np.zeros_like(middle))
        centered, center = _shifted(given, middle), middle.astype(np.float64)
        rounded = (_about(shifted, error, spread, before, after) + " " + _KEPT,)
    if still.any():
        error, after = np.where(shifted, (error_apart, after_shift), (error, after))
        lost += (_about(still, error, spread, before, after) + " " + _LOST,)
    return Narrowed(vectors, centered, center, rounded, lost)


_KEPT = (
    "Differences to a constant are kept, and used by PCA and by euclidean and manhattan distances; "
    "other metrics use the rounded values. Use center=True with them."
)
_LOST = "Subtract a constant in float64, or rescale the data, before giving it to projector."


def _middle(sample: AnyArray) -> AnyArray:
    """Return a value amid each dimension, of the sample's dtype: integers stay exact."""
    if sample.dtype.kind in "iu":
        return np.asarray(np.sort(sample, axis=0)[len(sample) // 2])
    finite = np.where(np.isfinite(sample), sample, 0)
    n_finite = np.maximum(1, np.isfinite(sample).sum(axis=0))
    # A share of each value: their sum may be beyond float64.
    return np.asarray((finite / n_finite).sum(axis=0))


def _less(values: AnyArray, middle: AnyArray) -> NDArray[np.float64]:
    """Return `values - middle`, exact where float64 can hold it."""
    if values.dtype.kind == "f":
        return np.asarray(values - middle, np.float64)
    # Modulo 2^64 the difference of integers is exact; its sign is that of the comparison.
    wide = np.uint64 if values.dtype.kind == "u" else np.int64
    one, other = values.astype(wide).view(np.uint64), middle.astype(wide).view(np.uint64)
    less = values < middle
    size = np.where(less, other - one, one - other).astype(np.float64)
    return np.where(less, -size, size)


def _deviation(values: NDArray[np.float64], usable: AnyArray) -> NDArray[np.float64]:
    n_usable = np.maximum(1, usable.sum(axis=0))
    values = np.where(usable, values, 0)
    values = np.where(usable, values - values.sum(axis=0) / n_usable, 0)
    return np.asarray(np.sqrt((values**2).sum(axis=0) / n_usable))


def _largest(errors: AnyArray, usable: AnyArray) -> NDArray[np.float64]:
    return np.asarray(np.where(usable, np.abs(errors), 0).max(axis=0), np.float64)


def _distinct(values: AnyArray, usable: AnyArray, dims: AnyArray) -> NDArray[np.int64]:
    """Count the different values of the dimensions `dims`; 0 of the others."""
    counts = np.zeros(values.shape[1], np.int64)
    chosen = np.sort(np.where(usable[:, dims], values[:, dims], np.inf), axis=0)
    if chosen.size:
        counts[dims] = 1 + (chosen[1:] != chosen[:-1]).sum(axis=0) - (chosen[-1] == np.inf)
    return counts


def _shifted(given: AnyArray, middle: AnyArray) -> Vectors:
    found = np.empty(given.shape, np.float32)
    rows = max(1, BLOCK // given.shape[1])
    for start in range(0, len(given), rows):
        found[start : start + rows] = _less(given[start : start + rows], middle)
    return given_up(found)


def _about(
    dims: AnyArray, error: AnyArray, spread: AnyArray, before: AnyArray, after: AnyArray
) -> str:
    worst = int(np.argmax(np.where(dims, error / np.where(dims, spread, 1), 0)))
    n_dims = int(dims.sum())
    noun = "dimension has" if n_dims == 1 else "dimensions have"
    return (
        f"{n_dims:,} {noun} values that float32 rounds too much: those of dimension {worst} by up "
        f"to {error[worst]:.2g}, where their standard deviation is {spread[worst]:.2g}, so that of "
        f"{int(before[worst]):,} different values in a sample {int(after[worst]):,} remain."
    )

"""Estimates of the distances to one vector, in float32, with bounds on how far they are off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.space import Space
from projector.machine.lengths import PIECE_SIZE, squared_lengths
from projector.typing import AnyArray, Metric

#: Metrics with a pass in float32.
ESTIMATED: tuple[Metric, ...] = ("euclidean", "cosine", "inner_product", "manhattan")
#: Those that compare products, whose error depends on the lengths of the vectors.
BY_PRODUCTS: tuple[Metric, ...] = ("cosine", "inner_product")
#: Numbers multiplied at once, and those between two checks: some 10 ms.
_PRODUCTS, _UNCHECKED = 4_000_000, 8_000_000
#: Half a unit in the last place of float32, its largest number, and a length whose square may
#: underflow.
_ROUNDING, _LARGEST, _TINY = 2.0**-24, float(np.finfo(np.float32).max), 1.1e-19
#: Lengths between these have squares that float32 holds.
_SHORT, _LONG = 1e-15, 1e15
#: More than a sum of squares in float32 may be off.
_MORE = 1.01


@dataclass(frozen=True)
class Estimates:
    """What one pass over the vectors found.

    Attributes
    ----------
    metric : Metric
    found : ndarray of shape (n_points,), float32
        Squared or absolute differences from the query, or the products with it.
    squares : ndarray of shape (n_points,), float32
        See `squared_lengths`; empty under the other metrics.
    narrow : ndarray of shape (n_dims,), float32
        The query.
    lost : ndarray of shape (n_dims,), float64
        What narrowing took from it.
    """

    metric: Metric
    found: NDArray[np.float32]
    squares: NDArray[np.float32]
    narrow: NDArray[np.float32]
    lost: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        space: Space,
        asked: AnyArray,
        check: Callable[[], object],
        squares: NDArray[np.float32] | None = None,
    ) -> Estimates:
        """Compare all vectors of a space with one query, as `Space.queries` returns it.

        `squares` are those of an earlier query, if they were kept: see `squared_lengths`.
        """
        vectors, metric = space.vectors, space.metric
        n_points, n_dims = space.n_points, space.n_dims
        found = np.empty(n_points, np.float32)
        narrow = np.clip(asked, -_LARGEST, _LARGEST).astype(np.float32)
        ones = np.ones_like(narrow)
        with_squares = metric in BY_PRODUCTS and squares is None
        # Vectors that are gone through once need not stay in the cache.
        size = PIECE_SIZE if with_squares or metric not in BY_PRODUCTS else _PRODUCTS
        step = max(1, size // max(1, n_dims))
        if squares is None:
            squares = np.empty(n_points if with_squares else 0, np.float32)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            for at, start in enumerate(range(0, n_points, step)):
                if at % (_UNCHECKED // size) == 0:
                    check()
                rows = slice(start, start + step)
                chunk = vectors[rows]
                if metric in BY_PRODUCTS:
                    np.matmul(chunk, narrow, out=found[rows])
                    if with_squares:
                        squares[rows] = squared_lengths(chunk)
                    continue
                difference = chunk - narrow
                if metric == "manhattan":
                    found[rows] = np.abs(difference, out=difference) @ ones
                else:
                    found[rows] = np.vecdot(difference, difference)
        return cls(metric, found, squares, narrow, np.abs(asked - narrow))

    def within_reach(self, k: int, exclude: AnyArray) -> AnyArray:
        """Return the points that may be among the `k` nearest, without those to `exclude`.

        Parameters
        ----------
        k : int
        exclude : ndarray of int

        Returns
        -------
        ndarray of int, ascending
            More than `bounds` leaves, but few of all, where most of the points are of one size.
        """
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            values = self._values()
            values[exclude] = np.inf
            last = np.inf if k > len(values) else float(np.partition(values, k - 1)[k - 1])
            reach = self._reach(last)
            near = ~(values > np.nextafter(np.float32(reach), np.float32(np.inf)))
        if not np.isfinite(reach):
            near[:] = True
        elif self.metric != "inner_product":
            # What left the range of float32 is not known.
            near |= ~np.isfinite(values)
        near[exclude] = False
        return np.flatnonzero(near)

    def _values(self) -> NDArray[np.float32]:
        """Return what orders the points roughly as their distances do; NaN where not known."""
        if self.metric == "inner_product":
            return np.asarray(-self.found)
        if self.metric != "cosine":
            return self.found.copy()
        lengths = np.sqrt(self.squares)
        values = np.asarray(self.found / np.negative(lengths), np.float32)
        is_known = (lengths > 2 * _SHORT) & (lengths < _LONG / 2)
        if not is_known.all():
            values[~is_known] = np.nan
        return values

    def _reach(self, last: float) -> float:
        """Return above which value no point is among the k nearest, if `last` is that of the k-th.

        Infinite where that is not known.
        """
        n_dims = len(self.lost)
        if self.metric == "cosine":
            return last + (3 * n_dims + 32) * _ROUNDING if self._size() > 0 else np.inf
        if self.metric == "inner_product":
            most = float(np.sqrt(_MORE * float(self.squares.max(initial=0))))
            # Products this small are finite, and so are their sums.
            if not most * (self._size() + 1) < _LARGEST / 4:
                return np.inf
            return last + 2 * float(self._off(np.array(most)))
        share, lost, _ = self._of_differences()
        if self.metric == "manhattan":
            return (last * (1 + share) + 2 * lost) / (1 - share) * (1 + 1e-9)
        wide = np.sqrt(last) * (1 + share) + 2 * lost
        return float((wide / (1 - share)) ** 2 * (1 + 1e-9))

    def bounds(self, points: AnyArray) -> tuple[AnyArray, AnyArray]:
        """Return between what the rank values or distances of some points lie.

        Notes
        -----
        A sum of d numbers errs by at most d roundings (Higham 2002, section 3.1); where it leaves
        the range of float32, the bounds say so.
        """
        found = self.found[points].astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            if self.metric in ("cosine", "inner_product"):
                return self._of_products(points, found)
            share, lost, largest = self._of_differences()
            wide = found if self.metric == "manhattan" else np.sqrt(found)
            off = wide * share + lost
            is_huge = ~np.isfinite(wide)
            return np.where(is_huge, largest, wide - off), np.where(is_huge, np.inf, wide + off)

    def _of_differences(self) -> tuple[float, float, float]:
        """Return how far distances are off, as a share and beside, and the largest known."""
        n_dims, lost = len(self.lost), self.lost
        if self.metric == "manhattan":
            return (
                (n_dims + 4) * _ROUNDING,
                float(lost.sum()) + n_dims * _TINY**2,
                _LARGEST / 2,
            )
        length = float(np.sqrt(lost @ lost) + 2 * np.sqrt(n_dims) * _TINY)
        return (n_dims / 2 + 4) * _ROUNDING, length, float(np.sqrt(_LARGEST) / 2)

    def _of_products(self, points: AnyArray, product: AnyArray) -> tuple[AnyArray, AnyArray]:
        n_dims = len(self.lost)
        if self.metric == "inner_product":
            most = np.sqrt(_MORE * self.squares[points].astype(np.float64))
            off = self._off(most)
            middle, is_known = -product, np.isfinite(product) & np.isfinite(off)
        else:
            lengths = np.sqrt(self.squares[points].astype(np.float64))
            is_known = (lengths > _SHORT) & (lengths < _LONG) & (self._size() > 0)
            middle = 2 - 2 * product / np.where(is_known, lengths, 1)
            off = np.full(len(product), (3 * n_dims + 24) * _ROUNDING)
        return (
            np.where(is_known, middle - off, -np.inf),
            np.where(is_known, middle + off, np.inf),
        )

    def _off(self, lengths: AnyArray) -> AnyArray:
        """Return how far products with vectors of at most these lengths are off."""
        n_dims, lost = len(self.lost), self.lost
        most = lengths + 2 * np.sqrt(n_dims) * _TINY
        off = most * ((n_dims + 4) * _ROUNDING * self._size() + np.sqrt(lost @ lost))
        return np.asarray(off + n_dims * _TINY**2)

    def _size(self) -> float:
        return float(np.sqrt(np.square(self.narrow, dtype=np.float64).sum()))

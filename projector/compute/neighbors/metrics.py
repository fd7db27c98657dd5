"""Metrics: prepares vectors for a search, and converts rank values to distances.

A search compares **rank values**: squared euclidean distance for ``euclidean`` and ``cosine``
(of unit vectors), the negated product for ``inner_product``, the distance itself for
``manhattan``. They order the points as the metric does and are cheap; only the result is converted
to distances.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from projector.errors import ParameterError
from projector.machine.scratch import scratch_like
from projector.typing import AnyArray, Metric, Vectors

METRICS: tuple[Metric, ...] = get_args(Metric)

#: Rank values closer than this share of the two squared lengths are within the rounding of the
#: matrix product (float32, eps 1.2e-7, some terms of its sum): such points are ordered by the
#: differences of their vectors.
ROUNDING = 4e-6
#: Float32 numbers gathered at once when distances are computed from differences: 16 MB.
GATHER_SIZE = 4_000_000


@dataclass(frozen=True)
class Space:
    """Vectors prepared for one metric.

    Attributes
    ----------
    rows : ndarray of shape (n_points, n_dims or n_dims + 1), float32, C order
        Centered (euclidean) or of unit length (cosine), scaled by a power of two so that no
        square overflows.
    squares : ndarray of shape (n_points,), float32
        Squared lengths of `rows`.
    true_rows : ndarray of shape (n_points, n_dims), float32
        Vectors whose differences are taken: if `rows` were centered, the original ones, because
        centering rounds small differences away.
    metric : str
    scale : float
        A length in `vectors` is `scale` times the length in `rows`.
    warnings : tuple of str
    center : ndarray of shape (n_dims,), float32, or None
        What was subtracted from the scaled vectors.
    """

    rows: NDArray[np.float32]
    squares: NDArray[np.float32]
    true_rows: Vectors
    metric: Metric
    scale: float = 1.0
    warnings: tuple[str, ...] = ()
    center: AnyArray | None = None

    @property
    def n_points(self) -> int:
        """Points in the space."""
        return len(self.rows)

    def rank_pairs(self, points: AnyArray, candidates: AnyArray) -> NDArray[np.float32]:
        """Compute the rank values of points and their candidates from differences of vectors.

        Parameters
        ----------
        points : ndarray of shape (n,), int
        candidates : ndarray of shape (n, n_candidates), int

        Returns
        -------
        ndarray of shape (n, n_candidates), float32
            Rank values.
        """
        found = np.empty(candidates.shape, np.float32)
        step = max(1, GATHER_SIZE // max(1, candidates.shape[1] * self.true_rows.shape[1]))
        for start in range(0, len(candidates), step):
            rows = slice(start, start + step)
            found[rows] = self.rank_queries(self.true_rows[points[rows]], candidates[rows])
        return found

    def like(self, vectors: Vectors) -> tuple[NDArray[np.float32], Vectors]:
        """Return other vectors prepared as `rows` and as `true_rows` of this space."""
        if self.metric == "cosine":
            rows, n_zero = _unit_rows(vectors)
            wanted = self.rows.shape[1]
            if n_zero == 0 and wanted > rows.shape[1]:
                rows = np.pad(rows, ((0, 0), (0, 1)))
            # If no point is zero, a zero vector is equally far from all.
            rows = np.ascontiguousarray(rows[:, :wanted])
            return rows, rows
        rows = np.asarray(vectors) * np.float32(1 / self.scale)
        if self.center is None:
            return rows, rows
        return rows - self.center, np.asarray(vectors)

    def rank_queries(self, true_queries: Vectors, candidates: AnyArray) -> NDArray[np.float32]:
        """Compute the rank values of other vectors and candidates; see `rank_pairs` and `like`."""
        found = np.empty(candidates.shape, np.float32)
        step = max(1, GATHER_SIZE // max(1, candidates.shape[1] * self.true_rows.shape[1]))
        for start in range(0, len(candidates), step):
            near = self.true_rows[candidates[start : start + step]]
            self._compare(true_queries[start : start + step], near, found[start : start + step])
        return found

    def _compare(self, queries: AnyArray, near: AnyArray, found: AnyArray) -> None:
        if self.metric == "inner_product":
            np.einsum("id,ikd->ik", -queries, near, out=found)
            return
        if self.metric == "euclidean":
            # Scaled before the difference, which may be too large for float32 otherwise.
            near *= np.float32(1 / self.scale)
            queries = queries * np.float32(1 / self.scale)
        near -= queries[:, None, :]
        if self.metric == "manhattan":
            np.abs(near, out=near).sum(axis=2, out=found)
        else:
            np.einsum("ikd,ikd->ik", near, near, out=found)

    def distances(self, ranks: AnyArray) -> NDArray[np.float32]:
        """Convert rank values to distances in the unit of the metric."""
        found = np.empty(ranks.shape, np.float32)
        step = max(1, GATHER_SIZE // max(1, ranks.shape[-1]))
        for start in range(0, len(ranks), step):
            found[start : start + step] = self._lengths(ranks[start : start + step])
        return found

    def _lengths(self, ranks: AnyArray) -> NDArray[np.float32]:
        if self.metric == "cosine":
            return (ranks / 2).astype(np.float32)
        wide = ranks.astype(np.float64)
        if self.metric == "euclidean":
            wide = np.sqrt(wide)
        wide *= self.scale**2 if self.metric == "inner_product" else self.scale
        # Distances beyond float32 are clipped to its largest number.
        largest = np.finfo(np.float32).max
        return np.clip(wide, -largest, largest).astype(np.float32)


def prepare(vectors: Vectors, metric: Metric) -> Space:
    """Prepare `vectors` for a search under `metric`.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        Finite. One copy is made: in a file if `vectors` is a large memory map, see
        `scratch_like`.
    metric : {"euclidean", "cosine", "inner_product", "manhattan"}

    Raises
    ------
    ParameterError
        Unknown metric.
    """
    check_metric(metric)
    warnings: tuple[str, ...] = ()
    scale, center = 1.0, None
    if metric == "cosine":
        rows, n_zero = _unit_rows(vectors)
        if n_zero:
            warnings = (zero_warning(n_zero),)
    else:
        scale = _power_of_two(vectors)
        rows = scratch_like(vectors, vectors.shape)
        for some in _chunks(vectors):
            np.multiply(vectors[some], np.float32(1 / scale), out=rows[some])
        if metric == "euclidean":
            # Distances do not change, and the matrix product rounds less near the origin.
            center = rows.mean(axis=0, dtype=np.float64).astype(np.float32)
            rows -= center
    squares = np.einsum("ij,ij->i", rows, rows)
    true_rows = np.asarray(vectors) if metric == "euclidean" else rows
    return Space(rows, squares, true_rows, metric, scale, warnings, center)


def check_metric(metric: str) -> None:
    """Raise `ParameterError` for an unknown metric."""
    if metric not in METRICS:
        known = ", ".join(repr(each) for each in METRICS)
        raise ParameterError(f"The metric must be one of {known}. Got {metric!r}.")


def zero_warning(n_zero: int) -> str:
    """Return a warning about vectors without a direction."""
    noun = "vector is" if n_zero == 1 else "vectors are"
    return (
        f"{n_zero:,} {noun} zero and have no direction: their cosine distance is 0 to each other "
        "and 1 to every other point."
    )


def _unit_rows(vectors: Vectors) -> tuple[NDArray[np.float32], int]:
    n_points, n_dims = vectors.shape
    largest = np.zeros(n_points, np.float32)
    for some in _chunks(vectors):
        np.abs(vectors[some]).max(axis=1, initial=0, out=largest[some])
    is_zero = largest == 0
    n_zero = int(is_zero.sum())
    # Zero vectors get their own direction, orthogonal to all others.
    rows = scratch_like(vectors, (n_points, n_dims + (n_zero > 0)))
    for some in _chunks(vectors):
        chunk = rows[some]
        chunk[:, n_dims:] = is_zero[some, None]
        size = np.where(is_zero[some], np.float32(1), largest[some])
        np.divide(vectors[some], size[:, None], out=chunk[:, :n_dims])
        chunk /= np.sqrt(np.einsum("ij,ij->i", chunk, chunk))[:, None]
    return rows, n_zero


def _chunks(vectors: Vectors) -> Iterator[slice]:
    step = max(1, GATHER_SIZE // max(1, vectors.shape[1]))
    for start in range(0, len(vectors), step):
        yield slice(start, start + step)


def _power_of_two(vectors: Vectors) -> float:
    largest = max(float(vectors.max(initial=0)), -float(vectors.min(initial=0)))
    return float(2.0 ** np.clip(np.frexp(largest)[1], -100, 127)) if largest > 0 else 1.0

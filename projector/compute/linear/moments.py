"""Mean and covariance of vectors that are never together: moments of pieces, which can be merged.

With them PCA needs one pass over data of any size, in any number of pieces and places, and one
more to project it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from projector.compute.linear.components import (
    EXACT_LIMIT,
    PrincipalComponents,
    oriented,
    scale_for,
)
from projector.compute.linear.decomposition import (
    OVERSAMPLING,
    eigen,
    row_chunks,
)
from projector.errors import ShapeError
from projector.machine.blas_threads import take_in_order
from projector.model.progress import ProgressCallback, ignore_progress
from projector.typing import AnyArray, Vectors


@dataclass(frozen=True)
class Moments:
    """Count, mean and scatter of vectors.

    Attributes
    ----------
    n_points : int
    mean : ndarray of shape (n_dims,), float64
    scatter : ndarray of shape (n_dims, n_dims), float64
        Sum of the outer products of the vectors less their mean. Above `EXACT_LIMIT` dimensions
        its diagonal alone, of shape (n_dims,).
    largest : float
        The largest absolute value.
    n_left_out : int
        Rows with NaN or infinity, which are not counted in the others.
    """

    n_points: int
    mean: NDArray[np.float64]
    scatter: NDArray[np.float64]
    largest: float
    n_left_out: int = 0

    @classmethod
    def none(cls, n_dims: int) -> Moments:
        """Return the moments of no vectors."""
        shape = (n_dims, n_dims) if n_dims <= EXACT_LIMIT else (n_dims,)
        return cls(0, np.zeros(n_dims), np.zeros(shape), 0.0)

    @classmethod
    def of(cls, vectors: Vectors, *, done: Callable[[int], None] | None = None) -> Moments:
        """Return the moments of vectors, in blocks on all processors, added in their order.

        Parameters
        ----------
        vectors : ndarray of shape (n_points, n_dims), float32
            Rows with NaN or infinity are left out.
        done : callable, optional
            Called with the rows of each block; what it raises ends the work.

        Notes
        -----
        Products and sums are of float64. Time O(n_points n_dims²), O(n_points n_dims) above
        `EXACT_LIMIT` dimensions.
        """
        n_points, n_dims = vectors.shape
        rows = row_chunks(n_points, n_dims)
        total = cls.none(n_dims)

        def add(found: Moments) -> None:
            nonlocal total
            total = total + found
            if done is not None:
                done(found.n_points + found.n_left_out)

        take_in_order(
            lambda start: _of_block(vectors[start : start + rows]),
            range(0, n_points, rows),
            add,
            most=4,
        )
        return total

    def __add__(self, other: Moments) -> Moments:
        """Return the moments of both (Chan, Golub and LeVeque 1983, formula 1.5)."""
        n_left_out = self.n_left_out + other.n_left_out
        n_points = self.n_points + other.n_points
        if self.n_points == 0 or other.n_points == 0:
            more = other if self.n_points == 0 else self
            return Moments(n_points, more.mean, more.scatter, more.largest, n_left_out)
        apart = other.mean - self.mean
        share = other.n_points / n_points
        between = np.outer(apart, apart) if self.scatter.ndim == 2 else apart * apart
        between *= self.n_points * share
        between += self.scatter
        between += other.scatter
        return Moments(
            n_points,
            self.mean + apart * share,
            between,
            max(self.largest, other.largest),
            n_left_out,
        )

    @property
    def total_variance(self) -> float:
        """Sum of the variances of all dimensions."""
        along = np.diagonal(self.scatter) if self.scatter.ndim == 2 else self.scatter
        return float(along.sum()) / max(1, self.n_points - 1)


def components_from(
    moments: Moments, n_kept: int, *, progress: ProgressCallback = ignore_progress
) -> PrincipalComponents:
    """Find the principal components of vectors by their moments.

    Parameters
    ----------
    moments : Moments
        Of at most `EXACT_LIMIT` dimensions.
    n_kept : int
        At most the number of points and of dimensions.

    Raises
    ------
    ShapeError
        There are no finite vectors.
    """
    check_any(moments)
    values, directions = eigen(moments.scatter / max(1, moments.n_points - 1), progress)
    found = np.clip(values[::-1], 0, None)
    n_kept = min(n_kept, moments.n_points, len(moments.mean))
    return PrincipalComponents(
        mean=moments.mean.astype(np.float32),
        components=oriented(directions[:, ::-1][:, :n_kept].T).astype(np.float32),
        explained_variance=found,
        total_variance=float(found.sum()),
        n_points=moments.n_points,
        exact=True,
        scale=_scale_of(moments),
    )


def check_any(moments: Moments) -> None:
    """Raise a ShapeError if there are no finite vectors."""
    if moments.n_points == 0:
        raise ShapeError("Every vector contains NaN or infinity, so no point can be placed.")


def first_basis(n_dims: int, n_kept: int, random_state: int) -> NDArray[np.float64]:
    """Return the random directions that subspace iteration begins with: (n_dims, width)."""
    width = min(n_kept + OVERSAMPLING, n_dims)
    return next_basis(np.random.default_rng(random_state).standard_normal((n_dims, width)))


def next_basis(power: AnyArray) -> NDArray[np.float64]:
    """Return the directions of the next pass: (n_dims, width), orthogonal."""
    return np.asarray(np.linalg.qr(power)[0])


def power_sums(
    vectors: Vectors,
    mean: AnyArray,
    directions: AnyArray,
    *,
    done: Callable[[int], None] | None = None,
) -> NDArray[np.float64]:
    """Multiply directions with the scatter of vectors, in one pass over them.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        Rows with NaN or infinity are left out.
    mean : ndarray of shape (n_dims,), float64
    directions : ndarray of shape (n_dims, width), float64
    done : callable, optional
        Called with the rows of each block; what it raises ends the work.

    Returns
    -------
    ndarray of shape (n_dims, width), float64
        Sums of pieces are added.
    """
    rows = row_chunks(*vectors.shape)
    total = np.zeros(directions.shape)

    def product(start: int) -> tuple[int, AnyArray]:
        block = vectors[start : start + rows]
        wide = _finite(block).astype(np.float64) - mean
        return len(block), np.asarray(wide.T @ (wide @ directions))

    def add(found: tuple[int, AnyArray]) -> None:
        nonlocal total
        total += found[1]
        if done is not None:
            done(found[0])

    take_in_order(product, range(0, len(vectors), rows), add, most=4)
    return total


def components_by_power(
    moments: Moments, directions: AnyArray, power: AnyArray, n_kept: int
) -> PrincipalComponents:
    """Find the principal components within the directions of the last pass of `power_sums`.

    Notes
    -----
    Rayleigh-Ritz, after `POWER_PASSES` passes (Halko, Martinsson and Tropp 2011, algorithm 4.4).
    """
    small = directions.T @ power
    values, turn = np.linalg.eigh((small + small.T) / 2)
    n_kept = min(n_kept, moments.n_points, len(moments.mean))
    return PrincipalComponents(
        mean=moments.mean.astype(np.float32),
        components=oriented((directions @ turn[:, ::-1])[:, :n_kept].T).astype(np.float32),
        explained_variance=np.clip(values[::-1], 0, None)[:n_kept] / max(1, moments.n_points - 1),
        total_variance=moments.total_variance,
        n_points=moments.n_points,
        exact=False,
        scale=_scale_of(moments),
    )


def _of_block(vectors: AnyArray) -> Moments:
    finite = _finite(vectors)
    n_left_out = len(vectors) - len(finite)
    n_dims = vectors.shape[1]
    if len(finite) == 0:
        return replace(Moments.none(n_dims), n_left_out=n_left_out)
    wide = finite.astype(np.float64)
    mean = wide.mean(axis=0)
    wide -= mean
    scatter = wide.T @ wide if n_dims <= EXACT_LIMIT else np.einsum("ij,ij->j", wide, wide)
    largest = max(float(finite.max()), -float(finite.min()))
    return Moments(len(finite), mean, np.asarray(scatter), largest, n_left_out)


def _finite(vectors: AnyArray) -> AnyArray:
    finite = np.isfinite(vectors).all(axis=1)
    return vectors if finite.all() else vectors[finite]


def _scale_of(moments: Moments) -> float:
    return scale_for(moments.total_variance / max(1, len(moments.mean)), moments.largest)

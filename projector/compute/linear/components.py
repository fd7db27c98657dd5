"""Principal components of vectors, exact or randomized, at any scale of the numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.compute.linear.decomposition import (
    OVERSAMPLING,
    RANGE,
    Decomposition,
    OutOfRangeError,
    from_covariance,
    from_gram,
    randomized,
    row_chunks,
)
from projector.compute.linear.sparse_decomposition import (
    decompose_sparse,
    scale_of,
    sparse_scores,
)
from projector.machine.blas_threads import one_blas_thread, take_in_order
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.model.sparse_rows import sparse_of, sparse_rows
from projector.typing import AnyArray, Vectors

#: If both sides are above it, the eigendecomposition is randomized: it would take minutes.
EXACT_LIMIT = 4096
#: Scores of scaled vectors may be this large in the vectors' own unit; float32 ends at 2^128.
LARGEST_SCORE = 2.0**127


@dataclass(frozen=True)
class PrincipalComponents:
    """The directions of largest variance, sorted.

    Attributes
    ----------
    mean : ndarray of shape (n_dims,), float32
    components : ndarray of shape (n_kept, n_dims), float32
        Unit length; the largest loading is positive, so that signs never flip between runs.
    explained_variance : ndarray of shape (n_found,), float64
        Variance along **every** component (divided by n_points - 1), of which only the first
        n_kept have their direction kept.
    total_variance : float
        Sum over all dimensions.
    n_points : int
    exact : bool
        False if the randomized solver was used.
    scale : float
        A power of two: vectors were divided by it, because their squares leave the range of
        float32. 1 for ordinary numbers.
    """

    mean: AnyArray
    components: AnyArray
    explained_variance: NDArray[np.float64]
    total_variance: float
    n_points: int
    exact: bool = True
    scale: float = 1.0

    @property
    def explained_variance_ratio(self) -> NDArray[np.float64]:
        """Share of the total variance along each component; zeros where nothing varies."""
        if self.total_variance <= 0:
            return np.zeros_like(self.explained_variance)
        return self.explained_variance / self.total_variance

    @property
    def singular_values(self) -> NDArray[np.float64]:
        """Singular values of the centered vectors, as scikit-learn names them."""
        return np.sqrt(self.explained_variance * max(1, self.n_points - 1))

    @property
    def unit(self) -> float:
        """What 1 in `scores` is in the unit of the vectors.

        1, or a power of two where scores could be larger than float32 can hold.
        """
        bound = 2 * np.sqrt(len(self.mean)) * self.scale
        return float(2.0 ** np.ceil(np.log2(max(1.0, bound / LARGEST_SCORE))))

    def scores(
        self, vectors: Vectors, *, progress: ProgressCallback = ignore_progress
    ) -> NDArray[np.float32]:
        """Project vectors, possibly new ones, to (n_points, n_kept), in units of `unit`."""
        found = np.empty((len(vectors), len(self.components)), np.float32)
        self.fill_scores(vectors, found, 0, len(self.components), progress=progress)
        return found

    def fill_scores(
        self,
        vectors: Vectors,
        scores: NDArray[np.float32],
        first: int,
        last: int,
        *,
        progress: ProgressCallback = ignore_progress,
    ) -> None:
        """Put the scores of components `first` to `last` (not included) into their columns."""
        basis, sparse = np.ascontiguousarray(self.components[first:last].T), sparse_of(vectors)
        if sparse is not None:
            scores[:, first:last] = sparse_scores(sparse, self.mean, basis, self.unit)
            progress(Progress("projecting", len(vectors), len(vectors)))
            return
        down, up = np.float32(1 / self.scale), np.float32(self.scale / self.unit)
        mean = self.mean if self.scale == 1 else self.mean * down

        def fill(start: int) -> int:
            chunk = vectors[start : start + rows]
            centered = (chunk if self.scale == 1 else chunk * down) - mean
            found = centered @ basis
            if self.scale != 1:
                found *= up
            scores[start : start + len(chunk), first:last] = found
            return start + len(chunk)

        def report(done: int) -> None:
            progress(Progress("projecting", done, len(vectors)))

        rows = row_chunks(*vectors.shape)
        take_in_order(fill, range(0, len(vectors), rows), report)


def principal_components(
    vectors: Vectors,
    n_kept: int,
    *,
    random_state: int = 0,
    progress: ProgressCallback = ignore_progress,
) -> PrincipalComponents:
    """Find the principal components of `vectors`, centered.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        Finite, of any scale; may be a read-only memory map.
    n_kept : int
        Directions to keep; at most the number of points and of dimensions.
    random_state : int
        Seed of the randomized solver; the exact ones do not use it.
    progress : callable

    Returns
    -------
    PrincipalComponents
        With min(n_kept, n_points, n_dims) components. The same bytes for any number of threads.

    Notes
    -----
    Covariance and its eigendecomposition where n_dims <= n_points, else the Gram matrix of the
    points (Bishop, Pattern Recognition and Machine Learning, section 12.1.4); time
    O(n_points n_dims min(n_points, n_dims)), memory O(min(n_points, n_dims)² + n_kept n_dims).
    Where both sides exceed `EXACT_LIMIT`: subspace iteration from a random start (Halko,
    Martinsson and Tropp 2011, algorithm 4.4), `exact` is then False and only the variances of
    the directions found are known. Numbers whose squares leave the range of float32 are first
    divided by a power of two, which rounds nothing. Sparse vectors are not centered but their
    products are (`sparse_decomposition`), with the same results up to rounding.
    """
    n_points, n_dims = vectors.shape
    n_kept = min(n_kept, n_points, n_dims)
    exact = min(n_points, n_dims) <= EXACT_LIMIT
    solve: Callable[..., Decomposition]
    scale, sparse = 1.0, sparse_of(vectors)
    if sparse is not None:
        scale = scale_of(sparse)
        solve = partial(_of_sparse, exact=exact, random_state=random_state, scale=scale)
    elif not exact:
        solve = partial(randomized, random_state=random_state)
    else:
        solve = from_covariance if n_dims <= n_points else from_gram
    with one_blas_thread():
        try:
            found = solve(vectors, n_kept, progress=progress)
        except OutOfRangeError:
            scale = power_of_two(vectors)
            found = solve(vectors, n_kept, scale=scale, progress=progress)
    return PrincipalComponents(
        mean=(found.mean * scale).astype(np.float32),
        components=oriented(found.components).astype(np.float32),
        explained_variance=found.variances * scale**2,
        total_variance=found.total * scale**2,
        n_points=n_points,
        exact=exact,
        scale=scale,
    )


def _of_sparse(vectors: Vectors, n_kept: int, **others: Any) -> Decomposition:
    return decompose_sparse(sparse_rows(vectors), n_kept, **others)


def components_bytes(n_points: int, n_dims: int, n_kept: int = 50) -> int:
    """Estimate the bytes of `principal_components` at its peak, from above.

    Exact: the matrix in float64, its eigenvectors and the working copies of LAPACK. Randomized:
    five bases of the subspace.
    """
    side = min(n_points, n_dims)
    if side > EXACT_LIMIT:
        return 40 * n_dims * (min(n_kept, side) + OVERSAMPLING)
    return 32 * side * side


def power_of_two(vectors: AnyArray) -> float:
    """Return the power of two that brings the largest number of `vectors` to 0.5 to 1.

    1 where all are 0. Its inverse is a normal float32, too.
    """
    return _power_above(max(float(vectors.max(initial=0)), -float(vectors.min(initial=0))))


def scale_for(variance: float, largest: float) -> float:
    """Return what vectors are divided by whose squares would leave the range of float32.

    Parameters
    ----------
    variance : float
        The mean of the variances of their dimensions.
    largest : float
        Their largest absolute value.
    """
    return 1.0 if RANGE[0] < variance < RANGE[1] else _power_above(largest)


def _power_above(largest: float) -> float:
    return float(2.0 ** np.clip(np.frexp(largest)[1], -126, 126)) if largest > 0 else 1.0


def oriented(components: AnyArray) -> AnyArray:
    """Make the largest loading positive, as scikit-learn does from 1.5 on."""
    if components.size == 0:
        return components
    largest = np.take_along_axis(
        components, np.abs(components).argmax(axis=1, keepdims=True), axis=1
    )
    return np.where(largest < 0, -components, components)

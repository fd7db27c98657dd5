"""Affinities of t-SNE: joint probabilities of neighbors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from projector.compute.reporting import report_during
from projector.model.neighbors import Neighbors
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.typing import AnyArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Newton's method on the width of a Gaussian: largest number of rounds, error of the entropy.
ROUNDS, TOLERANCE = 60, 1e-6
#: Points whose widths are found at once, and whose rows are added at once.
CHUNK_ROWS, BLOCK_ROWS = 4_000, 50_000


def joint_probabilities(
    neighbors: Neighbors,
    perplexities: Sequence[float],
    *,
    progress: ProgressCallback = ignore_progress,
) -> csr_matrix:
    """Return the symmetric joint probabilities P of t-SNE.

    Parameters
    ----------
    neighbors : Neighbors
    perplexities : sequence of float
        With several, each point's probabilities are the mean over them (multiscale).
    progress : callable

    Returns
    -------
    csr_matrix of shape (n_points, n_points), float32
        Sums up to 1; no diagonal. A point's probabilities are computed in
        float64.

    Notes
    -----
    van der Maaten and Hinton 2008, equations 1 and 2, over the neighbors only (van der Maaten
    2014, equation 7); several perplexities: Lee, Peluffo-Ordóñez and Verleysen 2015, in the form
    of Kobak and Berens 2019. Squared distances, whatever the metric, as scikit-learn and
    openTSNE have it. Time O(n_points k log k); memory while it runs 12 bytes for each neighbor and
    8 for each entry.
    """
    from scipy.sparse import csr_matrix

    n_points, k = neighbors.indices.shape
    if k == 0:
        return csr_matrix((n_points, n_points))
    conditional = np.empty((n_points, k), np.float32)
    for start in range(0, n_points, CHUNK_ROWS):
        near = neighbors.distances[start : start + CHUNK_ROWS]
        total = sum(conditional_probabilities(near, each) for each in perplexities)
        conditional[start : start + CHUNK_ROWS] = total / (len(perplexities) * 2 * n_points)
        progress(Progress("affinities", min(n_points, start + CHUNK_ROWS), n_points))
    done = Progress("affinities", n_points, n_points)
    return report_during(lambda: _both_ways(neighbors.indices, conditional), done, progress)


def _both_ways(indices: NDArray[np.int32], conditional: NDArray[np.float32]) -> csr_matrix:
    """Return the sum of the probabilities of each pair's points for each other.

    Rows are added in blocks, into memory that is used only as far as there are sums: adding whole
    matrices takes three times as much.
    """
    from scipy.sparse import csr_matrix

    n_points, k = indices.shape
    shape = (n_points, n_points)
    forth = csr_matrix(
        (conditional.ravel(), indices.ravel(), np.arange(0, n_points * k + 1, k)), shape=shape
    )
    back = forth.T.tocsr()
    starts = np.zeros(n_points + 1, np.int64)
    ends, sums = np.empty(2 * n_points * k, np.int32), np.empty(2 * n_points * k, np.float32)
    for start in range(0, n_points, BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        both = forth[rows] + back[rows]
        both.sort_indices()
        at = starts[start]
        starts[start + 1 : start + 1 + both.shape[0]] = at + both.indptr[1:]
        ends[at : at + both.nnz], sums[at : at + both.nnz] = both.indices, both.data
    return csr_matrix((sums[: starts[-1]], ends[: starts[-1]], starts), shape=shape)


def conditional_probabilities(
    distances: NDArray[np.float32], perplexity: float
) -> NDArray[np.float64]:
    """Return p(j|i) of each point's neighbors, shape (n_points, k); rows sum up to 1.

    The width of each point's Gaussian is such that 2 to the entropy of its row is `perplexity`;
    all neighbors weigh the same where there are no more than that.
    """
    squares = distances.astype(np.float64) ** 2
    squares -= squares.min(axis=1, keepdims=True)
    # In units of the row's mean every width is near 1, whatever the data's own unit.
    mean = squares.mean(axis=1, keepdims=True)
    squares /= np.where(mean > 0, mean, 1.0)
    n_points, k = squares.shape
    if perplexity >= k:
        return np.full((n_points, k), 1 / k)
    log_beta = np.zeros(n_points)
    low, high = np.full(n_points, -60.0), np.full(n_points, 60.0)
    open_rows = np.arange(n_points)
    for _ in range(ROUNDS):
        excess, slope = _entropy_excess(squares[open_rows], log_beta[open_rows], perplexity)
        is_open = np.abs(excess) > TOLERANCE
        open_rows, excess, slope = open_rows[is_open], excess[is_open], slope[is_open]
        if len(open_rows) == 0:
            break
        at = log_beta[open_rows]
        # The entropy falls with beta: too much of it asks for a larger one.
        low[open_rows] = np.where(excess > 0, at, low[open_rows])
        high[open_rows] = np.where(excess > 0, high[open_rows], at)
        step = np.clip(excess / np.maximum(slope, 1e-12), -3, 3)
        middle = (low[open_rows] + high[open_rows]) / 2
        inside = (at + step > low[open_rows]) & (at + step < high[open_rows])
        log_beta[open_rows] = np.where(inside, at + step, middle)
    weights = np.exp(-squares * np.exp(log_beta)[:, None])
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _entropy_excess(
    squares: AnyArray, log_beta: AnyArray, perplexity: float
) -> tuple[AnyArray, AnyArray]:
    """Return entropy minus its target, and how fast it falls with log beta."""
    beta = np.exp(log_beta)
    weights = np.exp(-squares * beta[:, None])
    total = weights.sum(axis=1)
    mean = (weights * squares).sum(axis=1) / total
    variance = (weights * squares * squares).sum(axis=1) / total - mean * mean
    return np.log(total) + beta * mean - np.log(perplexity), beta * beta * variance

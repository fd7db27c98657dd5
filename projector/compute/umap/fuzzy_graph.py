"""Fuzzy neighbor graph of UMAP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from projector.model.neighbors import Neighbors
from projector.typing import AnyArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Bisection of a point's width: rounds at most, and how near its sum must come.
ROUNDS, TOLERANCE = 64, 1e-5
#: A width is at least this share of the mean distance.
MIN_WIDTH = 1e-3


def fuzzy_graph(neighbors: Neighbors) -> csr_matrix:
    """Return the symmetric weights of UMAP's fuzzy simplicial set.

    Parameters
    ----------
    neighbors : Neighbors
        With k neighbors a point; what umap-learn calls ``n_neighbors`` is k + 1, as it counts
        the point itself.

    Returns
    -------
    csr_matrix of shape (n_points, n_points), float32
        Weights in (0, 1], sorted indices, no diagonal.

    Notes
    -----
    McInnes, Healy and Melville 2018, algorithms 2 and 3: exp(-(d - rho) / sigma) around each
    point, joined as a + b - ab. Equal to umap-learn's ``fuzzy_simplicial_set`` to 1e-6. numpy
    alone, so that nothing is compiled; time O(n_points k).
    """
    from scipy.sparse import csr_matrix

    n_points, k = neighbors.indices.shape
    weights = memberships(neighbors.distances)
    starts = np.arange(0, n_points * k + 1, max(1, k))[: n_points + 1]
    if k == 0:
        starts = np.zeros(n_points + 1, np.int64)
    one_way = csr_matrix(
        (weights.ravel(), neighbors.indices.ravel(), starts), shape=(n_points, n_points)
    )
    other_way = one_way.T.tocsr()
    both = one_way + other_way - one_way.multiply(other_way)
    graph = csr_matrix(both, dtype=np.float32)
    graph.eliminate_zeros()
    graph.sort_indices()
    return graph


def memberships(distances: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how much each neighbor belongs to its point, shape (n_points, k), in [0, 1].

    The nearest at a distance above 0 belongs wholly (rho is its distance); the width sigma is
    such that all weights of a point, its own among them, sum up to log2(k + 1).
    """
    n_points, k = distances.shape
    if k == 0:
        return np.empty((n_points, 0), np.float32)
    far = distances.astype(np.float64)
    positive = np.where(far > 0, far, np.inf).min(axis=1)
    rho = np.where(np.isfinite(positive), positive, 0.0)
    beyond = np.maximum(far - rho[:, None], 0)
    sigma = _widths(beyond, np.log2(k + 1))
    # The reference's mean counts the point itself, at distance 0.
    mean = np.where(rho > 0, far.sum(axis=1) / (k + 1), far.sum() / (n_points * (k + 1)))
    sigma = np.maximum(sigma, MIN_WIDTH * mean)
    # All distances are 0: everything belongs together, whatever the width.
    sigma = np.where(sigma > 0, sigma, 1.0)
    return np.exp(-beyond / sigma[:, None]).astype(np.float32)


def _widths(beyond: AnyArray, target: float) -> NDArray[np.float64]:
    """Find for each row the sigma at which sum(exp(-beyond / sigma)) is `target`, by bisection."""
    n_points = len(beyond)
    sigma = np.ones(n_points)
    low, high = np.zeros(n_points), np.full(n_points, np.inf)
    open_rows = np.arange(n_points)
    for _ in range(ROUNDS):
        total = np.exp(-beyond[open_rows] / sigma[open_rows, None]).sum(axis=1)
        is_open = np.abs(total - target) >= TOLERANCE
        open_rows, total = open_rows[is_open], total[is_open]
        if len(open_rows) == 0:
            break
        at = sigma[open_rows]
        above = total > target
        high[open_rows[above]] = at[above]
        low[open_rows[~above]] = at[~above]
        lower, upper = low[open_rows], high[open_rows]
        middle = np.where(np.isfinite(upper), (lower + upper) / 2, at * 2)
        sigma[open_rows] = middle
    return sigma

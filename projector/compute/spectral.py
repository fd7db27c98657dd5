"""Spectral initialization: the leading eigenvectors of a neighbor graph.

umap-learn asks ARPACK for them, which takes longer than the layout itself at 100,000 points. A
start needs no more than a few digits: a polynomial filter over a handful of vectors gives them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from projector.compute.reporting import report_during
from projector.model.progress import Progress, ProgressCallback

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Vectors beyond those asked for; degree of the filter; rounds; residual that is enough.
EXTRA, DEGREE, ROUNDS, RESIDUAL = 5, 20, 12, 2e-3
#: Components of fewer points have no shape of their own.
MIN_POINTS = 12


def spectral_start(
    graph: csr_matrix, scores: NDArray[np.float32], *, progress: ProgressCallback
) -> NDArray[np.float32]:
    """Lay out the parts of `graph` by their slowest modes.

    Parameters
    ----------
    graph : csr_matrix of shape (n_points, n_points)
        Symmetric, weights > 0.
    scores : ndarray of shape (n_points, n_components), float32
        Another start, such as PCA's: the search begins there, and parts of the graph without
        an edge between them are placed around their means in it.
    progress : callable

    Returns
    -------
    ndarray of shape (n_points, n_components), float32

    Notes
    -----
    Eigenvectors of D^-1/2 W D^-1/2 next to the largest (Belkin and Niyogi 2003), by
    Chebyshev-filtered subspace iteration (Zhou and Saad 2007). Deterministic. Time
    O(n_edges) times some 100 to 250 products with `EXTRA` + n_components vectors.
    """
    from scipy.sparse.csgraph import connected_components

    n_parts, part = report_during(
        lambda: connected_components(graph, directed=False), Progress("start", 0, ROUNDS), progress
    )
    found = np.empty_like(scores)
    if n_parts == 1:
        found[:] = _modes(graph, scores, progress)
        return found
    n_points = len(scores)
    sizes = np.bincount(part, minlength=n_parts)
    spread = max(1e-12, float(scores.std(axis=0).max()))
    order = np.argsort(part, kind="stable")
    for members in np.split(order, np.cumsum(sizes)[:-1]):
        around = scores[members].mean(axis=0)
        if len(members) < MIN_POINTS + scores.shape[1]:
            shape = scores[members] - around
        else:
            shape = _modes(graph[members][:, members], scores[members], progress)
            # A part takes the share of the area that its points are of all points.
            shape *= spread * np.sqrt(len(members) / n_points) / max(1e-12, shape.std())
        found[members] = around + shape
    return found


def _modes(
    graph: csr_matrix, scores: NDArray[np.float32], progress: ProgressCallback
) -> NDArray[np.float32]:
    n_points, n_modes = scores.shape
    if n_points < MIN_POINTS + n_modes:
        return scores
    report = Progress("start", 0, ROUNDS)
    normal, root = report_during(partial(_normal, graph), report, progress)
    trivial = (root / np.linalg.norm(root)).astype(np.float32)[:, None]
    # More columns from powers of the scores: deterministic, and never orthogonal to a mode.
    columns = [scores, np.cos(np.arange(n_points * EXTRA)).reshape(n_points, EXTRA)]
    block = _orthonormal(np.hstack(columns).astype(np.float32), trivial)
    cut = 0.5
    for round_ in range(ROUNDS):
        block = _filter(normal, block, cut, partial(progress, report))
        block = report_during(partial(_orthonormal, block, trivial), report, progress)
        image = normal @ block
        values, turn = np.linalg.eigh(block.T @ image)
        block, image = block @ turn[:, ::-1], image @ turn[:, ::-1]
        values = values[::-1]
        report = Progress("start", round_ + 1, ROUNDS)
        progress(report)
        residual = np.linalg.norm(image - block * values, axis=0)[:n_modes].max()
        if residual < RESIDUAL * max(1e-3, 1 - float(values[n_modes - 1])) * 10:
            break
        cut = float(np.clip(values[-1], -0.5, 0.999))
    return np.ascontiguousarray(block[:, :n_modes])


def _normal(graph: csr_matrix) -> tuple[csr_matrix, NDArray[np.float64]]:
    """Return D^-1/2 W D^-1/2 and the diagonal of D^1/2."""
    root = np.sqrt(np.asarray(graph.sum(axis=1)).ravel())
    normal = graph.astype(np.float32)
    normal.data /= np.repeat(root, np.diff(graph.indptr)) * root[graph.indices]
    return normal, root


def _filter(
    normal: csr_matrix, block: NDArray[np.float32], cut: float, between: Callable[[], None]
) -> NDArray[np.float32]:
    """Raise what lies above `cut` against all in [-1, cut], by a Chebyshev polynomial."""
    half, middle = np.float32((cut + 1) / 2), np.float32((cut - 1) / 2)
    before, now = block, (normal @ block - middle * block) / half
    for _ in range(DEGREE - 1):
        between()
        before, now = now, (normal @ now - middle * now) * (2 / half) - before
        # The wanted ones grow fast; their size means nothing.
        size = max(float(np.abs(now).max()), 1e-30)
        before, now = before / size, now / size
    return np.asarray(now, np.float32)


def _orthonormal(block: NDArray[np.float32], trivial: NDArray[np.float32]) -> NDArray[np.float32]:
    block = block - trivial @ (trivial.T @ block)
    block = np.linalg.qr(block)[0]
    return np.linalg.qr(block - trivial @ (trivial.T @ block))[0]

"""Figures of the neighbor graph and of labels: hubs, intrinsic dimension, neural collapse."""

from __future__ import annotations

import numpy as np

from projector.compute.health.moments import Moments
from projector.machine.blas_threads import one_blas_thread
from projector.model.neighbors import Neighbors
from projector.typing import AnyArray, Vectors

#: Neighbors that hubs and label agreement look at, and that the intrinsic dimension does.
K_HUBS, K_DIMENSION = 10, 15
#: Share of the ratios that TwoNN fits; the largest are the noisiest.
TWONN_SHARE = 0.9
#: Estimates above this saturate with the number of points.
AT_LEAST = 20.0
#: Singular values of the between-class covariance below this share of the largest are none.
_RANK = 1e-6
_CHUNK = 4096


def neighbor_figures(graph: Neighbors) -> dict[str, float]:
    """Return hubness, antihubs, the largest hub, and two intrinsic dimensions."""
    k = min(K_HUBS, graph.k)
    seen = np.bincount(graph.indices[:, :k].ravel(), minlength=graph.n_points)
    spread = float(seen.std())
    skewness = ((seen - seen.mean()) ** 3).mean() / spread**3 if spread > 0 else 0.0
    return {
        "hubness": float(skewness),
        "antihub_share": float((seen == 0).mean()),
        "largest_hub": float(seen.max()),
        "twonn": _twonn(graph),
        "mle": _mle(graph),
    }


def _twonn(graph: Neighbors) -> float:
    if graph.k < 2:
        return float("nan")
    far = graph.distances[:, :2].astype(np.float64)
    far = far[far[:, 0] > 0]
    ratio = np.sort(np.log(far[:, 1] / far[:, 0]))
    cut = int(TWONN_SHARE * len(ratio))
    rank = -np.log(1 - np.arange(1, len(ratio) + 1) / (len(ratio) + 1))
    below = ratio[:cut]
    size = float(below @ below)
    return float(below @ rank[:cut] / size) if size > 0 else float("nan")


def _mle(graph: Neighbors) -> float:
    far = graph.distances[:, :K_DIMENSION].astype(np.float64)
    far = far[far[:, 0] > 0]
    if not len(far) or far.shape[1] < 2:
        return float("nan")
    mean = float(np.log(far[:, -1:] / far[:, :-1]).mean())
    return 1 / mean if mean > 0 else float("nan")


def label_figures(
    vectors: Vectors, sums: Moments, graph: Neighbors | None, labels: AnyArray
) -> tuple[dict[str, float], list[str]]:
    """Return the figures of labels, (n_points,) int, -1 for none, and what is to be said."""
    known = np.flatnonzero(labels >= 0)
    names, code = np.unique(labels[known], return_inverse=True)
    n_classes, warnings = len(names), []
    if len(known) < len(labels):
        warnings.append(f"{len(labels) - len(known):,} points have no label and are left out.")
    if n_classes < 2 or n_classes > len(known) // 2:
        warnings.append(
            f"The figures of labels need from 2 classes to one for every 2 points. Got "
            f"{n_classes:,} of {len(known):,} points."
        )
        return {}, warnings
    found = {}
    if graph is not None:
        near = graph.indices[known, : min(K_HUBS, graph.k)]
        found["label_agreement"] = float((labels[near] == labels[known, None]).mean())
    counts = np.bincount(code)
    centers = np.zeros((n_classes, vectors.shape[1]))
    for start in range(0, len(known), _CHUNK):
        some = slice(start, start + _CHUNK)
        np.add.at(centers, code[some], np.asarray(vectors[known[some]], np.float64))
    centers /= counts[:, None]
    with one_blas_thread():
        within, right = _within(vectors, sums, known, code, centers)
        found["nearest_center"] = right / len(known)
        found |= _collapse(within, centers)
    if found["nc1"] != found["nc1"]:
        warnings.append("NC1 is not defined in so many dimensions, or the class means are equal.")
    return found, warnings


def _within(
    vectors: Vectors, sums: Moments, known: AnyArray, code: AnyArray, centers: AnyArray
) -> tuple[AnyArray, int]:
    """Return the within-class covariance (its diagonal in many dimensions), and who is near."""
    n_dims, n_right = vectors.shape[1], 0
    is_whole = sums.gram is not None
    within = np.zeros((n_dims, n_dims) if is_whole else n_dims)
    squares = (centers**2).sum(axis=1)
    for start in range(0, len(known), _CHUNK):
        some = slice(start, start + _CHUNK)
        wide = np.asarray(vectors[known[some]], np.float64)
        far = squares - 2 * wide @ centers.T
        n_right += int((far.argmin(axis=1) == code[some]).sum())
        wide = wide - centers[code[some]]
        within += wide.T @ wide if is_whole else (wide**2).sum(axis=0)
    return within / len(known), n_right


def _collapse(within: AnyArray, centers: AnyArray) -> dict[str, float]:
    n_classes = len(centers)
    between = centers - centers.mean(axis=0)
    spread = float((between**2).sum() / n_classes)
    trace = float(np.trace(within) if within.ndim == 2 else within.sum())
    nothing = dict.fromkeys(("within_between", "nc1", "nc2_norms", "nc2_angles"), float("nan"))
    if spread == 0:
        return nothing
    nothing["within_between"] = trace / spread
    if within.ndim == 2:
        # The pseudo-inverse of the between-class covariance, by the few class means.
        _, sizes, ways = np.linalg.svd(between / np.sqrt(n_classes), full_matrices=False)
        strong = sizes**2 > _RANK * sizes[0] ** 2
        ways = ways[strong]
        nothing["nc1"] = float(
            (np.einsum("ij,jk,ik->i", ways, within, ways) / sizes[strong] ** 2).sum() / n_classes
        )
    lengths = np.sqrt((between**2).sum(axis=1))
    nothing["nc2_norms"] = float(lengths.std() / lengths.mean())
    if lengths.min() > 0:
        units = between / lengths[:, None]
        cosines = (units @ units.T)[np.triu_indices(n_classes, 1)]
        nothing["nc2_angles"] = float(np.abs(cosines + 1 / (n_classes - 1)).mean())
    return nothing

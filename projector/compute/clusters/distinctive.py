"""What is distinctive of each cluster: terms by class-based TF-IDF, categories by their share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.typing import AnyArray

#: Terms and categories that are said of each cluster at most.
MOST_SAID = 10
#: What is said of a cluster is so many times more frequent in it than elsewhere.
LEAST_LIFT = 2.0
#: ... and stands in so large a share of its texts at least, and in so many of them.
_LEAST_SHARE, _LEAST_TEXTS = 0.02, 2


@dataclass(frozen=True)
class Said:
    """A term or a category that is distinctive of a cluster.

    Attributes
    ----------
    code : int
        Which one.
    weight : float
        Class-based TF-IDF of a term, times 1,000; of a category its share.
    share : float
        Of the cluster's texts that have it, 0 to 1.
    lift : float
        How many times more frequent it is in the cluster than elsewhere.
    """

    code: int
    weight: float
    share: float
    lift: float


def distinctive_terms(
    codes: NDArray[np.int32], offsets: NDArray[np.int64], labels: NDArray[np.int32]
) -> list[list[Said]]:
    """Return the terms that are distinctive of each cluster, the most distinctive first.

    Parameters
    ----------
    codes : ndarray of shape (n_found,), int32
        Text `i` has the terms ``codes[offsets[i]:offsets[i + 1]]``, none twice.
    offsets : ndarray of shape (n_texts + 1,), int64
    labels : ndarray of shape (n_texts,), int32
        The cluster of each text, -1 for none.

    Returns
    -------
    list of list of Said
        For each cluster at most `MOST_SAID`.

    Notes
    -----
    A term weighs ``f(t, c) / |c| · log(1 + A / f(t))``: its share of the cluster's terms, and the
    mean number of terms of a cluster over its frequency in all of them (Grootendorst 2022); texts
    without a cluster count as one more. A word that is about as frequent elsewhere is a stop word
    of this data: no list of them is needed, in any language.
    """
    n_clusters = int(labels.max(initial=-1)) + 1
    n_terms = int(codes.max(initial=-1)) + 1
    lengths = np.diff(offsets)
    n_texts = np.bincount(labels[lengths > 0] + 1, minlength=n_clusters + 1)
    counts = _counts(codes, np.repeat(labels, lengths), n_clusters, n_terms)
    of_all = np.asarray(counts.sum(axis=0)).ravel()
    in_class = np.asarray(counts.sum(axis=1)).ravel()
    mean_length = in_class.sum() / max(1, np.count_nonzero(in_class))
    rarity = np.log1p(mean_length / np.maximum(of_all, 1))
    found = []
    for cluster in range(n_clusters):
        row = counts[cluster + 1]
        n = row.data.astype(np.float64)
        weight = 1000 * n / max(1, in_class[cluster + 1]) * rarity[row.indices]
        size = int(n_texts[cluster + 1])
        lift = _lift(n, of_all[row.indices] - n, size, int(n_texts.sum()) - size)
        share = n / max(1, size)
        kept = (lift >= LEAST_LIFT) & (share >= _LEAST_SHARE) & (n >= _LEAST_TEXTS)
        found.append(_first(row.indices, weight, share, lift, kept))
    return found


def distinctive_categories(codes: NDArray[np.int32], labels: NDArray[np.int32]) -> list[list[Said]]:
    """Return the categories that each cluster holds most, the largest share first.

    Parameters
    ----------
    codes : ndarray of shape (n_points,), int32
        The category of each point, -1 where it is missing.
    labels : ndarray of shape (n_points,), int32
        The cluster of each point, -1 for none.
    """
    n_clusters = int(labels.max(initial=-1)) + 1
    n_categories = int(codes.max(initial=-1)) + 1
    sizes = np.bincount(labels + 1, minlength=n_clusters + 1)
    present = codes >= 0
    counts = _counts(codes[present], labels[present], n_clusters, n_categories)
    of_all = np.asarray(counts.sum(axis=0)).ravel()
    found = []
    for cluster in range(n_clusters):
        row = counts[cluster + 1]
        n = row.data.astype(np.float64)
        size = int(sizes[cluster + 1])
        lift = _lift(n, of_all[row.indices] - n, size, len(labels) - size)
        share = n / max(1, size)
        found.append(_first(row.indices, share, share, lift, n >= _LEAST_TEXTS))
    return found


def _counts(codes: AnyArray, labels: AnyArray, n_clusters: int, n_names: int) -> Any:
    """Return how often each name stands in each cluster, noise in the first row."""
    from scipy.sparse import coo_matrix

    ones = np.ones(len(codes), np.int64)
    shape = (n_clusters + 1, n_names)
    counts = coo_matrix((ones, (labels.astype(np.int64) + 1, codes)), shape=shape).tocsr()
    counts.sum_duplicates()
    return counts


def _lift(n: AnyArray, n_other: AnyArray, size: int, n_others: int) -> AnyArray:
    """Return the share inside over the share outside; half a point is added to both."""
    inside = (n + 0.5) / (size + 1)
    return np.asarray(inside / ((n_other + 0.5) / (n_others + 1)))


def _first(
    codes: AnyArray, weight: AnyArray, share: AnyArray, lift: AnyArray, kept: AnyArray
) -> list[Said]:
    some = np.flatnonzero(kept)
    order = some[np.lexsort((codes[some], -weight[some]))][:MOST_SAID]
    return [Said(int(codes[i]), float(weight[i]), float(share[i]), float(lift[i])) for i in order]

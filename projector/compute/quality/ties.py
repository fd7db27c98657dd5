"""Ranks in which ties share their mean, and the weights of neighbors that tie for a place."""

from __future__ import annotations

import numpy as np

from projector.compute.neighbors.space import Space
from projector.compute.neighbors.sparse_search import squared_lengths
from projector.model.sparse_rows import sparse_rows
from projector.typing import AnyArray

#: Sums of d terms in two orders differ by at most d of these (Higham 2002, section 4.2).
_ROUNDING = 2.0**-52
#: Lengths of unit vectors and products of vectors of length 1 are equal within this.
_SAME_LENGTH = 1e-15


def same_share(n_dims: int) -> float:
    """Return within which share of each other rank values are equal."""
    return (n_dims + 4) * _ROUNDING


def tolerance(space: Space, queries: AnyArray, candidates: AnyArray, ranks: AnyArray) -> AnyArray:
    """Return within how much of `ranks`, those of queries and candidates, others are equal."""
    same = same_share(space.n_dims)
    if space.metric == "inner_product":
        if space.sparse is not None:
            own = np.sqrt(squared_lengths(sparse_rows(queries)))
            lengths = np.sqrt(squared_lengths(space.sparse))
            return np.asarray(_SAME_LENGTH * own[:, None] * lengths[candidates])
        size = np.sqrt((queries**2).sum(axis=1))[:, None]
        near = np.asarray(space.vectors[candidates], np.float64)
        return np.asarray(_SAME_LENGTH * size * np.sqrt((near**2).sum(axis=2)))
    if space.is_angular or space.metric == "haversine":
        return np.asarray(same * ranks + _SAME_LENGTH * np.sqrt(ranks))
    return np.asarray(same * ranks)


def mean_ranks(values: AnyArray, same: float, wanted: AnyArray) -> AnyArray:
    """Return the rank of each wanted value in its row, from 1; equal ones have the mean of theirs.

    Values within the share `same` of each other are equal. What is not wanted has rank 0.

    Parameters
    ----------
    values : ndarray of shape (n_rows, n_values), float64
    same : float
    wanted : ndarray of shape (n_rows, n_values), bool
    """
    from projector.compute.quality.kernels import rank_wanted

    found = np.zeros(values.shape)
    rank_wanted(values, np.sort(values, axis=1), wanted, same, found)
    return found


def weights(values: AnyArray, limits: AnyArray, k: int) -> tuple[AnyArray, AnyArray]:
    """Return how much of each value belongs to the `k` smallest of its row, and who ties.

    Parameters
    ----------
    values : ndarray of shape (n_rows, n_values)
    limits : ndarray of shape (n_rows, 2)
        From where to where a value equals the k-th. These share what is left of the k places.

    Returns
    -------
    weights : ndarray of shape (n_rows, n_values)
    is_level : ndarray of shape (n_rows, n_values), bool
    """
    is_nearer = values < limits[:, :1]
    is_level = ~is_nearer & (values <= limits[:, 1:])
    left = np.maximum(0, k - is_nearer.sum(axis=1, keepdims=True))
    share = left / np.maximum(1, is_level.sum(axis=1, keepdims=True))
    return is_nearer + is_level * share, is_level

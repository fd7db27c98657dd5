"""Ranks in which ties share their mean, and the weights of neighbors that tie for a place."""

from __future__ import annotations

import numpy as np

from projector.compute.neighbors.space import Space
from projector.typing import AnyArray

#: Rank values within this share of each other are equal: sums of the same terms in another order
#: differ by less.
_SAME = 1e-12
#: The same for the lengths of unit vectors, and for products of vectors of length 1.
_SAME_LENGTH = 1e-15


def tolerance(space: Space, queries: AnyArray, candidates: AnyArray, ranks: AnyArray) -> AnyArray:
    """Return within how much of `ranks`, those of queries and candidates, others are equal."""
    if space.metric == "inner_product":
        size = np.sqrt((queries**2).sum(axis=1))[:, None]
        near = np.asarray(space.vectors[candidates], np.float64)
        return np.asarray(_SAME_LENGTH * size * np.sqrt((near**2).sum(axis=2)))
    if space.metric == "cosine":
        return np.asarray(_SAME * ranks + _SAME_LENGTH * np.sqrt(ranks))
    return np.asarray(_SAME * ranks)


def mean_ranks(values: AnyArray) -> AnyArray:
    """Return the rank of each value in its row, from 1; equal ones have the mean of theirs."""
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    n_rows, n_values = values.shape
    gap = np.diff(ordered, axis=1) > _SAME * np.abs(ordered[:, 1:])
    is_first = np.column_stack([np.ones(n_rows, np.bool_), gap])
    is_last = np.column_stack([gap, np.ones(n_rows, np.bool_)])
    places = np.arange(n_values)
    first = np.maximum.accumulate(np.where(is_first, places, 0), axis=1)
    last = np.where(is_last, places, n_values)[:, ::-1]
    last = np.minimum.accumulate(last, axis=1)[:, ::-1]
    found = np.empty(values.shape)
    np.put_along_axis(found, order, 1 + (first + last) / 2, axis=1)
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

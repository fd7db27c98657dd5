"""Distances that no matrix product estimates: in float64, one dimension after the other.

The compiled kernels (`scan`, `differences`) take the same terms in the same order, so that every
way to ask gives the same bits, and equal distances are equal everywhere.
"""

from __future__ import annotations

import numpy as np

from projector.typing import AnyArray, Metric

#: A distance where the share of nothing is asked for: numbers that cancel under braycurtis.
FARTHEST = 1e300


def direct_ranks(queries: AnyArray, near: AnyArray, metric: Metric) -> AnyArray:
    """Return the rank values of each query and its near vectors.

    Parameters
    ----------
    queries : ndarray of shape (n, n_dims), float64
    near : ndarray of shape (n, n_near, n_dims), float64
        Overwritten.
    metric : {"chebyshev", "canberra", "braycurtis", "hamming", "jaccard"}

    Returns
    -------
    ndarray of shape (n, n_near), float64
        The distances, as scipy defines them; 0 where it divides 0 by 0.
    """
    asked = queries[:, None, :]
    if metric == "hamming":
        return np.asarray((near != asked).sum(axis=2) / max(1, near.shape[2]))
    if metric == "jaccard":
        there, here = near != 0, asked != 0
        return share((there != here).sum(axis=2), (there | here).sum(axis=2))
    if metric == "braycurtis":
        sums = in_order(np.abs(near + asked))
        near -= asked
        return share(in_order(np.abs(near, out=near)), sums)
    if metric == "canberra":
        sums = np.abs(near) + np.abs(asked)
        near -= asked
        return in_order(np.divide(np.abs(near, out=near), sums, out=near, where=sums > 0))
    near -= asked
    return np.asarray(np.abs(near, out=near).max(axis=2, initial=0))


def in_order(terms: AnyArray) -> AnyArray:
    """Return sums over the last axis, from its first term to its last; `terms` is overwritten."""
    if not terms.shape[-1]:
        return np.zeros(terms.shape[:-1])
    return np.asarray(np.cumsum(terms, axis=-1, out=terms)[..., -1])


def share(part: AnyArray, whole: AnyArray) -> AnyArray:
    """Divide; 0 / 0 is 0, and anything else by 0 is farther than all others."""
    found = np.where(part > 0, FARTHEST, 0.0)
    return np.asarray(np.divide(part, whole, out=found, where=whole > 0))


def on_sphere(angles: AnyArray) -> AnyArray:
    """Return points of the unit sphere, (n, 3), for latitudes and longitudes, (n, 2), radians."""
    latitude, longitude = angles[:, 0], angles[:, 1]
    near_axis = np.cos(latitude)
    return np.column_stack(
        [near_axis * np.cos(longitude), near_axis * np.sin(longitude), np.sin(latitude)]
    )


def squared_chords(queries: AnyArray, near: AnyArray) -> AnyArray:
    """Return the squared chords of latitudes and longitudes: 4 sin² of half the great circle.

    Parameters
    ----------
    queries : ndarray of shape (n, 2), float64
    near : ndarray of shape (n, n_near, 2), float64
    """
    asked = queries[:, None, :]
    half = np.sin((near - asked) / 2) ** 2
    across = np.cos(asked[..., 0]) * np.cos(near[..., 0]) * half[..., 1]
    return np.asarray(np.maximum(0, 4 * (half[..., 0] + across)))

"""Groups of points that moved alike: what is worth looking at first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from projector.compute.change.procrustes import Shift
from projector.compute.change.states import KEPT_FEW
from projector.model.neighbors import Neighbors
from projector.typing import AnyArray

Kind: TypeAlias = Literal["moved together", "came apart", "mixed"]

#: Neighbors whose ways have at least this cosine are linked; so many linked points are a group.
SAME_WAY, LEAST_POINTS = 0.8, 5
#: Groups that are returned at most, the largest and most coherent.
MOST_GROUPS = 50
#: Edges compared at once, in numbers.
_CHUNK_SIZE = 2_000_000


@dataclass(frozen=True)
class Group:
    """Points that moved alike.

    Attributes
    ----------
    rows : ndarray of shape (n,), int64
        Ascending.
    kind : {"moved together", "came apart", "mixed"}
        With the neighbors they had, without them, or each a little differently.
    kept_inside : float
        Mean share of neighbors that they kept.
    way : ndarray of shape (n_dims,), float32
        Mean displacement, in sizes of the cloud.
    coherence : float
        Length of the mean of the directions, 0 to 1: 1 if all moved in the same direction.
    words : str
        A sentence for people.
    """

    rows: NDArray[np.int64] = field(repr=False)
    kind: Kind
    kept_inside: float
    way: NDArray[np.float32] = field(repr=False)
    coherence: float
    words: str

    @property
    def n(self) -> int:
        """Number of points."""
        return len(self.rows)


def find_groups(
    kept: NDArray[np.float32],
    moved: NDArray[np.bool_],
    shift: Shift,
    graphs: tuple[Neighbors, Neighbors],
    labels: tuple[AnyArray, list[str]] | None = None,
) -> tuple[Group, ...]:
    """Find groups of neighbors that moved in the same direction.

    Parameters
    ----------
    kept : ndarray of shape (n_points,), float32
    moved : ndarray of shape (n_points,), bool
    shift : Shift
    graphs : pair of Neighbors
        Before and after.
    labels : (codes, names), optional
        The category of each point, -1 where there is none; named in `words`.

    Returns
    -------
    tuple of Group
        By size times coherence, at most `MOST_GROUPS`.

    Notes
    -----
    Points that moved or kept fewer than half of their neighbors are linked with those of their
    neighbors, before and after, that moved the same way; connected points are a group. Time
    O(n_points k n_dims), unlike Emblaze's matrix of all pairs.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    chosen = np.flatnonzero((moved | (kept < KEPT_FEW)) & (shift.values > 0))
    if len(chosen) < LEAST_POINTS:
        return ()
    ways = shift.displacement(chosen)
    lengths = np.sqrt(np.einsum("ij,ij->i", ways, ways))
    ways /= np.maximum(lengths, 1e-30)[:, None]
    place = np.full(len(kept), -1, np.int64)
    place[chosen] = np.arange(len(chosen))
    starts, ends = _links(chosen, place, ways, graphs)
    linked = coo_matrix((np.ones(len(starts), np.int8), (starts, ends)), shape=(len(chosen),) * 2)
    _, part = connected_components(linked, directed=False)
    order = np.argsort(part, kind="stable")
    bounds = np.cumsum(np.bincount(part))[:-1]
    found = [
        _group(chosen[members], ways[members], lengths[members], kept, labels)
        for members in np.split(order, bounds)
        if len(members) >= LEAST_POINTS
    ]
    found.sort(key=lambda group: (-group.n * group.coherence, int(group.rows[0])))
    return tuple(found[:MOST_GROUPS])


def _links(
    chosen: AnyArray, place: AnyArray, ways: AnyArray, graphs: tuple[Neighbors, Neighbors]
) -> tuple[AnyArray, AnyArray]:
    starts, ends = [], []
    for graph in graphs:
        start = np.repeat(np.arange(len(chosen)), graph.k)
        end = place[graph.indices[chosen].ravel()]
        start, end = start[end >= 0], end[end >= 0]
        step = max(1, _CHUNK_SIZE // max(1, ways.shape[1]))
        for first in range(0, len(start), step):
            one, other = start[first : first + step], end[first : first + step]
            agree = np.einsum("ij,ij->i", ways[one], ways[other]) > SAME_WAY
            starts.append(one[agree])
            ends.append(other[agree])
    return np.concatenate([*starts, chosen[:0]]), np.concatenate([*ends, chosen[:0]])


def _group(
    rows: AnyArray,
    ways: AnyArray,
    lengths: AnyArray,
    kept: AnyArray,
    labels: tuple[AnyArray, list[str]] | None,
) -> Group:
    inside = float(kept[rows].mean(dtype=np.float64))
    coherence = float(np.linalg.norm(ways.mean(axis=0)))
    way = (ways * lengths[:, None]).mean(axis=0)
    kind: Kind = "mixed"
    if coherence >= SAME_WAY:
        kind = "moved together" if inside >= KEPT_FEW else "came apart"
    return Group(
        np.asarray(rows, np.int64),
        kind,
        inside,
        way.astype(np.float32),
        coherence,
        _words(rows, kind, inside, labels),
    )


_SAID = {
    "moved together": "{n:,} points moved together and kept {kept:.0%} of their neighbors",
    "came apart": "{n:,} points went the same way and kept only {kept:.0%} of their neighbors",
    "mixed": "{n:,} points moved, each another way, and kept {kept:.0%} of their neighbors",
}


def _words(
    rows: AnyArray, kind: Kind, inside: float, labels: tuple[AnyArray, list[str]] | None
) -> str:
    said = _SAID[kind].format(n=len(rows), kept=inside)
    if labels is None:
        return f"{said}."
    codes = labels[0][rows]
    known = codes[codes >= 0]
    if not len(known):
        return f"{said}."
    counts = np.bincount(known)
    most = int(counts.argmax())
    if 2 * counts[most] <= len(rows):
        return f"{said}."  # no label stands for them
    return f"{said}; {counts[most] / len(rows):.0%} have the label {labels[1][most][:60]}."

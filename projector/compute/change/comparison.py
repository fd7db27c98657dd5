"""Compares two sets of vectors of the same points: every figure of their change."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from projector.compute.change.groups import Group, find_groups
from projector.compute.change.kept import kept_share, n_tied
from projector.compute.change.likeness import procrustes_similarity, sampled, unbiased_cka
from projector.compute.change.procrustes import Shift, measure_shift
from projector.compute.change.states import STATES, has_moved, radii, states
from projector.compute.neighbors.space import Space, chunks, prepare
from projector.errors import DataError, ShapeError
from projector.model.neighbors import Neighbors
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.typing import AnyArray, Json, Metric, Vectors

#: From this share of moved points on, positions do not tell which moved and which stayed: motion
#: is relative. The fit itself holds up to 45 % in one block.
MAJORITY = 0.35


@dataclass(frozen=True)
class ChangeSummary:
    """What is to be said of the change as a whole.

    Attributes
    ----------
    k : int
        Neighbors that are compared.
    metric : str
    n_compared : int
        Points that both sides have, with finite vectors.
    kept, chance : float
        Mean share of kept neighbors, and what unrelated sets would keep.
    kept_error : float
        Standard error of that mean over the points.
    cka, cka_error : float
        Unbiased linear CKA; the error is 0 unless it was computed on a sample. NaN if undefined.
    procrustes, procrustes_error : float
        Procrustes similarity, NaN where it is withheld as biased.
    scale : float
        How many times as large the second set is.
    mirrored : bool or None
        Whether the second set is a mirror image; None if that cannot be told.
    explained : float
        Share of the second set's variance that the first one, laid on it, accounts for.
    moved : float
        Share of points that moved further than their neighborhood reaches.
    majority : bool
        Whether so many moved that positions do not tell what stayed.
    states : dict of str to int
        Points in each state.
    n_likeness : int
        Points that CKA and Procrustes similarity were computed on.
    warnings : tuple of str
    """

    k: int
    metric: Metric
    n_compared: int
    kept: float
    kept_error: float
    chance: float
    cka: float
    cka_error: float
    procrustes: float
    procrustes_error: float
    scale: float
    mirrored: bool | None
    explained: float
    moved: float
    majority: bool
    states: dict[str, int]
    n_likeness: int
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Return all of it as JSON, null for what is undefined."""
        about = {**vars(self), "states": dict(self.states), "warnings": list(self.warnings)}
        return {name: None if value != value else value for name, value in about.items()}


@dataclass(frozen=True)
class Change:
    """The change of each point; arrays of shape (n_points,).

    Attributes
    ----------
    kept, shift, radius : float32
    state : uint8
    groups : tuple of Group
    summary : ChangeSummary
    near_a, near_b : ndarray of shape (n_points, k), int32
        The neighbors that were compared.
    """

    kept: NDArray[np.float32] = field(repr=False)
    shift: NDArray[np.float32] = field(repr=False)
    radius: NDArray[np.float32] = field(repr=False)
    state: NDArray[np.uint8] = field(repr=False)
    groups: tuple[Group, ...]
    summary: ChangeSummary
    near_a: NDArray[np.int32] = field(repr=False)
    near_b: NDArray[np.int32] = field(repr=False)


def measure_change(
    a: Vectors,
    b: Vectors,
    graphs: tuple[Neighbors, Neighbors],
    k: int,
    *,
    labels: tuple[AnyArray, list[str]] | None = None,
    random_state: int = 0,
    progress: ProgressCallback = ignore_progress,
) -> Change:
    """Compare two sets of vectors of the same points.

    Parameters
    ----------
    a, b : ndarray of shape (n_points, n_dims_a) and (n_points, n_dims_b), float32
        Finite; row i is the same point in both.
    graphs : pair of Neighbors
        Of `a` and of `b`, under the same metric, of at least k neighbors; with more, ties for
        the k-th place are counted.
    k : int
    labels : (codes, names), optional
        The category of each point, -1 where there is none, for the words of groups.
    random_state : int
        Seed of samples.
    progress : callable

    Raises
    ------
    ShapeError
        Different numbers of points, or too few.
    DataError
        All vectors of one side are equal.
    """
    _check(a, b, k)
    metric = graphs[0].metric
    spaces = prepare(a, metric), prepare(b, metric)
    near = graphs[0].nearest(k), graphs[1].nearest(k)
    kept = kept_share((spaces[0], near[0]), (spaces[1], near[1]), progress=progress)
    seen_a, seen_b = (directions(each) if each.is_angular else each.vectors for each in spaces)
    shift = measure_shift(seen_a, seen_b, random_state=random_state, progress=progress)
    radius = radii(spaces[1], near[1], shift.size)
    moved = has_moved(shift.values, radius)
    state = states(kept, shift.values, radius)
    progress(Progress("groups", 0, 2))
    groups = find_groups(kept, moved, shift, near, labels)
    progress(Progress("groups", 1, 2))
    summary = _summary(kept, shift, moved, state, graphs, (a, b), k, random_state)
    summary = replace(summary, warnings=(*summary.warnings, *_ties(spaces, near, graphs)))
    progress(Progress("groups", 2, 2))
    return Change(
        kept, shift.values, radius, state, groups, summary, near[0].indices, near[1].indices
    )


def _check(a: Vectors, b: Vectors, k: int) -> None:
    if len(a) != len(b):
        raise ShapeError(f"{len(a):,} and {len(b):,} vectors: the points must be the same.")
    if len(a) < 3 or not 1 <= k <= len(a) - 1:
        raise ShapeError(
            f"{len(a):,} points with k = {k:,} cannot be compared: there must be at least 3 points "
            "and more than k."
        )
    for name, vectors in (("a", a), ("b", b)):
        if (vectors == vectors[0]).all():
            raise DataError(
                f"All {len(vectors):,} vectors of {name} are equal, so no point has nearest "
                "neighbors there. Compare with another step or run."
            )


def directions(space: Space) -> NDArray[np.float32]:
    """Return what an angular metric sees of vectors: those of length 1, zero where zero."""
    found = np.empty((space.n_points, space.n_dims), np.float32)
    for rows in chunks(space.n_points, space.n_dims):
        found[rows] = space.own_queries(rows)
    return found


def _summary(
    kept: NDArray[np.float32],
    shift: Shift,
    moved: NDArray[np.bool_],
    state: NDArray[np.uint8],
    graphs: tuple[Neighbors, Neighbors],
    vectors: tuple[Vectors, Vectors],
    k: int,
    random_state: int,
) -> ChangeSummary:
    n_points, fit = len(kept), shift.fit
    measure = partial(sampled, x=vectors[0], y=vectors[1], random_state=random_state)
    cka, cka_error, n_likeness = measure(unbiased_cka)
    alike, alike_error, _ = measure(procrustes_similarity)
    share = float(moved.mean())
    warnings = [*shift.warnings, *_recalls(graphs, k)]
    if n_likeness < n_points:
        warnings.append(
            f"CKA and Procrustes similarity are those of {n_likeness:,} of {n_points:,} points."
        )
    if np.isnan(alike):
        n_dims = max(vectors[0].shape[1], vectors[1].shape[1])
        warnings.append(
            f"The Procrustes similarity is withheld: of {n_points:,} points in {n_dims:,} "
            "dimensions it would be high for unrelated sets, too."
        )
    if share > MAJORITY:
        warnings.append(
            f"{share:.0%} of the points lie elsewhere than the others suggest: either these moved "
            "or all the others did, which positions cannot tell. Kept neighbors can."
        )
    return ChangeSummary(
        k=k,
        metric=graphs[0].metric,
        n_compared=n_points,
        kept=float(kept.mean(dtype=np.float64)),
        kept_error=float(kept.std(dtype=np.float64) / np.sqrt(n_points)),
        chance=k / (n_points - 1),
        cka=cka,
        cka_error=cka_error,
        procrustes=alike,
        procrustes_error=alike_error,
        scale=fit.scale,
        mirrored=fit.is_mirrored,
        explained=shift.explained,
        moved=share,
        majority=share > MAJORITY,
        states={name: int((state == at).sum()) for at, name in enumerate(STATES)},
        n_likeness=n_likeness,
        warnings=tuple(warnings),
    )


def _recalls(graphs: tuple[Neighbors, Neighbors], k: int) -> list[str]:
    near = [graph.nearest(k) for graph in graphs]
    if all(graph.exact for graph in near):
        return []
    found = " and ".join(f"{graph.recall:.1%} ± {graph.recall_error:.1%}" for graph in near)
    return [
        f"The neighbors were searched approximately: {found} of the true ones were found, so that "
        "unchanged points may seem to have lost some."
    ]


def _ties(
    spaces: tuple[Space, Space],
    near: tuple[Neighbors, Neighbors],
    graphs: tuple[Neighbors, Neighbors],
) -> list[str]:
    said = []
    for name, space, few, more in zip("ab", spaces, near, graphs, strict=True):
        tied = n_tied(space, few, more)
        if tied:
            noun = "1 point" if tied == 1 else f"{tied:,} points"
            verb = "has" if tied == 1 else "have"
            said.append(
                f"{noun} of {name} {verb} more than {few.k} neighbors at the same distance, "
                "such as duplicates: each of them counts as a neighbor."
            )
    return said

"""One frame for all steps: each is rotated, and scaled, onto their common mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.compute.change.procrustes import sample_rows
from projector.compute.linear.components import principal_components
from projector.compute.series.members import Member, folded
from projector.machine.blas_threads import one_blas_thread
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray

#: Points and leading components that the common frame is fitted on, and rounds of the fit.
FRAME_ROWS, FRAME_DIMS, ROUNDS = 5000, 128, 8
#: A residual counts as at least this share of the cloud's size.
_LEAST = 1e-3


@dataclass(frozen=True)
class Frame:
    """All steps in common axes.

    Attributes
    ----------
    places : list of ndarray of shape (n_own, n_components), float64
        Each step's own points along the directions of largest variance of all steps.
    sizes : tuple of float
        The size of each step: root of the mean squared distance from its middle.
    shares : tuple of float
        Share of each step's variance that the axes show.
    """

    places: list[AnyArray]
    sizes: tuple[float, ...]
    shares: tuple[float, ...]

    def mean(self, members: Sequence[Member], n_points: int) -> NDArray[np.float64]:
        """Return the mean place of each point over the steps that have it."""
        sums, counts = [], []
        for member, places in zip(members, self.places, strict=True):
            total = np.zeros((n_points, places.shape[1]))
            count = np.zeros((n_points, 1))
            total[member.points], count[member.points] = places, 1
            sums.append(total)
            counts.append(count)
        return np.asarray(folded(sums) / np.maximum(1, folded(counts)))


def common_frame(
    members: Sequence[Member],
    n_points: int,
    n_components: int,
    *,
    same_size: bool,
    progress: ProgressCallback,
) -> Frame:
    """Lay all steps on their common mean, and find the directions of its largest variance.

    Parameters
    ----------
    members : sequence of Member
    n_points : int
        Of the whole series.
    n_components : int
    same_size : bool
        Whether all steps are brought to one size.
    progress : callable

    Notes
    -----
    Generalized Procrustes analysis (Gower 1975) with robust weights 1 / residual, on at most
    `FRAME_ROWS` seeded points and `FRAME_DIMS` leading components. The first mean is the step
    whose content hash comes first, all steps are laid on it at once, and sums are folded: the order
    of the steps changes nothing.
    """
    seen = [_leading(each, progress) for each in members]
    sizes = [size for _, _, size in seen]
    common = float(folded([np.array(each) for each in sizes])) / len(sizes)
    scales = [size if same_size else common for size in sizes]
    units = [
        np.asarray(values, np.float64) / scale
        for (values, _, _), scale in zip(seen, scales, strict=True)
    ]
    with one_blas_thread():
        laid, turns = _fit(members, units, n_points, progress)
        spread = folded([each.T @ each for each in laid])
        axes = np.linalg.eigh(spread)[1][:, ::-1][:, :n_components]
        largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=0)[None], axis=0)
        axes = axes * np.where(largest < 0, -1.0, 1.0)
        places, shares = [], []
        for t, (middle, turn, onto) in enumerate(turns):
            at = (units[t] - middle) @ (turn @ axes) + onto @ axes
            places.append(_with_axes(at, n_components))
            varied = float(((at - at.mean(axis=0)) ** 2).sum()) * scales[t] ** 2
            total = seen[t][1]
            shares.append(min(1.0, varied / total) if total > 0 else 0.0)
    return Frame(places, tuple(sizes), tuple(shares))


def _with_axes(places: AnyArray, n_components: int) -> AnyArray:
    """Add axes of zeros where there are fewer dimensions than components."""
    missing = n_components - places.shape[1]
    return np.pad(places, ((0, 0), (0, missing))) if missing > 0 else places


def size_of(vectors: AnyArray) -> float:
    """Return the root of the mean squared distance from the middle; 1 if all are equal."""
    values = vectors - vectors.mean(axis=0, dtype=np.float64)
    size = float(np.sqrt(np.einsum("ij,ij->", values, values) / len(vectors)))
    return size if size > 0 else 1.0


def _leading(member: Member, progress: ProgressCallback) -> tuple[AnyArray, float, float]:
    """Return centered vectors in few dimensions, their sum of squares, and their size."""
    vectors = member.vectors
    if vectors.shape[1] > FRAME_DIMS:
        found = principal_components(vectors, FRAME_DIMS, progress=progress)
        values = np.asarray(found.scores(vectors, progress=progress), np.float64) * found.unit
        total = found.total_variance * max(1, len(vectors) - 1)
    else:
        values = vectors - vectors.mean(axis=0, dtype=np.float64)
        total = float(np.einsum("ij,ij->", values, values))
    size = float(np.sqrt(total / len(vectors)))
    return values, total, size if size > 0 else 1.0


def _fit(
    members: Sequence[Member],
    units: Sequence[AnyArray],
    n_points: int,
    progress: ProgressCallback,
) -> tuple[list[AnyArray], list[tuple[AnyArray, AnyArray, AnyArray]]]:
    """Return the sampled rows of each step on the mean, and how to get there."""
    n_dims = max(each.shape[1] for each in units)
    sample = sample_rows(n_points, FRAME_ROWS, 0)
    place = np.full(n_points, -1)
    place[sample] = np.arange(len(sample))
    rows = [np.flatnonzero(place[each.points] >= 0) for each in members]
    at = [place[each.points[row]] for each, row in zip(members, rows, strict=True)]
    some = [unit[row] for unit, row in zip(units, rows, strict=True)]
    first = min(range(len(members)), key=lambda t: (members[t].content, len(rows[t])))
    mean = np.full((len(sample), n_dims), np.nan)
    mean[at[first]] = _with_axes(some[first], n_dims)
    weights = [np.ones(len(each)) for each in some]
    laid: list[AnyArray] = []
    turns: list[tuple[AnyArray, AnyArray, AnyArray]] = []
    for done in range(ROUNDS):
        laid, turns = [], []
        for t, values in enumerate(some):
            onto = mean[at[t]]
            turn = _turn(values, onto, weights[t], n_dims)
            turns.append(turn)
            laid.append((values - turn[0]) @ turn[1] + turn[2])
            off = np.sqrt(((laid[t] - onto) ** 2).sum(axis=1))
            weights[t] = 1 / np.maximum(np.where(np.isfinite(off), off, 1.0), _LEAST)
        mean = _mean_of(laid, at, len(sample), n_dims)
        progress(Progress("common frame", done + 1, ROUNDS))
    return laid, turns


def _turn(
    values: AnyArray, onto: AnyArray, weights: AnyArray, n_dims: int
) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Return the weighted middle, rotation and target of one step; as it is without overlap."""
    is_known = np.isfinite(onto[:, 0])
    if not is_known.any():
        return np.zeros(values.shape[1]), np.eye(values.shape[1], n_dims), np.zeros(n_dims)
    values, onto, weights = values[is_known], onto[is_known], weights[is_known]
    weights = weights / weights.sum()
    middle, target = weights @ values, weights @ onto
    cross = ((values - middle) * weights[:, None]).T @ (onto - target)
    left, _, right = np.linalg.svd(cross, full_matrices=False)
    return middle, left @ right, target


def _mean_of(
    laid: Sequence[AnyArray], at: Sequence[AnyArray], n_rows: int, n_dims: int
) -> AnyArray:
    sums, counts = [], []
    for values, rows in zip(laid, at, strict=True):
        total, count = np.zeros((n_rows, n_dims)), np.zeros((n_rows, 1))
        total[rows], count[rows] = values, 1
        sums.append(total)
        counts.append(count)
    n = folded(counts)
    return np.where(n > 0, folded(sums) / np.maximum(1, n), np.nan)

"""Lays out a whole series at once: PCA in one frame, UMAP and t-SNE under a tether."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from projector.compute.common_parameters import whole
from projector.compute.initialization import completed
from projector.compute.series.frame import Frame, common_frame
from projector.compute.series.layouts import StepLayout, TsneStep, UmapStep, scaled
from projector.compute.series.members import Member, kept_between
from projector.compute.series.motion import Motion, changed_points, series_motion
from projector.compute.series.tether import K_TETHER, Tether, tether_weights
from projector.compute.tsne import tsne
from projector.compute.umap import umap
from projector.machine.blas_threads import one_blas_thread
from projector.model.parameters import Value
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Methods that lay out a series, and how strongly and how far each holds points by default.
TETHERS = {"pca": (0.0, 0), "umap": (1.0, 3), "tsne": (0.1, 1)}


@dataclass(frozen=True)
class SeriesInput:
    """What a series is laid out from.

    Attributes
    ----------
    members : sequence of Member
    n_points : int
        Points of the whole series.
    method : {"pca", "umap", "tsne"}
    params : mapping
        Every parameter of the method.
    tether : float
    window : int
        Steps on either side that hold a point.
    same_size : bool
        For PCA: whether all steps are brought to one size.
    shown : callable
        Returns the step whose positions are reported.
    progress : callable
    """

    members: Sequence[Member]
    n_points: int
    method: str
    params: Mapping[str, Value]
    tether: float
    window: int
    same_size: bool
    shown: Callable[[], int]
    progress: ProgressCallback


@dataclass(frozen=True)
class SeriesOutcome:
    """The layout of a series.

    Attributes
    ----------
    places : list of ndarray of shape (n_own, n_components), float32
        The positions of each step's own points.
    motion : tuple of Motion
        From each step to the next.
    details : dict
    changed : tuple of ndarray of shape (n_changed,), int64
        The points that changed most from each step to the next (see `changed_points`).
    """

    places: list[NDArray[np.float32]]
    motion: tuple[Motion, ...]
    details: dict[str, Any]
    changed: tuple[NDArray[np.int64], ...] = ()


def lay_out_series(inputs: SeriesInput) -> SeriesOutcome:
    """Lay out all steps at once.

    Notes
    -----
    All steps start at one place and advance in lockstep; after every round each point takes an
    implicit step towards itself at the steps around, as strongly as it kept its neighbors
    (`kernels.pull_together`): stable for any strength. The steps in reverse give the layouts in
    reverse, to the last bit.
    """
    members, progress = inputs.members, inputs.progress
    n_components = whole(inputs.params["n_components"])
    frame = common_frame(
        members, inputs.n_points, n_components, same_size=inputs.same_size, progress=progress
    )
    details: dict[str, Any] = {"sizes": list(frame.sizes)}
    if inputs.method == "pca":
        places = [np.asarray(each, np.float32) for each in frame.places]
        details["explained_variance_ratio"] = list(frame.shares)
    else:
        weights = tether_weights(members, inputs.n_points, inputs.window, progress=progress)
        lay_out = _umap if inputs.method == "umap" else _tsne
        places = lay_out(inputs, frame, weights)
    motion, changed = changes_of(members, places, inputs.n_points)
    return SeriesOutcome(places, motion, details, changed)


def motion_of(
    members: Sequence[Member], places: Sequence[AnyArray], n_points: int
) -> tuple[Motion, ...]:
    """Return the motion from each step to the next, by their graphs; none without graphs."""
    return changes_of(members, places, n_points)[0]


def changes_of(
    members: Sequence[Member], places: Sequence[AnyArray], n_points: int
) -> tuple[tuple[Motion, ...], tuple[NDArray[np.int64], ...]]:
    """Return the motion from each step to the next, and what changed; nothing without graphs."""
    if any(each.graph is None for each in members):
        return (), ()
    kept = [kept_between(one, other, K_TETHER, n_points) for one, other in pairwise(members)]
    return series_motion(places, members, kept), changed_points(places, members, kept)


def _umap(
    inputs: SeriesInput, frame: Frame, weights: NDArray[np.float32]
) -> list[NDArray[np.float32]]:
    members, params, progress = inputs.members, inputs.params, inputs.progress
    steps = []
    for done, member in enumerate(members):
        steps.append(UmapStep(member, params, progress))
        progress(Progress("graphs", done + 1, len(members)))
    start = frame.mean(members, inputs.n_points).astype(np.float32)
    init = str(params["init"])
    if init == "random":
        rng = np.random.default_rng(whole(params["random_state"]))
        start = rng.uniform(-umap.EXTENT, umap.EXTENT, start.shape).astype(np.float32)
    elif init == "spectral":
        from projector.compute.spectral import spectral_start

        mean = _mean_graph([each.graph for each in steps], members, inputs.n_points)
        with one_blas_thread():
            start = spectral_start(mean, scaled(start, 1.0, 0), progress=progress)
    start = scaled(start, umap.EXTENT, whole(params["random_state"]))
    n_rounds = max(each.n_rounds for each in steps)
    for step in steps:
        step.begin(n_rounds)
    return _advance(inputs, steps, Tether(members, start, weights), n_rounds)


def _tsne(
    inputs: SeriesInput, frame: Frame, weights: NDArray[np.float32]
) -> list[NDArray[np.float32]]:
    members, params, progress = inputs.members, inputs.params, inputs.progress
    seed = whole(params["random_state"])
    start = frame.mean(members, inputs.n_points)
    if params["init"] == "random":
        start = np.random.default_rng(seed).uniform(-1, 1, start.shape)
    tether = Tether(members, scaled(start, tsne.EXTENT, seed), weights)
    steps = []
    for t, member in enumerate(members):
        step = TsneStep(member, params, progress)
        step.begin(tether.of_step(t))
        steps.append(step)
        progress(Progress("graphs", t + 1, len(members)))
    return _advance(inputs, steps, tether, whole(params["n_iter"]))


def _advance(
    inputs: SeriesInput,
    steps: Sequence[StepLayout],
    tether: Tether,
    n_rounds: int,
    moving: Sequence[int] | None = None,
) -> list[NDArray[np.float32]]:
    """Advance all steps, or those in `moving`, in lockstep; pull them together after each round."""
    progress, n_steps = inputs.progress, len(steps)
    for done in range(n_rounds):

        def between(report: Progress, done: int = done) -> None:
            del report
            progress(Progress("layout", done, n_rounds, tether.everywhere(inputs.shown())))

        for t in range(n_steps) if moving is None else moving:
            tether.put(t, steps[t].advance(tether.of_step(t), done, between))
            between(Progress("layout", done, n_rounds))
        tether.pull(steps[-1].strength(done, inputs.tether))
        at = tether.everywhere(inputs.shown())
        progress(Progress("layout", done + 1, n_rounds, at))
    return [np.array(tether.of_step(t)) for t in range(n_steps)]


def _mean_graph(
    graphs: Sequence[csr_matrix], members: Sequence[Member], n_points: int
) -> csr_matrix:
    """Return the mean of the steps' graphs over all points of the series, in any order the same."""
    from scipy.sparse import csr_matrix

    wide = []
    for graph, member in zip(graphs, members, strict=True):
        found = graph.astype(np.float64)
        if not member.has_all(n_points):
            rows = found.tocoo()
            at = (member.points[rows.row], member.points[rows.col])
            found = csr_matrix((rows.data, at), shape=(n_points, n_points))
        wide.append(found)
    n = len(wide)
    total = wide[n // 2] if n % 2 else csr_matrix((n_points, n_points))
    for one, other in zip(wide[: n // 2], wide[::-1], strict=False):
        total = total + (one + other)
    mean = csr_matrix(total, dtype=np.float32)
    mean.data /= np.float32(n)
    mean.eliminate_zeros()
    mean.sort_indices()
    return mean


def lay_out_beside(inputs: SeriesInput, earlier: Sequence[AnyArray]) -> NDArray[np.float32]:
    """Lay out the last step beside earlier ones, which stay where they are.

    Parameters
    ----------
    inputs : SeriesInput
        The last member is the new step.
    earlier : sequence of ndarray of shape (n_own, n_components), float32
        The positions of all members but the last.

    Returns
    -------
    ndarray of shape (n_own, n_components), float32

    Notes
    -----
    It starts where the step before is and is tethered to it. True motion is held back and
    continuity is lost, compared with the joint layout: for a step that was just written.
    """
    members, progress = inputs.members, inputs.progress
    n_components = whole(inputs.params["n_components"])
    weights = tether_weights(members, inputs.n_points, inputs.window, progress=progress)
    start = np.full((inputs.n_points, n_components), np.nan, np.float32)
    for member, places in zip(members[:-1], earlier, strict=True):
        start[member.points] = places
    new = members[-1]
    assert new.graph is not None, "a tethered step has a graph"
    own, _ = completed(start[new.points], new.graph.indices)
    start[new.points] = own
    start = np.where(np.isfinite(start), start, 0).astype(np.float32)
    fixed = [True] * (len(members) - 1) + [False]
    tether = Tether(members, start, weights, fixed)
    for t, places in enumerate(earlier):
        tether.put(t, places)
    last = len(members) - 1
    step = _begun(inputs, new, tether.of_step(last))
    return _advance(inputs, [step] * len(members), tether, step.n_rounds, [last])[-1]


def _begun(inputs: SeriesInput, member: Member, start: AnyArray) -> StepLayout:
    """Return the layout of one step alone, ready to advance from `start`."""
    if inputs.method == "umap":
        one = UmapStep(member, inputs.params, inputs.progress)
        one.begin(one.n_rounds)
        return one
    other = TsneStep(member, inputs.params, inputs.progress)
    other.begin(start)
    return other


def series_bytes(
    sizes: Sequence[tuple[int, int]], method: str, params: Mapping[str, Value], window: int
) -> int:
    """Estimate the bytes of laying out steps of (n_own, n_dims), from above, less the vectors."""
    largest = max(n for n, _ in sizes)
    n_components = whole(params["n_components"])
    total = 8 * max(n * min(d, 128) for n, d in sizes) * 2
    for n, d in sizes:
        # Scores in the common frame, positions twice, weights of the tether.
        total += n * (8 * min(d, 128) + 16 * n_components + 4 * window)
        if method != "pca":
            needed = umap.neighbors_needed if method == "umap" else tsne.neighbors_needed
            k, _ = needed(params, n)
            # The graph searched, and what the layout keeps of it.
            total += n * (8 * max(32, k) + 20 * k + 100)
    if method != "pca":
        k, _ = (umap.neighbors_needed if method == "umap" else tsne.neighbors_needed)(
            params, largest
        )
        total += largest * k * umap.BYTES_PER_EDGE
    return total

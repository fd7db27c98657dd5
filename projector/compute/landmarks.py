"""Lays out a sample of the points and places all others next to their nearest landmarks."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from projector.compute.method import Method, MethodInput, Outcome
from projector.compute.neighbors.exact import Search
from projector.compute.neighbors.space import prepare
from projector.compute.tsne.affinities import conditional_probabilities
from projector.errors import ParameterError, ShapeError
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.model.sparse_rows import sparse_of
from projector.typing import AnyArray, Json, Metric, Positions, Vectors

#: Nearest landmarks that a point is placed among, and their effective number.
N_NEAR, PERPLEXITY = 15, 5.0
#: Numbers multiplied between two reports.
BLOCK_WORK = 4_000_000_000


def place_among(
    vectors: Vectors,
    landmarks: Vectors,
    positions: Positions,
    *,
    metric: Metric = "euclidean",
    progress: ProgressCallback = ignore_progress,
) -> Positions:
    """Place points in a projection of others: the out-of-sample transform.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        May be a memory map; read in chunks.
    landmarks : ndarray of shape (n_landmarks, n_dims), float32
        The points of the projection.
    positions : ndarray of shape (n_landmarks, n_components), float32
    metric : str
    progress : callable

    Returns
    -------
    ndarray of shape (n_points, n_components), float32
        The mean of the nearest landmarks' positions, weighted as in t-SNE with a perplexity of
        5; a duplicate of a landmark gets its position, one of several the mean of theirs. A
        point's position does not depend on which others are placed with it.

    Raises
    ------
    ShapeError
        Different dimensions, or not one position for each landmark.
    """
    placing = Placing(landmarks, positions, metric)
    placing.check(vectors)
    found = np.empty((len(vectors), positions.shape[1]), np.float32)
    for start in range(0, len(vectors), placing.step):
        chunk = vectors[start : start + placing.step]
        found[start : start + len(chunk)] = placing.of(chunk)
        progress(Progress("placing", start + len(chunk), len(vectors)))
    return found


class Placing:
    """Landmarks with their positions, among which points are placed; see `place_among`.

    Prepared once for points that come in many pieces.

    Raises
    ------
    ShapeError
        Not one position for each landmark.
    """

    def __init__(self, landmarks: Vectors, positions: Positions, metric: Metric) -> None:
        self.landmarks, self.positions, self.metric = landmarks, positions, metric
        self.search = Search(prepare(landmarks, metric))
        #: Points that are placed at once.
        self.step = int(np.clip(BLOCK_WORK // max(1, landmarks.size), 16, 2048))
        self._k = min(N_NEAR, len(landmarks))
        self._middles: dict[int, AnyArray] = {}

    def check(self, vectors: Vectors) -> None:
        """Raise a ShapeError unless these vectors can be placed."""
        landmarks, positions = self.landmarks, self.positions
        if vectors.shape[1] != landmarks.shape[1] or len(landmarks) != len(positions):
            raise ShapeError(
                f"{len(positions):,} positions for landmarks of shape {landmarks.shape} and "
                f"vectors of shape {vectors.shape}: there must be one position for each landmark, "
                "and as many dimensions in both."
            )

    def of(self, chunk: AnyArray) -> AnyArray:
        """Place points, at most `step` of them."""
        chunk = chunk if sparse_of(chunk) is not None else np.asarray(chunk)
        near, ranks = self.search.of_queries(chunk, self._k)
        weights = conditional_probabilities(self.search.space.distances(ranks), PERPLEXITY)
        # Duplicates decide alone; a product of 0 is none.
        is_same = (ranks == 0) & (self.metric != "inner_product")
        weights = np.where(is_same.any(axis=1)[:, None], is_same, weights)
        weights /= weights.sum(axis=1, keepdims=True)
        placed = np.asarray((weights[:, :, None] * self.positions[near]).sum(axis=1))
        for row in np.flatnonzero(is_same.all(axis=1)):
            placed[row] = self._middle(chunk[row : row + 1], int(near[row, 0]))
        return placed

    def _middle(self, vector: AnyArray, first: int) -> AnyArray:
        """Return the mean position of all duplicates of a vector, of which `first` is one."""
        if first not in self._middles:
            space = self.search.space
            everyone = np.arange(space.n_points)
            if space.sparse is not None:
                is_same = space.ranks(space.queries(vector), everyone[None])[0] == 0
            else:
                query = np.broadcast_to(space.queries(vector), (space.n_points, space.n_dims))
                is_same = space.ranks(query, everyone[:, None])[:, 0] == 0
            self._middles[first] = self.positions[is_same].mean(axis=0, dtype=np.float64)
        return self._middles[first]


def draw_landmarks(n_points: int, n_landmarks: int, random_state: int) -> NDArray[np.int64]:
    """Draw landmarks at random.

    Returns
    -------
    ndarray of shape (n_landmarks,), int64
        Their rows, ascending, all different.
    """
    rng = np.random.default_rng(random_state)
    return np.sort(rng.choice(n_points, n_landmarks, replace=False)).astype(np.int64)


def project_landmarks(method: Method, inputs: MethodInput, *, n_landmarks: int) -> Outcome:
    """Lay out a random sample of the points and place all others among it.

    Parameters
    ----------
    method : Method
    inputs : MethodInput
        The vectors may be a memory map larger than memory: a sample and one chunk are read at a
        time. ``random_state`` is also the seed of the sample; ``neighbors`` and ``initial`` are
        ignored. Progress reports have positions of all points, at the center until they are
        placed.
    n_landmarks : int, at least 2
        If there are no more points than that, all of them are laid out.

    Returns
    -------
    Outcome
        ``details["landmarks"]`` is the size of the sample, and a warning states it.

    Raises
    ------
    ParameterError
        Fewer than 2 landmarks.
    """
    if n_landmarks < 2:
        raise ParameterError(f"There must be at least 2 landmarks. Got {n_landmarks}.")
    vectors, params, progress = inputs.vectors, inputs.params, inputs.progress
    n_points = len(vectors)
    inputs = replace(inputs, neighbors=None, initial=None)
    if n_landmarks >= n_points:
        return method.run(inputs)
    sample = draw_landmarks(n_points, n_landmarks, cast(int, params.get("random_state", 0)))
    landmarks = vectors[sample]
    if sparse_of(landmarks) is None:
        landmarks = np.ascontiguousarray(landmarks, np.float32)
    shown: AnyArray = np.zeros((n_points, cast(int, params["n_components"])), np.float32)

    def show_all(report: Progress) -> None:
        if report.positions is not None:
            shown[sample] = report.positions
            report = replace(report, positions=shown)
        progress(report)

    outcome = method.run(replace(inputs, vectors=landmarks, progress=show_all))
    metric = cast(Metric, params.get("metric", "euclidean"))
    positions = place_among(vectors, landmarks, outcome.positions, metric=metric, progress=progress)
    positions[sample] = outcome.positions
    progress(Progress("placing", n_points, n_points, positions))
    said = cast(list[Json], outcome.details.get("warnings", []))
    warning = placed_warning(n_landmarks, n_points)
    details: dict[str, Json] = {
        **outcome.details,
        "landmarks": n_landmarks,
        "warnings": [*said, warning],
    }
    return Outcome(positions, details)


def placed_warning(n_landmarks: int, n_points: int) -> str:
    """Return what is said of a projection with landmarks."""
    return (
        f"{n_landmarks:,} of {n_points:,} points were laid out; the others were placed next to "
        "their nearest landmarks."
    )

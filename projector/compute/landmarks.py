"""Lays out a sample of the points and places all others next to their nearest landmarks."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np

from projector.compute.method import Method, MethodInput, Outcome
from projector.compute.neighbors.exact import SLACK, nearest_rows
from projector.compute.neighbors.metrics import Space, prepare
from projector.compute.tsne.affinities import conditional_probabilities
from projector.errors import ParameterError, ShapeError
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.typing import AnyArray, Distances, Indices, Json, Metric, Positions, Vectors

#: Nearest landmarks that a point is placed among, and their effective number.
N_NEAR, PERPLEXITY = 15, 5.0
#: Numbers multiplied between two reports.
BLOCK_WORK = 4_000_000_000


def neighbors_among(space: Space, vectors: Vectors, k: int) -> tuple[Indices, Distances]:
    """Find the `k` points of `space` nearest to each of other vectors, exactly.

    Parameters
    ----------
    space : Space
        Made by `prepare`.
    vectors : ndarray of shape (n_queries, n_dims), float32
    k : int, 1 <= k <= space.n_points

    Returns
    -------
    indices : ndarray of shape (n_queries, k), int32
        Nearest first, ties by index.
    distances : ndarray of shape (n_queries, k), float32
    """
    rows, true_rows = space.like(vectors)
    n_near = min(space.n_points, k + SLACK)
    near = nearest_rows(rows, space.rows, space.squares, n_near, space.metric)[1]
    ranks = space.rank_queries(true_rows, near)
    order = np.lexsort((near, ranks))[:, :k]
    distances = space.distances(np.take_along_axis(ranks, order, axis=1))
    return np.take_along_axis(near, order, axis=1).astype(np.int32), distances


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
        5; a duplicate of a landmark gets its position.

    Raises
    ------
    ShapeError
        Different dimensions, or not one position for each landmark.
    """
    if vectors.shape[1] != landmarks.shape[1] or len(landmarks) != len(positions):
        raise ShapeError(
            f"{len(positions):,} positions for landmarks of shape {landmarks.shape} and vectors of "
            f"shape {vectors.shape}: there must be one position for each landmark, and as many "
            "dimensions in both."
        )
    space = prepare(landmarks, metric)
    k = min(N_NEAR, len(landmarks))
    found = np.empty((len(vectors), positions.shape[1]), np.float32)
    step = int(np.clip(BLOCK_WORK // max(1, landmarks.size), 16, 2048))
    for start in range(0, len(vectors), step):
        chunk = np.asarray(vectors[start : start + step])
        near, distances = neighbors_among(space, chunk, k)
        weights = conditional_probabilities(distances, PERPLEXITY)
        is_same = distances == 0
        # Duplicates decide alone.
        weights = np.where(is_same.any(axis=1)[:, None], is_same, weights)
        weights /= weights.sum(axis=1, keepdims=True)
        placed = np.einsum("ik,ikd->id", weights, positions[near])
        found[start : start + step] = placed
        progress(Progress("placing", start + len(chunk), len(vectors)))
    return found


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
    rng = np.random.default_rng(cast(int, params.get("random_state", 0)))
    sample = np.sort(rng.choice(n_points, n_landmarks, replace=False))
    landmarks = np.ascontiguousarray(vectors[sample], np.float32)
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
    warning = (
        f"{n_landmarks:,} of {n_points:,} points were laid out; the others were placed next to "
        "their nearest landmarks."
    )
    details: dict[str, Json] = {
        **outcome.details,
        "landmarks": n_landmarks,
        "warnings": [*said, warning],
    }
    return Outcome(positions, details)

"""Chooses landmarks among points in parts, and lays them out in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import cast

import numpy as np
from numpy.typing import NDArray

from projector.api.memory_check import check_fits
from projector.api.partitioned import tasks
from projector.api.partitioned.sources import Sources, rows_within
from projector.compute.landmarks import draw_landmarks
from projector.compute.method import Method, MethodInput
from projector.errors import ParameterError, ShapeError
from projector.jobs.executors.protocol import Executor, OnRows, Task
from projector.jobs.executors.reduction import run_all
from projector.model.parameters import Value
from projector.model.progress import ProgressCallback
from projector.typing import Json, Metric, Vectors

#: k-means++ draws from a random sample of this many points for each landmark, one after the other.
SAMPLE_FACTOR, MOST_SPREAD = 10, 20_000
CHOICES = ("random", "kmeans++")


def check_choice(choice: str, n_landmarks: int) -> None:
    """Raise a ParameterError unless landmarks can be chosen so."""
    if choice not in CHOICES:
        raise ParameterError(f"'landmarks_by' must be one of {', '.join(CHOICES)}. Got {choice!r}.")
    if choice == "kmeans++" and n_landmarks > MOST_SPREAD:
        raise ParameterError(
            f"k-means++ draws one landmark after the other, so that 'n_landmarks' must be at most "
            f"{MOST_SPREAD:,} with it. Got {n_landmarks:,}. Use landmarks_by='random'."
        )


def sampled_points(choice: str, n_landmarks: int, n_points: int) -> int:
    """Return how many points are read to choose landmarks."""
    wanted = n_landmarks * (SAMPLE_FACTOR if choice == "kmeans++" else 1)
    return min(wanted, n_points)


def chosen_landmarks(
    executor: Executor,
    sources: Sources,
    n_landmarks: int,
    *,
    choice: str,
    random_state: int,
    most_rows: int,
    on_rows: OnRows,
) -> tuple[NDArray[np.int64], Vectors, int]:
    """Choose landmarks, and read them from their parts.

    Returns
    -------
    rows : ndarray of shape (n_found,), int64
        In the whole dataset, ascending.
    vectors : ndarray of shape (n_found, n_dims), float32
    n_left_out : int
        Drawn rows with NaN or infinity.

    Raises
    ------
    ShapeError
        Fewer than two of them are finite.
    """
    n_drawn = sampled_points(choice, n_landmarks, sources.n_points)
    if n_drawn == sources.n_points:
        drawn = np.arange(n_drawn, dtype=np.int64)
    else:
        drawn = draw_landmarks(sources.n_points, n_drawn, random_state)
    rows, vectors = read_rows(executor, sources, drawn, most_rows, on_rows)
    n_left_out = n_drawn - len(rows)
    if choice == "kmeans++" and len(rows) > n_landmarks:
        spread = _spread(vectors, n_landmarks, random_state)
        rows, vectors = rows[spread], vectors[spread]
    if len(rows) < 2:
        raise ShapeError(
            f"{len(rows)} of {n_drawn:,} drawn points have no NaN or infinity. Expected at least 2."
        )
    return rows, vectors, n_left_out


def laid_out(
    method: Method,
    settings: dict[str, Value],
    rows: NDArray[np.int64],
    vectors: Vectors,
    progress: ProgressCallback,
) -> tuple[tasks.LaidOut, dict[str, Json]]:
    """Lay out landmarks as the method lays out all points; return its details, too.

    Raises
    ------
    MemoryLimitError
        They do not fit in memory.
    """
    own = {**settings, "n_landmarks": None}
    check_fits(method, len(vectors), vectors.shape[1], own, held=vectors.nbytes)
    # Reports of the layout have positions of the landmarks alone.
    outcome = method.run(
        MethodInput(vectors, own, progress=lambda report: progress(replace(report, positions=None)))
    )
    metric = cast(Metric, settings.get("metric") or "euclidean")
    return tasks.LaidOut(rows, vectors, outcome.positions, metric), dict(outcome.details)


def read_rows(
    executor: Executor,
    sources: Sources,
    wanted: NDArray[np.int64],
    most_rows: int,
    on_rows: OnRows,
) -> tuple[NDArray[np.int64], Vectors]:
    """Read some rows of the whole dataset; those with NaN or infinity are left out.

    Parameters
    ----------
    executor : Executor
    sources : Sources
    wanted : ndarray of int64
        Ascending, all different.
    most_rows : int
        Of a chunk.
    on_rows : callable

    Returns
    -------
    rows : ndarray of shape (n_found,), int64
        Ascending.
    vectors : ndarray of shape (n_found, n_dims), float32
    """
    submits: list[Callable[[], Task]] = []
    for part in sources.parts:
        own = rows_within(wanted, part.first_row, part.n_rows)
        if own.stop > own.start:
            submits.append(partial(executor.submit, tasks.picked, part, wanted[own], most_rows))
    found = [each for each in run_all(executor, submits, on_rows) if len(each[0])]
    found.sort(key=lambda each: int(each[0][0]))
    if not found:
        return np.empty(0, np.int64), np.empty((0, sources.n_dims), np.float32)
    rows = np.concatenate([each[0] for each in found])
    return rows, np.concatenate([each[1] for each in found])


def _spread(vectors: Vectors, count: int, random_state: int) -> NDArray[np.int64]:
    """Draw points far from those drawn before (Arthur and Vassilvitskii 2007)."""
    from sklearn.cluster import kmeans_plusplus

    _, chosen = kmeans_plusplus(vectors, count, random_state=random_state)
    # A duplicate may be drawn twice where there are few different points.
    return np.unique(np.asarray(chosen, np.int64))

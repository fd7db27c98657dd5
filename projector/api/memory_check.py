"""Estimates whether a projection fits in memory, before it starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from projector.api.neighbors import graph_size
from projector.api.options import laid_out
from projector.compute.health.moments import MOST_DIMS
from projector.compute.method import Method
from projector.compute.preprocess import preprocessing_bytes
from projector.errors import MemoryLimitError
from projector.machine.byte_size import byte_size
from projector.machine.memory import free_memory
from projector.machine.processors import usable_processors
from projector.model.parameters import Value

#: The interpreter, numpy and compiled kernels: what a process takes before it has any data.
_BASE = 256 << 20
#: Per point and neighbor: index, distance and their copies while the graph is searched.
_PER_EDGE = 16
#: Per point: positions, gradients, gains, random states.
_PER_POINT = 512


def needed_bytes(
    method: Method,
    n_points: int,
    n_dims: int,
    settings: Mapping[str, Value],
    held: int | None = None,
) -> int:
    """Estimate the peak memory of a projection, in bytes, from above; see `check_fits`."""
    # A memory map costs nothing until it is read.
    of_point = 4 * n_dims if held is None else 1 + held // max(1, n_points)
    total = _BASE + n_points * (of_point + _PER_POINT)
    total += preprocessing_bytes(settings, n_points, n_dims)
    n_laid_out = laid_out(settings, n_points)
    if method.neighbors_needed is not None:
        k, _ = method.neighbors_needed(settings, n_laid_out)
        total += n_laid_out * (of_point + graph_size(n_laid_out, k) * _PER_EDGE)
    if method.memory_needed is not None:
        total += method.memory_needed(settings, n_laid_out, n_dims)
    return total


def quality_bytes(n_points: int, n_dims: int, k: int) -> int:
    """Estimate the peak memory of measuring a projection's quality, in bytes, from above."""
    # Neighbors in the original space and in the projection, and ranks among them.
    return _BASE + n_points * (4 * n_dims + 4 * _PER_POINT + 3 * min(k, n_points) * _PER_EDGE)


def check_quality_fits(n_points: int, n_dims: int, k: int, *, returning: int = 0) -> None:
    """Refuse to measure quality where that cannot fit in memory; see `check_fits`."""
    needed, free = quality_bytes(n_points, n_dims, k), free_memory()
    if needed > free.n_bytes + returning:
        raise MemoryLimitError(
            f"Measuring the quality of {n_points:,} points with k = {k:,} needs about "
            f"{byte_size(needed)} of memory, but only {free}. {free.advice} or use a smaller k."
        )


def change_bytes(n_points: int, n_dims: tuple[int, int], k: int) -> int:
    """Estimate the peak memory of comparing two sets of vectors, in bytes, from above."""
    # Both sets, one of them once more while it is searched, two graphs, and points that moved.
    wide = 4 * (sum(n_dims) + 2 * max(n_dims))
    return _BASE + n_points * (wide + _PER_POINT + 2 * graph_size(n_points, k) * _PER_EDGE)


def check_change_fits(
    n_points: int, n_dims: tuple[int, int], k: int, *, returning: int = 0
) -> None:
    """Refuse to compare two sets of vectors where that cannot fit in memory; see `check_fits`."""
    needed, free = change_bytes(n_points, n_dims, k), free_memory()
    if needed > free.n_bytes + returning:
        raise MemoryLimitError(
            f"Comparing {n_points:,} points in {n_dims[0]:,} and {n_dims[1]:,} dimensions with "
            f"k = {k:,} needs about {byte_size(needed)} of memory, but only {free}. {free.advice} "
            "or compare a part of the points."
        )


def health_bytes(n_points: int, n_dims: int) -> int:
    """Estimate the peak memory of measuring an embedding's health, in bytes, from above."""
    side = min(n_dims, MOST_DIMS)
    covariance = 8 * side * side * (4 + min(usable_processors(), 8))
    graph = graph_size(max(2, n_points), 15) * _PER_EDGE
    return _BASE + covariance + n_points * (8 * n_dims + _PER_POINT + graph)


def check_health_fits(
    n_points: int, n_dims: int, *, returning: int = 0, what: str = "health"
) -> None:
    """Refuse to measure what cannot fit in memory: health, or `what` needs as much.

    See `check_fits`.
    """
    needed, free = health_bytes(n_points, n_dims), free_memory()
    if needed > free.n_bytes + returning:
        raise MemoryLimitError(
            f"Measuring the {what} of {n_points:,} x {n_dims:,} needs about {byte_size(needed)} of "
            f"memory, but only {free}. {free.advice} or use fewer points."
        )


def clusters_bytes(n_points: int, n_dims: int, k: int, n_landmarks: int = 0) -> int:
    """Estimate the peak memory of finding clusters, in bytes, from above.

    0 landmarks stand for a graph of all points.
    """
    in_graph = n_landmarks or n_points
    edges = graph_size(max(2, in_graph), k) * _PER_EDGE + 2 * k * _PER_EDGE
    whole = _BASE + in_graph * (8 * n_dims + _PER_POINT + edges)
    return whole + (n_points * (4 * n_dims + _PER_POINT) if n_landmarks else 0)


def check_clusters_fit(
    n_points: int, n_dims: int, k: int, n_landmarks: int = 0, *, returning: int = 0
) -> None:
    """Refuse to look for clusters where that cannot fit in memory; see `check_fits`."""
    needed, free = clusters_bytes(n_points, n_dims, k, n_landmarks), free_memory()
    if needed > free.n_bytes + returning:
        raise MemoryLimitError(
            f"Finding clusters of {n_points:,} x {n_dims:,} needs about {byte_size(needed)} of "
            f"memory, but only {free}. {free.advice} or use fewer neighbors (n_neighbors) "
            "or landmarks (n_landmarks)."
        )


def series_needs(
    sizes: Sequence[tuple[int, int]], method: str, settings: Mapping[str, Value], window: int
) -> int:
    """Estimate the peak memory of laying out a series, in bytes, from above."""
    from projector.compute.series.joint import series_bytes

    # A file's map costs nothing until it is read; one step's vectors are read at a time.
    largest = max(4 * n * d for n, d in sizes)
    return _BASE + 3 * largest + series_bytes(sizes, method, settings, window)


def check_series_fits(
    sizes: Sequence[tuple[int, int]],
    method: str,
    settings: Mapping[str, Value],
    window: int,
    *,
    returning: int = 0,
) -> None:
    """Refuse to lay out a series, steps of (n_points, n_dims), where that cannot fit in memory."""
    needed, free = series_needs(sizes, method, settings, window), free_memory()
    if needed > free.n_bytes + returning:
        n_points = max(n for n, _ in sizes)
        raise MemoryLimitError(
            f"A series of {len(sizes):,} steps with up to {n_points:,} points needs about "
            f"{byte_size(needed)} of memory, but only {free}. {free.advice} or take every second "
            "step (every=2)."
        )


def check_fits(
    method: Method,
    n_points: int,
    n_dims: int,
    settings: Mapping[str, Value],
    *,
    held: int | None = None,
    returning: int = 0,
) -> None:
    """Refuse a projection that cannot fit in memory, by any limit.

    Parameters
    ----------
    method : Method
    n_points, n_dims : int
    settings : mapping
    held : int, optional
        Bytes of the vectors, where sparse ones take fewer than four for each number.
    returning : int
        Bytes that are taken now and will be free when the projection starts: those of the jobs
        that it waits for.

    Raises
    ------
    MemoryLimitError
        With the numbers and what to do.
    """
    needed = needed_bytes(method, n_points, n_dims, settings, held)
    free = free_memory()
    if needed > free.n_bytes + returning:
        advice = " or use fewer points."
        if method.neighbors_needed is not None:
            advice = (
                ", use fewer neighbors (n_neighbors or perplexity), lay out only a sample "
                "(n_landmarks), or use PCA."
            )
        raise MemoryLimitError(
            f"{method.title} of {n_points:,} x {n_dims:,} needs about {byte_size(needed)} of "
            f"memory, but only {free}. {free.advice}{advice}"
        )

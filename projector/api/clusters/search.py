"""Finds clusters without names, or loads those that were found before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from projector.api.clusters.settings import ClusterSettings
from projector.api.memory_check import check_clusters_fit
from projector.api.neighbors import Graphs
from projector.api.result_store import load_stored, part, result_key
from projector.compute.neighbors.search import find_neighbors
from projector.errors import ShapeError
from projector.jobs.cache import ResultCache
from projector.jobs.cache_entry import Stored
from projector.model.dataset import Dataset
from projector.model.neighbors import Neighbors
from projector.model.progress import ProgressCallback
from projector.typing import AnyArray, Metric, Positions, Vectors

if TYPE_CHECKING:
    from projector.compute.clusters.find import Found
    from projector.compute.clusters.landmarks import FoundByLandmarks

#: Increased when other clusters are found than before.
CLUSTERS_VERSION = 3
#: More points without a graph are clustered by landmarks, and by so many of them: a graph of a
#: million points takes minutes.
MOST_WITHOUT_GRAPH, N_LANDMARKS = 200_000, 100_000
#: The least size of a cluster of a few points.
_LEAST_SIZE = 5
SpaceName: TypeAlias = Literal["original", "projection"]


@dataclass(frozen=True)
class UnnamedClusters:
    """What is stored: clusters without their names.

    Attributes
    ----------
    labels, parents, central : tuple of ndarray
        Of each level, the coarsest first (see `projector.compute.clusters.find.Found`).
    sizes : tuple of int
        Least sizes of the levels.
    degree : ndarray of shape (n_points,), int32
    space, metric : str
    warnings : tuple of str
    n_landmarks : int
        0 where all points were clustered.
    """

    labels: tuple[AnyArray, ...]
    parents: tuple[AnyArray, ...]
    central: tuple[AnyArray, ...]
    sizes: tuple[int, ...]
    degree: AnyArray
    space: SpaceName
    metric: str
    warnings: tuple[str, ...]
    n_landmarks: int = 0


def clusters_key(dataset: Dataset, positions: Positions | None, settings: ClusterSettings) -> str:
    """Return the key of a result: equal for equal questions."""
    about = {**vars(settings), "version": CLUSTERS_VERSION}
    if positions is not None:
        about = {**about, "metric": "euclidean", "positions": Dataset(positions).content_hash}
    return result_key("clusters", dataset.content_hash, about)


def found_clusters(
    dataset: Dataset,
    positions: Positions | None,
    settings: ClusterSettings,
    cache: ResultCache,
    progress: ProgressCallback,
) -> UnnamedClusters:
    """Return the clusters of a dataset, found or loaded.

    Those of all points where they are stored or their graph is; else by landmarks if there are
    many points, unless the settings say how many.
    """

    def stored(settings: ClusterSettings) -> UnnamedClusters | None:
        key = clusters_key(dataset, positions, settings)
        return load_stored(cache, key, lambda each: _rebuild(each, dataset.n_points))

    n_landmarks = landmarks_of(settings, dataset.n_points, is_original=positions is None)
    if n_landmarks and settings.n_landmarks is None:
        whole = replace(settings, n_landmarks=0)
        of_all = stored(whole)
        if of_all is not None:
            return of_all
        if _has_graph(dataset, whole, cache):
            n_landmarks = 0
    settings = replace(settings, n_landmarks=n_landmarks)
    found = stored(settings)
    if found is None:
        found = _find(dataset, positions, settings, cache, progress)
        arrays = {"degree": found.degree}
        for at in range(len(found.labels)):
            arrays[f"labels-{at}"] = found.labels[at]
            arrays[f"parents-{at}"] = found.parents[at]
            arrays[f"central-{at}"] = found.central[at]
        about = {
            "sizes": list(found.sizes),
            "space": found.space,
            "metric": found.metric,
            "warnings": list(found.warnings),
            "n_landmarks": found.n_landmarks,
        }
        cache.put(clusters_key(dataset, positions, settings), arrays, about)
    return found


def landmarks_of(settings: ClusterSettings, n_points: int, *, is_original: bool) -> int:
    """Return how many landmarks are clustered where no graph is stored; 0 for all points."""
    if settings.n_landmarks is not None:
        return settings.n_landmarks if settings.n_landmarks < n_points else 0
    # In a picture a tree finds the graph of a million points in seconds.
    return N_LANDMARKS if is_original and n_points > MOST_WITHOUT_GRAPH else 0


def _has_graph(dataset: Dataset, whole: ClusterSettings, cache: ResultCache) -> bool:
    """Return whether clusters of all points take no search for their neighbors."""
    n_finite = int(dataset.finite_rows.sum())
    k = min(whole.n_neighbors, n_finite - 1)
    if k < 1:
        return True
    graph = Graphs(cache).stored(
        n_finite, dataset.content_hash, k, whole.metric, random_state=whole.random_state
    )
    return graph is not None


def _rebuild(stored: Stored, n_points: int) -> UnnamedClusters:
    arrays, about = stored.arrays, stored.about
    sizes = tuple(int(size) for size in part(about, "sizes", list))
    several = [
        tuple(arrays[f"{name}-{at}"] for at in range(len(sizes)))
        for name in ("labels", "parents", "central")
    ]
    if {each.shape for each in (*several[0], arrays["degree"])} != {(n_points,)}:
        raise ValueError("another number of points")
    space: SpaceName = "original" if part(about, "space", str) == "original" else "projection"
    return UnnamedClusters(
        several[0],
        several[1],
        several[2],
        sizes,
        arrays["degree"],
        space,
        part(about, "metric", str),
        tuple(part(about, "warnings", list)),
        int(part(about, "n_landmarks", int)),
    )


def _find(
    dataset: Dataset,
    positions: Positions | None,
    settings: ClusterSettings,
    cache: ResultCache,
    progress: ProgressCallback,
) -> UnnamedClusters:
    is_original = positions is None
    metric: Metric = settings.metric if is_original else "euclidean"
    where: Vectors = dataset.vectors_under(metric) if positions is None else positions
    placed: AnyArray = dataset.finite_rows
    if positions is not None:
        placed = np.asarray(np.isfinite(positions).all(axis=1))
    rows = np.flatnonzero(placed).astype(np.int32)
    if len(rows) == 0:
        what = "vector" if is_original else "position"
        raise ShapeError(f"None of the {len(placed):,} points has a finite {what}.")
    n_landmarks = settings.n_landmarks or 0
    if n_landmarks >= len(rows):
        n_landmarks = 0
    check_clusters_fit(len(rows), int(where.shape[1]), settings.n_neighbors, n_landmarks)
    vectors = where if len(rows) == len(placed) else where[placed]
    told = list(dataset.warnings_under(metric)) if is_original else []
    if len(rows) < len(placed):
        lost = len(placed) - len(rows)
        told.append(f"{lost:,} of {len(placed):,} points are in no cluster: NaN or infinity.")
    space: SpaceName = "original" if is_original else "projection"
    if len(rows) < 2:
        return _of_one_point(len(placed), settings, space, metric, told)
    if n_landmarks:
        by_landmarks = _found_by_landmarks(vectors, metric, n_landmarks, settings, progress)
        told.append(_landmarks_warning(by_landmarks, len(rows)))
        graph = by_landmarks.graph
        whole = _over_all_rows(by_landmarks.found, rows, len(placed), space, graph, told)
        return replace(whole, n_landmarks=n_landmarks)
    k = min(settings.n_neighbors, len(rows) - 1)
    seed = settings.random_state
    if is_original:
        graph = Graphs(cache).graph(
            vectors, dataset.content_hash, k, metric, random_state=seed, progress=progress
        )
    else:
        graph = find_neighbors(vectors, k, random_state=seed, progress=progress)
    return _over_all_rows(
        _found_in(vectors, graph, settings, progress), rows, len(placed), space, graph, told
    )


def _found_in(
    vectors: Vectors, graph: Neighbors, settings: ClusterSettings, progress: ProgressCallback
) -> Found:
    from projector.compute.clusters.find import default_size, find_clusters

    return find_clusters(
        vectors,
        graph,
        min_cluster_size=settings.min_cluster_size or default_size(len(vectors)),
        min_samples=min(settings.min_samples, graph.k + 1),
        n_levels=settings.n_levels,
        random_state=settings.random_state,
        progress=progress,
    )


def _found_by_landmarks(
    vectors: Vectors,
    metric: Metric,
    n_landmarks: int,
    settings: ClusterSettings,
    progress: ProgressCallback,
) -> FoundByLandmarks:
    from projector.compute.clusters.find import default_size
    from projector.compute.clusters.landmarks import find_by_landmarks

    return find_by_landmarks(
        vectors,
        metric=metric,
        n_landmarks=n_landmarks,
        n_neighbors=settings.n_neighbors,
        min_cluster_size=settings.min_cluster_size or default_size(len(vectors)),
        min_samples=settings.min_samples,
        n_levels=settings.n_levels,
        random_state=settings.random_state,
        progress=progress,
    )


def _landmarks_warning(by_landmarks: FoundByLandmarks, n_points: int) -> str:
    n_landmarks, recall = by_landmarks.n_landmarks, by_landmarks.recall
    searched = f" {recall:.1%} of the true nearest ones were found." if recall < 1 else ""
    return (
        f"By landmarks: {n_landmarks:,} of {n_points:,} points, drawn by chance, were clustered; "
        f"the others are in the clusters of the landmarks nearest to them.{searched}"
    )


def _over_all_rows(
    found: Found,
    rows: AnyArray,
    n_points: int,
    space: SpaceName,
    graph: Neighbors,
    told: list[str],
) -> UnnamedClusters:
    degree = np.zeros(n_points, np.int32)
    degree[rows] = found.degree
    labels, central = [], []
    for level, middle in zip(found.levels, found.central, strict=True):
        of_all = np.full(n_points, -1, np.int32)
        of_all[rows] = level.labels
        labels.append(of_all)
        central.append(np.where(middle >= 0, rows[middle], np.int32(-1)))
    return UnnamedClusters(
        tuple(labels),
        found.parents,
        tuple(central),
        tuple(level.min_cluster_size for level in found.levels),
        degree,
        space,
        graph.metric,
        tuple(dict.fromkeys([*told, *graph.warnings])),
    )


def _of_one_point(
    n_points: int, settings: ClusterSettings, space: SpaceName, metric: Metric, told: list[str]
) -> UnnamedClusters:
    none, least = np.zeros((0, 1), np.int32), settings.min_cluster_size
    return UnnamedClusters(
        (np.full(n_points, -1, np.int32),),
        (none[:, 0],),
        (none,),
        (least or _LEAST_SIZE,),
        np.zeros(n_points, np.int32),
        space,
        metric,
        tuple(told),
    )

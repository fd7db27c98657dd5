"""A search for clusters that a server is asked for: validated at once, done by a job."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

from projector.api.clusters.clusters import named_clusters
from projector.api.clusters.names import NamingColumns, naming_columns
from projector.api.clusters.result import Clusters
from projector.api.clusters.search import clusters_key, found_clusters, landmarks_of
from projector.api.clusters.settings import ClusterSettings, cluster_settings
from projector.api.mapped_rows import MappedRows
from projector.api.memory_check import check_clusters_fit, clusters_bytes
from projector.api.plan import Plan
from projector.errors import ParameterError
from projector.jobs.cache import ResultCache
from projector.jobs.shared import MappedArray
from projector.machine.hashing import content_hash
from projector.model.dataset import Dataset, Embedding
from projector.model.progress import ProgressCallback
from projector.typing import Positions

_SETTINGS = ("metric", "n_neighbors", "min_samples", "min_cluster_size", "n_levels", "n_landmarks")


def plan_clusters(data: Sequence[Dataset], given: Mapping[str, Any]) -> Plan:
    """Find clusters of one dataset: settings, ``text``, and ``positions`` of a picture."""
    if len(data) != 1:
        raise ParameterError(f"Clusters are found in 1 dataset. Got {len(data):,}.")
    dataset = data[0]
    named = {name: given[name] for name in _SETTINGS if given.get(name) is not None}
    settings = cluster_settings(**named)
    columns = naming_columns(dataset, given.get("text"))
    positions: Positions | None = given.get("positions")
    n_landmarks = landmarks_of(settings, dataset.n_points, is_original=positions is None)
    size = (dataset.n_points, dataset.held_dims, settings.n_neighbors, n_landmarks)
    about = clusters_key(dataset, positions, settings) + _names_hash(columns)
    return Plan(
        hashlib.sha256(about.encode()).hexdigest()[:32],
        "projector.api.clusters.plan:run_clusters",
        {"settings": settings, "columns": columns, "positions": positions},
        settings.metric,
        clusters_bytes(*size),
        lambda free: check_clusters_fit(*size, returning=free),
        lambda found: found,
    )


def _names_hash(columns: NamingColumns) -> str:
    """Return what the names depend on: another one after a text was edited."""
    used = [*columns.texts, *columns.categories, *([columns.label] if columns.label else [])]
    parts = [
        f"{each.name}\0{content_hash(each.text.data)}{content_hash(each.text.offsets)}"
        for each in used
    ]
    return "\0".join(parts)


class _SharedVectors(TypedDict):
    vectors: MappedArray | MappedRows
    content: str


class _Asked(TypedDict):
    settings: ClusterSettings
    columns: NamingColumns
    positions: Positions | None


class ClustersTask(TypedDict):
    """The input of a job."""

    sets: list[_SharedVectors]
    asked: _Asked
    cache_folder: str
    cache_bytes: int


def run_clusters(task: ClustersTask, progress: ProgressCallback) -> Clusters:
    """Find and name clusters in a job's process (see `projector.clusters`)."""
    given, asked = task["sets"][0], task["asked"]
    dataset = Dataset(Embedding(given["vectors"].open(), known_hash=given["content"]))
    cache = ResultCache(Path(task["cache_folder"]), task["cache_bytes"])
    found = found_clusters(dataset, asked["positions"], asked["settings"], cache, progress)
    return named_clusters(found, asked["columns"], progress)

"""What a search for clusters is asked with, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from projector.errors import ParameterError
from projector.model.arguments import metric_name, seed, whole_number
from projector.typing import Metric

#: Levels at most; more are finer than the picture.
_MOST_LEVELS = 8
#: Landmarks: with fewer, their density says little.
_LANDMARKS: dict[str, Any] = {"name": "n_landmarks", "low": 100, "high": None}
#: Neighbors per point at most.
_MOST_NEIGHBORS = 1000


@dataclass(frozen=True)
class ClusterSettings:
    """What a search for clusters depends on, besides the vectors; checked.

    Attributes
    ----------
    metric : Metric
    n_landmarks : int or None
        Points that are clustered, which the others join; 0 for all, None for all or a sample,
        by their number.
    n_neighbors, min_samples, min_cluster_size, n_levels, random_state : int
        For `min_cluster_size` 0 stands for the automatic one.
    """

    metric: Metric
    n_neighbors: int
    min_samples: int
    min_cluster_size: int
    n_levels: int
    random_state: int
    n_landmarks: int | None = None


def cluster_settings(
    metric: Any = "euclidean",
    n_neighbors: Any = 15,
    min_samples: Any = 5,
    min_cluster_size: Any = None,
    n_levels: Any = 4,
    random_state: Any = 0,
    n_landmarks: Any = None,
) -> ClusterSettings:
    """Return checked settings; raise ParameterError for what they cannot be."""
    metric = metric_name(metric)
    if metric == "inner_product":
        raise ParameterError('Clusters need distances, and "inner_product" is none. Use "cosine".')
    k = whole_number(n_neighbors, name="n_neighbors", low=2, high=_MOST_NEIGHBORS)
    why = ", one more than n_neighbors, as a point counts itself"
    least = 0
    if min_cluster_size is not None:
        least = whole_number(min_cluster_size, name="min_cluster_size", low=2, high=None)
    return ClusterSettings(
        metric,
        k,
        whole_number(min_samples, name="min_samples", low=1, high=k + 1, why=why),
        least,
        whole_number(n_levels, name="n_levels", low=1, high=_MOST_LEVELS),
        seed(random_state),
        None if n_landmarks is None else whole_number(n_landmarks, **_LANDMARKS),
    )

"""A neighbor graph: the k nearest neighbors of every point."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from projector.errors import ParameterError, ShapeError
from projector.machine.saved_file import save_bytes
from projector.model.arguments import path_of
from projector.model.export import neighbors_bytes
from projector.typing import Distances, Indices, Json, Metric


@dataclass(frozen=True)
class Neighbors:
    """The k nearest neighbors of every point in the original space.

    Attributes
    ----------
    indices : ndarray of shape (n_points, k), int32
        Nearest first, ties by index. A point is not its own neighbor; its duplicates are,
        at distance 0.
    distances : ndarray of shape (n_points, k), float32
        In the unit of `metric`; for ``"cosine"`` 0 is the same direction and 2 the opposite.
    metric : Metric
    recall : float
        Share of the true neighbors that were found: 1.0 if the search was exact, otherwise
        measured on a sample, for this k and metric.
    recall_error : float
        How far the true share may lie from `recall`, as the sample is one: half of a 95 %
        interval. 0.0 if the search was exact.
    exact : bool
        Whether the search was exact.
    warnings : tuple of str
    recalls : tuple of (float, float)
        Recall and its error of the nearest 1, 2, ... k of them; empty if the search was exact.
    """

    indices: Indices = field(repr=False)
    distances: Distances = field(repr=False)
    metric: Metric
    recall: float = 1.0
    exact: bool = True
    warnings: tuple[str, ...] = ()
    recall_error: float = 0.0
    recalls: tuple[tuple[float, float], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.indices.shape != self.distances.shape or self.indices.ndim != 2:
            raise ShapeError(
                "Indices and distances must both have the shape (n_points, k). Got "
                f"{self.indices.shape} and {self.distances.shape}."
            )
        object.__setattr__(self, "indices", np.ascontiguousarray(self.indices, np.int32))
        object.__setattr__(self, "distances", np.ascontiguousarray(self.distances, np.float32))

    @property
    def n_points(self) -> int:
        """Number of points."""
        return int(self.indices.shape[0])

    @property
    def k(self) -> int:
        """Number of neighbors per point."""
        return int(self.indices.shape[1])

    @property
    def details(self) -> dict[str, Json]:
        """What a method that used the graph reports of it."""
        return {
            "recall": self.recall,
            "recall_error": self.recall_error,
            "exact_neighbors": self.exact,
        }

    def save(self, path: str | Path) -> Path:
        """Write the graph to a file; the extension selects the format.

        ``.npz`` contains the arrays, ``.npy`` the indices alone; ``.parquet``, ``.arrow``,
        ``.feather``, ``.csv`` and ``.tsv`` one row per pair, with the columns ``index``, ``rank``
        (from 0), ``neighbor`` and ``distance``.

        Raises
        ------
        ParameterError
            Another extension.
        """
        about = {
            "metric": self.metric,
            "recall": self.recall,
            "recall_error": self.recall_error,
            "exact": self.exact,
        }
        path = path_of(path)
        content = neighbors_bytes(path.name, self.indices, self.distances, about=about)
        save_bytes(path, content)
        return path

    def nearest(self, k: int) -> Neighbors:
        """Return the graph of the `k` nearest of these neighbors, a view of this one."""
        if not 1 <= k <= self.k:
            raise ParameterError(
                f"This graph has {self.k} neighbors per point, so k must be from 1 to {self.k}. "
                f"Got {k}."
            )
        found = replace(self, indices=self.indices[:, :k], distances=self.distances[:, :k])
        if len(self.recalls) < self.k:
            return found
        recall, error = self.recalls[k - 1]
        before = recall_warning(self.n_points, self.recall, self.recall_error)
        now = recall_warning(self.n_points, recall, error)
        return replace(
            found,
            recall=recall,
            recall_error=error,
            recalls=self.recalls[:k],
            warnings=tuple(now if said == before else said for said in self.warnings),
        )


def recall_warning(n_points: int, recall: float, error: float) -> str:
    """Return what is said of an approximate search."""
    return (
        f"The nearest neighbors of {n_points:,} points were searched approximately: "
        f"{recall:.1%} of the true ones were found, ± {error:.1%}, as measured on a sample."
    )

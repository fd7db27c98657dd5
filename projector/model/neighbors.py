"""The k nearest neighbors of every point."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from projector.errors import ParameterError, ShapeError
from projector.model.tables import write_pairs
from projector.typing import Distances, Indices, Metric


@dataclass(frozen=True)
class Neighbors:
    """A neighbor graph; computed for k, it serves every smaller k.

    Attributes
    ----------
    indices : ndarray of shape (n_points, k), int32
        Nearest first, ties by index. A point is not its own neighbor; its duplicates are,
        at distance 0.
    distances : ndarray of shape (n_points, k), float32
        In the unit of `metric`; for ``"cosine"`` 0 is the same direction and 2 the opposite.
    metric : str
    recall : float
        Share of the true neighbors that were found, 1.0 where the search was exact and
        measured on a sample where it was not.
    exact : bool
    """

    indices: Indices = field(repr=False)
    distances: Distances = field(repr=False)
    metric: Metric
    recall: float = 1.0
    exact: bool = True
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.indices.shape != self.distances.shape or self.indices.ndim != 2:
            raise ShapeError(
                f"Indices {self.indices.shape} and distances {self.distances.shape} "
                "must both be (n_points, k)."
            )
        object.__setattr__(self, "indices", np.ascontiguousarray(self.indices, np.int32))
        object.__setattr__(self, "distances", np.ascontiguousarray(self.distances, np.float32))

    @property
    def n_points(self) -> int:
        """Points of the graph."""
        return int(self.indices.shape[0])

    @property
    def k(self) -> int:
        """Neighbors of a point."""
        return int(self.indices.shape[1])

    def save(self, path: str | Path) -> Path:
        """Write the graph to a file whose suffix says how.

        ``.npz`` holds the arrays, ``.npy`` the indices alone; ``.parquet``, ``.arrow``,
        ``.csv`` and ``.tsv`` one row a pair.

        The pairs' columns are ``index``, ``rank`` (from 0), ``neighbor`` and ``distance``.

        Raises
        ------
        ParameterError
            Another suffix.
        """
        about = {"metric": self.metric, "recall": self.recall, "exact": self.exact}
        return write_pairs(Path(path), self.indices, self.distances, about=about)

    def nearest(self, k: int) -> Neighbors:
        """Return the graph of the first `k` neighbors, a view of this one."""
        if not 1 <= k <= self.k:
            raise ParameterError(f"This graph holds {self.k} neighbors a point; {k} were asked.")
        return Neighbors(
            self.indices[:, :k],
            self.distances[:, :k],
            self.metric,
            self.recall,
            self.exact,
            self.warnings,
        )

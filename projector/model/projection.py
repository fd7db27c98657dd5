"""The output: a place in 2D or 3D for every point, and everything needed to get it again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from projector.errors import ShapeError
from projector.model.metadata import Metadata
from projector.model.parameters import Value
from projector.model.tables import write_table
from projector.typing import AnyArray, Json, Positions


@dataclass(frozen=True)
class Projection:
    """Positions with the method and parameters that gave them.

    Attributes
    ----------
    positions : ndarray of shape (n_points, 2 or 3), float32
        NaN in the rows of points that can not be placed (their vectors are not finite).
    method : str
        ``"pca"``, ``"tsne"``, ``"umap"``, ...
    params : dict
        Every parameter, defaults included: the same data and `params` give the same bytes.
    details : dict
        What the method found: explained variance, KL divergence, recall, seconds, versions.
    scores : ndarray of shape (n_points, n_kept), float32, or None
        PCA keeps more components than are shown, so that other axes can be chosen at once.
    """

    positions: Positions = field(repr=False)
    method: str
    params: dict[str, Value]
    details: dict[str, Json] = field(default_factory=dict, repr=False)
    scores: AnyArray | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        shape = np.shape(self.positions)
        if len(shape) != 2 or shape[1] not in (2, 3):
            raise ShapeError(f"Positions have the shape (n_points, 2 or 3); got {shape}.")
        kept = np.ascontiguousarray(self.positions, dtype=np.float32)
        object.__setattr__(self, "positions", kept)

    @property
    def n_points(self) -> int:
        """Points, also those that could not be placed."""
        return int(self.positions.shape[0])

    @property
    def n_components(self) -> int:
        """2 or 3."""
        return int(self.positions.shape[1])

    def save(self, path: str | Path, *, metadata: Metadata | None = None) -> Path:
        """Write the positions to a file whose suffix says how.

        Parameters
        ----------
        path : str or Path
            ``.parquet``, ``.arrow`` or ``.feather``, ``.csv`` and ``.tsv`` hold a table with
            the columns ``x``, ``y`` (, ``z``) and those of `metadata`; ``.npy`` the positions
            alone; ``.npz`` positions, method and parameters. The method and its parameters
            travel in the table's own metadata where the format has room for it.
        metadata : Metadata, optional
            Columns to keep beside the positions.

        Returns
        -------
        Path
            The file, written whole or not at all.
        """
        return write_table(
            Path(path),
            self.positions,
            about={"method": self.method, "params": dict(self.params), "details": self.details},
            metadata=metadata,
        )

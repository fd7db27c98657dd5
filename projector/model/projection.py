"""A projection: positions in 2D or 3D, and everything needed to compute them again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from projector.errors import ShapeError
from projector.machine.saved_file import save_bytes
from projector.model.arguments import path_of
from projector.model.export import table_bytes
from projector.model.metadata import Metadata
from projector.model.neighbors import Neighbors
from projector.model.parameters import Value
from projector.rich_display import MimeBundle, mime_bundle
from projector.typing import AnyArray, Json, Positions


@dataclass(frozen=True)
class Projection:
    """Positions with the method and parameters that they were computed with.

    Attributes
    ----------
    positions : ndarray of shape (n_points, 2 or 3), float32
        Of an estimator, any number of components; 2 or 3 can be shown. NaN for points without a
        position, because their vectors are not finite.
    method : str
        ``"pca"``, ``"tsne"``, ``"umap"``, ...
    params : dict
        Every parameter, including defaults: the same data and `params` give the same bytes.
    details : dict
        What the method reports: explained variance, KL divergence, recall, seconds, versions.
    scores : ndarray of shape (n_points, n_kept), float32, or None
        PCA keeps more components than are shown, so that other axes can be chosen at once.

    Raises
    ------
    ShapeError
        The positions have another shape.
    """

    positions: Positions = field(repr=False)
    method: str
    params: dict[str, Value]
    details: dict[str, Json] = field(default_factory=dict, repr=False)
    scores: AnyArray | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        shape = np.shape(self.positions)
        if len(shape) != 2 or shape[1] < 1:
            raise ShapeError(f"Positions must have the shape (n_points, 2 or 3). Got {shape}.")
        kept = np.ascontiguousarray(self.positions, dtype=np.float32)
        object.__setattr__(self, "positions", kept)

    @property
    def n_points(self) -> int:
        """Number of points, including those without a position."""
        return int(self.positions.shape[0])

    @property
    def n_components(self) -> int:
        """Number of dimensions of the positions: 2 or 3, of an estimator any."""
        return int(self.positions.shape[1])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> MimeBundle:
        """Show the page in the cell of a notebook; 2 or 3 components can be shown."""
        return mime_bundle(self) if self.n_components in (2, 3) else {}

    def save(
        self,
        path: str | Path,
        *,
        metadata: Metadata | None = None,
        neighbors: Neighbors | None = None,
    ) -> Path:
        """Write the positions to a file; the extension selects the format.

        Parameters
        ----------
        path : str or Path
            ``.parquet``, ``.arrow``, ``.feather``, ``.csv`` and ``.tsv`` contain a table with the
            columns ``x``, ``y`` (and ``z``) and those of `metadata`; ``.npy`` contains the
            positions alone; ``.npz`` the positions, method, parameters and metadata. Parquet,
            Arrow and Feather also store the method and its parameters, as schema metadata. In
            ``.csv`` and ``.tsv`` an apostrophe stands before text that a spreadsheet would run as a
            formula (docs/formats.md); numbers have none.
        metadata : Metadata, optional
            Columns to write next to the positions.
        neighbors : Neighbors, optional
            A column ``neighbors`` of the nearest points, in ``.parquet``, ``.arrow`` and
            ``.feather``: a struct of ``ids`` (rows from 0, first the point's own) and
            ``distances``, as ``embedding-atlas --x x --y y --neighbors neighbors`` reads it.

        Returns
        -------
        Path
            The file. It is written whole or not at all.

        Raises
        ------
        ParameterError
            Another extension.
        ShapeError
            Neighbors of another number of points.
        """
        path = path_of(path)
        about = {"method": self.method, "params": dict(self.params), "details": self.details}
        near = None if neighbors is None else (neighbors.indices, neighbors.distances)
        if neighbors is not None and neighbors.n_points != self.n_points:
            raise ShapeError(
                f"The neighbors are of {neighbors.n_points:,} points, but the projection has "
                f"{self.n_points:,}. Find those of the same dataset."
            )
        content = table_bytes(
            path.name, self.positions, about=about, metadata=metadata, neighbors=near
        )
        save_bytes(path, content)
        return path

"""The result of projecting data in parts: files, not an array."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from projector.api.partitioned.part_file import read_positions
from projector.model.parameters import Value
from projector.model.projection import Projection
from projector.typing import AnyArray, Json, Positions


@dataclass(frozen=True)
class PartitionedProjection:
    """Positions of the points of data in parts, one file for each part.

    Attributes
    ----------
    folder : Path
        With the files of `paths`, ``projection.json``, which describes the whole, and
        ``landmarks.npz`` or ``components.npz``, by which further points can be placed.
    paths : tuple of Path
        Parquet files with the columns ``index`` (int64, the row in the whole dataset), ``x``,
        ``y`` and, in three dimensions, ``z`` (float32); in the order of the rows.
    n_points : int
    method : str
    params : dict
    landmarks : Projection or None
        That of the landmarks, if not all points were laid out.
    landmark_rows : ndarray of shape (n_landmarks,), int64
        Their rows in the whole dataset; empty if there are none.
    details : dict
        What the method reports; ``warnings``; ``executor`` and ``dashboard``, where it was
        computed; ``seconds`` of each phase; ``n_kept_parts``, which an earlier call had written.
    """

    folder: Path
    paths: tuple[Path, ...]
    n_points: int
    method: str
    params: Mapping[str, Value]
    landmarks: Projection | None = field(default=None, repr=False)
    landmark_rows: NDArray[np.int64] = field(
        default_factory=lambda: np.empty(0, np.int64), repr=False
    )
    details: Mapping[str, Json] = field(default_factory=dict, repr=False)

    @property
    def n_parts(self) -> int:
        """Number of files of positions."""
        return len(self.paths)

    def positions(self, part: int) -> tuple[AnyArray, Positions]:
        """Read the positions of one part.

        Returns
        -------
        index : ndarray of shape (n_rows,), int64
        positions : ndarray of shape (n_rows, 2 or 3), float32

        Raises
        ------
        LoadError
            The file is damaged or gone.
        """
        return read_positions(self.paths[part])

    def __iter__(self) -> Iterator[tuple[AnyArray, Positions]]:
        """Read one part after the other; see `positions`."""
        for path in self.paths:
            yield read_positions(path)

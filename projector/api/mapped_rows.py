"""Sparse vectors where a job's process finds them: three mapped arrays."""

from __future__ import annotations

from dataclasses import dataclass

from projector.jobs.shared import MappedArray
from projector.model.sparse_rows import SparseRows, as_held
from projector.typing import Vectors


@dataclass(frozen=True)
class MappedRows:
    """The locations of the arrays of `SparseRows`."""

    starts: MappedArray
    dims: MappedArray
    values: MappedArray
    n_dims: int
    lost: tuple[str, ...]

    def open(self) -> Vectors:
        """Map them, read-only; see `MappedArray.open`."""
        arrays = (self.starts.open(), self.dims.open(), self.values.open())
        return as_held(SparseRows(*arrays, self.n_dims, self.lost))

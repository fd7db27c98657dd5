"""Reads AnnData files (``.h5ad``): obsm, X, layers and raw, with obs as their metadata."""

from __future__ import annotations

from projector.loaders.base import File, Found, Loaded, Operations, Tensor
from projector.loaders.formats.anndata.hdf5_nodes import Hdf5Group
from projector.loaders.formats.anndata.layout import list_matrices, load_matrix
from projector.loaders.formats.hdf5.hdf5 import MAGIC, opened


class H5ad:
    """A table of observations with its matrices."""

    name = "h5ad"
    title = "AnnData"
    gives = "obsm, then X, layers and raw, with obs as metadata"
    extensions = (".h5ad",)
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Recognize HDF5 by the magic string, and AnnData by suffix."""
        return file.name.lower().endswith(".h5ad") and file.head().startswith(MAGIC)

    def list(self, file: File) -> Found:
        """List the matrices."""
        with opened(file) as handle:
            tensors, problems = list_matrices(file, Hdf5Group(file, handle))
        return Found(tuple(tensors), tuple(problems))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one matrix, converting a small sparse one to dense, and the observations."""
        with opened(file) as handle:
            return load_matrix(file, Hdf5Group(file, handle), tensor)

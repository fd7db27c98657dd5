"""AnnData: matrices over observations, sparse ones included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from scipy import sparse

from projector.errors import LoadError
from projector.loaders.formats.hdf5.anndata import H5ad
from tests.loaders.writers import file_at

DENSE = np.array([[0, 1, 0], [2, 0, 3]], np.float32)


def write_sparse(group: Any, matrix: Any, kind: str) -> None:
    for name in ("data", "indices", "indptr"):
        group[name] = getattr(matrix, name)
    group.attrs["encoding-type"] = f"{kind}_matrix"
    group.attrs["shape"] = matrix.shape


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file with dense and sparse matrices and three kinds of columns."""
    where = tmp_path / "a.h5ad"
    with h5py.File(where, "w") as file:
        file["X"] = DENSE
        file["obsm/X_umap"] = DENSE[:, :2]
        write_sparse(file.create_group("layers/rows"), sparse.csr_matrix(DENSE), "csr")
        write_sparse(file.create_group("layers/columns"), sparse.csc_matrix(DENSE), "csc")
        table = file.create_group("obs")
        table.attrs["_index"] = "name"
        table.attrs["column-order"] = ["kind", "count", "short", "missing"]
        table["name"] = ["a", "b"]
        table["kind/categories"] = ["odd", "even"]
        table["kind/codes"] = np.array([1, -1], np.int8)
        table["count/values"], table["count/mask"] = [5, 6], [False, True]
        table["short"] = [1.0]
    return where


def test_every_matrix_is_listed_with_the_observations(path: Path) -> None:
    loader, file = H5ad(), file_at(path)
    assert loader.sniff(file)
    found = {tensor.name: tensor for tensor in loader.list(file).tensors}
    assert set(found) == {"X", "obsm/X_umap", "layers/rows", "layers/columns"}
    for name in ("X", "layers/rows", "layers/columns"):
        loaded = loader.load(file, found[name])
        np.testing.assert_array_equal(loaded.values, DENSE)
        columns = {column.name: column.text.to_list() for column in loaded.columns}
        assert columns["name"] == ["a", "b"]
        assert columns["kind"] == ["even", None]
        assert columns["count"][1] is None
        warnings = " ".join(loaded.warnings)
        assert ("is sparse and was converted to a dense matrix" in warnings) == (name != "X")
        assert "the column 'short' has 1 rows, expected 2. It was ignored." in warnings
        assert "the column 'missing' cannot be read" in warnings


def test_sparse_indices_are_checked(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        file["layers/rows/indices"][0] = 99
    loader, file = H5ad(), file_at(path)
    tensor = next(t for t in loader.list(file).tensors if t.name == "layers/rows")
    with pytest.raises(LoadError, match="has indices that do not fit its shape"):
        loader.load(file, tensor)


def test_a_sparse_matrix_that_is_too_large_is_reported(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        file["layers/rows"].attrs["shape"] = (1 << 20, 1 << 20)
    (problem,) = H5ad().list(file_at(path)).problems
    assert problem.message.startswith(
        "'layers/rows' has 1,099,511,627,776 numbers as a dense matrix"
    )


def test_a_file_without_matrices_says_so(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5ad", "w") as file:
        file["uns"] = [1]
    with pytest.raises(LoadError, match="contains no matrix X, layers or obsm"):
        H5ad().list(file_at(tmp_path / "a.h5ad"))

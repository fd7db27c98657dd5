"""AnnData: matrices over observations, sparse ones included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from scipy import sparse

from projector.errors import LoadError
from projector.loaders.formats.anndata.h5ad import H5ad
from projector.loaders.logdir.load import load
from projector.loaders.logdir.log import open_logdir
from projector.model.dataset import Dataset
from projector.model.sparse_rows import sparse_of
from tests.fixtures.make_formats import table, words
from tests.loaders.formats.fixture_files import columns, listed, loaded
from tests.loaders.formats.stores.archive import marker, unpacked
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


def test_a_sparse_matrix_with_too_many_dimensions_is_reported(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        file["layers/rows"].attrs["shape"] = (2, 1 << 40)
    (problem,) = H5ad().list(file_at(path)).problems
    assert problem.message.startswith("'layers/rows' has 1,099,511,627,776 dimensions, more than")


@pytest.mark.parametrize("kind", ["csr", "csc"])
def test_a_large_sparse_matrix_stays_sparse(tmp_path: Path, kind: str) -> None:
    of_kind = {"csr": sparse.csr_matrix, "csc": sparse.csc_matrix}[kind]
    rows, dims = np.arange(300) % 40, np.arange(300) * 900
    given = of_kind((np.arange(1.0, 301.0), (rows, dims)), shape=(40, 300_000))
    with h5py.File(tmp_path / "a.h5ad", "w") as file:
        write_sparse(file.create_group("X"), given, kind)
        file["obs/name"] = [f"cell{row}" for row in range(40)]
        file["obs"].attrs["column-order"], file["obs"].attrs["_index"] = ["name"], "name"
    data = load(tmp_path / "a.h5ad")
    assert data.content_hash == Dataset(given).content_hash
    assert sparse_of(data.vectors) is not None
    assert (data.warnings, data.metadata.names) == ((), ("name",))


def test_a_file_without_matrices_says_so(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5ad", "w") as file:
        file["uns"] = [1]
    with pytest.raises(LoadError, match="contains no matrix X, layers or obsm"):
        H5ad().list(file_at(tmp_path / "a.h5ad"))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of what AnnData itself wrote."""
    return unpacked(tmp_path_factory.mktemp("anndata"), "anndata/")


@pytest.mark.parametrize("name", ["small.h5ad", "v2.zarr", "v3.zarr"])
def test_what_anndata_writes_is_read(written: Path, name: str) -> None:
    file = marker(written / name) if name.endswith("zarr") else file_at(written / name)
    tensors = {each.name: (each.shape, each.doubtful) for each in listed(file).tensors}
    assert tensors == {
        "obsm/X_pca": ((8, 4), False),
        "obsm/frame": ((8, 2), False),
        "obsm/sparse": ((8, 3), False),
        "X": ((8, 6), True),
        "layers/counts": ((8, 6), True),
        "raw/X": ((8, 6), True),
    }
    data = loaded(file, "obsm/X_pca")
    np.testing.assert_array_equal(data.values, table(8, 4))
    assert columns(data) == {
        "_index": [f"cell{row}" for row in range(8)],
        "kind": ["a", "b", None, "a"] * 2,
        "score": [str(row / 2) for row in range(8)],
        "text": words(8),
        "maybe": ["1", None] * 4,
    }
    np.testing.assert_array_equal(loaded(file, "obsm/frame").values, table(8, 2))
    np.testing.assert_array_equal(loaded(file, "obsm/sparse").values, table(8, 3))
    np.testing.assert_array_equal(loaded(file, "layers/counts").values, np.floor(table(8, 6)))
    for counts in ("X", "raw/X"):
        np.testing.assert_array_equal(loaded(file, counts).values, np.maximum(table(8, 6), 0))


@pytest.mark.parametrize("name", ["small.h5ad", "v3.zarr"])
def test_embeddings_open_before_what_they_were_made_of(written: Path, name: str) -> None:
    names = [entry.name for entry in open_logdir(written / name).entries]
    assert [each.partition("/")[0] for each in names[:3]] == ["obsm"] * 3
    assert len(names) == 6


def test_records_of_before_version_0_7_are_read(tmp_path: Path) -> None:
    cells = np.zeros(3, [("index", "S3"), ("kind", "i1"), ("depth", "f4")])
    cells["index"], cells["kind"], cells["depth"] = [b"c0", b"c1", b"c2"], [1, 0, -1], [1, 2, 3]
    embeddings = np.zeros(3, [("X_pca", "f4", (4,)), ("X_umap", "f8", (2,))])
    embeddings["X_pca"], embeddings["X_umap"] = table(3, 4), table(3, 2)
    with h5py.File(tmp_path / "old.h5ad", "w") as file:
        file["X"], file["obs"], file["obsm"] = table(3, 5), cells, embeddings
        file["uns/kind_categories"] = np.array([b"even", b"odd"])
        file["raw.X"] = table(3, 6)
    found = file_at(tmp_path / "old.h5ad")
    shapes = {each.name: each.shape for each in listed(found).tensors}
    assert shapes == {"obsm/X_pca": (3, 4), "obsm/X_umap": (3, 2), "X": (3, 5), "raw.X": (3, 6)}
    data = loaded(found, "obsm/X_umap")
    np.testing.assert_array_equal(data.values, table(3, 2))
    assert columns(data) == {
        "index": ["c0", "c1", "c2"],
        "kind": ["odd", "even", None],
        "depth": ["1.0", "2.0", "3.0"],
    }


def test_factors_of_r_count_from_one(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "r.h5ad", "w") as file:
        file["X"] = table(3, 2)
        table_of_cells = file.create_group("obs")
        table_of_cells["_index"] = ["a", "b", "c"]
        table_of_cells["kind/levels"] = ["left", "right"]
        table_of_cells["kind/values"] = [2, 1, -2147483648]  # a missing value in R
    data = loaded(file_at(tmp_path / "r.h5ad"), "X")
    assert columns(data)["kind"] == ["right", "left", None]


def test_tables_that_claim_more_than_is_stored_are_told(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "big.h5ad", "w") as file:
        file["obsm/X_pca"] = table(3, 2)
        file.create_dataset("obs", (1 << 40,), [("index", "S3")], chunks=(1 << 10,))
    data = loaded(file_at(tmp_path / "big.h5ad"), "obsm/X_pca")
    assert any("bytes are stored" in warning for warning in data.warnings)

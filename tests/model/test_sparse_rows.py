"""Sparse vectors: one form whatever is given, blocks that become dense, and nothing larger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.sparse

from projector import Dataset
from projector.errors import MemoryLimitError, ShapeError
from projector.model import given_sparse, sparse_rows
from projector.model.sparse_rows import SparseRows, sparse_of


def numbers(seed: int = 0, shape: tuple[int, int] = (40, 30)) -> Any:
    """Return float64 numbers of which nine in ten are 0, with an empty row and dimension."""
    rng = np.random.default_rng(seed)
    found = np.where(rng.random(shape) < 0.1, rng.normal(size=shape), 0)
    found[3], found[:, 5] = 0, 0
    return found


@pytest.fixture
def stay_sparse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep even the smallest matrix sparse."""
    monkeypatch.setattr(given_sparse, "DENSE_BYTES", 0)


def shuffled(dense: Any) -> Any:
    """Return places in any order, each twice with half of its number, and an explicit 0."""
    rows, dims = np.nonzero(dense)
    order = np.random.default_rng(1).permutation(2 * len(rows))
    values = np.tile(dense[rows, dims] / 2, 2)[order]
    rows, dims = np.tile(rows, 2)[order], np.tile(dims, 2)[order]
    parts = (np.append(values, 0.0), (np.append(rows, 3), np.append(dims, 5)))
    return scipy.sparse.coo_matrix(parts, shape=dense.shape)


FORMS: dict[str, Callable[[Any], Any]] = {
    "rows": scipy.sparse.csr_matrix,
    "columns": scipy.sparse.csc_matrix,
    "places": scipy.sparse.coo_array,
    "lists": scipy.sparse.lil_matrix,
    "keys": scipy.sparse.dok_array,
    "blocks": scipy.sparse.bsr_matrix,
    "shuffled": shuffled,
}


@pytest.mark.usefixtures("stay_sparse")
@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_same_numbers_is_the_same_data(form: str) -> None:
    dense = numbers()
    given = FORMS[form](dense)
    data = Dataset(given)
    assert sparse_of(data.vectors) is not None
    np.testing.assert_array_equal(np.asarray(data.vectors), dense.astype(np.float32))
    assert data.content_hash == Dataset(scipy.sparse.csr_matrix(dense)).content_hash
    assert data.warnings == ()
    np.testing.assert_array_equal(given.toarray(), dense)


@pytest.mark.usefixtures("stay_sparse")
def test_the_hash_changes_with_a_number_its_place_and_the_shape() -> None:
    dense = numbers()
    other, moved, wider = dense.copy(), dense.copy(), np.column_stack([dense, np.zeros(40)])
    row, dim = np.argwhere(dense)[0]
    other[row, dim] += 1e-3
    moved[row, [dim, 5]] = moved[row, [5, dim]]
    hashes = {
        Dataset(scipy.sparse.csr_array(each)).content_hash for each in (dense, other, moved, wider)
    }
    assert len(hashes) == 4


@pytest.mark.usefixtures("stay_sparse")
def test_what_is_given_may_be_changed_later() -> None:
    given = scipy.sparse.csr_matrix(numbers().astype(np.float32))
    data = Dataset(given)
    before = np.asarray(data.vectors)
    given.data[:] = 7
    np.testing.assert_array_equal(np.asarray(data.vectors), before)


def test_a_small_matrix_becomes_dense_and_that_is_said() -> None:
    data = Dataset(scipy.sparse.csr_matrix(numbers()))
    assert sparse_of(data.vectors) is None
    assert data.content_hash == Dataset(numbers()).content_hash
    assert data.warnings == ("The sparse matrix was read as a dense array of 4.8 kB.",)


def test_the_size_that_becomes_dense_is_that_of_the_dense_array() -> None:
    most = sparse_rows.DENSE_BYTES // 4
    for n_dims in (most, most + 1):
        data = Dataset(scipy.sparse.csr_matrix((1, n_dims)))
        assert (sparse_of(data.vectors) is None) == (n_dims == most)


SOME: list[Any] = [
    slice(3, 17),
    slice(30, 100),
    slice(9, 9),
    slice(None, None, 7),
    np.array([5, 3, 3, 39]),
    np.arange(40) % 3 == 0,
    np.zeros(0, np.int64),
    (slice(None), [5, 2, 29]),
    np.ix_([1, 3], [4, 4, 0]),
]


@pytest.mark.parametrize("some", SOME, ids=str)
def test_slices_are_those_of_the_dense_array(some: Any) -> None:
    dense = numbers().astype(np.float32)
    found = SparseRows.of(scipy.sparse.csr_matrix(dense))[some]
    np.testing.assert_array_equal(np.asarray(found), dense[some])
    assert found.shape == dense[some].shape


def test_sums_and_extremes_are_those_of_the_dense_array() -> None:
    dense = numbers().astype(np.float32)
    rows = SparseRows.of(scipy.sparse.csr_matrix(dense))
    for axis in (0, 1):
        np.testing.assert_array_equal(rows.min(axis), dense.min(axis))
        np.testing.assert_array_equal(rows.max(axis), dense.max(axis))
    np.testing.assert_allclose(rows.mean(), dense.mean(axis=0, dtype=np.float64), atol=1e-15)
    np.testing.assert_allclose(rows @ np.eye(30)[:, :4], dense[:, :4])


@pytest.mark.usefixtures("stay_sparse")
def test_rows_that_are_not_finite_are_found() -> None:
    dense = numbers()
    dense[7, 2], dense[9, 1] = np.nan, -np.inf
    data = Dataset(scipy.sparse.csr_matrix(dense))
    assert np.flatnonzero(~data.finite_rows).tolist() == [7, 9]


@pytest.mark.usefixtures("stay_sparse")
def test_marks_for_missing_are_told() -> None:
    dense = numbers()
    dense[7, 2] = 1e20
    (said,) = Dataset(scipy.sparse.csr_matrix(dense)).warnings
    assert "1 value in 1 row (7) and 1 dimension (2) looks like a mark for missing" in said


@pytest.mark.usefixtures("stay_sparse")
def test_what_float32_cannot_hold_is_told() -> None:
    rng = np.random.default_rng(0)
    offset = numbers()
    offset[:, 4] = 1e9 + rng.normal(size=40)
    said = Dataset(scipy.sparse.csr_matrix(offset)).number_warnings
    assert any("1 dimension has values that float32 rounds too much: those of" in s for s in said)
    beyond = numbers()
    beyond[1, 1] = 1e300
    said = Dataset(scipy.sparse.csr_matrix(beyond)).number_warnings
    assert "1 values exceed the range of float32 and became infinite." in said
    assert Dataset(scipy.sparse.csr_matrix(numbers())).number_warnings == ()


def test_more_than_a_block_is_not_made_dense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparse_rows, "BLOCK_NUMBERS", 300)
    rows = SparseRows.of(scipy.sparse.csr_matrix(numbers()))
    assert np.asarray(rows[:10]).shape == (10, 30)
    with pytest.raises(MemoryLimitError, match=r"40 x 30 would take 4.8 kB.*pca_dims=50"):
        np.asarray(rows)


def test_damaged_places_are_refused() -> None:
    damaged = scipy.sparse.csr_matrix(numbers())
    damaged.indices[4] = 1_000_000
    with pytest.raises(ShapeError, match="places outside"):
        Dataset(damaged)


class Frame:
    """A data frame of sparse columns, as pandas has it."""

    class _Kind:
        def __init__(self, fill: float) -> None:
            self.fill_value = fill

    def __init__(self, matrix: Any, fill: float = 0.0) -> None:
        self.sparse = self
        self.iloc: Any = None
        self.columns = range(matrix.shape[1])
        self.dtypes = [self._Kind(fill)] * matrix.shape[1]
        self._matrix = matrix

    def to_coo(self) -> Any:
        """Return the matrix."""
        return self._matrix


@pytest.mark.usefixtures("stay_sparse")
def test_a_data_frame_of_sparse_columns_stays_sparse() -> None:
    matrix = scipy.sparse.coo_matrix(numbers())
    data = Dataset(Frame(matrix))
    assert data.content_hash == Dataset(matrix).content_hash
    assert sparse_of(data.vectors) is not None

"""Neighbors of sparse vectors: those of the dense ones, and never more than a few rows dense."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse

from projector.compute.neighbors import search as searching
from projector.compute.neighbors.exact import Search
from projector.compute.neighbors.query import nearest_to
from projector.compute.neighbors.search import find_neighbors
from projector.compute.neighbors.space import prepare
from projector.compute.neighbors.sparse_search import SparseIndex
from projector.errors import ParameterError
from projector.model import sparse_rows
from projector.model.neighbors import Neighbors
from projector.model.sparse_rows import SparseRows, as_held
from projector.typing import Metric

METRICS: tuple[Metric, ...] = ("euclidean", "cosine", "manhattan", "inner_product")


def texts(n_points: int, n_dims: int, *, counts: bool, seed: int = 0) -> Any:
    """Return vectors like those of texts, with empty rows and duplicates; float32."""
    rng = np.random.default_rng(seed)
    share = np.minimum(0.5, 3 / np.arange(1, n_dims + 1))
    is_there = rng.random((n_points, n_dims)) < share
    numbers = 1 + rng.poisson(1, is_there.shape) if counts else rng.normal(size=is_there.shape)
    found = np.where(is_there, numbers, 0).astype(np.float32)
    found[5:25] = 0
    found[40:48] = found[39]
    return found


def sparse(dense: Any) -> Any:
    """Return the same vectors as sparse rows."""
    return as_held(SparseRows.of(scipy.sparse.csr_matrix(dense)))


def check_same(found: Neighbors, expected: Neighbors, dense: Any) -> None:
    """Compare two graphs: of neighbors equally near up to rounding, either may come first."""
    np.testing.assert_allclose(found.distances, expected.distances, rtol=1e-6, atol=1e-12)
    assert found.warnings == expected.warnings
    if found.metric != "cosine":
        np.testing.assert_array_equal(found.indices, expected.indices)
        return
    space = prepare(dense, "cosine")
    everyone = np.arange(len(dense))
    ranks = space.rank_pairs(everyone, found.indices)
    wanted = space.rank_pairs(everyone, expected.indices)
    np.testing.assert_allclose(ranks, wanted, rtol=1e-13, atol=1e-30)


@pytest.mark.parametrize("counts", [False, True], ids=["reals", "counts"])
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", [1, 10, 80])
def test_neighbors_are_those_of_dense_vectors(metric: Metric, k: int, counts: bool) -> None:
    dense = texts(300, 200, counts=counts)
    expected = find_neighbors(dense, k, metric=metric)
    found = find_neighbors(sparse(dense), k, metric=metric)
    assert (found.exact, found.recall) == (True, 1.0)
    check_same(found, expected, dense)


@pytest.mark.parametrize("factor", [1e-38, 1e30])
@pytest.mark.parametrize("metric", METRICS)
def test_numbers_of_any_size(metric: Metric, factor: float) -> None:
    dense = texts(200, 60, counts=False) * np.float32(factor)
    check_same(
        find_neighbors(sparse(dense), 7, metric=metric),
        find_neighbors(dense, 7, metric=metric),
        dense,
    )


def test_small_differences_beside_large_numbers_are_kept() -> None:
    dense = texts(200, 60, counts=False)
    dense[:, 3] = 1e6
    dense[100:, 3] = 1e6 + 0.5
    check_same(find_neighbors(sparse(dense), 7), find_neighbors(dense, 7), dense)


@pytest.mark.parametrize("metric", METRICS)
def test_queries_are_answered_as_by_dense_vectors(metric: Metric) -> None:
    dense, asked = texts(300, 200, counts=False), texts(50, 200, counts=False, seed=1)
    one, other = Search(prepare(sparse(dense), metric)), Search(prepare(dense, metric))
    expected = other.of_queries(asked, 9)
    for queries in (asked, sparse(asked)):
        indices, ranks = one.of_queries(queries, 9)
        np.testing.assert_array_equal(indices, expected[0])
        np.testing.assert_allclose(ranks, expected[1], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("metric", METRICS)
def test_one_vector_finds_the_same_points(metric: Metric) -> None:
    dense = texts(300, 200, counts=False)
    for query in (dense[7].astype(np.float64), dense[60] - 2.5 * dense[61], np.ones(200)):
        indices, distances = nearest_to(sparse(dense), query, 12, metric=metric, exclude=[60])
        expected = nearest_to(dense, query, 12, metric=metric, exclude=[60])
        np.testing.assert_array_equal(indices, expected[0])
        np.testing.assert_array_equal(distances, expected[1])


def test_the_search_makes_no_row_dense(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = sparse(texts(300, 200, counts=False))
    monkeypatch.setattr(SparseRows, "__array__", None)
    for metric in METRICS:
        find_neighbors(rows, 5, metric=metric)


def test_one_vector_makes_blocks_dense_only(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    whole = SparseRows.__array__

    def counted(self: SparseRows, *args: Any, **kwargs: Any) -> Any:
        made.append(self.size)
        return whole(self, *args, **kwargs)

    monkeypatch.setattr(SparseRows, "__array__", counted)
    monkeypatch.setattr(sparse_rows, "BLOCK_NUMBERS", 200_000)
    rows = sparse(texts(2000, 300, counts=False))
    nearest_to(rows, np.ones(300), 9, metric="euclidean")
    assert 0 < max(made) <= 200_000 < rows.size


@pytest.mark.slow
def test_many_are_searched_by_a_sketch_whose_recall_is_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dense = texts(900, 200, counts=False)
    monkeypatch.setattr(searching, "SPARSE_WORK", 0)
    found = find_neighbors(sparse(dense), 10)
    truth = find_neighbors(dense, 10)
    among = (found.indices[:, :, None] == truth.indices[:, None, :]).any(axis=2)
    is_near = found.distances <= truth.distances[:, -1:] * (1 + 1e-6)
    assert (not found.exact and "measured" in found.warnings[-1]) or found.warnings
    assert abs((among | is_near).mean() - found.recall) <= found.recall_error + 0.02
    assert found.recall > 0.9
    again = find_neighbors(sparse(dense), 10)
    np.testing.assert_array_equal(found.indices, again.indices)


def test_a_metric_that_is_not_measured_is_named() -> None:
    rows, unknown = SparseRows.of(scipy.sparse.csr_matrix(np.eye(4))), "chebyshev"
    metric: Any = unknown
    with pytest.raises(ParameterError, match=r"'chebyshev' is not measured on sparse.*'cosine'"):
        SparseIndex.of(rows, metric, np.ones(4))

"""Neighbors among points in parts against one search over all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.errors import Cancelled, MemoryLimitError, ParameterError, ShapeError
from projector.model.partitioned import PartitionedDataset
from projector.model.progress import Progress
from projector.typing import AnyArray
from tests.api.partitioned.conftest import EXECUTORS, write_parts

ROWS = [2999, 0, 1, 1500, 0]


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "inner_product", "manhattan"])
@pytest.mark.parametrize("executor", EXECUTORS)
def test_neighbors_of_points_are_those_of_one_search(
    vectors: AnyArray, parts: PartitionedDataset, metric: str, executor: str | None
) -> None:
    found = projector.partitioned_neighbors(parts, 9, rows=ROWS, metric=metric, executor=executor)
    one = projector.neighbors(vectors, 9, metric=metric)
    np.testing.assert_array_equal(found.indices, one.indices[ROWS])
    np.testing.assert_array_equal(found.distances, one.distances[ROWS])
    assert found.indices.dtype == np.int64
    assert found.metric == metric


def test_neighbors_of_vectors_are_those_of_brute_force(
    vectors: AnyArray, parts: PartitionedDataset, rng: np.random.Generator
) -> None:
    queries = rng.normal(size=(20, 10)) * 3
    found = projector.partitioned_neighbors(parts, 7, queries=queries, memory_limit=200_000)
    wide = queries.astype(np.float32).astype(np.float64)[:, None] - vectors.astype(np.float64)
    distances = np.sqrt((wide**2).sum(axis=2))
    expected = np.argsort(distances, axis=1, kind="stable")[:, :7]
    np.testing.assert_array_equal(found.indices, expected)
    np.testing.assert_allclose(
        found.distances, np.take_along_axis(distances, expected, axis=1), rtol=1e-6
    )


def test_duplicates_are_neighbors_by_index(tmp_path: Path) -> None:
    vectors = np.zeros((3000, 3), np.float32)
    vectors[1:700] = 5
    parts = write_parts(vectors, tmp_path / "data")
    found = projector.partitioned_neighbors(parts, 4, rows=[700, 2999])
    assert found.indices.tolist() == [[0, 701, 702, 703], [0, 700, 701, 702]]
    assert (found.distances == 0).all()


def test_rows_with_nan_are_nobodys_neighbors(vectors: AnyArray, tmp_path: Path) -> None:
    vectors[100:200] = np.nan
    parts = write_parts(vectors, tmp_path / "data")
    found = projector.partitioned_neighbors(parts, 3000, rows=[0])
    assert found.details["n_left_out"] == 100
    near = found.indices[0]
    assert not np.isin(np.arange(100, 200), near).any()
    assert (near[2899:] == -1).all()
    assert np.isinf(found.distances[0, 2899:]).all()
    with pytest.raises(ShapeError, match="1 of the 2 points have NaN"):
        projector.partitioned_neighbors(parts, 3, rows=[0, 150])


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({}, ParameterError, "either 'queries'"),
        ({"rows": [1], "queries": np.zeros((1, 10))}, ParameterError, "either 'queries'"),
        ({"rows": [3000]}, ParameterError, "3,?000"),
        ({"rows": [1], "metric": "euclid"}, ParameterError, "metric"),
        ({"rows": [1], "k": 0}, ParameterError, "'?k"),
        ({"queries": np.zeros((2, 9))}, ShapeError, "10 dimensions"),
        ({"queries": np.full((1, 10), np.nan)}, ShapeError, "NaN"),
        ({"rows": [1], "memory_limit": 3000}, MemoryLimitError, "Raise memory_limit"),
    ],
)
def test_what_is_not_possible_is_refused(
    parts: PartitionedDataset, given: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        projector.partitioned_neighbors(parts, **given)


def test_it_can_be_cancelled(parts: PartitionedDataset) -> None:
    def give_up(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        projector.partitioned_neighbors(parts, 3, rows=[0], progress=give_up)

"""Neighbors of pieces, merged, against one search and brute force."""

from __future__ import annotations

import itertools
from typing import cast, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projector.compute.neighbors.merging import Nearest, merge_nearest, nearest_in_piece
from projector.compute.neighbors.search import find_neighbors
from projector.compute.neighbors.space import prepare
from projector.typing import AnyArray, Metric


def merged(
    vectors: AnyArray, cuts: list[int], rows: AnyArray, k: int, metric: Metric, seed: int = 0
) -> Nearest:
    ends = [0, *sorted(cuts), len(vectors)]
    found = [
        nearest_in_piece(vectors[a:z], np.arange(a, z), vectors[rows], rows, k, metric)
        for a, z in itertools.pairwise(ends)
    ]
    order = np.random.default_rng(seed).permutation(len(found))
    return merge_nearest([found[each] for each in order], k)


@pytest.mark.parametrize("metric", get_args(Metric))
def test_pieces_have_the_neighbors_of_the_whole(rng: np.random.Generator, metric: str) -> None:
    chosen = cast(Metric, metric)
    vectors = rng.uniform(0.1, 1.5, size=(400, 2 if metric == "haversine" else 6))
    given_vectors = vectors.astype(np.float32)
    rows = np.array([0, 57, 199, 200, 399])
    found = merged(given_vectors, [3, 200, 350], rows, 12, chosen)
    one = find_neighbors(given_vectors, 12, metric=chosen)
    assert one.exact
    np.testing.assert_array_equal(found.indices, one.indices[rows])
    distances = prepare(given_vectors, chosen).distances(found.ranks)
    np.testing.assert_array_equal(distances, one.distances[rows])


@given(
    cuts=st.lists(st.integers(0, 60), max_size=5),
    seed=st.integers(0, 10_000),
    k=st.integers(1, 12),
)
def test_ties_are_settled_by_index_in_any_order(cuts: list[int], seed: int, k: int) -> None:
    # Few different numbers: most distances are shared by many pairs.
    vectors = np.random.default_rng(seed).integers(0, 3, size=(60, 2)).astype(np.float32)
    rows = np.arange(60)
    found = merged(vectors, cuts, rows, k, "euclidean", seed)
    wide = vectors.astype(np.float64)
    squares = ((wide[:, None] - wide[None]) ** 2).sum(axis=2)
    np.fill_diagonal(squares, np.inf)
    expected = np.argsort(squares, axis=1, kind="stable")[:, :k]
    np.testing.assert_array_equal(found.indices, expected)
    assert found.indices.dtype == np.int64


def test_fewer_points_than_neighbors_are_marked() -> None:
    vectors = np.array([[0.0], [1.0], [3.0]], np.float32)
    found = merged(vectors, [2], np.array([1]), 5, "euclidean")
    assert found.indices[0, :2].tolist() == [0, 2]
    assert np.isinf(found.ranks[0, 2:]).all()
    assert (found.indices[0, 2:] == -1).all()


def test_rows_beyond_32_bits_stay_what_they_are(rng: np.random.Generator) -> None:
    vectors = rng.normal(size=(50, 3)).astype(np.float32)
    first = 7_000_000_000
    found = nearest_in_piece(
        vectors, np.arange(first, first + 50), vectors[:2], np.array([first, -1]), 1, "euclidean"
    )
    assert found.indices[1, 0] == first + 1
    assert found.indices[0, 0] != first
    assert found.indices.min() >= first

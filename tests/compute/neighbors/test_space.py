"""Every way to ask for neighbors agrees with float64 over all pairs, on any numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import haversine_distances

from projector.compute.neighbors.exact import Search
from projector.compute.neighbors.metrics import ANGULAR, DIRECT, METRICS
from projector.compute.neighbors.query import nearest_to
from projector.compute.neighbors.search import find_neighbors
from projector.compute.neighbors.sieve import Sieve
from projector.compute.neighbors.space import prepare
from projector.typing import Metric

Drawn = NDArray[np.float64]
LARGEST = float(np.finfo(np.float32).max)


def one_fill_value(x: Drawn, rng: np.random.Generator) -> Drawn:
    x[7] = 1e30
    x[9, 0] = LARGEST
    return x


def far_clusters(x: Drawn, rng: np.random.Generator) -> Drawn:
    centers = rng.normal(size=(12, x.shape[1])) * 1000
    return np.asarray(centers[rng.integers(12, size=len(x))] + 1e-3 * x)


def one_group_near_zero(x: Drawn, rng: np.random.Generator) -> Drawn:
    return np.asarray(np.where(np.arange(len(x))[:, None] % 2, 1e-6 * x, 1000 + x), np.float64)


def many_zeros(x: Drawn, rng: np.random.Generator) -> Drawn:
    x[rng.random(len(x)) < 0.6] = 0
    return x


def two_scales(x: Drawn, rng: np.random.Generator) -> Drawn:
    x[: len(x) // 3] *= 1e20
    return x


CASES: dict[str, Callable[[Drawn, np.random.Generator], Drawn]] = {
    "ordinary": lambda x, rng: x,
    "an offset of 1e8": lambda x, rng: 10 * x + 1e8,
    "1e-25": lambda x, rng: x * 1e-25,
    "1e25": lambda x, rng: x * 1e25,
    "near the largest": lambda x, rng: x * 1e37,
    "denormal": lambda x, rng: x * 1e-43,
    "a fill value": one_fill_value,
    "far clusters": far_clusters,
    "one group near zero": one_group_near_zero,
    "two scales": two_scales,
    "codes": lambda x, rng: (x > 0).astype(np.float64),
    "duplicates": lambda x, rng: np.asarray(x[rng.integers(9, size=len(x))]),
    "many zeros": many_zeros,
    "all the same": lambda x, rng: np.full_like(x, 0.3),
    "one direction": lambda x, rng: 3 + 1e-4 * x,
    "one direction, closer": lambda x, rng: 1e7 * x[:1] + x,
    "one large column": lambda x, rng: x * np.r_[3e7, np.ones(x.shape[1] - 1)],
}


def drawn(name: str, shape: tuple[int, int], metric: Metric, seed: int = 0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    if metric == "haversine":
        found = CASES[name](rng.normal(size=(shape[0], 2)), rng)
        # Small angles as they are, large ones wound around.
        found = np.where(np.abs(found) < 1, found, np.remainder(found, 2) - 1)
        return np.asarray(found * [np.pi / 2, 2 * np.pi], np.float32)
    return np.asarray(CASES[name](rng.normal(size=shape), rng)).astype(np.float32)


def all_pairs(a: NDArray[np.float32], b: NDArray[np.float32], metric: Metric) -> Drawn:
    """The textbook's formulas in float64; cosine by the differences of unit vectors."""
    x, y = a.astype(np.float64), b.astype(np.float64)
    if metric == "inner_product":
        return np.asarray(-(x @ y.T))
    if metric == "haversine":
        return np.asarray(haversine_distances(x, y))
    if metric in DIRECT:
        name: Any = metric
        # Nothing has no share of nothing; what cancels is farther than all others.
        return np.nan_to_num(cdist(x, y, name), nan=0, posinf=1e300)
    if metric == "correlation":
        x, y = (each - each.mean(axis=1, keepdims=True, dtype=np.longdouble) for each in (x, y))
        x, y = x.astype(np.float64), y.astype(np.float64)
    if metric not in ANGULAR:
        return np.asarray(cdist(x, y, "euclidean" if metric == "euclidean" else "cityblock"))
    lengths = [np.linalg.norm(each, axis=1) for each in (x, y)]
    x, y = (
        each / np.where(length > 0, length, 1)[:, None]
        for each, length in zip((x, y), lengths, strict=True)
    )
    found = cdist(x, y, "sqeuclidean") / 2
    found[(lengths[0] == 0)[:, None] != (lengths[1] == 0)] = 1
    return np.asarray(found)


def mean_lost(vectors: NDArray[np.float32]) -> float:
    """How much a mean's last place turns directions, at most: an offset of 1e8 leaves 1e-9."""
    wide = vectors.astype(np.float64)
    mean, spread = np.abs(wide).max(axis=1), np.ptp(wide, axis=1)
    is_any = spread > 0
    return float(1e-15 * (mean[is_any] / spread[is_any]).max(initial=1))


def slack(true: Drawn, everything: Drawn, metric: Metric, turned: float) -> Drawn:
    """What float64 itself may be off: more for products, and between nearly equal directions."""
    if metric == "inner_product":
        most = np.abs(everything).max(axis=1, keepdims=True)
        return np.asarray(1e-9 * np.abs(true) + 1e-13 * most)
    if metric in ANGULAR:
        turned = turned if metric == "correlation" else 4e-15
        return 1e-9 * true + turned * np.sqrt(true) + turned**2
    return 1e-9 * true


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("shape", [(260, 9), (90, 130), (1100, 3)])
def test_graphs_queries_and_one_query_are_all_exact(
    shape: tuple[int, int], name: str, metric: Metric
) -> None:
    vectors, k = drawn(name, shape, metric), 12
    whole = all_pairs(vectors, vectors, metric)
    everything = whole.copy()
    np.fill_diagonal(everything, np.inf)
    true = np.sort(everything, axis=1)[:, :k]
    turned = mean_lost(vectors)
    off = slack(true, whole, metric, turned)
    points = np.arange(len(vectors))

    graph = find_neighbors(vectors, k, metric=metric)
    own = np.take_along_axis(everything, graph.indices.astype(np.intp), axis=1)
    assert (own <= true + off).all()
    assert (np.diff(np.sort(graph.indices, axis=1), axis=1) > 0).all()
    assert (graph.indices != points[:, None]).all()
    shown = np.clip(own, -LARGEST, LARGEST)
    assert (np.abs(graph.distances - shown) <= 2e-7 * np.abs(shown) + off + 2e-45).all()
    for point in (0, len(vectors) // 2, 7):
        indices, _ = nearest_to(vectors, vectors[point], k, metric=metric, exclude=point)
        np.testing.assert_array_equal(indices, graph.indices[point])

    half = len(vectors) // 2
    search = Search(prepare(vectors[:half], metric))
    indices, ranks = search.of_queries(vectors[half:], k)
    everything = all_pairs(vectors[half:], vectors[:half], metric)
    true = np.sort(everything, axis=1)[:, :k]
    found = np.take_along_axis(everything, indices.astype(np.intp), axis=1)
    assert (found <= true + slack(true, everything, metric, turned)).all()
    few = search.of_queries(vectors[half : half + 3], k)
    np.testing.assert_array_equal(few[0], indices[:3])
    np.testing.assert_array_equal(few[1], ranks[:3])


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", CASES)
def test_no_rank_value_is_outside_the_bounds_of_its_estimate(name: str, metric: Metric) -> None:
    vectors = drawn(name, (70, 33), metric, seed=1)
    space = prepare(vectors, metric)
    sieve, points = Sieve.of(space), np.arange(70)
    ranks = space.rank_pairs(points, np.tile(points, (70, 1)))
    estimates = sieve.estimates(sieve.rows, sieve.is_cut)
    low, high = sieve.bounds(ranks, sieve.sizes)
    is_known = ~np.isnan(estimates)
    assert (estimates[is_known] >= low[is_known]).all()
    assert (estimates[is_known] <= high[is_known]).all()
    # All but what lies far beyond most of the rows is known.
    assert is_known.mean() > (0.3 if name in ("two scales", "denormal") else 0.9)


@pytest.mark.parametrize("metric", METRICS)
def test_many_queries_give_what_few_give_on_both_sides_of_the_faster_routine(
    metric: Metric,
) -> None:
    vectors = drawn("far clusters", (700, 16), metric)
    search = Search(prepare(vectors, metric))
    whole = search.of_queries(vectors, 15)
    part = search.of_queries(vectors[:40], 15)
    np.testing.assert_array_equal(whole[0][:40], part[0])
    np.testing.assert_array_equal(whole[1][:40], part[1])


def test_a_query_between_float32_numbers_is_not_rounded() -> None:
    """The centroid of points near 1e8, where float32 has every eighth number."""
    vectors = np.array([[1e8, 0], [1e8 + 8, 0], [1e8 + 16, 0]], np.float32)
    indices, distances = nearest_to(vectors, np.array([1e8 + 5, 0]), 3, metric="euclidean")
    assert indices.tolist() == [1, 0, 2]
    assert distances.tolist() == [3, 5, 11]

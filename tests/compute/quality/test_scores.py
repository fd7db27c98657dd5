"""The scores of a projection are the textbook's, for the whole and for every point."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from scipy.stats import rankdata
from sklearn.manifold import trustworthiness

from projector.compute.neighbors.search import find_neighbors
from projector.compute.quality import scores as quality
from projector.compute.quality.scores import measure_quality
from projector.errors import Cancelled, ParameterError, ShapeError
from projector.model.progress import Progress
from projector.typing import AnyArray, Metric


def cloud(n_points: int = 400, n_dims: int = 8, seed: int = 0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n_points, n_dims)).astype(np.float32)


@pytest.mark.parametrize("k", [3, 15])
def test_trustworthiness_and_continuity_equal_scikit_learns(k: int) -> None:
    vectors, positions = cloud(), cloud(400, 2, seed=1)
    positions += vectors[:, :2]
    found = measure_quality(vectors, positions, k=k).scores.means()
    assert found["trustworthiness"] == pytest.approx(
        trustworthiness(vectors, positions, n_neighbors=k), abs=1e-6
    )
    # Continuity is the trustworthiness of the vectors as a picture of the picture.
    assert found["continuity"] == pytest.approx(
        trustworthiness(positions, vectors, n_neighbors=k), abs=1e-6
    )


def test_a_projection_of_a_flat_cloud_is_perfect() -> None:
    flat = cloud(300, 2)
    found = measure_quality(flat, flat * np.float32(0.1) + np.float32(5)).scores
    for figure in (found.trustworthiness, found.continuity, found.overlap):
        np.testing.assert_allclose(figure, 1, atol=1e-6)
    np.testing.assert_allclose(found.distance_correlation, 1, atol=1e-3)


def test_the_baselines_stand_beside_it() -> None:
    vectors = cloud(500, 3)
    vectors[:, 2] *= np.float32(0.01)
    found = measure_quality(vectors, cloud(500, 2, seed=2))
    assert found.baselines["pca"]["overlap"] > 0.8
    # From 0.503 to 0.514 over ten seeds.
    assert found.baselines["random"]["trustworthiness"] == pytest.approx(0.5, abs=0.06)
    assert found.scores.means()["trustworthiness"] == pytest.approx(0.5, abs=0.06)


def test_a_point_that_was_torn_away_is_the_one_with_a_low_score() -> None:
    flat = cloud(300, 2)
    torn = flat.copy()
    torn[17] = [50, 50]
    found = measure_quality(flat, torn).scores
    assert found.continuity.argmin() == 17
    assert found.overlap[17] < 0.2


@pytest.mark.parametrize(
    "metric", ["correlation", "chebyshev", "canberra", "braycurtis", "haversine"]
)
def test_trustworthiness_under_a_metric_is_scikit_learns(metric: Metric) -> None:
    drawn = cloud(400, 2 if metric == "haversine" else 9)
    vectors = np.asarray(np.abs(drawn) / 4, np.float32)
    positions = cloud(400, 2, seed=1)
    found = measure_quality(vectors, positions, k=10, metric=metric).scores.means()
    theirs = trustworthiness(vectors.astype(np.float64), positions, n_neighbors=10, metric=metric)
    assert found["trustworthiness"] == pytest.approx(theirs, abs=1e-6)


@pytest.mark.parametrize("metric", ["hamming", "jaccard"])
def test_ties_under_a_metric_share_their_ranks(metric: Metric) -> None:
    """Few distances, so that most ranks tie: a picture on one spot is as good as a random one."""
    vectors = (cloud(300, 8) > 0).astype(np.float32)
    found = measure_quality(vectors, np.zeros((300, 2), np.float32), k=10, metric=metric)
    assert found.scores.means()["trustworthiness"] == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("metric", ["cosine", "manhattan", "canberra"])
def test_a_sample_estimates_what_all_would_say(
    metric: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = cloud(1500)
    positions = np.ascontiguousarray(vectors[:, :2])
    graph = find_neighbors(vectors, 30, metric=metric)  # type: ignore[arg-type]
    exact = measure_quality(vectors, positions, metric=metric, neighbors=graph)  # type: ignore[arg-type]
    monkeypatch.setattr(quality, "N_REFERENCE", 500)
    estimate = measure_quality(vectors, positions, metric=metric, neighbors=graph)  # type: ignore[arg-type]
    for name, value in exact.scores.means().items():
        # Up to 0.007 off over ten clouds and both metrics.
        assert estimate.scores.means()[name] == pytest.approx(value, abs=0.03)
    assert estimate.n_reference == 500
    assert "estimated from a sample of 500 points" in estimate.warnings[-1]
    assert exact.warnings == ()


def with_mean_ranks(x: NDArray[np.float32], y: NDArray[np.float32], k: int) -> float:
    """Trustworthiness of y, by the textbook: ties in x share their rank, in y the last places."""
    far, seen = (cdist(each.astype(np.float64), each.astype(np.float64)) for each in (x, y))
    total = 0.0
    for row in range(len(x)):
        others = np.arange(len(x)) != row
        ranks, there = rankdata(far[row, others]), seen[row, others]
        last = np.partition(there, k - 1)[k - 1]
        nearer, level = there < last, there == last
        share = nearer + level * (k - nearer.sum()) / level.sum()
        total += float((share * np.maximum(0, ranks - k)).sum())
    n = len(x)
    return 1 - 2 * total / (n * k * (2 * n - 3 * k - 1))


TIED: dict[str, Callable[[np.random.Generator], AnyArray]] = {
    "codes": lambda rng: (rng.random((300, 8)) > 0.5) * 1.0,
    "duplicates": lambda rng: rng.normal(size=(40, 5))[rng.integers(40, size=300)],
    "whole numbers": lambda rng: rng.integers(-2, 3, size=(300, 2)) * 1.0,
    "one spot": lambda rng: np.full((300, 2), 0.1),
    "one outlier": lambda rng: np.where(np.arange(300)[:, None] == 5, 1e30, rng.random((300, 3))),
    "tight clusters": lambda rng: (
        30.0 * rng.integers(9, size=(300, 1)) + 1e-2 * rng.random((300, 6))
    ),
    "tiny": lambda rng: 1e-25 * rng.random((300, 3)),
    "huge": lambda rng: 1e25 * rng.random((300, 3)),
}


@pytest.mark.parametrize("below", TIED)
@pytest.mark.parametrize("above", TIED)
def test_ties_share_their_ranks_in_both_spaces(above: str, below: str) -> None:
    rng = np.random.default_rng(0)
    vectors = np.asarray(TIED[above](rng), np.float32)
    positions = np.asarray(TIED[below](rng), np.float32)[:, :2].copy()
    found = measure_quality(vectors, positions, k=7).scores.means()
    expected = with_mean_ranks(vectors, positions, 7)
    assert found["trustworthiness"] == pytest.approx(expected, abs=1e-6)
    expected = with_mean_ranks(positions, vectors, 7)
    assert found["continuity"] == pytest.approx(expected, abs=1e-6)
    assert -1 - 1e-6 <= found["distance_correlation"] <= 1 + 1e-6


@pytest.mark.parametrize("n_reference", [2000, 150])
@pytest.mark.parametrize("value", [0.0, 0.1, 1e30])
def test_a_picture_on_one_spot_scores_as_a_random_one(
    n_reference: int, value: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality, "N_REFERENCE", n_reference)
    vectors = cloud(600)
    found = measure_quality(vectors, np.full((600, 2), value, np.float32), k=15)
    # From 0.50 to 0.52, for the sample too.
    assert found.scores.means()["trustworthiness"] == pytest.approx(0.51, abs=0.04)
    assert found.scores.means()["continuity"] == pytest.approx(0.51, abs=0.04)
    assert found.scores.means()["distance_correlation"] == 0


def test_a_sample_estimates_the_ranks_of_ties_too(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    vectors = ((rng.random((1200, 9)) > 0.5) * 1.0).astype(np.float32)
    positions = np.ascontiguousarray(vectors[:, :2] + cloud(1200, 2) * np.float32(0.1))
    exact = measure_quality(vectors, positions, k=10).scores.means()
    monkeypatch.setattr(quality, "N_REFERENCE", 400)
    estimate = measure_quality(vectors, positions, k=10).scores.means()
    for name in ("trustworthiness", "continuity"):
        # Up to 0.004 off over ten seeds.
        assert estimate[name] == pytest.approx(exact[name], abs=0.03)


def test_few_points_lower_k_and_the_summary_is_json() -> None:
    found = measure_quality(cloud(7), cloud(7, 3), k=15)
    assert found.k == 3
    json.dumps(found.summary(), allow_nan=False)


def test_duplicates_have_a_score_too() -> None:
    vectors = np.repeat(cloud(30), 4, axis=0)
    found = measure_quality(vectors, np.ascontiguousarray(vectors[:, :2])).scores
    for figure in (found.trustworthiness, found.continuity, found.overlap):
        assert np.isfinite(figure).all()


def test_what_cannot_be_measured_is_refused() -> None:
    with pytest.raises(ShapeError, match="5 positions for 6"):
        measure_quality(cloud(6), cloud(5, 2))
    with pytest.raises(ParameterError, match="3 points"):
        measure_quality(cloud(2), cloud(2, 2))


def test_cancelled_in_progress_stops_it() -> None:
    def stop(progress: Progress) -> None:
        if progress.phase == "quality":
            raise Cancelled

    with pytest.raises(Cancelled):
        measure_quality(cloud(), cloud(400, 2), progress=stop)


def test_above_the_sample_ties_in_the_overlap_go_by_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quality, "N_REFERENCE", 100)
    vectors = (cloud(300, 6) > 0).astype(np.float32)
    positions = np.ascontiguousarray(np.rint(cloud(300, 2, seed=1)))
    found = measure_quality(vectors, positions, k=8)
    near = [find_neighbors(each, 8).indices for each in (vectors, positions)]
    shared = [np.isin(*rows).mean() for rows in zip(*near, strict=True)]
    np.testing.assert_allclose(found.scores.overlap, shared, atol=1e-6)
    far = [cdist(each, each).round(9) for each in (vectors, positions)]
    for each, found_there in zip(far, near, strict=True):
        np.fill_diagonal(each, np.inf)
        by_index = np.argsort(each, axis=1, kind="stable")[:, :8]
        np.testing.assert_array_equal(found_there, by_index)

"""The scores of a projection are the textbook's, for the whole and for every point."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.compute.neighbors.search import find_neighbors
from projector.compute.quality import scores as quality
from projector.compute.quality.scores import measure_quality
from projector.errors import Cancelled, ParameterError, ShapeError
from projector.model.progress import Progress


def cloud(n_points: int = 400, n_dims: int = 8, seed: int = 0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n_points, n_dims)).astype(np.float32)


@pytest.mark.parametrize("k", [3, 15])
def test_trustworthiness_and_continuity_equal_scikit_learns(k: int) -> None:
    from sklearn.manifold import trustworthiness

    vectors, positions = cloud(), cloud(400, 2, seed=1)
    positions += vectors[:, :2]
    found = measure_quality(vectors, positions, k=k).scores.means()
    assert found["trustworthiness"] == pytest.approx(
        trustworthiness(vectors, positions, n_neighbors=k), abs=1e-4
    )
    # Continuity is the trustworthiness of the vectors as a picture of the picture.
    assert found["continuity"] == pytest.approx(
        trustworthiness(positions, vectors, n_neighbors=k), abs=1e-4
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


@pytest.mark.parametrize("metric", ["cosine", "manhattan"])
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

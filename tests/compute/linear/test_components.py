"""Principal components are scikit-learn's, whatever the shape and wherever the data lies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from projector.compute import METHODS, MethodInput
from projector.compute.linear import components, decomposition
from projector.compute.linear.components import principal_components
from projector.errors import Cancelled
from projector.machine import blas_threads
from projector.model.parameters import resolve
from projector.model.progress import Progress


def cloud(n_points: int, n_dims: int, seed: int = 0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    spread = np.linspace(3, 0.5, n_dims)
    return (rng.normal(size=(n_points, n_dims)) * spread + 5).astype(np.float32)


@pytest.mark.parametrize("shape", [(500, 20), (20, 500), (60, 60), (3, 7), (9, 2)])
def test_scores_and_variances_equal_scikit_learns(shape: tuple[int, int]) -> None:
    from sklearn.decomposition import PCA

    vectors = cloud(*shape)
    reference = PCA(svd_solver="full").fit(vectors.astype(np.float64))
    found = principal_components(vectors, 50)
    n_real = min(shape[0] - 1, shape[1])

    np.testing.assert_allclose(
        found.explained_variance_ratio, reference.explained_variance_ratio_, atol=1e-6
    )
    np.testing.assert_allclose(
        found.singular_values[:n_real], reference.singular_values_[:n_real], rtol=1e-4
    )
    expected = reference.transform(vectors.astype(np.float64))[:, : min(n_real, 50)]
    scale = np.abs(expected).max()
    np.testing.assert_allclose(
        found.scores(vectors)[:, : expected.shape[1]], expected, atol=1e-4 * scale
    )


def test_chunks_give_what_one_piece_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = cloud(3000, 12)
    whole = principal_components(vectors, 12)
    monkeypatch.setattr(decomposition, "CHUNK_SIZE", 12 * 100)
    parts = principal_components(vectors, 12)
    np.testing.assert_allclose(parts.scores(vectors), whole.scores(vectors), atol=1e-4)


def test_rows_sorted_by_size_do_not_spoil_the_pilot_mean() -> None:
    vectors = np.sort(cloud(5000, 6) * 100, axis=0)
    found = principal_components(vectors, 6)
    expected = np.linalg.eigvalsh(np.cov(vectors.astype(np.float64).T))[::-1]
    np.testing.assert_allclose(found.explained_variance, expected, rtol=1e-5, atol=1e-3)


def test_a_far_away_cloud_keeps_its_shape() -> None:
    vectors = cloud(2000, 8)
    near = principal_components(vectors, 3).scores(vectors)
    far = principal_components(vectors + np.float32(1000), 3).scores(vectors + np.float32(1000))
    np.testing.assert_allclose(far, near, atol=2e-3)


def test_a_read_only_memory_map_is_read_in_place(tmp_path: Path) -> None:
    vectors = cloud(400, 10)
    np.save(tmp_path / "vectors.npy", vectors)
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    np.testing.assert_array_equal(
        principal_components(mapped, 3).scores(mapped),
        principal_components(vectors, 3).scores(vectors),
    )


def test_the_randomized_solver_finds_what_the_exact_one_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vectors = cloud(300, 120)
    vectors[:, :4] *= np.array([40, 30, 20, 15], np.float32)
    exact = principal_components(vectors, 4)
    monkeypatch.setattr(components, "EXACT_LIMIT", 50)
    found = principal_components(vectors, 4)
    assert exact.exact
    assert not found.exact
    np.testing.assert_allclose(found.explained_variance, exact.explained_variance[:4], rtol=1e-3)
    np.testing.assert_allclose(found.total_variance, exact.total_variance, rtol=1e-5)
    np.testing.assert_allclose(found.scores(vectors), exact.scores(vectors), atol=0.5)


@pytest.mark.parametrize("shape", [(300, 6), (6, 300)])
@pytest.mark.parametrize("scale", [2.0**-130, 1e-30, 1e-19, 1e12, 1e20, 1e30, 1e37])
def test_shares_are_the_same_at_any_scale(shape: tuple[int, int], scale: float) -> None:
    vectors = cloud(*shape) - np.float32(5)
    plain = principal_components(vectors, 3)
    scaled = (vectors.astype(np.float64) * scale).astype(np.float32)
    with np.errstate(all="raise", under="ignore"):
        found = principal_components(scaled, 3)
        scores = found.scores(scaled).astype(np.float64) * found.unit
    np.testing.assert_allclose(
        found.explained_variance_ratio, plain.explained_variance_ratio, atol=1e-4
    )
    expected = plain.scores(vectors)
    np.testing.assert_allclose(scores / scale, expected, atol=1e-3 * np.abs(expected).max())


def test_the_randomized_solver_works_at_any_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components, "EXACT_LIMIT", 20)
    vectors = cloud(200, 40)
    vectors[:, :4] *= np.array([40, 30, 20, 15], np.float32)
    plain = principal_components(vectors, 3)
    for scale in (1e-30, 1e20, 1e35):
        found = principal_components(vectors * np.float32(scale), 3)
        np.testing.assert_allclose(
            found.explained_variance_ratio, plain.explained_variance_ratio, rtol=1e-3
        )


def test_scores_that_float32_cannot_hold_have_a_larger_unit() -> None:
    vectors = np.clip(cloud(200, 40) - 5, -1, 1) * np.float32(3.4e38)
    found = principal_components(vectors, 3)
    scores = found.scores(vectors)
    assert found.unit > 1
    assert np.isfinite(scores).all()
    pca = METHODS["pca"]
    outcome = pca.run(MethodInput(vectors, resolve(pca.parameters, {}, owner="pca")))
    assert "larger than float32 can hold" in str(outcome.details["warnings"])
    np.testing.assert_allclose(
        outcome.positions / np.float32(1e37), scores / np.float32(1e37), atol=1e-3
    )


@pytest.mark.parametrize("processors", [1, 2, 7])
@pytest.mark.parametrize("shape", [(4000, 600), (300, 4000), (700, 701)])
def test_blocks_are_the_same_for_any_number_of_processors(
    shape: tuple[int, int], processors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = cloud(*shape)
    monkeypatch.setattr(decomposition, "CHUNK_SIZE", 100_000)
    monkeypatch.setattr(blas_threads, "usable_processors", lambda: 3)
    expected = principal_components(vectors, 5)
    monkeypatch.setattr(blas_threads, "usable_processors", lambda: processors)
    with threadpool_limits(processors):
        found = principal_components(vectors, 5)
        np.testing.assert_array_equal(found.components, expected.components)
        np.testing.assert_array_equal(found.scores(vectors), expected.scores(vectors))
        np.testing.assert_array_equal(found.explained_variance, expected.explained_variance)


def test_the_largest_loading_is_positive() -> None:
    found = principal_components(cloud(200, 30), 10)
    largest = np.abs(found.components).argmax(axis=1)
    assert (found.components[np.arange(10), largest] > 0).all()


@pytest.mark.parametrize(("n_points", "n_dims"), [(1, 1), (1, 5), (2, 1), (5, 2), (3, 3)])
def test_small_data_is_placed_with_zeros_where_it_has_no_dimension(
    n_points: int, n_dims: int
) -> None:
    pca = METHODS["pca"]
    params = resolve(pca.parameters, {}, owner="pca")
    outcome = pca.run(MethodInput(cloud(n_points, n_dims), params))
    assert outcome.positions.shape == (n_points, 3)
    assert np.isfinite(outcome.positions).all()
    assert (outcome.positions[:, n_dims:] == 0).all()


def test_identical_points_explain_nothing() -> None:
    found = principal_components(np.full((50, 4), 7, np.float32), 3)
    assert (found.explained_variance_ratio == 0).all()
    np.testing.assert_allclose(found.scores(np.full((5, 4), 7, np.float32)), 0, atol=1e-5)


def test_cancelled_in_progress_stops_the_work() -> None:
    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        principal_components(cloud(100, 5), 2, progress=stop)

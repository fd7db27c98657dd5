"""PCA of sparse vectors: known answers, those of the dense vectors, at any scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse

from projector.compute.linear import components
from projector.compute.linear.components import PrincipalComponents, principal_components
from projector.model.sparse_rows import SparseRows, as_held


def few_directions(n_points: int, n_dims: int) -> Any:
    """Return sparse float32 vectors with an offset, that vary along four directions mostly."""
    rng = np.random.default_rng(n_points)
    scores = np.where(rng.random((n_points, 4)) < 0.3, rng.normal(size=(n_points, 4)), 0)
    basis = np.where(rng.random((4, n_dims)) < 0.05, rng.normal(size=(4, n_dims)), 0)
    noise = np.where(rng.random((n_points, n_dims)) < 0.02, 0.05, 0)
    found = scores * [9, 7, 5, 3] @ basis + noise
    found[:, 0] = 4  # a mean that is not 0
    return found.astype(np.float32)


def both(dense: Any, n_kept: int) -> tuple[PrincipalComponents, PrincipalComponents, Any]:
    """Return the components of dense vectors, and of the same ones as sparse rows."""
    rows = as_held(SparseRows.of(scipy.sparse.csr_matrix(dense)))
    return principal_components(dense, n_kept), principal_components(rows, n_kept), rows


SHAPES = {"covariance": (400, 90), "products": (90, 400), "randomized": (300, 260)}


@pytest.mark.parametrize("factor", [1.0, 1e25, 1e-30])
@pytest.mark.parametrize("solver", SHAPES)
def test_the_result_is_that_of_dense_vectors(
    solver: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    if solver == "randomized":
        monkeypatch.setattr(components, "EXACT_LIMIT", 100)
    dense = few_directions(*SHAPES[solver]) * np.float32(factor)
    expected, found, rows = both(dense, 4)
    assert found.exact == expected.exact == (solver != "randomized")
    np.testing.assert_allclose(found.components, expected.components, atol=3e-5)
    variances = found.explained_variance[:4], expected.explained_variance[:4]
    np.testing.assert_allclose(*variances, rtol=1e-5)
    assert found.total_variance == pytest.approx(expected.total_variance, rel=1e-4)
    scores, wanted = found.scores(rows), expected.scores(dense)
    np.testing.assert_allclose(scores / wanted.max(), wanted / wanted.max(), atol=3e-5)


@pytest.mark.parametrize("solver", SHAPES)
def test_the_result_is_that_of_scikit_learn(solver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from sklearn.decomposition import PCA

    if solver == "randomized":
        monkeypatch.setattr(components, "EXACT_LIMIT", 100)
    dense = few_directions(*SHAPES[solver])
    expected = PCA(4).fit(dense.astype(np.float64))
    _, found, rows = both(dense, 4)
    np.testing.assert_allclose(found.explained_variance[:4], expected.explained_variance_, 1e-5)
    np.testing.assert_allclose(found.mean, expected.mean_, atol=1e-6)
    turned = np.abs(found.components @ expected.components_.T)
    np.testing.assert_allclose(turned, np.eye(4), atol=2e-3)
    assert np.abs(found.scores(rows).mean(axis=0)).max() < 1e-5


def test_a_large_mean_is_not_taken_for_variance() -> None:
    dense = few_directions(400, 90)
    dense[:, 7] = 3e5 + np.arange(400) % 2
    expected = np.cov(dense.astype(np.float64).T)
    _, found, _ = both(dense, 4)
    assert found.total_variance == pytest.approx(np.trace(expected), rel=1e-4)


def test_the_same_data_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    from projector.machine import blas_threads

    monkeypatch.setattr(components, "EXACT_LIMIT", 100)
    rows = as_held(SparseRows.of(scipy.sparse.csr_matrix(few_directions(3000, 260))))
    found = []
    for n_threads in (1, 2, 3):
        monkeypatch.setattr(blas_threads, "usable_processors", lambda n=n_threads: n)
        found.append(principal_components(rows, 4).components.tobytes())
    assert len(set(found)) == 1


@pytest.mark.parametrize("shape", [(1, 50), (5, 50), (50, 1)])
def test_few_points_or_dimensions(shape: tuple[int, int]) -> None:
    dense = np.zeros(shape, np.float32)
    dense[:, 0] = np.arange(shape[0])
    expected, found, rows = both(dense, 3)
    np.testing.assert_allclose(found.scores(rows), expected.scores(dense), atol=1e-5)
    zero, found, rows = both(np.zeros(shape, np.float32), 3)
    assert found.total_variance == zero.total_variance == 0
    assert not found.scores(rows).any()

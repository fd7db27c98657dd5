"""Sparse matrices through every door: as dense vectors, and in little memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse

import projector
from projector import Dataset
from projector.errors import ParameterError
from projector.jobs.cache import ResultCache
from projector.model import given_sparse
from projector.model.sparse_rows import sparse_of

NOWHERE = ResultCache(Path(), max_bytes=0)


def texts(n_points: int, n_dims: int, per_point: int = 12, seed: int = 0) -> Any:
    """Return a sparse matrix of two kinds of texts, as word counts with weights; float32."""
    rng = np.random.default_rng(seed)
    rows = np.repeat(np.arange(n_points), per_point)
    words = np.minimum(rng.zipf(1.4, len(rows)) - 1, n_dims // 2 - 1) + n_dims // 2 * (rows % 2)
    weights = rng.random(len(rows)).astype(np.float32) + 0.5
    return scipy.sparse.csr_matrix((weights, (rows, words)), shape=(n_points, n_dims))


@pytest.fixture
def stay_sparse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep even the smallest matrix sparse."""
    monkeypatch.setattr(given_sparse, "DENSE_BYTES", 0)


def positions(data: Any, method: str, **params: Any) -> Any:
    """Return the positions of a projection that no cache knows."""
    return projector.project(data, method, n_components=2, cache=NOWHERE, **params).positions


#: Layouts are chaotic: a given start makes equal graphs equal pictures.
START = np.random.default_rng(0).normal(size=(300, 2)).astype(np.float32)
SAME: dict[str, Callable[[Any], Any]] = {
    "umap": lambda x: positions(x, "umap", n_epochs=20, initial=START),
    "umap, cosine": lambda x: positions(x, "umap", n_epochs=20, initial=START, metric="cosine"),
    "tsne": lambda x: positions(x, "tsne", initial=START),
    "neighbors": lambda x: projector.neighbors(x, 9).indices,
    "distances": lambda x: projector.neighbors(x, 9, metric="manhattan").distances,
    "nearest": lambda x: projector.nearest(x, [3, 5], 9).indices,
    "quality": lambda x: projector.quality(x, START, 9, cache=NOWHERE).scores.trustworthiness,
    "given": lambda x: positions(x, "given", dims="1, 151"),
}


@pytest.mark.usefixtures("stay_sparse")
@pytest.mark.parametrize("door", SAME)
def test_the_result_is_that_of_dense_vectors(door: str) -> None:
    matrix = texts(300, 300)
    assert sparse_of(Dataset(matrix).vectors) is not None
    expected = SAME[door](matrix.toarray())
    np.testing.assert_array_equal(SAME[door](matrix), expected)


STEPS: list[dict[str, Any]] = [
    {"pca_dims": 9},
    {"standardize": True, "pca_dims": 9},
    {"unit_norm": True, "pca_dims": 9},
    {"center": True, "pca_dims": 9},
]


@pytest.mark.usefixtures("stay_sparse")
@pytest.mark.parametrize("steps", STEPS, ids=str)
def test_preprocessing_is_that_of_dense_vectors(steps: dict[str, Any]) -> None:
    matrix = texts(300, 200)
    found, expected = (positions(x, "pca", **steps) for x in (matrix, matrix.toarray()))
    np.testing.assert_allclose(found, expected, atol=1e-3 * np.abs(expected).max())


@pytest.mark.usefixtures("stay_sparse")
def test_a_mean_is_not_subtracted_from_what_would_no_longer_be_sparse() -> None:
    with pytest.raises(ParameterError, match=r"'center' would make every 0.*pca_dims=50"):
        positions(texts(300, 200), "umap", metric="cosine", center=True)


@pytest.mark.usefixtures("stay_sparse")
@pytest.mark.parametrize("method", ["umap", "tsne"])
def test_landmarks_and_rows_without_a_place(method: str) -> None:
    matrix = texts(300, 200)
    matrix.data[5] = np.nan
    found = projector.project(matrix, method, n_components=2, n_landmarks=100, cache=NOWHERE)
    assert found.details["n_unplaced"] == 1
    assert int(np.isfinite(found.positions).all(axis=1).sum()) == 299


@pytest.mark.usefixtures("stay_sparse")
@pytest.mark.parametrize("name", ["PCA", "UMAP", "TSNE"])
def test_estimators_fit_and_place_sparse_vectors(name: str) -> None:
    matrix, new = texts(300, 200), texts(20, 200, seed=1)
    params: dict[str, Any] = {"UMAP": {"n_epochs": 20}, "TSNE": {"n_iter": 250}}.get(name, {})
    fitted = getattr(projector, name)(n_components=2, **params).fit(matrix)
    again = fitted.transform(matrix[:30])
    np.testing.assert_allclose(again, fitted.embedding_[:30], atol=1e-5)
    np.testing.assert_allclose(fitted.transform(new), fitted.transform(new.toarray()), atol=1e-5)


def test_what_was_fitted_dense_places_many_sparse_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    from projector.api.estimators import layout_estimator

    matrix, new = texts(300, 200), texts(90, 200, seed=1)
    fitted = projector.UMAP(n_components=2, n_epochs=20, center=True).fit(matrix)
    expected = fitted.transform(new.toarray())
    monkeypatch.setattr(given_sparse, "DENSE_BYTES", 0)
    monkeypatch.setattr(layout_estimator, "BLOCK_NUMBERS", 40 * 200)
    np.testing.assert_array_equal(fitted.transform(new), expected)
    assert len(fitted.distances_to_fitted(new)) == 90


@pytest.mark.usefixtures("stay_sparse")
def test_what_needs_all_numbers_says_so() -> None:
    matrix = texts(300, 200)
    with pytest.raises(ParameterError, match=r"takes dense vectors.*300 x 200.*PCA\(50\)"):
        projector.health(matrix)
    with pytest.raises(ParameterError, match="takes dense vectors"):
        projector.compare(matrix, matrix)


@pytest.mark.slow
def test_no_more_memory_is_taken_than_blocks_and_results_need() -> None:
    matrix = texts(1500, 200_000)
    projector.neighbors(texts(50, 100), 3)  # imports and compiles
    projector.neighbors(texts(300, 20_000), 3)
    projector.project(texts(300, 20_000), "pca", cache=NOWHERE)
    dense = 4 * matrix.shape[0] * matrix.shape[1]
    tracemalloc.start()
    try:
        data = Dataset(matrix)
        flat = projector.project(data, "pca", cache=NOWHERE)
        projector.neighbors(data, 10)
        projector.nearest(data, 3, 10)
        projector.quality(data, flat, 10, cache=NOWHERE)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # 150 MB were measured: the directions of PCA alone are 50 x 200,000 float64, twice.
    assert peak < 0.25 * dense, f"{peak / 1e6:.0f} MB of {dense / 1e6:.0f}"

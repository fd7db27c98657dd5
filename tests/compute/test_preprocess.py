"""Preprocessing does what it was asked for, nothing else, and says it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.preprocess import PREPROCESSING, preprocess
from projector.model.parameters import resolve


def cloud() -> NDArray[np.float32]:
    rng = np.random.default_rng(0)
    return (rng.normal(size=(200, 6)) * [1, 2, 3, 4, 5, 100] + 10).astype(np.float32)


def test_nothing_is_done_by_default() -> None:
    vectors = cloud()
    found, notes = preprocess(vectors, resolve(PREPROCESSING, {}, owner="preprocessing"))
    assert found is vectors
    assert notes == ()


def test_centering_moves_the_mean_to_the_origin() -> None:
    found, notes = preprocess(cloud(), {"center": True})
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-4)
    assert notes == ("The mean of all points was subtracted.",)


def test_standardizing_makes_every_dimension_count_the_same() -> None:
    vectors = np.hstack([cloud(), np.full((200, 1), 3, np.float32)])
    found, notes = preprocess(vectors, {"standardize": True})
    np.testing.assert_allclose(found.std(axis=0)[:6], 1, rtol=1e-4)
    assert (found[:, 6] == 0).all()
    assert "1 constant" in notes[0]


def test_unit_norm_keeps_directions_and_names_zero_vectors() -> None:
    vectors = cloud()
    vectors[3] = 0
    found, notes = preprocess(vectors, {"unit_norm": True})
    lengths = np.linalg.norm(found, axis=1)
    np.testing.assert_allclose(np.delete(lengths, 3), 1, rtol=1e-5)
    assert lengths[3] == 0
    assert "1 zero vectors" in notes[0]


def test_pca_keeps_the_largest_variance_and_says_how_much() -> None:
    found, notes = preprocess(cloud(), {"pca_dims": 1})
    assert found.shape == (200, 1)
    assert "1 principal components, which keep 99" in notes[0]


def test_more_components_than_dimensions_change_nothing() -> None:
    found, notes = preprocess(cloud(), {"pca_dims": 50})
    assert found.shape == (200, 6)
    assert notes == ()


def test_the_given_vectors_stay_as_they_are() -> None:
    vectors = cloud()
    before = vectors.copy()
    preprocess(vectors, {"center": True, "standardize": True, "unit_norm": True, "pca_dims": 3})
    np.testing.assert_array_equal(vectors, before)

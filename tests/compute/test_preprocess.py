"""Preprocessing does what it was asked for, nothing else, and says it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.compute.preprocess import PREPROCESSING, preprocess
from projector.errors import ShapeError
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


@pytest.mark.parametrize("scale", [1e-38, 1e-30, 1.0, 1e20, 1e34])
@pytest.mark.parametrize("step", ["standardize", "unit_norm", "pca_dims"])
def test_steps_are_the_same_at_any_scale(step: str, scale: float) -> None:
    plain, _ = preprocess(cloud(), {step: 2})
    with np.errstate(all="raise", under="ignore"):
        found, _ = preprocess((cloud().astype(np.float64) * scale).astype(np.float32), {step: 2})
    unit = scale if step == "pca_dims" else 1.0
    np.testing.assert_allclose(found / unit, plain, atol=2e-3 * np.abs(plain).max())


def test_a_huge_dimension_makes_no_other_constant() -> None:
    vectors = cloud()
    vectors[:, 5] *= np.float32(1e30)
    found, notes = preprocess(vectors, {"standardize": True})
    np.testing.assert_allclose(found.std(axis=0), 1, rtol=1e-4)
    assert "constant" not in notes[0]


def test_what_cannot_be_centered_in_float32_is_refused() -> None:
    vectors = np.full((5, 2), 3e38, np.float32)
    assert (preprocess(vectors, {"center": True})[0] == 0).all()
    vectors[0] = -3e38
    with pytest.raises(ShapeError, match="cannot be centered in float32"):
        preprocess(vectors, {"center": True})

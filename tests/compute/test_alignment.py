"""Alignment undoes rotation, mirroring, translation and scaling, and says what it did."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projector.compute.alignment import align
from projector.errors import ParameterError, ShapeError


def rotation(degrees: float) -> np.ndarray:
    angle = np.radians(degrees)
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


@given(st.floats(-170, 170), st.floats(0.1, 10), st.booleans())
@settings(deadline=None, max_examples=40)
def test_a_rotated_scaled_and_moved_projection_fits_again(
    degrees: float, scale: float, mirrored: bool
) -> None:
    reference = np.random.default_rng(0).normal(size=(40, 2)).astype(np.float32)
    changed = reference @ rotation(degrees) * scale + 7
    if mirrored:
        changed[:, 0] *= -1
    found = align(changed.astype(np.float32), reference)
    np.testing.assert_allclose(found.positions, reference, atol=1e-4)
    assert found.scale == pytest.approx(1 / scale, rel=1e-4)
    assert found.is_mirrored == mirrored
    assert found.residual < 1e-4
    if not mirrored:
        assert found.angle_degrees == pytest.approx(abs(degrees), abs=0.05)


def test_three_dimensions_are_rotated_too() -> None:
    rng = np.random.default_rng(0)
    reference = rng.normal(size=(30, 3)).astype(np.float32)
    rotation = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    found = align((reference @ rotation).astype(np.float32), reference)
    np.testing.assert_allclose(found.positions, reference, atol=1e-5)


def test_only_shared_points_decide_and_all_are_moved() -> None:
    rng = np.random.default_rng(0)
    reference = rng.normal(size=(20, 2)).astype(np.float32)
    changed = np.vstack([[[100, 100]], reference[::-1] + np.float32(3)]).astype(np.float32)
    found = align(changed, reference, shared=(np.arange(1, 21), np.arange(19, -1, -1)))
    np.testing.assert_allclose(found.positions[1:], reference[::-1], atol=1e-5)
    assert found.n_shared == 20
    assert len(found.positions) == 21


def test_points_without_a_place_are_left_out() -> None:
    reference = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    changed = reference + np.float32(1)
    changed[4] = np.nan
    found = align(changed, reference)
    assert found.n_shared == 19
    np.testing.assert_allclose(found.positions[5:], reference[5:], atol=1e-5)


def test_scale_can_be_kept() -> None:
    reference = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    assert align(reference * np.float32(3), reference, with_scale=False).scale == 1


def test_unrelated_projections_leave_a_large_residual() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(2, 2000, 2)).astype(np.float32)
    # From 0.9985 on over fifty draws.
    assert align(first, second).residual > 0.95


def test_what_cannot_be_aligned_is_refused() -> None:
    flat, solid = np.zeros((3, 2), np.float32), np.zeros((3, 3), np.float32)
    with pytest.raises(ShapeError, match="same number of dimensions"):
        align(flat, solid)
    with pytest.raises(ShapeError, match="share"):
        align(flat, flat[:2])
    with pytest.raises(ParameterError, match="no point in common"):
        align(np.full((3, 2), np.nan, np.float32), flat)


def test_one_point_and_identical_points_are_moved_only() -> None:
    found = align(np.ones((1, 2), np.float32), np.full((1, 2), 5, np.float32))
    np.testing.assert_allclose(found.positions, 5)
    assert found.residual == 0

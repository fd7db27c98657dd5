"""How far points move that stayed, and that changed: by hand, on a picture of known size."""

from __future__ import annotations

import numpy as np
import pytest

from projector.compute.series.members import Member
from projector.compute.series.motion import MOST_CHANGED, changed_points, series_motion
from projector.typing import AnyArray

#: Two squares of side 2 around the origin: every point is at the distance √2.
CORNERS = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)


def member(points: AnyArray) -> Member:
    return Member(np.zeros((len(points), 2), np.float32), points, "")


def test_motion_is_measured_in_sizes_of_the_series() -> None:
    n = 40
    before = np.tile(CORNERS, (n // 4, 1))
    kept = np.full(n, 0.9, np.float32)
    kept[:20] = 0.2
    # Those that changed move by 0.6 along x, those that stayed by 0.05: half of each to the right,
    # half to the left, so that the middle stays where it is.
    step = np.where(np.arange(n) < 20, 0.6, 0.05) * np.where(np.arange(n) % 2, 1, -1)
    after = before + np.stack([step, np.zeros(n)], axis=1)
    size = np.sqrt((before.var(axis=0).sum() + after.var(axis=0).sum()) / 2)
    (found,) = series_motion([before, after], [member(np.arange(n))] * 2, [kept])
    assert (found.n_stayed, found.n_changed) == (20, 20)
    assert found.false == pytest.approx(0.05 / size, rel=1e-5)
    assert found.false95 == pytest.approx(0.05 / size, rel=1e-5)
    assert found.true == pytest.approx(0.6 / size, rel=1e-5)
    assert found.auc == 1
    kept[:20], kept[20:] = 0.9, 0.2
    (swapped,) = series_motion([before, after], [member(np.arange(n))] * 2, [kept])
    assert swapped.auc == 0, "what stayed moves, and what changed does not"


def test_few_points_have_no_motion() -> None:
    before = np.tile(CORNERS, (5, 1))
    kept = np.full(20, 0.6, np.float32)
    kept[:9] = 0.1
    (found,) = series_motion([before, before], [member(np.arange(20))] * 2, [kept])
    assert np.isnan([found.false, found.true, found.auc]).all()
    assert (found.n_stayed, found.n_changed) == (0, 9)


def test_what_kept_fewest_neighbors_comes_first_then_what_moves_furthest() -> None:
    one, other = np.array([2, 3, 5, 8]), np.array([3, 5, 8, 9])
    before = np.zeros((4, 2), np.float32)
    after = np.array([[1, 0], [3, 0], [2, 0], [9, 9]], np.float32)
    kept = np.zeros(10, np.float32)
    kept[[3, 5, 8]] = [0.1, 0.4, 0.4]
    members = [member(one), member(other)]
    (found,) = changed_points([before, after], members, [kept])
    assert found.tolist() == [3, 5, 8], "2 and 9 are in one of the steps only"
    kept[8] = 0.41
    (found,) = changed_points([before, after], members, [kept])
    assert found.tolist() == [3, 5]


def test_at_most_so_many_points_are_said_to_have_changed_most() -> None:
    n = MOST_CHANGED + 500
    before, after = np.zeros((n, 2), np.float32), np.zeros((n, 2), np.float32)
    after[:, 0] = np.arange(n)
    (found,) = changed_points(
        [before, after], [member(np.arange(n))] * 2, [np.zeros(n, np.float32)]
    )
    assert found.tolist() == list(range(n - 1, 499, -1))

"""Known answers: what did not change, what moved as a block, what lost its neighbors."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from projector.compute.change.comparison import measure_change
from projector.compute.change.procrustes import fit_robustly, residuals
from projector.compute.change.states import BETWEEN, MOVED_WITH, NEW_NEIGHBORS, STAYED
from projector.compute.neighbors.metrics import METRICS
from projector.compute.neighbors.search import find_neighbors
from projector.errors import DataError, ShapeError
from projector.typing import Metric
from tests.compute.change.known import Array, auc, change, clusters, f32, turn

X, LABEL = clusters()
TURN = turn(32)
GROUP = LABEL == 5


@pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
def test_a_shift_of_all_vectors_is_no_change(metric: Metric) -> None:
    found = change(X, 3 * X + 5, metric=metric)
    assert (found.kept == 1).all()
    assert found.shift.max() < 1e-5
    assert found.groups == ()


@pytest.mark.parametrize("seed", range(3))
def test_a_rotation_with_scale_and_shift_is_no_change(seed: int) -> None:
    found = change(X, 3 * X @ turn(32, seed) + 5)
    assert (found.kept == 1).all()
    assert found.shift.max() < 1e-5
    assert found.summary.cka > 1 - 1e-9
    assert found.summary.procrustes > 1 - 1e-9
    assert found.summary.scale == pytest.approx(3, abs=1e-5)
    assert found.summary.mirrored is False
    assert found.summary.states["stayed"] == len(X)
    assert (found.groups, found.summary.warnings) == ((), ())


def test_a_mirror_image_is_told() -> None:
    mirror = X.copy()
    mirror[:, 3] *= -1
    found = change(X, mirror)
    assert (found.kept == 1).all()
    assert found.summary.mirrored is True
    assert found.shift.max() < 1e-5


@pytest.mark.parametrize("wider", ["a", "b"])
def test_dimensions_of_zeros_change_nothing(wider: str) -> None:
    padded = np.hstack([X @ TURN, np.zeros((len(X), 9))])
    found = change(padded, X) if wider == "a" else change(X, padded)
    assert (found.kept == 1).all()
    assert found.shift.max() < 1e-5
    assert found.summary.mirrored is None


def test_a_group_that_takes_other_places_is_seen_by_both_figures() -> None:
    taken = X.copy()
    taken[GROUP] = X[np.random.default_rng(3).permutation(len(X))[: GROUP.sum()]]
    found = change(X, taken @ TURN)
    assert np.median(found.shift) < 1e-3
    assert np.median(found.shift[GROUP]) > 0.5
    assert found.kept[GROUP].mean() < 0.05
    assert auc(1 - found.kept, GROUP) > 0.99
    assert auc(found.shift, GROUP) > 0.99
    assert abs((found.state == NEW_NEIGHBORS).sum() - GROUP.sum()) <= 0.01 * len(X)
    assert abs((found.state == STAYED).sum() - (~GROUP).sum()) <= 0.01 * len(X)


def moved_as_block(share: float, seed: int = 0) -> tuple[Array, Array]:
    moved = np.random.default_rng(seed).random(len(X)) < share
    way = np.random.default_rng(7).standard_normal(32)
    way *= 10 / np.linalg.norm(way)
    return (X + moved[:, None] * way) @ TURN, moved


def test_a_block_that_moves_is_seen_by_shift_and_not_by_kept() -> None:
    block = X.copy()
    block[GROUP] += 40 * TURN[0]
    found = change(X, block @ TURN)
    assert found.kept.min() == 1
    assert auc(found.shift, GROUP) == 1
    assert np.median(found.shift[~GROUP]) < 1e-4
    assert (np.flatnonzero(found.state == MOVED_WITH) == np.flatnonzero(GROUP)).all()
    (group,) = found.groups
    assert (group.rows == np.flatnonzero(GROUP)).all()
    assert (group.kind, group.coherence > 0.99, group.kept_inside) == ("moved together", True, 1)
    # Least squares drags along what stayed: a silent swap would not pass above.
    fit = fit_robustly(X, block @ TURN, rounds=1)
    plain = residuals((fit.middle_a, fit.middle_b, fit.turn, fit.scale), X, block @ TURN)
    size = np.sqrt(((block - block.mean(0)) ** 2).sum(1).mean())
    assert np.median(plain[~GROUP] / size) > 0.1


def test_a_group_permuted_in_itself_keeps_its_outside() -> None:
    inside = X.copy()
    rows = np.flatnonzero(GROUP)
    inside[rows] = X[np.random.default_rng(1).permutation(rows)]
    found = change(X, inside)
    assert found.kept[~GROUP].mean() > 0.99
    chance = 15 / (GROUP.sum() - 1)
    assert found.kept[GROUP].mean() == pytest.approx(chance, abs=0.08)


def test_all_permuted_is_chance() -> None:
    found = change(X, X[np.random.default_rng(2).permutation(len(X))])
    summary = found.summary
    assert abs(summary.kept - summary.chance) < 3 * max(summary.kept_error, 1e-4)
    assert abs(summary.cka) < 0.02
    assert np.median(found.shift) > 0.9
    assert summary.majority
    assert "cannot tell" in " ".join(summary.warnings)


def test_the_fit_holds_while_fewer_than_half_move_and_says_when_it_may_not() -> None:
    few, moved = moved_as_block(0.3)
    found = change(X, few)
    assert np.median(found.shift[~moved]) < 1e-3
    assert not found.summary.majority
    many, moved = moved_as_block(0.4)
    found = change(X, many)
    assert np.median(found.shift[~moved]) < 0.01
    most, moved = moved_as_block(0.6)
    found = change(X, most)
    assert found.summary.majority
    # The roles are reversed, which the sentence allows for.
    assert np.median(found.shift[moved]) < 0.01 < np.median(found.shift[~moved])
    assert "either these moved or all the others did" in " ".join(found.summary.warnings)


def test_one_outlier_changes_nothing_for_the_others() -> None:
    outlier = X.copy()
    outlier[-1] *= 1000
    found = change(X, outlier)
    assert found.summary.kept >= 0.99
    assert found.shift[:-1].max() < 1e-3
    assert found.summary.cka < 0.5


@pytest.mark.parametrize("metric", [each for each in METRICS if each != "haversine"])
def test_the_order_of_the_sides_does_not_matter_to_kept(metric: Metric) -> None:
    few = np.round(X[:300]) if metric in ("hamming", "jaccard") else X[:300]
    other = few + np.round(np.random.default_rng(0).standard_normal(few.shape))
    there, back = change(few, other, metric=metric), change(other, few, metric=metric)
    np.testing.assert_array_equal(there.kept, back.kept)
    assert 0.05 < there.summary.kept < 0.95
    assert change(few, few.copy(), metric=metric).kept.min() == 1
    assert (np.bincount(there.state, minlength=4).sum(), BETWEEN) == (len(few), 3)


def test_cosine_sees_directions_alone() -> None:
    lengths = np.exp(np.random.default_rng(0).uniform(-2, 2, len(X)))[:, None]
    found = change(X, X * lengths, metric="cosine")
    assert found.kept.min() > 0.99
    assert found.shift.max() < 1e-5
    assert change(X, X * lengths).kept.mean() < 0.5


def test_the_bytes_do_not_depend_on_the_number_of_threads() -> None:
    other = X + np.random.default_rng(0).standard_normal(X.shape)
    graphs = find_neighbors(f32(X), 15), find_neighbors(f32(other), 15)
    before, found = numba.get_num_threads(), []
    for n_threads in sorted({1, before}):
        numba.set_num_threads(n_threads)
        with threadpool_limits(n_threads):
            found.append(measure_change(f32(X), f32(other), graphs, 15))
    numba.set_num_threads(before)
    for name in ("kept", "shift", "radius", "state"):
        assert len({getattr(each, name).tobytes() for each in found}) == 1, name
    assert len({repr(each.summary) for each in found}) == 1


def test_vectors_without_a_direction_are_told() -> None:
    other = X[:200].copy()
    other[3] = 0
    found = change(X[:200], other, metric="cosine")
    assert any(each.startswith("In b: 1 vector") for each in found.summary.warnings)
    assert np.isfinite(found.shift).all()


@pytest.mark.parametrize("copies", [20, 50])
def test_duplicates_report_no_change(copies: int) -> None:
    crowd = np.repeat(X[:40], copies, axis=0)
    found = change(crowd, 2 * crowd @ TURN)
    assert (found.kept == 1).all()
    assert found.groups == ()
    assert "at the same distance" in " ".join(found.summary.warnings)


@pytest.mark.slow
def test_the_dimensions_may_be_many() -> None:
    rng = np.random.default_rng(0)
    wide = X @ rng.standard_normal((32, 700)) / 6
    found = change(X @ rng.standard_normal((32, 32)) / 6, wide)
    assert "256 of 700 dimensions of b" in " ".join(found.summary.warnings)
    same = change(wide, wide @ turn(700))
    assert same.kept.min() == 1
    assert same.shift.max() < 1e-4


def test_what_cannot_be_compared_is_said_in_a_sentence() -> None:
    for wrong in (np.ones((50, 3)), np.zeros((50, 3))):
        with pytest.raises(DataError, match="All 50 vectors of b are equal"):
            change(np.random.default_rng(0).random((50, 3)), wrong)
    x = f32(np.random.default_rng(0).random((2, 3)))
    graph = find_neighbors(x, 1)
    with pytest.raises(ShapeError, match="at least 3 points"):
        measure_change(x, x, (graph, graph), 1)


def test_a_label_is_named_where_it_stands_for_a_group() -> None:
    a, b = X, X.copy()
    b[GROUP] += 40 * TURN[0]
    names = [str(each) for each in range(len(a))]
    for codes, said in ((np.arange(len(a)), False), (GROUP.astype(np.int64), True)):
        found = change(a, b, labels=(codes, names))
        assert found.groups
        assert all(("have the label" in each.words) == said for each in found.groups)

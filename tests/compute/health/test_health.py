"""The figures of known sets: what a Gaussian, a sheet and a collapsed embedding have."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from projector.compute.health.alarms import find_alarms
from projector.compute.health.figures import FIGURES
from projector.compute.health.health import Health, measure_health
from projector.compute.neighbors.search import find_neighbors
from tests.compute.change.known import Array, clusters, f32, turn

N, D = 5000, 64
Z = np.random.default_rng(0).standard_normal((N, D))


def measured(x: Array, labels: Any = None) -> Health:
    vectors = f32(x)
    graph = find_neighbors(vectors, min(15, len(x) - 1)) if len(x) > 2 else None
    return measure_health(vectors, graph, labels=labels)


def sheet() -> Array:
    rng = np.random.default_rng(1)
    flat = rng.uniform(-1, 1, (2000, 2))
    bent: Array = np.c_[np.sin(flat), flat, flat[:, :1] * flat[:, 1:]]
    return bent @ rng.standard_normal((5, D))


TEN = Z[:, :10] @ np.random.default_rng(2).standard_normal((10, D))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("x", "known"),
    [
        (
            Z,
            {
                "effective_rank": 63.6,
                "participation_ratio": 63.1,
                "uniformity": -3.88,
                "hubness": 5.6,
                "antihub_share": 0.185,
                "twonn": 38,
                "mle": 35,
            },
        ),
        (Z + 5, {"rankme": 24.5, "mean_cosine": 0.962, "effective_rank": 63.6}),
        (Z * (np.arange(D) < 40), {"effective_rank": 39.8, "dead_dims": 24}),
        (Z * np.where(np.arange(D) == 0, 100, 1), {"participation_ratio": 1.01}),
        (TEN, {"twonn": 9.9, "mle": 9.2}),
    ],
    ids=["gaussian", "with a mean", "dead", "one large", "ten dimensions"],
)
def test_known_answers(x: Array, known: dict[str, float]) -> None:
    found = measured(x).figures
    for name, value in known.items():
        assert found[name] == pytest.approx(value, rel=0.02), name


def by_all_distances(x: Array) -> dict[str, float]:
    """Return the figures of the graph by their formulas, from all distances in float64."""
    far = np.sqrt(((x[:, None] - x) ** 2).sum(axis=2))
    np.fill_diagonal(far, np.inf)
    near = np.sort(far, axis=1)[:, :15]
    seen = np.bincount(np.argsort(far, axis=1)[:, :10].ravel(), minlength=len(x))
    centered = seen - seen.mean()
    ratios = np.sort(near[:, 1] / near[:, 0])
    share = 1 - np.arange(1, len(x) + 1) / (len(x) + 1)
    a, b = np.log(ratios)[: int(0.9 * len(x))], -np.log(share)[: int(0.9 * len(x))]
    return {
        "hubness": (centered**3).mean() / (centered**2).mean() ** 1.5,
        "antihub_share": (seen == 0).mean(),
        "largest_hub": seen.max(),
        "twonn": np.linalg.lstsq(a[:, None], b, rcond=None)[0][0],
        "mle": 1 / np.mean([np.log(row[-1] / row[:-1]).mean() for row in near]),
    }


@pytest.mark.parametrize("d", [2, 10, 64])
def test_the_figures_of_the_graph_are_their_formulas(d: int) -> None:
    x = np.random.default_rng(d).standard_normal((700, d)).astype(np.float32).astype(np.float64)
    found = measured(x).figures
    for name, value in by_all_distances(x).items():
        assert found[name] == pytest.approx(value, rel=1e-5), name


def test_a_curved_sheet_has_two_dimensions() -> None:
    found = measured(sheet()).figures
    # 2.056 and 1.972 of these points, by the formulas themselves (see above).
    assert found["twonn"] == pytest.approx(2.0, rel=0.03)
    assert found["mle"] == pytest.approx(2.0, rel=0.02)


def test_figures_do_not_see_a_rotation() -> None:
    x = clusters()[0]
    before, after = measured(x).figures, measured(3 * x @ turn(32)).figures
    for name in ("effective_rank", "rankme", "participation_ratio", "mean_cosine", "uniformity"):
        assert after[name] == pytest.approx(before[name], rel=1e-4, abs=1e-4), name
    assert after["hubness"] == before["hubness"]


def test_the_figures_do_not_depend_on_the_number_of_threads() -> None:
    x, label = clusters(900, 48)
    before, found = numba.get_num_threads(), []
    for n_threads in (1, min(2, before)):
        numba.set_num_threads(n_threads)
        with threadpool_limits(n_threads):
            one = measured(x, label)
        found.append((one.spectrum.tobytes(), one.as_json()))
    numba.set_num_threads(before)
    assert found[0] == found[1]


def test_dead_dimensions_are_named() -> None:
    x = clusters()[0]
    x[:, [3, 17]] = 0.25
    found = measured(x)
    assert found.dead == (3, 17)
    (alarm,) = (each for each in find_alarms(found) if each.figure == "dead_dims")
    assert "2 of 32 dimensions are dead" in alarm.message
    assert "3, 17" in alarm.message


@pytest.mark.parametrize("value", [0.0, 0.1, 1e6])
def test_equal_rows_are_collapsed_and_no_error(value: float) -> None:
    found = measured(np.full((40, 5), value))
    assert np.isnan(found.figures["effective_rank"])
    assert "All 40 vectors are equal" in " ".join(found.warnings)
    assert value == 0 or found.figures["uniformity"] == pytest.approx(0, abs=1e-9)
    assert {"dead_dims", "duplicate_share"} <= {each.figure for each in find_alarms(found)}


@pytest.mark.parametrize("shape", [(1, 5), (2, 5), (3, 5), (3, 1), (10, 300), (60, 5000)])
def test_any_shape_has_figures(shape: tuple[int, int]) -> None:
    found = measured(np.random.default_rng(0).standard_normal(shape))
    assert set(found.figures) == {each.name for each in FIGURES}
    assert (found.n_points, found.n_dims) == shape
    assert not np.isnan(found.figures["norm_median"])
    if shape[0] < 3:
        assert find_alarms(found) == ()
        assert found.warnings


def test_no_finite_row_is_said() -> None:
    found = measure_health(np.zeros((0, 4), np.float32), None, n_not_finite=7)
    assert found.warnings == ("None of the 7 vectors is finite, so no other figure is defined.",)
    assert [each.figure for each in find_alarms(found)] == ["n_not_finite"]


def test_large_numbers_and_offsets_keep_their_figures() -> None:
    x = clusters(400, 16)[0]
    plain = measured(x).figures
    for other in (x * 1e18, x * 1e-18):
        found = measured(other).figures
        for name in ("effective_rank", "mean_cosine", "hubness", "rankme"):
            assert found[name] == pytest.approx(plain[name], rel=1e-3, abs=1e-4), name


def test_duplicates_are_counted_exactly() -> None:
    x = clusters(500, 8)[0]
    x[10:15] = x[0]
    x[20] = 0.0
    x[21] = -x[20]
    found = measured(x)
    assert found.figures["duplicate_share"] * 500 == pytest.approx(6)
    assert found.figures["n_zero"] == 2


def test_labels_measure_collapse() -> None:
    x, label = clusters(900, 16, seed=3)
    found = measured(x, label)
    centers = np.array([x[label == c].mean(0) for c in range(20)])
    within, between = x - centers[label], centers - centers.mean(0)
    sw, sb = within.T @ within / len(x), between.T @ between / 20
    nc1 = np.trace(sw @ np.linalg.pinv(sb, rcond=1e-6)) / 20
    assert found.figures["nc1"] == pytest.approx(nc1, rel=1e-4)
    assert found.figures["within_between"] == pytest.approx(np.trace(sw) / np.trace(sb), rel=1e-4)
    near = ((x[:, None] - centers) ** 2).sum(2).argmin(1) == label
    assert found.figures["nearest_center"] == pytest.approx(near.mean())
    tight = measured(centers[label] + 0.01 * within, label).figures
    assert tight["nc1"] < 0.001 < found.figures["nc1"]
    assert tight["label_agreement"] == 1
    alone = measured(x, np.arange(len(x)))
    assert np.isnan(alone.figures["nc1"])
    assert "from 2 classes" in " ".join(alone.warnings)
    some = measured(x, np.where(np.arange(len(x)) < 100, -1, label))
    assert "100 points have no label" in " ".join(some.warnings)


def test_alarms_compare_with_the_step_before() -> None:
    x = clusters()[0]
    before = measured(x)
    flat = x.copy()
    flat[:, 2:] *= 1e-2
    figures = {each.figure: each for each in find_alarms(measured(flat), before, step=7)}
    assert "fell from" in figures["effective_rank"].message
    assert figures["effective_rank"].step == 7
    assert "effective_rank" not in {each.figure for each in find_alarms(measured(flat))}
    grown = {each.figure for each in find_alarms(measured(20 * x), before)}
    assert "norm_median" in grown
    near, nearer = measured(x + 30), measured(x + 60)
    assert "mean_cosine" in {each.figure for each in find_alarms(nearer, near)}
    assert "mean_cosine" not in {each.figure for each in find_alarms(near, nearer)}

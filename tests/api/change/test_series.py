from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy.sparse import random as sparse_random

import projector
from projector.api.change import series as module
from projector.api.change import series_request
from projector.errors import Cancelled, ParameterError, ShapeError, UnknownNameError
from projector.jobs.cache import ResultCache
from projector.typing import AnyArray
from tests.compute.series.known import known_series

STEPS = known_series(200, 4, d=16)[0]
IDS = [f"p{i}" for i in range(200)]
QUICK: dict[str, Any] = {"n_epochs": 30, "n_neighbors": 10}


@pytest.fixture
def cache(tmp_path: Path) -> ResultCache:
    return ResultCache(tmp_path)


def test_a_series_is_laid_out_once(cache: ResultCache, monkeypatch: Any) -> None:
    one = projector.project_series(STEPS, cache=cache, **QUICK)
    monkeypatch.setattr(module, "lay_out_series", None)
    again = projector.project_series(STEPS, cache=cache, **QUICK)
    assert again.id == one.id
    assert again.as_json() == one.as_json()
    for first, second in zip(one, again, strict=True):
        np.testing.assert_array_equal(first.positions, second.positions)
    with pytest.raises(TypeError):  # another tether is another series
        projector.project_series(STEPS, cache=cache, tether=0.5, **QUICK)


def test_a_series_says_what_its_motion_means(cache: ResultCache) -> None:
    found = projector.project_series(STEPS, cache=cache, **QUICK)
    assert (len(found), found[-1].positions.shape, found.method) == (4, (200, 2), "umap")
    assert len(found.motion) == 3
    assert found.line.startswith("Points that stayed move by ")
    assert len(found.details["quality"]) == 4
    assert found.details["quality"][0]["trustworthiness"] > 0.8
    assert found.is_truthful == (found.false_motion <= 0.1 and not found.auc < 0.8)
    flat = projector.project_series(STEPS, "pca", motion=False, cache=cache)
    assert flat.line == "The motion of this series was not measured."
    assert len(flat.details["explained_variance_ratio"]) == 4


def test_trails_and_paths_follow_points_whatever_their_rows(cache: ResultCache) -> None:
    order = np.random.default_rng(0).permutation(200)
    ids = [np.arange(200), order, np.arange(150)]
    data = [STEPS[0], STEPS[3][order], STEPS[2][:150]]
    found = projector.project_series(data, match=ids, cache=cache, **QUICK)
    rows, before = found.trails(1)
    assert 0 < len(rows) == found.motion[0].n_changed
    np.testing.assert_array_equal(before, found[0].positions[order[rows]])
    assert [len(each) for each in found.trails(0)] == [0, 0]
    paths = found.paths(1, np.array([0, 1]))
    assert paths.shape == (3, 2, 2)
    np.testing.assert_array_equal(paths[0], found[0].positions[order[:2]])
    np.testing.assert_array_equal(paths[1], found[1].positions[:2])
    for at, point in enumerate(order[:2]):
        there = found[2].positions[point] if point < 150 else np.full(2, np.nan)
        np.testing.assert_array_equal(paths[2, at], there)
    again = projector.project_series(data, match=ids, cache=cache, **QUICK)
    for one, other in zip(found.changed, again.changed, strict=True):
        np.testing.assert_array_equal(one, other)


def test_points_are_matched_and_may_be_missing(cache: ResultCache) -> None:
    order = np.random.default_rng(0).permutation(200)
    data = [
        projector.Dataset(STEPS[0], metadata={"label": IDS}),
        projector.Dataset(STEPS[1][order], metadata={"label": [IDS[i] for i in order]}),
        projector.Dataset(STEPS[2][:150], metadata={"label": IDS[:150]}),
    ]
    found = projector.project_series(data, match="label", cache=cache, **QUICK)
    assert [each.n_points for each in found] == [200, 200, 150]
    assert "50 of 200 points are not in all 3 steps." in found.warnings
    back = projector.project_series(data[::-1], match="label", cache=cache, **QUICK)
    for one, other in zip(found, list(back)[::-1], strict=True):
        np.testing.assert_array_equal(one.positions, other.positions)
    ids = [np.arange(200), order, np.arange(150)]
    by_number = projector.project_series(data, match=ids, cache=cache, **QUICK)
    assert by_number.warnings == found.warnings


def test_rows_that_are_not_finite_have_no_position(cache: ResultCache) -> None:
    broken = STEPS[1].copy()
    broken[7, 3] = np.nan
    found = projector.project_series([STEPS[0], broken], cache=cache, **QUICK)
    assert np.isnan(found[1].positions[7]).all()
    assert np.isfinite(np.delete(found[1].positions, 7, axis=0)).all()
    assert "embedding 2: 1 points with NaN or infinity have no position." in found.warnings


def test_progress_shows_the_step_that_is_asked_for(cache: ResultCache) -> None:
    seen: list[AnyArray] = []

    def watch(progress: projector.Progress) -> None:
        if progress.positions is not None:
            seen.append(progress.positions.copy())

    found = projector.project_series(
        STEPS, shown_step=lambda: 1, progress=watch, cache=cache, **QUICK
    )
    np.testing.assert_array_equal(seen[-1], found[1].positions)
    assert seen[0].shape == (200, 2)


def test_it_can_be_cancelled(cache: ResultCache) -> None:
    def stop(progress: projector.Progress) -> None:
        if progress.phase == "layout" and progress.done > 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        projector.project_series(STEPS, progress=stop, cache=cache, **QUICK)


@pytest.mark.parametrize("method", ["umap", "tsne"])
def test_a_new_step_is_laid_beside(cache: ResultCache, method: str) -> None:
    options = QUICK if method == "umap" else {"n_iter": 60, "perplexity": 5}
    old = projector.project_series(STEPS[:3], method, cache=cache, **options)
    found = projector.extend_series(old, STEPS[:3], STEPS[3], cache=cache)
    for before, after in zip(old, found, strict=False):
        np.testing.assert_array_equal(before.positions, after.positions)
    assert (len(found), found.beside) == (4, (3,))
    assert np.isfinite(found[3].positions).all()
    assert "embedding 4 is laid beside embedding 3" in found.warnings[-1]
    assert [each.details["is_beside"] for each in found] == [False, False, False, True]
    assert {each.details["series"] for each in found} == {found.id}
    assert len(found.details["sizes"]) == 4
    again: list[str] = []
    stored = projector.extend_series(
        old, STEPS[:3], STEPS[3], cache=cache, progress=lambda each: again.append(each.phase)
    )
    assert (stored.id, stored.beside, stored.warnings) == (found.id, found.beside, found.warnings)
    np.testing.assert_array_equal(stored[3].positions, found[3].positions)
    assert "layout" not in again
    assert found.id != projector.project_series(STEPS, method, cache=cache, **options).id
    with pytest.raises(ParameterError, match="the same datasets"):
        projector.extend_series(old, STEPS[:2], STEPS[3], cache=cache)


def test_a_series_is_extended_by_what_it_was_laid_out_from(cache: ResultCache) -> None:
    old = projector.project_series(STEPS[:2], cache=cache, **QUICK)
    for earlier, said in (
        ([STEPS[1], STEPS[0]], "embedding 1 is not what the series was laid out from"),
        ([STEPS[0], STEPS[1][:50]], "cannot be matched by row"),
        ([STEPS[0], STEPS[1] * np.nan], "need|needs at least 3"),
    ):
        with pytest.raises(projector.ProjectorError, match=said):
            projector.extend_series(old, earlier, STEPS[2], cache=cache)
    with pytest.raises(ParameterError, match="'series' must be what project_series returned"):
        projector.extend_series([old], STEPS[:2], STEPS[2], cache=cache)  # type: ignore[arg-type]
    twice = projector.extend_series(old, STEPS[:2], STEPS[2], cache=cache)
    twice = projector.extend_series(twice, STEPS[:3], STEPS[3], cache=cache)
    assert (twice.beside, len(twice.details["sizes"])) == ((2, 3), 4)


def test_numbers_of_points_may_be_any_and_one_must_be_shared(cache: ResultCache) -> None:
    ids = [np.arange(len(STEPS[0])) * 10**12, np.arange(len(STEPS[1])) * 10**12 + 10**12]
    found = projector.project_series(STEPS[:2], "pca", match=ids, cache=cache)
    assert found.points[0].tolist() == list(range(len(STEPS[0])))
    assert found.points[1].tolist() == list(range(1, len(STEPS[1]) + 1))
    apart = [ids[0], ids[1] + 1]
    with pytest.raises(ParameterError, match=r"No two of the 2 steps, of 400 points in all, have"):
        projector.project_series(STEPS[:2], "pca", match=apart, cache=cache)


def test_a_series_is_saved(tmp_path: Path, cache: ResultCache) -> None:
    found = projector.project_series(STEPS, "pca", n_components=3, cache=cache)
    found.save(tmp_path / "series.parquet")
    table = pq.read_table(tmp_path / "series.parquet")
    assert table.column_names == ["x", "y", "z", "step", "index", "point"]
    assert table.num_rows == 800


def test_bad_input_is_one_sentence_with_numbers(cache: ResultCache, monkeypatch: Any) -> None:
    nothing = np.full_like(STEPS[0], np.nan)
    cases: list[tuple[Any, dict[str, Any], type[Exception], str]] = [
        ([], {}, ParameterError, "from 1 to 200"),
        (STEPS, {"method": "axes"}, ParameterError, "'pca', 'umap', 'tsne'"),
        (STEPS, {"method": "nope"}, UnknownNameError, "nope"),
        (STEPS, {"tether": -1}, ParameterError, "from 0"),
        (STEPS, {"tether": "much"}, ParameterError, "'much'"),
        (STEPS, {"window": 11}, ParameterError, "from 0 to 10"),
        (STEPS, {"every": 0}, ParameterError, "'every'"),
        (STEPS, {"n_landmarks": 5}, UnknownNameError, "n_landmarks"),
        (STEPS, {"implementation": "umap-learn"}, ParameterError, "implementation"),
        ([STEPS[0], STEPS[1][:9]], {}, ShapeError, "9 to 200 points"),
        ([STEPS[0], nothing], {}, ShapeError, "0 of the 200 points of embedding 2"),
        (STEPS, {"match": [[1, 2]] * 4}, ParameterError, "200 points of step 0"),
        (STEPS, {"match": [[0] * 200] * 4}, ParameterError, "199 points of step 0"),
    ]
    for steps, options, kind, words in cases:
        with pytest.raises(kind, match=words):
            projector.project_series(steps, cache=cache, **options)
    monkeypatch.setattr(series_request, "MOST_POINT_STEPS", 300)
    with pytest.raises(ParameterError, match=r"4 steps of 200 points are 800 positions.*every=3"):
        projector.project_series(STEPS, cache=cache)
    found = projector.project_series(STEPS, "pca", every=4, cache=cache)
    assert found.warnings == ("Every 4. step was taken: 1 of 4.",)


def test_sparse_vectors_are_refused_with_the_way_out(cache: ResultCache) -> None:
    wide = sparse_random(300, 20_000, density=0.001, random_state=0, format="csr")
    data = projector.Dataset(wide)
    for ask in (projector.project_series, projector.distributions, projector.similarity):
        with pytest.raises(ParameterError, match=r"sparse matrix of 300 x 20,000.*PCA"):
            ask([data, data], cache=cache)


def test_what_does_not_fit_is_refused(cache: ResultCache, monkeypatch: Any) -> None:
    from projector.api import memory_check
    from projector.machine.memory import FreeMemory

    monkeypatch.setattr(memory_check, "free_memory", lambda: FreeMemory(1 << 20, "a test"))
    with pytest.raises(projector.MemoryLimitError, match="4 steps with up to 200 points"):
        projector.project_series(STEPS, cache=cache)

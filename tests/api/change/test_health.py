from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.errors import ShapeError, UnknownNameError
from projector.jobs.cache import ResultCache
from tests.compute.change.known import clusters
from tests.conftest import DEMO

X, LABEL = clusters(400, 16)


@pytest.fixture
def cache(tmp_path: Path) -> ResultCache:
    return ResultCache(tmp_path)


def test_health_is_measured_once(cache: ResultCache, monkeypatch: Any) -> None:
    data = projector.Dataset(X, metadata={"class": [str(c) for c in LABEL]})
    one = projector.health(data, "class", cache=cache)
    monkeypatch.setattr("projector.api.change.health.measure_health", None)
    again = projector.health(data, "class", cache=cache)
    assert again.as_json() == one.as_json()
    with pytest.raises(TypeError):  # without labels, or others, it is another question
        projector.health(data, cache=cache)


def test_labels_may_be_a_column_or_values(cache: ResultCache) -> None:
    data = projector.Dataset(X, metadata={"class": [str(c) for c in LABEL]})
    by_column = projector.health(data, "class", cache=cache).figures
    for given in (LABEL, LABEL.tolist(), [str(c) for c in LABEL]):
        figures = projector.health(X, given, cache=cache).figures
        assert figures == pytest.approx(by_column, nan_ok=True)
    with pytest.raises(UnknownNameError, match="clas"):
        projector.health(data, "clas", cache=cache)
    with pytest.raises(ShapeError, match="3 labels for 400 points"):
        projector.health(data, [1, 2, 3], cache=cache)


def test_labels_of_another_shape_are_refused(cache: ResultCache) -> None:
    x = np.random.default_rng(0).normal(size=(20, 3))
    for labels in (np.zeros((20, 2)), [[1, 2]] * 20, np.zeros((20, 1)), 7):
        with pytest.raises(projector.ProjectorError, match="labels"):
            projector.health(x, labels, cache=cache)


def test_rows_that_are_not_finite_are_an_alarm(cache: ResultCache) -> None:
    broken = X.copy()
    broken[:3, 0] = np.nan
    report = projector.health(broken, cache=cache)
    assert report["n_not_finite"] == 3
    assert "3 of 400 vectors have NaN or infinity" in report.alarms[0].message
    assert report["effective_rank"] == pytest.approx(projector.health(X)["effective_rank"], rel=0.1)


def test_half_precision_is_measured(cache: ResultCache) -> None:
    half = projector.health(X.astype(np.float16), cache=cache)
    assert half["effective_rank"] == pytest.approx(projector.health(X)["effective_rank"], rel=0.01)


@pytest.mark.slow
def test_the_demo_has_dead_units(cache: ResultCache) -> None:
    log = projector.open_logdir(DEMO)
    series = projector.health_series(log, run="mlp-relu-16", labels="label", cache=cache)
    assert series.steps == (0, 20, 50, 100, 200, 500, 1000, 2000)
    assert series.figure("dead_dims").tolist() == [0, 3, 4, 3, 3, 3, 3, 3]
    assert {each.step for each in series.alarms} == set(series.steps[1:])
    at = [0, 3, 7]
    assert series.figure("label_agreement")[at] == pytest.approx([0.59, 0.88, 0.97], abs=0.01)
    assert series.figure("nc1")[at] == pytest.approx([6.8, 2.3, 1.2], rel=0.02)
    healthy = projector.health_series(log, run="cnn-tanh-32", cache=cache)
    assert healthy.alarms == ()
    with pytest.raises(UnknownNameError):
        series.figure("nope")

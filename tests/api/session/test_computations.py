"""What a session refuses, and when; how results are found is in tests/server."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.api.session.computations import Computation, Projections
from projector.errors import (
    DataError,
    InvalidStateError,
    ParameterError,
    ShapeError,
    UnknownNameError,
)
from projector.jobs.cache import ResultCache
from projector.model.dataset import Dataset

Array = np.ndarray[Any, np.dtype[np.float32]]


@pytest.fixture
def data(blobs: Array) -> Dataset:
    return Dataset(blobs)


def done(computation: Computation) -> Computation:
    assert computation.job is not None
    computation.job.result(120)
    return computation


def running(projections: Projections, data: Dataset, seed: int = 0) -> Computation:
    params: dict[str, Any] = {"n_epochs": 20_000, "random_state": seed}
    return projections.start("id", data, "umap", params)


def test_what_is_not_done_cannot_be_started_from_or_measured(
    projections: Projections, data: Dataset
) -> None:
    early = running(projections, data)
    for name in ("initial", "align_to"):
        other: dict[str, Any] = {name: early.id}
        with pytest.raises(InvalidStateError, match=rf"'{name}' is (queued|running)\. It must"):
            projections.start("id", data, "pca", {}, **other)
    with pytest.raises(InvalidStateError, match=r"is (queued|running)\. Its quality"):
        projections.measure_quality(early.id, data, 15)


def test_what_has_ended_cannot_be_updated(projections: Projections, data: Dataset) -> None:
    ended = running(projections, data)
    projections.cancel(ended.id)
    with pytest.raises(InvalidStateError, match="is cancelled, not running"):
        projections.update(ended.id, {"n_epochs": 1})
    found = done(projections.start("id", data, "pca", {}))
    with pytest.raises(ParameterError, match="These can: none"):
        projections.update(found.id, {"n_components": 2})


def test_an_update_gives_a_projection_its_own_id(projections: Projections, data: Dataset) -> None:
    first = running(projections, data)
    before = first.id
    for name, value in (("n_neighbors", 5), ("nothing", 1)):
        with pytest.raises(ParameterError, match=f"'{name}' of umap cannot be changed"):
            projections.update(before, {name: value})
    with pytest.raises(ParameterError, match="n_epochs"):
        projections.update(before, {"n_epochs": -1})
    assert (first.id, first.is_modified) == (before, False)
    updated = projections.update(before, {"n_epochs": 10_000})
    assert updated.id != before
    assert (updated.is_modified, updated.params["n_epochs"]) == (True, 10_000)
    assert projections.get(updated.id) is updated
    with pytest.raises(UnknownNameError, match="Unknown projection"):
        projections.get(before)
    again = projections.update(updated.id, {"n_epochs": 9_000})
    assert projections.get(again.id).params["n_epochs"] == 9_000
    assert running(projections, data) is not updated


def test_a_request_that_is_known_starts_nothing(projections: Projections, data: Dataset) -> None:
    first = done(projections.start("one", data, "pca", {"n_components": 2}))
    again = projections.start("two", data, "pca", {"n_components": "2"})
    assert again is first
    assert again.dataset_id == "two"
    cancelled = running(projections, data, seed=3)
    projections.cancel(cancelled.id)
    assert running(projections, data, seed=3) is not cancelled


def test_positions_of_other_points_are_refused(projections: Projections, data: Dataset) -> None:
    other = done(projections.start("id", Dataset(data.vectors[:50]), "pca", {}))
    with pytest.raises(ShapeError, match="'align_to' has 50 positions, but the dataset has 300"):
        projections.start("id", data, "pca", {}, align_to=other.id)


def test_quality_is_refused_for_other_vectors(projections: Projections, data: Dataset) -> None:
    found = done(projections.start("id", data, "pca", {}))
    for dataset, reason in ((None, "was deleted"), (Dataset(data.vectors + 1), "has changed")):
        result = projections.measure_quality(found.id, dataset, 10).quality_result
        assert result is not None
        assert result.job is None
        assert not result.is_usable
        assert isinstance(result.snapshot().error, DataError)
        assert reason in str(result.snapshot().error)
        assert result.quality() is None


def test_quality_is_measured_once_for_each_k(projections: Projections, data: Dataset) -> None:
    found = done(projections.start("id", data, "pca", {}))
    first = projections.measure_quality(found.id, data, 10).quality_result
    assert first is not None
    assert first.job is not None
    first.job.result(120)
    assert projections.measure_quality(found.id, data, 10).quality_result is first
    quality = first.quality()
    assert quality is not None
    assert quality.k == 10
    other = projections.measure_quality(found.id, data, 11).quality_result
    assert other is not first


def test_every_end_is_published(tmp_path: Path, data: Dataset) -> None:
    states: list[str] = []
    ended = threading.Event()

    def note(computation: Computation) -> None:
        states.append(computation.snapshot().state)
        if computation.snapshot().ended:
            ended.set()

    projections = Projections(ResultCache(tmp_path), note)
    try:
        projections.start("id", data, "pca", {})
        assert ended.wait(120)
    finally:
        projections.close()
    assert states[-1] == "done"


def test_a_job_is_given_the_differences_that_float32_holds(projections: Projections) -> None:
    plain = np.random.default_rng(4).normal(size=(80, 4)) * [8, 4, 2, 1]
    near, far = Dataset(plain), Dataset(plain + 1e9)
    pca = done(projections.start("far", far, "pca", {}))
    found = pca.projection()
    expected = done(projections.start("near", near, "pca", {})).projection()
    given = done(projections.start("far", far, "given", {})).projection()
    assert found is not None
    assert expected is not None
    assert given is not None
    np.testing.assert_allclose(found.positions, expected.positions, atol=1e-3)
    np.testing.assert_array_equal(given.positions, far.vectors[:, :2])
    measured = projections.measure_quality(pca.id, far, 5).quality_result
    assert measured is not None
    assert measured.job is not None
    measured.job.result(120)
    quality = measured.quality()
    assert quality is not None
    assert quality.scores.means()["trustworthiness"] > 0.9

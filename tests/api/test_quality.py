from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.api.quality import metric_of, save_scores
from projector.errors import ShapeError
from projector.jobs.cache import ResultCache
from projector.typing import AnyArray

Array = np.ndarray[Any, np.dtype[np.float32]]


@pytest.fixture
def cache(tmp_path: Path) -> ResultCache:
    return ResultCache(tmp_path)


def test_quality_leaves_out_points_without_a_position(blobs: Array, cache: ResultCache) -> None:
    found = projector.project(blobs, "pca", cache=cache, n_components=2)
    one = projector.quality(blobs, found, cache=cache)
    assert 0.5 < one.scores.means()["trustworthiness"] <= 1
    assert one.baselines["random"]["trustworthiness"] < 0.6
    again = projector.quality(blobs, found, cache=cache)
    np.testing.assert_array_equal(again.scores.overlap, one.scores.overlap)
    assert again.summary() == one.summary()
    broken = blobs.copy()
    broken[4] = np.nan
    lame = projector.project(broken, "pca", cache=cache, n_components=2)
    partial = projector.quality(broken, lame, cache=cache)
    assert np.isnan(partial.scores.overlap[4])
    assert np.isfinite(np.delete(partial.scores.overlap, 4)).all()
    assert partial.scores.means()["trustworthiness"] > 0.5
    assert "1 of 300 points" in partial.warnings[-1]
    with pytest.raises(ShapeError):
        projector.quality(blobs[1:], found, cache=cache)


def test_the_metric_is_the_one_of_the_projection(blobs: Array) -> None:
    made = projector.Projection(blobs[:, :2], "umap", {"metric": "cosine"})
    assert metric_of(made) == "cosine"
    assert metric_of(projector.Projection(blobs[:, :2], "pca", {})) == "euclidean"


def test_scores_are_saved_with_their_positions(tmp_path: Path, blobs: Array) -> None:
    found = projector.quality(blobs, blobs[:, :2], k=5)
    save_scores(tmp_path / "scores.csv", blobs[:, :2], found)
    lines = (tmp_path / "scores.csv").read_text().splitlines()
    assert lines[0] == "x,y,trustworthiness,continuity,overlap,distance_correlation"
    assert len(lines) == 301
    assert float(lines[1].split(",")[4]) == pytest.approx(float(found.scores.overlap[0]))


def test_a_metric_that_is_not_measured_here_is_told(blobs: AnyArray) -> None:
    made = projector.project(blobs, "pca", n_components=2)
    foreign = projector.Projection(made.positions, "umap", {"metric": "yule"}, {})
    assert metric_of(foreign) == "euclidean"
    found = projector.quality(blobs, foreign, 5)
    assert found.scores.means() == projector.quality(blobs, made, 5).scores.means()
    assert "metric 'yule', which is not measured here" in found.warnings[-1]
    assert projector.quality(blobs, foreign, 5, metric="cosine").warnings == ()

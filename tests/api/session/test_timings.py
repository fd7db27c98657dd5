from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from projector.api.session.session import Session
from projector.api.session.timings import Timings
from projector.jobs.cache import ResultCache
from projector.model.dataset import Dataset


def test_an_estimate_is_what_was_measured_in_proportion(tmp_path: Path) -> None:
    timings = Timings(ResultCache(tmp_path))
    assert timings.estimate("umap", 1000, 50) is None
    timings.note("umap", 1000, 50, 4.0)
    timings.note("umap", 2000, 50, 7.0)
    found = timings.estimate("umap", 2500, 60)
    assert found is not None
    assert found.seconds == pytest.approx(8.75)
    assert found.n_points == 2000
    # Nothing is said of what is much larger, wider, or another method.
    assert timings.estimate("umap", 100_000, 50) is None
    assert timings.estimate("umap", 1000, 500) is None
    assert timings.estimate("tsne", 1000, 50) is None


def test_the_newest_of_one_size_counts_and_is_kept(tmp_path: Path) -> None:
    timings = Timings(ResultCache(tmp_path))
    for seconds in range(1, 100):
        timings.note("umap", 1000, 50, float(seconds))
    again = Timings(ResultCache(tmp_path)).estimate("umap", 1000, 50)
    assert again is not None
    assert again.seconds == 99


def test_a_projection_by_default_is_measured(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).normal(size=(200, 6)).astype(np.float32)
    session = Session(Dataset(vectors, name="x"), cache=ResultCache(tmp_path), watch=False)
    try:
        (entry,) = session.listing.entries
        data = session.dataset(entry.id).data
        found = session.projections.start(entry.id, data, "pca", {})
        end = time.monotonic() + 120
        while (known := session.timings.estimate("pca", 200, 6)) is None:
            assert time.monotonic() < end
            time.sleep(0.02)
        projection = found.projection()
        assert projection is not None
        assert known.seconds == pytest.approx(projection.details["seconds"])
    finally:
        session.close()

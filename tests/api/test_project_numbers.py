"""Projections of numbers that are missing, huge, far from 0, or changed afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.errors import ParameterError, ShapeError
from projector.jobs.cache import ResultCache
from projector.model.progress import Progress
from projector.model.projection import Projection

Array = np.ndarray[Any, np.dtype[np.float32]]


@pytest.fixture
def cache(tmp_path: Path) -> ResultCache:
    return ResultCache(tmp_path)


def told_by(found: Projection) -> str:
    return str(found.details["warnings"])


@pytest.mark.parametrize("method", ["umap", "tsne", "pca"])
@pytest.mark.parametrize("unplaced", [1, 299])
def test_a_start_with_unplaced_rows_places_all(
    blobs: Array, cache: ResultCache, method: str, unplaced: int
) -> None:
    start = np.array(blobs[:, :2])
    start[300 - unplaced :: 2, 1], start[301 - unplaced :: 2, 0] = np.nan, np.inf
    steps: dict[str, Any] = {"umap": {"n_epochs": 10}, "tsne": {"n_iter": 10}, "pca": {}}[method]
    found = projector.project(blobs, method, initial=start, cache=cache, **steps)
    assert np.isfinite(found.positions).all()
    assert ("no initial position" in told_by(found)) == (method != "pca")
    start[:] = np.nan
    with pytest.raises(ParameterError, match="all NaN"):
        projector.project(blobs, "umap", initial=start, cache=cache, n_epochs=10)


def test_differences_that_float32_cannot_hold_reach_every_method(
    blobs: Array, cache: ResultCache
) -> None:
    plain = np.round(blobs.astype(np.float64) * 2**20) / 2**20
    ways: dict[str, dict[str, Any]] = {
        "pca": {},
        "umap": {"n_epochs": 5},
        "axes": {"x_from": "0-9", "y_from": "1, 3"},
    }
    for method, steps in ways.items():
        near = projector.project(plain, method, cache=cache, **steps).positions
        far = projector.project(plain + 2.0**30, method, cache=cache, **steps).positions
        assert np.ptp(far, axis=0).min() > 1
        if method != "umap":  # a layout may differ with the last bit of its start
            np.testing.assert_allclose(far, near, atol=1e-3)
    told = projector.project(plain + 2.0**30, "umap", metric="cosine", n_epochs=5, cache=cache)
    assert "float32 rounds" in told_by(told)
    centered = projector.project(
        plain + 2.0**30, "umap", metric="cosine", center=True, n_epochs=5, cache=cache
    )
    assert "float32 rounds" not in told_by(centered)
    given = projector.project(plain + 2.0**30, "given", cache=cache)
    np.testing.assert_array_equal(given.positions, (plain[:, :2] + 2.0**30).astype(np.float32))


def test_an_array_that_changes_afterwards_poisons_nothing(blobs: Array, cache: ResultCache) -> None:
    original = blobs.copy()
    changing, start = blobs.copy(), np.array(blobs[:, :2])
    data = projector.Dataset(changing)
    projector.project(data, "pca", cache=cache)
    changing *= np.float32(-3)
    start_then = start.copy()

    def changed(report: Progress) -> None:
        start[:] = 0

    late = projector.project(data, "umap", initial=start, n_epochs=5, cache=cache, progress=changed)
    expected = projector.project(
        original, "umap", initial=start_then, n_epochs=5, cache=ResultCache(Path(), max_bytes=0)
    )
    np.testing.assert_array_equal(late.positions, expected.positions)
    with pytest.raises(ValueError, match="read-only"):
        data.vectors[0] = 0


def test_a_mark_for_missing_is_told_with_every_result(blobs: Array, cache: ResultCache) -> None:
    marked = blobs.copy()
    marked[7, 2] = 1e20
    for method in ("pca", "given"):
        found = projector.project(marked, method, cache=cache)
        again = projector.project(marked, method, cache=cache)
        assert "like a mark for missing: 1e+20" in told_by(found)
        assert again.details["warnings"] == found.details["warnings"]
    assert "1e+20" in str(projector.neighbors(marked, 3).warnings)
    assert "1e+20" in str(projector.quality(marked, blobs[:, :2], 3).warnings)
    assert projector.project(blobs, "pca", cache=cache).details["warnings"] == []


WAYS = """
import sys
import numpy as np, projector
rng = np.random.default_rng(142)
found = []
for shape in ((250, 1500), (700, 300)):
    vectors = rng.normal(size=shape) * np.linspace(2, 0.2, shape[1])
    found.append(projector.project(vectors, "pca").positions.ravel())
    for init in ("pca", "spectral"):
        layout = projector.project(vectors, "umap", n_epochs=20, init=init)
        found.append(layout.positions.ravel())
np.save(sys.argv[1], np.concatenate(found))
"""


@pytest.mark.slow
def test_bytes_are_the_same_for_any_number_of_threads(tmp_path: Path) -> None:
    found = []
    for n_threads in (1, 2, 5):
        names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
        env = {**os.environ, **dict.fromkeys(names, str(n_threads))}
        env |= {"PROJECTOR_CACHE_BYTES": "0"}
        saved = str(tmp_path / f"{n_threads}.npy")
        subprocess.run([sys.executable, "-c", WAYS, saved], env=env, check=True)
        found.append(np.load(saved))
    np.testing.assert_array_equal(found[1], found[0])
    np.testing.assert_array_equal(found[2], found[0])


@pytest.mark.parametrize("spread", [0.01, 0.02, 1.0, 30.0, 100.0])
def test_every_allowed_curve_gives_a_picture(
    blobs: Array, cache: ResultCache, spread: float
) -> None:
    for min_dist in {0.0, min(spread / 3, 10), min(spread, 10)}:
        found = projector.project(
            blobs, "umap", spread=spread, min_dist=min_dist, n_epochs=40, cache=cache
        )
        sizes = np.linalg.svd(found.positions - found.positions.mean(axis=0), compute_uv=False)
        assert np.isfinite(found.positions).all()
        assert sizes[1] > 1e-2 * sizes[0] > 0


@pytest.mark.parametrize("scale", [1e-37, 1e-20, 1e19, 1e34, 1e37])
def test_every_method_works_at_any_scale(blobs: Array, cache: ResultCache, scale: float) -> None:
    vectors = (blobs.astype(np.float64) * scale).astype(np.float32)
    plain = projector.project(blobs, "pca", cache=cache).details["explained_variance_ratio"]
    found = projector.project(vectors, "pca", cache=cache).details["explained_variance_ratio"]
    np.testing.assert_allclose(np.array(found), np.array(plain), atol=1e-3)
    ways: list[tuple[str, dict[str, Any]]]
    ways = [("umap", {"n_epochs": 10}), ("tsne", {"n_iter": 10}), ("axes", {})]
    for method, steps in ways:
        picture = projector.project(vectors, method, cache=cache, **steps)
        assert np.isfinite(picture.positions).all()


def test_values_beyond_float32_are_the_reason_that_is_named(blobs: Array) -> None:
    with pytest.raises(ShapeError, match=r"NaN or infinity.* 3,600 values exceed the range"):
        projector.project(blobs.astype(np.float64) * 1e300, "pca")


def test_estimators_place_within_float32_or_say_why_not(blobs: Array) -> None:
    small = np.clip(blobs, -1, 1).astype(np.float64)
    for scale in (1e-30, 1e20, 1e37):
        found = projector.PCA(2).fit(small * scale)
        expected = projector.PCA(2).fit(small)
        np.testing.assert_allclose(found.embedding_ / scale, expected.embedding_, atol=1e-3)
    with pytest.raises(ShapeError, match="more than float32 can hold"):
        projector.PCA(2).fit(small * 3.4e38)

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.api.result_store import (
    default_cache,
    load_projection,
    result_key,
    save_projection,
    versions,
)
from projector.errors import ParameterError
from projector.jobs.cache import ResultCache
from projector.model.projection import Projection
from projector.typing import AnyArray


def test_the_environment_sets_folder_and_size(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PROJECTOR_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("PROJECTOR_CACHE_BYTES", "123")
    cache = default_cache()
    assert (cache.folder, cache.max_bytes) == (tmp_path / "results", 123)
    for wrong in ("-1", "1e9", "4 GB", "²", "٣", " 5"):
        monkeypatch.setenv("PROJECTOR_CACHE_BYTES", wrong)
        with pytest.raises(ParameterError, match=r"PROJECTOR_CACHE_BYTES must be .*Got"):
            default_cache()


def test_a_key_names_everything_that_the_result_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [
        result_key(kind, content, settings)
        for kind in ("projection", "neighbors")
        for content in ("a", "b")
        for settings in ({"k": 1}, {"k": 2})
    ]
    assert len(set(keys)) == 8
    assert all(len(key) == 32 for key in keys)
    assert result_key("x", "a", {"k": 1, "m": 2}) == result_key("x", "a", {"m": 2, "k": 1})
    monkeypatch.setattr(
        "projector.api.result_store.versions", lambda: {**versions(), "numpy": "another"}
    )
    assert result_key("projection", "a", {"k": 1}) != keys[0]


@pytest.mark.parametrize("scores", [None, np.ones((3, 5), np.float32)])
def test_a_projection_is_stored_whole(tmp_path: Path, scores: Any) -> None:
    cache = ResultCache(tmp_path)
    positions = np.array([[1, 2], [np.nan, np.nan], [3, 4]], np.float32)
    made = Projection(positions, "pca", {"n_components": 2}, {"seconds": 1.5}, scores)
    save_projection(cache, "a" * 32, made)
    found = load_projection(cache, "a" * 32)
    assert found is not None
    np.testing.assert_array_equal(found.positions, positions)
    assert (found.method, found.params, found.details) == (made.method, made.params, made.details)
    assert (found.scores is None) == (scores is None)
    assert load_projection(cache, "b" * 32) is None


def test_another_result_is_not_taken_for_a_projection(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path)
    cache.put("a" * 32, {"indices": np.zeros(3)}, {"metric": "cosine"})
    assert load_projection(cache, "a" * 32) is None


def test_every_kind_of_result_survives_any_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged entry is computed again: the answers stay what they were."""
    monkeypatch.setenv("PROJECTOR_CACHE_DIR", str(tmp_path))
    points = np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32)

    def answers() -> list[AnyArray]:
        found = projector.project(points, "pca")
        near = projector.neighbors(points, k=7)
        judged = projector.quality(points, found, k=5)
        return [found.positions, near.indices, near.distances, judged.scores.overlap]

    expected = answers()
    entries = sorted((tmp_path / "results").iterdir())
    assert len(entries) == 3
    whole = [path.read_bytes() for path in entries]
    rng = random.Random(3)
    for _ in range(25):
        for path, content in zip(entries, whole, strict=True):
            damaged = bytearray(content)
            for _ in range(rng.randrange(1, 4)):
                damaged[rng.randrange(len(damaged))] = rng.randrange(256)
            path.write_bytes(damaged[: rng.choice((len(damaged), rng.randrange(len(damaged))))])
        for one, other in zip(answers(), expected, strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("arrays", "about"),
    [
        ({}, {"method": "pca", "params": {}, "details": {}}),
        ({"positions": np.zeros((3, 2))}, {"params": {}, "details": {}}),
        ({"positions": np.zeros((3, 2))}, {"method": 5, "params": {}, "details": {}}),
        ({"positions": np.zeros((3, 2))}, {"method": "pca", "params": [], "details": {}}),
        ({"positions": np.zeros((3, 2))}, {"method": "pca", "params": {}, "details": None}),
        ({"positions": np.zeros((4, 2))}, {"method": "pca", "params": {}, "details": {}}),
        ({"positions": np.zeros(3)}, {"method": "pca", "params": {}, "details": {}}),
        ({"positions": np.zeros(())}, {"method": "pca", "params": {}, "details": {}}),
    ],
)
def test_an_entry_with_other_parts_is_computed_again(
    tmp_path: Path, arrays: dict[str, AnyArray], about: dict[str, Any]
) -> None:
    cache = ResultCache(tmp_path)
    cache.put("a" * 32, arrays, about)
    assert load_projection(cache, "a" * 32, 3) is None

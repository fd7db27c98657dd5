from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

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


def test_the_environment_sets_folder_and_size(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PROJECTOR_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("PROJECTOR_CACHE_BYTES", "123")
    cache = default_cache()
    assert (cache.folder, cache.max_bytes) == (tmp_path / "results", 123)
    for wrong in ("", "-1", "1e9", "4 GB"):
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

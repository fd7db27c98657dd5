"""Two million points without the memory for them: one sentence with numbers, from every call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.api import memory_check
from projector.api.methods import find_method
from projector.jobs.cache import ResultCache
from projector.machine.memory import FreeMemory
from projector.model.parameters import resolve

X = np.random.default_rng(0).normal(size=(300, 8)).astype(np.float32)
CALLS: dict[str, Callable[[ResultCache], object]] = {
    "compare": lambda cache: projector.compare(X, X, cache=cache),
    "similarity": lambda cache: projector.similarity([X, 2 * X + 1], cache=cache),
    "cka": lambda cache: projector.similarity([X, 2 * X + 1], "cka", cache=cache),
    "health": lambda cache: projector.health(X, cache=cache),
    "series": lambda cache: projector.project_series([X, X], cache=cache),
    "pca series": lambda cache: projector.project_series([X, X], "pca", cache=cache),
    "distributions": lambda cache: projector.distributions([X, X], cache=cache),
}


@pytest.mark.parametrize("name", CALLS)
def test_what_does_not_fit_is_refused_with_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(memory_check, "free_memory", lambda: FreeMemory(1 << 20, "a test"))
    with pytest.raises(projector.MemoryLimitError, match=r"300.*needs about .* of memory"):
        CALLS[name](ResultCache(tmp_path))


@pytest.mark.parametrize("name", ["check_change_fits", "check_health_fits", "check_series_fits"])
def test_two_million_points_need_more_than_a_small_machine_has(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(memory_check, "free_memory", lambda: FreeMemory(2 << 30, "a test"))
    params = resolve(find_method("umap").parameters, {}, owner="umap")
    asked: dict[str, tuple[Any, ...]] = {
        "check_change_fits": (2_000_000, (384, 384), 15),
        "check_health_fits": (2_000_000, 384),
        "check_series_fits": ([(2_000_000, 384)] * 2, "umap", params, 3),
    }
    with pytest.raises(projector.MemoryLimitError, match="2,000,000") as caught:
        getattr(memory_check, name)(*asked[name])
    assert "\n" not in str(caught.value)

"""PCA, neighbors and quality of a memory map never hold the vectors in memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from projector.compute.neighbors import space
from projector.compute.neighbors.metrics import METRICS
from projector.compute.neighbors.sieve import Sieve
from projector.compute.neighbors.space import prepare
from projector.machine import scratch as storage
from projector.machine.scratch import is_mapped
from projector.typing import Metric

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_a_map_of_250_mb_needs_far_less_memory() -> None:
    script = ROOT / "benchmarks" / "bounded_memory.py"
    ended = subprocess.run(
        [sys.executable, str(script), "--json"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert max(found[each] for each in ("pca", "neighbors", "quality")) < 0.5 * found["size"], found
    # From 0.986 to 0.993 over three draws.
    assert found["recall"] > 0.9


@pytest.mark.parametrize("metric", METRICS)
def test_a_copy_in_a_file_holds_what_one_in_memory_does(
    metric: Metric, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = np.random.default_rng(1).normal(size=(70, 9)).astype(np.float32)
    if metric == "haversine":
        vectors = vectors[:, :2] / np.float32(4)
    vectors[[4, 8]] = 0
    np.save(tmp_path / "vectors.npy", vectors)
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    monkeypatch.setattr(storage, "IN_MEMORY", 0)
    monkeypatch.setattr(space, "GATHER_SIZE", 100)
    there = Sieve.of(prepare(np.asarray(mapped), metric))
    here = Sieve.of(prepare(vectors, metric))
    assert is_mapped(there.rows)
    assert not is_mapped(here.rows)
    np.testing.assert_array_equal(there.rows, here.rows)
    np.testing.assert_array_equal(there.sizes, here.sizes)

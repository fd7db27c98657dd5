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

#: Run apart: anonymous memory is what cannot be written out, unlike pages of a file.
MEASURE = """
import json, resource, sys, threading, time
import numpy as np
from projector.compute.linear import decomposition
from projector.compute.linear.components import principal_components
from projector.compute.neighbors.search import find_neighbors
from projector.compute.quality.scores import measure_quality
from projector.compute.precompile import warm_up

warm_up()
small = np.random.default_rng(0).normal(size=(3000, 64)).astype(np.float32)
decomposition.CHUNK_SIZE = 10_000  # every thread that multiplies has its buffer from now on
principal_components(small, 2)
decomposition.CHUNK_SIZE = 1_000_000
near = find_neighbors(small, 5)
measure_quality(small, small[:, :2].copy(), k=5, neighbors=near)

def held(what):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(what)) / 1024

before, most, ended = held("RssAnon"), 0.0, False
def watch():
    global most
    while not ended:
        most = max(most, held("RssAnon"))
        time.sleep(0.005)
limit = int((held("VmData") + float(sys.argv[2])) * 2**20)
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
watcher = threading.Thread(target=watch)
watcher.start()
vectors = np.load(sys.argv[1], mmap_mode="r")
grown = {}
try:
    found = principal_components(vectors, 2)
    positions = found.scores(vectors)
    grown["pca"], most = most - before, 0.0
    near = find_neighbors(vectors, 5, metric="cosine")
    grown["neighbors"], most = most - before, 0.0
    quality = measure_quality(vectors, positions, k=5, metric="cosine", neighbors=near)
    grown["quality"] = most - before
finally:
    ended = True
print(json.dumps({**grown, "recall": near.recall, **quality.scores.means()}))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_a_map_of_250_mb_needs_far_less_memory(tmp_path: Path) -> None:
    n_points, n_dims = 120_000, 512
    path = tmp_path / "vectors.npy"
    vectors = np.lib.format.open_memmap(path, "w+", np.float32, (n_points, n_dims))
    rng = np.random.default_rng(0)
    centers = rng.normal(size=(300, n_dims)).astype(np.float32)
    for start in range(0, n_points, 10_000):
        noise = rng.standard_normal((10_000, 24), np.float32) @ rng.standard_normal(
            (24, n_dims), np.float32
        )
        vectors[start : start + 10_000] = centers[rng.integers(300, size=10_000)] + noise / 4
    size = vectors.nbytes / 2**20
    del vectors
    # Data and one copy would be 470 MB; the limit stands for the buffers that each thread that
    # multiplies is given, too.
    ended = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path), str(1.1 * size)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert max(found[each] for each in ("pca", "neighbors", "quality")) < 0.5 * size, found
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

"""The simulation of clusters in benchmarks/, and data out of core at a small size."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from scale_model import (  # noqa: E402 - a script's neighbor, which is no package
    Cluster,
    Costs,
    broadcast,
    landmark_phases,
    mapped,
    pca_phases,
    reduced,
    work,
)

COSTS = Costs(
    n_dims=32,
    moments=1e-6,
    project=1e-6,
    draw=1e-7,
    place=1e-5,
    place_landmark=1e-8,
    merge=0.0,
    task=0.0,
    message=0.0,
    bytes_per_second=1e12,
    layout=0.0,
    start=0.0,
)


def test_one_worker_takes_the_sum() -> None:
    assert mapped(7, 2.0, 0.0, 1) == 14.0
    assert reduced(8, 2.0, 0.5, 0.0, 1) == 8 * 2.0 + 7 * 0.5


@pytest.mark.parametrize(("n_tasks", "n_workers", "rounds"), [(10, 10, 1), (11, 10, 2), (5, 8, 1)])
def test_parts_that_do_not_divide_evenly_take_one_more_round(
    n_tasks: int, n_workers: int, rounds: int
) -> None:
    assert mapped(n_tasks, 3.0, 0.0, n_workers) == 3.0 * rounds


def test_merges_of_a_tree_follow_each_other() -> None:
    # Eight at once, then three levels.
    assert reduced(8, 1.0, 0.5, 0.0, 8) == 1.0 + 3 * 0.5
    # The last of three has no partner on the first level.
    assert reduced(3, 1.0, 0.5, 0.0, 3) == 1.0 + 2 * 0.5


def test_a_slow_scheduler_is_the_bound() -> None:
    assert mapped(1000, 0.001, 0.1, 1000) == pytest.approx(100.0, rel=0.01)
    assert mapped(1000, 10.0, 0.0001, 10) == pytest.approx(1000.0, rel=0.01)


def test_every_task_runs_once_whatever_the_window() -> None:
    for n_tasks in range(1, 40):
        for n_workers in (1, 2, 3, 7):
            # Work is conserved: no worker can do more than its time.
            seconds = reduced(n_tasks, 1.0, 0.25, 0.0, n_workers)
            total = n_tasks + 0.25 * (n_tasks - 1)
            assert total / n_workers <= seconds + 1e-9 <= total + 1e-9


def test_without_queues_work_divides() -> None:
    for n_workers in (1, 10, 100):
        phases = pca_phases(COSTS, Cluster(n_workers), 10**8, 100)
        assert sum(phases.values()) == pytest.approx(work(COSTS, 10**8, None) / n_workers, rel=1e-3)
        phases = landmark_phases(COSTS, Cluster(n_workers), 10**8, 100, 1000)
        ideal = work(COSTS, 10**8, 1000) / n_workers
        assert sum(phases.values()) == pytest.approx(ideal, rel=1e-3)


def test_shared_processors_and_broadcasts_slow_down() -> None:
    shared = pca_phases(COSTS, Cluster(4, share=0.5), 10**6, 16)
    alone = pca_phases(COSTS, Cluster(2), 10**6, 16)
    assert sum(shared.values()) == pytest.approx(sum(alone.values()))
    slow = replace(COSTS, bytes_per_second=1e6)
    assert broadcast(slow, Cluster(1), 1e6) == 2.0
    assert broadcast(slow, Cluster(8), 1e6) == 5.0


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [["--method", "pca"], ["--method", "umap", "--n-landmarks", "200"]]
)
def test_data_out_of_core_stays_below_a_limit(words: list[str], tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "out_of_core.py"), *words]
    small = ["--rows", "400000", "--parts", "5", "--folder", str(tmp_path), "--limit", "2e9"]
    found = subprocess.run([*command, *small], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "| 400,000 | 32 | 51.2 MB |" in found.stdout
    assert list(tmp_path.iterdir()) == []
    refused = subprocess.run(
        [*command, *small[:-1], "1e6"], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert "above the limit" in refused.stdout

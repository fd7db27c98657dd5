"""A scheduler that is killed in the middle of a projection, and the same call with another one."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import projector
from projector.errors import JobError
from projector.model.progress import Progress
from tests.cluster import made
from tests.cluster.conftest import ROOT

pytestmark = pytest.mark.slow


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a scheduler and a worker as on machines of their own; give its address and process."""
    pytest.importorskip("distributed")
    folder.mkdir()
    path = [str(ROOT), *([os.environ["PYTHONPATH"]] if "PYTHONPATH" in os.environ else [])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
    about = folder / "scheduler.json"

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )

    started = [
        start(
            "scheduler",
            "--host=127.0.0.1",
            "--port=0",
            "--dashboard-address=127.0.0.1:0",
            "--no-show",
            f"--scheduler-file={about}",
        )
    ]
    try:
        while not about.exists() or not about.read_text().strip().endswith("}"):
            assert started[0].poll() is None, "the scheduler did not start"
            time.sleep(0.05)
        started.append(
            start("worker", f"--scheduler-file={about}", "--nthreads=1", "--no-dashboard")
        )
        yield json.loads(about.read_text())["address"], started[0]
    finally:
        for each in reversed(started):
            each.terminate()
        for each in started:
            each.wait()


def test_parts_are_kept_and_another_scheduler_goes_on(tmp_path: Path) -> None:
    out, gate = tmp_path / "out", tmp_path / "gate"
    sources = made.made(5, 1000, 8, 3, gate)
    opened = made.made(5, 1000, 8, 5, None)
    first = projector.project(opened, "pca", out=out)
    expected = np.concatenate([each[1] for each in first])
    for path in first.paths:
        path.unlink()

    with cluster(tmp_path / "one") as (address, scheduler):

        def kill(progress: Progress) -> None:
            if len(list(out.glob("part-*.parquet"))) == 3:
                scheduler.kill()

        with pytest.raises(JobError, match=r"was lost\. Parts that are written are kept"):
            projector.project(sources, "pca", executor=address, out=out, progress=kill)
    kept = {path: path.stat().st_mtime_ns for path in out.glob("part-*.parquet")}
    assert len(kept) == 3
    gate.touch()
    with cluster(tmp_path / "two") as (address, _):
        found = projector.project(sources, "pca", executor=address, out=out)
    assert found.details["n_kept_parts"] == 3
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    np.testing.assert_array_equal(np.concatenate([each[1] for each in found]), expected)
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []

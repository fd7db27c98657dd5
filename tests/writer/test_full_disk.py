"""A writer on a real file system that gets full, and is freed again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

#: A file system of 2 MB of its own for one command, gone when it ends.
_SHELL = 'mount -t tmpfs -o size=2m tmpfs "$0" && exec "$@"'
#: Steps of 80 kB with an own table and own images fill the disk at any place of a step.
_TRAIN = """
import json, sys, warnings
from pathlib import Path
import numpy as np
import projector

disk = Path(sys.argv[1])
ballast = disk / "ballast"
ballast.write_bytes(bytes(int(sys.argv[2])))
chance = np.random.default_rng(int(sys.argv[2]))
told = []
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    w = projector.Writer(disk / "runs")
    for step in range(60):
        if step == 50:
            w.flush()
            full = len(w.problems)
            ballast.unlink()
        x = np.full((100, 200), step, np.float32)
        w.add("encoder", x, step, metadata={"n": chance.random(100)}, ids=range(100))
        w.scalars({"loss": float(step)}, step)
    w.close()
    told = [str(each.message) for each in seen]
log = projector.open_logdir(disk / "runs")
whole = [entry.step for entry in log.entries if (log.load(entry).vectors == entry.step).all()]
print(json.dumps({
    "problems": [each.message for each in log.problems],
    "whole": whole,
    "listed": [entry.step for entry in log.entries],
    "told": told,
    "full": full,
    "lost": len([each for each in w.problems if each.startswith("step")]),
    "left": [path.name for path in disk.rglob(".unfinished-*")],
    "scalars": log.runs[0].scalars("loss").steps.tolist(),
}))
"""


def on_small_disk(disk: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command with a small file system at `disk`; skip where none can be mounted."""
    own_user = [] if os.geteuid() == 0 else ["--map-root-user"]
    unshare = ["unshare", "--mount", *own_user, "sh", "-c", _SHELL, str(disk)]
    try:
        works = subprocess.run([*unshare, "true"], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no unshare")
    if works.returncode:
        pytest.skip("no file system may be mounted")
    return subprocess.run(
        [*unshare, *command], capture_output=True, text=True, timeout=300, check=False
    )


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="mounts of one process")
@pytest.mark.parametrize("ballast", [100_000, 700_000, 1_333_000, 2_000_000])
def test_a_full_disk_costs_steps_and_nothing_else(tmp_path: Path, ballast: int) -> None:
    done = on_small_disk(tmp_path, sys.executable, "-c", _TRAIN, str(tmp_path), str(ballast))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["problems"] == []
    assert found["whole"] == found["listed"]
    assert found["full"] > 0, "the disk did not get full"
    assert len(found["listed"]) + found["lost"] == 60, "each step is written, or told"
    assert found["left"] == []
    assert all("No space left on device" in each for each in found["told"])
    assert 1 <= len(found["told"]) <= 4
    if ballast >= 1_000_000:  # then there is room again
        assert found["listed"][-1] == 59
        assert found["scalars"][-1] == 59

"""A writer that is killed at any instant leaves no problem, and no step that is not whole."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from projector.loaders.logdir.log import open_logdir

KILLS = 200
#: A child that writes without end; a round is its own run, and it says when it begins.
TRAIN = """
import itertools, os, sys
import numpy as np
import projector

print("begins", flush=True)
for line in sys.stdin:
    run, pid = line.strip(), os.fork()
    if pid:
        print(pid, flush=True)
        os.waitpid(pid, 0)
        print("ended", flush=True)
        continue
    w = projector.Writer(f"{sys.argv[1]}/{run}")
    w.hparams({"lr": 0.1})
    for step in itertools.count():
        x = np.full((2000, 512), step, np.float32)
        about = {"n": np.arange(step // 5, step // 5 + 2000)}
        w.add("encoder", x, step, metadata=about, ids=range(2000))
        w.add("decoder", x[:, :4], step % 3, images=np.full((2000, 2, 2), step % 7, np.uint8))
        w.scalars({"loss": float(step)}, step)
"""


def n_lines(run: Path) -> int:
    """Return how many steps are known so far."""
    indexes = list(run.glob("*.projector/index.jsonl"))
    return sum(path.read_bytes().count(b"\n") for path in indexes)


def kill_at_some_instant(run: Path, pid: int, chance: random.Random) -> None:
    """Kill a writer at an instant that has nothing to do with what it does."""
    if chance.random() < 0.8:  # otherwise before or while the first file is made
        deadline = time.monotonic() + 60
        while n_lines(run) < 1 + chance.randrange(4):
            assert time.monotonic() < deadline, "the writer writes nothing"
            time.sleep(0.001)
    time.sleep(chance.random() * 0.02)
    os.kill(pid, 9)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_two_hundred_kills_leave_no_problem(tmp_path: Path) -> None:
    chance = random.Random(20261129)
    # One run is whole, so that a log is never without an embedding.
    (tmp_path / "whole").mkdir()
    np.save(tmp_path / "whole" / "vectors.npy", np.eye(4))
    train = subprocess.Popen(
        [sys.executable, "-c", TRAIN, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    n_steps = n_killed_in_a_write = 0
    with train:
        assert train.stdin is not None
        assert train.stdout is not None
        try:
            assert train.stdout.readline() == "begins\n"
            for kill in range(KILLS):
                # Most runs are new; every fourth is continued after it was killed.
                run = tmp_path / f"run-{kill - (kill % 4 == 3)}"
                train.stdin.write(f"{run.name}\n")
                train.stdin.flush()
                kill_at_some_instant(run, int(train.stdout.readline()), chance)
                assert train.stdout.readline() == "ended\n"
                n_steps += check(run)
                n_killed_in_a_write += bool(list(run.rglob(".unfinished-*")))
                if kill % 4 != 2:  # the next one continues it
                    shutil.rmtree(run, ignore_errors=True)
        finally:
            train.kill()
    assert n_steps > KILLS
    assert n_killed_in_a_write > 0, "no kill met a write"
    whole = open_logdir(tmp_path)
    assert whole.problems == ()


def check(run: Path) -> int:
    """Read every step that a log has, and return how many there are."""
    if not list(run.glob("*.projector/index.jsonl")) or not n_lines(run):
        return 0
    log = open_logdir(run)
    assert log.problems == ()
    for entry in log.entries:
        data = log.load(entry)  # with its checksum, table and images
        assert data.warnings == ()
        value = float(data.vectors[0, 0])
        assert (data.vectors == value).all()
        if entry.name == "encoder":
            assert value == entry.step
            assert data.metadata["n"].text[0] == str(int(value) // 5)
        else:
            assert data.sprite is not None
    for each in log.runs:
        assert each.scalar_tags in ((), ("loss",))
        assert each.problems == ()
    return len(log.entries)

"""Faults of trainings that write logs, beside a server that shows them."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from functools import partial
from typing import Any

from trial_server import TrialServer, eventually, served

from faults.trial import Outcome, Trial

_TRAINING = """
import sys, numpy as np, projector
writer = projector.Writer(sys.argv[1])
x = np.random.default_rng(0).normal(size=(20_000, 32)).astype(np.float32)
print("ready", flush=True)
for step in range(100_000):
    writer.add("x", x, step=step, metadata={"at": range(len(x))})
    writer.scalars({"loss": 1 / (1 + step)}, step=step)
"""


def _entries(server: TrialServer, run: str) -> list[dict[str, Any]]:
    return [each for each in server.entries() if each["run"] == run]


def _is_listed(server: TrialServer, run: str) -> bool:
    return bool(_entries(server, run))


def _killed() -> Outcome:
    outcome, chance = Outcome(), random.Random(0)
    with served() as server:
        for turn in range(12):
            run = f"run-{turn}"
            command = [sys.executable, "-c", _TRAINING, str(server.logdir / run)]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as training:
                assert training.stdout is not None, "started with a pipe"
                training.stdout.readline()
                time.sleep(0.2 + chance.random())
                training.kill()
            found = eventually(partial(_is_listed, server, run), 60)
            _, listing = server.ask("/log")
            problems = [each for each in listing["problems"] if run in str(each)]
            outcome.count(found and not problems, f"{run}: {problems}")
            for entry in _entries(server, run)[-1:]:
                status, told = server.ask(f"/datasets/{entry['id']}")
                outcome.count(status == 200 and told["n_points"] == 20_000, str(told))
        outcome.count(server.is_alive() and "Traceback" not in server.errors(), server.errors())
    return outcome


TRIALS = (
    Trial(
        "A training that is killed leaves whole steps and no problem in the log.",
        "kill -9 at any time, twelve trainings, beside a server that shows each",
        _killed,
    ),
)

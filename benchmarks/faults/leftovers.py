"""Faults that leave files behind, and files that somebody takes away from a server that runs."""

from __future__ import annotations

import io
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.request import Request, urlopen

import numpy as np
from trial_server import TrialServer, eventually, served

from faults.trial import Outcome, Trial

_ENDLESS = {"n_epochs": 20_000}


def _temporary(server: TrialServer) -> list[Path]:
    return sorted((server.folder / "tmp").iterdir())


def _parts(server: TrialServer) -> list[Path]:
    return sorted((server.folder / "cache" / "results").glob(".*part*"))


def _upload(server: TrialServer, name: str) -> int:
    content = io.BytesIO()
    np.save(content, np.zeros((4, 3), np.float32))
    request = Request(
        f"{server.url}/api/v1/uploads?batch=drop&name={name}",
        data=content.getvalue(),
        headers={"Content-Type": "application/octet-stream"},
    )
    with urlopen(request, timeout=60) as answer:
        return int(answer.status)


@contextmanager
def _another(server: TrialServer) -> Iterator[TrialServer]:
    """Start a second server with the same temporary folder and cache."""
    other = TrialServer(server.folder, server.logdir)
    try:
        yield other
    finally:
        other.end(signal.SIGTERM)


def _signals() -> Outcome:
    outcome = Outcome()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        with served() as server:
            _upload(server, "x.npy")
            server.start("a", "umap", **_ENDLESS)
            code = server.end(number)
            left = _temporary(server) + _parts(server)
            outcome.count(code == 0 and not left, f"{number.name}: {code}, {left}")
    return outcome


def _has_at_most_two(server: TrialServer) -> bool:
    return len(_temporary(server)) <= 2


def _kills() -> Outcome:
    outcome, chance = Outcome(), random.Random(0)
    for turn in range(3):
        with served() as server:
            _upload(server, "x.npy")
            server.start("a", "umap", **_ENDLESS)
            time.sleep(chance.random())
            with _another(server) as living:
                before = set(_temporary(living))
                server.process.kill()
                server.process.wait()
                with _another(server):
                    swept = eventually(partial(_has_at_most_two, server), 20)
                    outcome.count(swept, f"turn {turn}: {_temporary(server)}")
                    outcome.count(living.is_alive(), "the sweep killed a server")
                    key = living.start("b", random_state=turn)["id"]
                    outcome.count(living.finish(key)["state"] == "done", "another's folder")
            outcome.count(bool(before), "there was nothing to sweep")
            outcome.count(_temporary(server) == [], str(_temporary(server)))
    return outcome


_WRITER = """
import sys, numpy as np
from pathlib import Path
from projector.jobs.cache import ResultCache
cache = ResultCache(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    cache.put("x", {"a": np.zeros(30_000_000, np.uint8)}, {})
"""


def _killed_writers() -> Outcome:
    outcome, chance = Outcome(), random.Random(0)
    with served() as server:
        results = server.folder / "cache" / "results"
        results.mkdir(exist_ok=True)
        n_left = 0
        for _ in range(8):
            with subprocess.Popen(
                [sys.executable, "-c", _WRITER, str(results)], stdout=subprocess.PIPE
            ) as process:
                assert process.stdout is not None, "started with a pipe"
                process.stdout.readline()
                time.sleep(0.05 + 0.1 * chance.random())
                process.kill()
            n_left += len(_parts(server))
            state = server.finish(server.start("a", random_state=chance.randrange(10**9))["id"])
            outcome.count(state["state"] == "done" and not _parts(server), str(_parts(server)))
        outcome.count(n_left > 0, "no kill came while it was written")
    return outcome


def _not_ours() -> Outcome:
    """Put what looks like a leftover beside the real ones, and see whether it stays."""
    outcome = Outcome()
    with served() as server:
        temporary, elsewhere = server.folder / "tmp", server.folder / "elsewhere"
        elsewhere.mkdir()
        mark = elsewhere / ".projector-owner"
        mark.write_text('{"locked": true}')
        notes = temporary / "projector-notes"
        notes.mkdir()
        (notes / "text").write_text("x")
        (temporary / "projector-link").symlink_to(elsewhere)
        killed = temporary / "projector-killed"
        killed.mkdir()
        shutil.copy(mark, killed)
        (killed / "out").symlink_to(elsewhere)
        with _another(server):
            outcome.count(eventually(lambda: not killed.exists(), 20), "not swept")
            for path in (mark, notes / "text", temporary / "projector-link"):
                outcome.count(os.path.lexists(path), f"{path} is gone")
    return outcome


def _taken_away() -> Outcome:
    outcome = Outcome()
    with served(np.random.default_rng(0).normal(size=(2000, 8)).astype(np.float32)) as server:
        for turn in range(5):
            for folder in (*_temporary(server), server.folder / "tmp", server.folder / "cache"):
                key = server.start("a", "umap", n_epochs=200, random_state=turn)["id"]
                time.sleep(0.05)
                shutil.rmtree(folder, ignore_errors=True)
                state = server.finish(key)
                told = state["state"] == "done" or "gone" in state["error"]["message"]
                outcome.count(told, f"{folder.name} was removed: {state['error']}")
                server.start("a", random_state=turn)
                outcome.count(_upload(server, f"x{turn}.npy") == 200, "an upload")
        outcome.count(server.is_alive() and "Traceback" not in server.errors(), server.errors())
    return outcome


TRIALS = (
    Trial(
        "A signal ends a server as Ctrl-C does: nothing is left behind.",
        "SIGINT, SIGTERM, SIGHUP and SIGQUIT while it computes",
        _signals,
    ),
    Trial(
        "What a killed server leaves is removed by the next start, and nothing of a living one.",
        "kill -9 at any time, with another server beside it",
        _kills,
    ),
    Trial(
        "What a killed process leaves in the cache is removed.",
        "kill -9 while it writes a result",
        _killed_writers,
    ),
    Trial(
        "What is not ours is never removed.",
        "folders of the same name, links, copies of the mark",
        _not_ours,
    ),
    Trial(
        "A folder that is taken away is made again, and the work goes on.",
        "the temporary folders and the cache removed while it computes",
        _taken_away,
    ),
)

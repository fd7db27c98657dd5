"""Faults of limits: less memory than the machine has, and a temporary folder that is full."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import psutil

from faults.trial import Outcome, Trial

_ESTIMATE = """
import sys
import numpy as np, projector
from projector.errors import MemoryLimitError
x = np.zeros((int(sys.argv[1]), 64), np.float32); x[:, 0] = np.arange(len(x))
try:
    projector.project(x, "umap", n_epochs=1)
    print("done")
except MemoryLimitError as error:
    print(error)
"""
_LOAD = """
import json, sys
import projector
from projector.errors import ProjectorError
for path in sys.argv[1:]:
    try:
        data = projector.load(path)
        print(json.dumps([data.n_points, float(data.vectors[-1, 0])]))
    except ProjectorError as error:
        print(json.dumps(str(error)))
"""


def _limited(limits: str, code: str, *arguments: str, **environment: str) -> list[str]:
    """Run code under limits of the shell; return its lines, or how it ended."""
    with tempfile.TemporaryDirectory() as cache:
        ended = subprocess.run(
            [
                "bash",
                "-c",
                f'{limits}; exec "$0" -c "$1" "${{@:2}}"',
                sys.executable,
                code,
                *arguments,
            ],
            capture_output=True,
            text=True,
            check=False,
            env={
                **os.environ,
                "PROJECTOR_CACHE_DIR": cache,
                "OPENBLAS_NUM_THREADS": "1",
                **environment,
            },
        )
    return ended.stdout.splitlines() if ended.returncode == 0 else [f"exit {ended.returncode}"]


def _estimates() -> Outcome:
    """Work that does not fit under a limit is refused before it starts, and the limit is named."""
    outcome = Outcome()
    for kind in ("v", "d"):
        for gigabytes in (3, 4, 5, 6):
            said = _limited(f"ulimit -{kind} {gigabytes}000000", _ESTIMATE, "3000000")
            if psutil.virtual_memory().available < gigabytes * 1e9:
                continue  # the machine itself has less just now, which is what is said
            named = len(said) == 1 and f"free under ulimit -{kind}. Raise that limit" in said[0]
            outcome.count(named, f"ulimit -{kind} {gigabytes} GB: {said}")
    return outcome


def _full_temporary_folders() -> Outcome:
    """Without space for a private copy it is in memory; without both there is one sentence."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        paths = []
        for number in range(3):
            values = np.full((300_000, 64), number + 1, np.float32)
            np.save(folder / f"{number}.npy", values)
            paths.append(str(folder / f"{number}.npy"))
        # ulimit -f: no file may get longer than that, as on a disk with so much left.
        for blocks in (0, 1, 1000, 60_000):
            lines = _limited(f"ulimit -f {blocks}", _LOAD, *paths)
            for number, line in enumerate(lines):
                held = line == json.dumps([300_000, number + 1.0])
                outcome.count(held, f"ulimit -f {blocks}: {line}")
        for memory in (900_000, 1_000_000, 1_100_000):
            lines = _limited(f"ulimit -f 0; ulimit -v {memory}", _LOAD, *paths)
            for line in lines:
                held = line.startswith("[") or ("are free" in line and "TMPDIR" in line)
                outcome.count(held, f"ulimit -f 0, -v {memory}: {line}")
        gone = folder / "gone"
        for _ in range(3):
            lines = _limited("true", _LOAD, *paths, TMPDIR=str(gone))
            outcome.count(all(line.startswith("[") for line in lines), f"TMPDIR: {lines}")
    return outcome


TRIALS = (
    Trial(
        "Work that does not fit into the memory that this process may take is refused at once",
        "UMAP of 3,000,000 x 64 under `ulimit -v` and `-d`",
        _estimates,
    ),
    Trial(
        "A full temporary folder is no error while there is memory, and then one sentence",
        "77 MB each loaded under `ulimit -f`, also with `-v`, and without the folder",
        _full_temporary_folders,
    ),
)

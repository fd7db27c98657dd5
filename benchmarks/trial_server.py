"""A server in a process of its own, for trials that may kill it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil


class TrialServer:
    """``python -m projector``, with a temporary folder and a cache of its own.

    Attributes
    ----------
    folder : Path
        Contains ``logs`` (the log directory), ``tmp`` and ``cache``.
    process : subprocess.Popen
    """

    def __init__(self, folder: Path, logdir: Path, **environment: str) -> None:
        self.folder, self.logdir = folder, logdir
        for name in ("tmp", "cache"):
            (folder / name).mkdir(exist_ok=True)
        known = {"TMPDIR": str(folder / "tmp"), "PROJECTOR_CACHE_DIR": str(folder / "cache")}
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "projector",
                "--logdir",
                str(logdir),
                "--port",
                "0",
                "--no-open",
            ],
            stdout=subprocess.PIPE,
            stderr=(folder / "stderr").open("w"),
            env={**os.environ, **known, **environment},
            text=True,
        )
        assert self.process.stdout is not None, "started with a pipe"
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(self.errors())
        self.url = line.split()[-1].rstrip("/")

    def errors(self) -> str:
        """Return what it wrote to standard error."""
        return (self.folder / "stderr").read_text()

    def ask(
        self, path: str, body: Any = None, *, method: str = "", page: str = "", timeout: float = 60
    ) -> tuple[int, Any]:
        """Send a request, and return status and answer; status 0 if there was none."""
        request = urllib.request.Request(
            f"{self.url}/api/v1{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Projector-Client": page},
            method=method or ("GET" if body is None else "POST"),
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                content = answer.read()
                is_json = answer.headers["Content-Type"] == "application/json"
                return answer.status, json.loads(content) if is_json else content
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")
        except (OSError, TimeoutError) as error:
            return 0, repr(error)

    def start(self, page: str = "", method: str = "pca", **params: Any) -> dict[str, Any]:
        """Ask for a projection of the first embedding."""
        body = {"dataset": self.entries()[0]["id"], "method": method, "params": params}
        found: dict[str, Any] = self.ask("/projections", body, page=page)[1]
        return found

    def entries(self) -> list[dict[str, Any]]:
        """Return the entries of the listing."""
        found: list[dict[str, Any]] = self.ask("/log")[1]["entries"]
        return found

    def state(self, key: str) -> dict[str, Any]:
        """Return a projection."""
        found: dict[str, Any] = self.ask(f"/projections/{key}")[1]
        return found

    def finish(self, key: str) -> dict[str, Any]:
        """Wait for the end of a projection and return it."""
        eventually(lambda: self.state(key)["state"] not in ("queued", "running"))
        return self.state(key)

    def workers(self) -> list[psutil.Process]:
        """Return its worker processes."""
        found = []
        for child in psutil.Process(self.process.pid).children():
            try:
                if "projector.jobs.worker" in child.cmdline():
                    found.append(child)
            except psutil.Error:
                continue
        return found

    def is_alive(self) -> bool:
        """Return whether it runs and answers."""
        return self.process.poll() is None and self.ask("/methods")[0] == 200

    def end(self, number: int = signal.SIGINT) -> int:
        """Send it a signal and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)


@contextmanager
def served(vectors: Any = None, **environment: str) -> Iterator[TrialServer]:
    """Serve one array, and remove everything at the end."""
    folder = Path(tempfile.mkdtemp(prefix="trial-"))
    logdir = folder / "logs"
    logdir.mkdir()
    if vectors is None:
        vectors = np.random.default_rng(0).normal(size=(500, 8)).astype(np.float32)
    np.save(logdir / "vectors.npy", vectors)
    server = TrialServer(folder, logdir, **environment)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def eventually(met: Callable[[], bool], seconds: float = 60) -> bool:
    """Wait until something is true; return whether it became so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if met():
            return True
        time.sleep(0.02)
    return False

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
from urllib.parse import quote

import numpy as np
import psutil
from small_disk import on_small_disk, seen_from_outside


class TrialServer:
    """``python -m projector``, with a temporary folder and a cache of its own.

    Attributes
    ----------
    folder : Path
        Contains ``logs`` (the log directory), ``tmp`` and ``cache``.
    logdir : Path
        As this process sees it.
    process : subprocess.Popen
    disk : Path
        With `disk` bytes, the small file system that has the temporary folder, the cache and
        ``logs``; without, the temporary folder.
    """

    def __init__(self, folder: Path, logdir: Path, *, disk: int = 0, **environment: str) -> None:
        self.folder, self.logdir = folder, logdir
        for name in ("tmp", "cache"):
            (folder / name).mkdir(exist_ok=True)
        tmp, cache = folder / "tmp", folder / "cache"
        serve = [sys.executable, "-m", "projector", "--port", "0", "--no-open", "--logdir"]
        serve.append(str(logdir))
        if disk:
            cache = tmp / "cache"
            serve = on_small_disk(serve, tmp, disk)
        known = {"TMPDIR": str(tmp), "PROJECTOR_CACHE_DIR": str(cache)}
        self.process = subprocess.Popen(
            serve,
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
        self.disk = tmp
        if disk:
            self.disk = seen_from_outside(tmp, self.process.pid)
            self.logdir = self.disk / logdir.relative_to(tmp)

    def errors(self) -> str:
        """Return what it wrote to standard error."""
        return (self.folder / "stderr").read_text()

    def ask(
        self, path: str, body: Any = None, *, method: str = "", page: str = "", timeout: float = 60
    ) -> tuple[int, Any]:
        """Send a request, and return status and answer; status 0 if there was none."""
        content = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Projector-Client": page}
        method = method or ("GET" if body is None else "POST")
        return self._send(method, path, content, headers, timeout)

    def upload(self, name: str, content: bytes) -> tuple[int, Any]:
        """Drop a file on the page; return status and answer."""
        headers = {"Content-Type": "application/octet-stream"}
        return self._send("POST", f"/uploads?batch=b&name={quote(name)}", content, headers, 300)

    def put_tags(self, entry: dict[str, Any], row: int) -> tuple[int, Any]:
        """Replace the tags that there are by one at `row`; return status and answer."""
        path = f"/datasets/{entry['id']}/tags"
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1{path}", timeout=60) as answer:
                tag = str(answer.headers["ETag"])
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")
        about = json.dumps({"version": 1, "tensor": entry["name"], "n_points": entry["n_points"]})
        content = f"# projector-tags {about}\nrow\tk\n{row}\tx\n".encode()
        known = {"If-None-Match": "*"} if tag == '"none"' else {"If-Match": tag}
        headers = {"Content-Type": "text/tab-separated-values", **known}
        return self._send("PUT", path, content, headers, 60)

    def _send(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], timeout: float
    ) -> tuple[int, Any]:
        request = urllib.request.Request(
            f"{self.url}/api/v1{path}", data=body, headers=headers, method=method
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

    def wait_for(self, paths: set[str]) -> None:
        """Wait until these files are listed."""
        if not eventually(lambda: paths <= {entry["path"] for entry in self.entries()}):
            raise RuntimeError(f"{paths} are not listed: {self.errors()}")

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
    server = TrialServer(folder, logdir, disk=0, **environment)
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

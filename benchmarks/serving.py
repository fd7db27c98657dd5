"""A server in a process of its own, and requests to it, for the trials."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """A response: its status and its JSON; status 0 if there was none."""

    status: int
    body: Any

    @property
    def sentence(self) -> str:
        """The message of an error, or what else came."""
        error = self.body.get("error") if isinstance(self.body, dict) else None
        return str(error["message"]) if error else str(self.body)[:200]

    @property
    def is_refusal(self) -> bool:
        """Whether it is an error with one sentence that says what is wrong."""
        return 400 <= self.status < 500 and "\n" not in self.sentence and len(self.sentence) > 20


@dataclass
class Served:
    """A running server."""

    process: subprocess.Popen[str]
    host: str

    def ask(self, path: str, body: object = None, *, seconds: float = 60) -> Answer:
        """Send one request: a GET, or a POST if there is a body."""
        connection = http.client.HTTPConnection(self.host, timeout=seconds)
        try:
            if body is None:
                connection.request("GET", f"/api/v1{path}")
            else:
                headers = {"Content-Type": "application/json"}
                connection.request("POST", f"/api/v1{path}", json.dumps(body), headers)
            reply = connection.getresponse()
            content = reply.read()
            kind = reply.headers.get("Content-Type", "")
            return Answer(reply.status, json.loads(content) if "json" in kind else content)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Answer(0, f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None


@contextlib.contextmanager
def served(logdir: Path, **environment: str) -> Iterator[Served]:
    """Serve a log directory with an empty cache until the block ends."""
    with tempfile.TemporaryDirectory() as cache:
        process = subprocess.Popen(
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
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PROJECTOR_CACHE_DIR": cache, **environment},
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield Served(process, urlsplit(line.removeprefix("projector: ").strip()).netloc)
        finally:
            process.terminate()
            try:
                process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()

"""The fixtures' real log directories, unpacked once, and the process that opens them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

LOGS = Path(__file__).parent.parent / "fixtures" / "logs"
#: What the malicious files would make if anything ran them: a place they name themselves.
MARK = Path("/tmp/fixtures/PWNED")

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def real_logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the unpacked archive; by tar, for names and links Python refuses."""
    MARK.parent.mkdir(parents=True, exist_ok=True)
    where = tmp_path_factory.mktemp("logs")
    subprocess.run(["tar", "xzf", str(LOGS / "real_logs.tar.gz"), "-C", str(where)], check=True)
    return where


@pytest.fixture(scope="session")
def ask() -> Iterator[Ask]:
    """Return a function that has a log directory opened in a process of its own."""
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("case_server.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    stdin, stdout = server.stdin, server.stdout
    assert stdin is not None
    assert stdout is not None

    def request(path: Path, **more: Any) -> dict[str, Any]:
        stdin.write(json.dumps({"path": str(path), **more}) + "\n")
        stdin.flush()
        answer: dict[str, Any] = json.loads(stdout.readline())
        return answer

    yield request
    stdin.close()
    server.wait(timeout=60)
    stdout.close()


@pytest.fixture(autouse=True)
def nothing_was_run() -> Iterator[None]:
    """Hold that no file's code ever ran."""
    yield
    assert not MARK.exists(), "a file's code was executed"

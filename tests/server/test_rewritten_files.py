"""Files that a training rewrites, shortens and deletes while a server shows them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.machine.hashing import content_hash

Array = NDArray[np.float32]
#: 61 MB: too large to be kept in memory.
N_POINTS, N_DIMS = 60_000, 256


def version(number: int) -> Array:
    """Return points on a line whose distances tell the version."""
    rows = np.arange(N_POINTS, dtype=np.float32)[:, None] * np.float32(number)
    return np.repeat(rows, N_DIMS, axis=1)


class Served:
    """``python -m projector`` in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "projector", "--logdir", str(folder), "--no-open", "--port=0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().removeprefix("projector: ").strip()

    def ask(self, path: str, body: object = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}api/v1{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                content = answer.read()
                return answer.status, json.loads(content) if content[:1] == b"{" else content
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def sentence(self, path: str) -> str:
        status, answer = self.ask(path)
        assert status == 400, answer
        return str(answer["error"]["message"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    np.save(tmp_path / "logs" / "vectors.npy", version(1))
    return tmp_path / "logs" / "vectors.npy"


@pytest.fixture
def server(path: Path) -> Iterator[Served]:
    made = Served(path.parent)
    yield made
    assert made.process.poll() is None, "the server died"
    made.process.terminate()
    _, errors = made.process.communicate(timeout=60)
    assert "Traceback" not in errors


def dataset(server: Served) -> str:
    return f"/datasets/{server.ask('/log')[1]['entries'][0]['id']}"


def eventually(met: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.slow
def test_every_answer_is_about_one_version_while_the_file_is_rewritten(
    path: Path, server: Served
) -> None:
    known = {content_hash(version(number)) for number in range(1, 6)}
    place, ended = dataset(server), threading.Event()

    def rewrite() -> None:
        for number in range(2, 6):
            np.save(path, version(number))
            time.sleep(0.3)
        ended.set()

    writer = threading.Thread(target=rewrite)
    writer.start()
    answers = []
    while not ended.is_set():
        status, about = server.ask(place)
        answers.append(status)
        assert status in (200, 400, 404), about
        assert status != 200 or about["content"] in known
        status, near = server.ask(f"{place}/points/30000/neighbors?k=6&metric=euclidean")
        answers.append(status)
        if status == 200:
            steps = np.abs(np.array(near["indices"]) - 30_000)
            units = np.array(near["distances"]) / steps / np.sqrt(N_DIMS)
            np.testing.assert_allclose(units, round(units[0]), rtol=1e-3)
    writer.join()
    assert answers
    last = content_hash(version(5))
    eventually(lambda: server.ask(place)[1].get("content") == last)
    _, found = server.ask("/projections", {"dataset": place[10:], "method": "pca"})
    key = f"/projections/{found['id']}"
    eventually(lambda: server.ask(key)[1]["state"] not in ("queued", "running"))
    assert server.ask(key)[1]["state"] == "done"


@pytest.mark.slow
def test_a_shortened_file_changes_nothing_that_is_open(path: Path, server: Served) -> None:
    place = dataset(server)
    content = server.ask(place)[1]["content"]
    question = f"{place}/points/30000/neighbors?k=3&metric=euclidean"
    before = server.ask(question)[1]
    os.truncate(path, 4096)
    # Until the change is noticed the old data answers, then one sentence.
    status, after = server.ask(question)
    assert status != 200 or after == before
    status, found = server.ask("/projections", {"dataset": place[10:], "method": "pca"})
    if status == 200:
        key = f"/projections/{found['id']}"
        eventually(lambda: server.ask(key)[1]["state"] not in ("queued", "running"))
        assert server.ask(key)[1]["state"] == "done", "the worker has the old data, too"
    eventually(lambda: server.ask("/log")[1]["problems"] != [])
    (problem,) = server.ask("/log")[1]["problems"]
    assert "the file has 3,968. It is truncated" in problem["message"]
    np.save(path, version(1))
    eventually(lambda: server.ask(place)[0] == 200)
    assert server.ask(place)[1]["content"] == content


NOTEBOOK = """
import sys, projector
from projector.errors import ProjectorError
def load():
    try:
        print(projector.load(sys.argv[1]).content_hash, flush=True)
    except ProjectorError as error:
        print(type(error).__name__, str(error).count(chr(10)), flush=True)
for _ in range(15):
    load()
print("loaded", flush=True)
sys.stdin.readline()
load()
"""


@pytest.mark.slow
def test_a_notebook_that_loads_beside_a_writer_never_dies(path: Path) -> None:
    known = {number: content_hash(version(number)) for number in range(1, 4)}
    process = subprocess.Popen(
        [sys.executable, "-c", NOTEBOOK, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    is_read = threading.Event()
    written = [1]

    def write() -> None:
        while not is_read.wait(0.1):
            written.append(written[-1] % 3 + 1)
            np.save(path, version(written[-1]))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        said = list(takewhile(lambda line: line != "loaded\n", process.stdout))
    finally:
        is_read.set()
        writer.join()
    # How many of these meet a whole file is the machine's affair; none meets a mixture.
    assert len(said) == 15
    for line in said:
        assert line.strip() in known.values() or line.endswith("Error 0\n"), line
    last = process.communicate("\n", timeout=120)[0].strip()
    assert process.returncode == 0
    assert last == known[written[-1]], "a file at rest is read whole"

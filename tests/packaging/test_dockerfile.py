"""The Dockerfile, by its text: what it promises holds, and what it names is there."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

import projector
from projector.cli import main

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "Dockerfile").read_text()
#: Instruction and arguments; continued lines as one.
LINES = [
    (line.partition(" ")[0], line.partition(" ")[2].strip())
    for line in TEXT.replace("\\\n", " ").splitlines()
    if line and not line.startswith("#")
]
LAST_STAGE = LINES[max(at for at, (word, _) in enumerate(LINES) if word == "FROM") :]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def of(word: str, lines: list[tuple[str, str]] = LAST_STAGE) -> list[str]:
    return [rest for each, rest in lines if each == word]


def health_check() -> str:
    (line,) = of("HEALTHCHECK")
    words: list[str] = json.loads(line.partition("CMD ")[2])
    assert words[:2] == ["python", "-c"]
    return words[2]


def test_it_runs_as_nobody_in_particular() -> None:
    (user,) = of("USER")
    assert int(user) > 1000
    # Whatever needs rights stands before it.
    words = [word for word, _ in LAST_STAGE]
    assert "RUN" not in words[words.index("USER") :]


def test_its_pythons_are_named_and_recent_enough() -> None:
    versions = [
        re.fullmatch(r"python:(3)\.(\d+)-slim(?: AS \w+)?", each) for each in of("FROM", LINES)
    ]
    assert all(versions)
    (lowest,) = re.findall(r">=3\.(\d+)", PROJECT["requires-python"])
    assert all(int(version[2]) >= int(lowest) for version in versions if version)


def test_what_it_copies_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    copied = [each.split()[:-1] for each in of("COPY", LINES) if not each.startswith("--from")]
    names = {name for words in copied for name in words}
    assert names
    for name in names:
        assert (ROOT / name).exists(), name
        assert f"!{name}" in ignored, name


def test_all_that_is_written_goes_where_a_read_only_root_allows() -> None:
    (environment,) = of("ENV")
    found = dict(pair.split("=", 1) for pair in environment.split())
    assert found["HOME"] == "/tmp"
    for name in ("PROJECTOR_CACHE_DIR", "NUMBA_CACHE_DIR"):
        assert found[name].startswith("/cache")
    assert of("VOLUME") == ['["/cache"]']


def test_its_command_has_options_that_exist() -> None:
    (entry,) = of("ENTRYPOINT")
    (command,) = of("CMD")
    words: list[str] = [*json.loads(entry), *json.loads(command)]
    assert words[0] in PROJECT["scripts"]
    known = {option for each in main.params for option in (*each.opts, *each.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= known
    (port,) = of("EXPOSE")
    assert words[words.index("--port") + 1] == port
    assert f":{port}/" in health_check()


@pytest.mark.parametrize("token", [None, "a-token-of-sixteen-letters"])
def test_its_health_check_tells_life_from_death(token: str | None) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        dead = unused.getsockname()[1]
        code = health_check().replace(":6006/", f":{dead}/")
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
        assert done.returncode != 0
    with projector.serve(np.eye(4), port=0, token=token) as server:
        code = health_check().replace(":6006/", f":{server.port}/")
        subprocess.run([sys.executable, "-c", code], check=True)


def test_one_command_runs_it_from_anywhere() -> None:
    """Tools that install and run at once look for the command of the distribution's own name."""
    assert PROJECT["name"] in PROJECT["scripts"]

"""However a command is ended, it says nothing but what it has to say, and leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and pipes of POSIX")

PROJECTOR = [sys.executable, "-m", "projector"]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    for number in range(1500):  # the list of them is longer than a pipe holds
        path = folder / f"a_run_with_a_long_name_{number}.tsv"
        path.write_text("0\t1\n2\t3\n")
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "tmp").mkdir()
    own = {"TMPDIR": str(tmp_path / "tmp"), "PROJECTOR_CACHE_DIR": str(tmp_path / "cache")}
    return {**os.environ, **own}


def shell(command: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    line = command.replace("projector", f"{sys.executable} -m projector")
    return subprocess.run(
        ["sh", "-c", line], check=False, capture_output=True, text=True, env=environment
    )


@pytest.mark.slow
@pytest.mark.parametrize("command", ["list LOGS"])
def test_a_reader_that_leaves_is_no_error(
    logs: Path, environment: dict[str, str], command: str
) -> None:
    line = f"(projector {command.replace('LOGS', str(logs))}; echo $? >&2) | head -1"
    found = shell(line, environment)
    assert found.stdout.count("\n") == 1
    # All of it may have been written before the reader left.
    assert found.stderr.strip() in ("0", "141")


@pytest.mark.slow
@pytest.mark.parametrize("command", ["reduce --help", "cache"])
def test_output_that_cannot_be_written_is_one_sentence(
    environment: dict[str, str], command: str
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no full device")
    found = shell(f"projector {command} > /dev/full", environment)
    assert found.stderr.splitlines() == [
        "projector: Standard output cannot be written to: No space left on device."
    ]
    assert found.returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize("closed", [">&- 2>&- <&-"])
def test_streams_that_are_closed_from_the_start(
    environment: dict[str, str], closed: str, tmp_path: Path
) -> None:
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(20, 3)))
    out = tmp_path / "out.csv"
    line = f"projector reduce {tmp_path / 'x.npy'} --method pca --out {out} {closed}"
    assert shell(line, environment).returncode == 0
    assert out.read_text().count("\n") == 21


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_ends_a_server_as_ctrl_c_does(
    environment: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    np.save(tmp_path / "x.npy", np.zeros((3, 3)))
    command = [*PROJECTOR, "--logdir", str(tmp_path / "x.npy"), "--port", "0", "--no-open"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("projector: http://")
        assert len(list((tmp_path / "tmp").glob("projector-*"))) > 0
        for _ in range(3):  # a system that shuts down is not patient
            server.send_signal(number)
        _, errors = server.communicate(timeout=60)
    assert errors == "projector: stopped.\n"
    assert server.returncode == 0
    assert list((tmp_path / "tmp").glob("*")) == []

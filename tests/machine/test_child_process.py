"""A child process is found again under any folder, and its end has a name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from projector.machine.child_process import ChildProcess, ending, is_killed, named_function

ROOT = Path(__file__).resolve().parents[2]


def test_an_exit_code_has_a_name() -> None:
    assert ending(3) == "exit code 3"
    assert ending(-11) == "SIGSEGV"
    assert ending(-999) == "signal 999"


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_process_is_killed_and_reaped() -> None:
    process = ChildProcess("projector.jobs.worker")
    assert process.is_alive()
    process.kill()
    assert process.reap() == process.reap() == -signal.SIGKILL
    assert is_killed(process.reap())
    assert not process.is_alive()


def test_a_function_is_found_by_its_name() -> None:
    assert named_function("os.path:join") is os.path.join


@pytest.mark.parametrize("found_by", ["the current folder", "the path of modules"])
def test_no_module_of_the_current_folder_is_run(tmp_path: Path, found_by: str) -> None:
    """A log directory may contain a numpy.py."""
    for name in ("pickle.py", "numpy.py", "psutil.py"):
        (tmp_path / name).write_text("print('foreign code runs', flush=True)\n")
    by_folder = found_by == "the current folder"
    code = (
        "import os, projector.machine.expendable as e\n"
        f"os.chdir({str(tmp_path)!r})\n"
        "limits = e.Limits(1 << 31, 60, 120)\n"
        "print(e.EXPENDABLE.call('os:getcwd', limits=limits))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT if by_folder else "/",
        env={**os.environ, "PYTHONPATH": "" if by_folder else str(ROOT)},
    )
    assert found.stdout.strip() == str(tmp_path)

"""What a killed process leaves behind is removed by another one, and nothing else ever is."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from projector.machine import owned_folder
from projector.machine.owned_folder import OwnedFolder, abandoned_folders, sweep_folders

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such locks")

#: Makes a folder with a file, says where it is, and waits.
OWNER = """
import signal, sys, time
from projector.machine.owned_folder import OwnedFolder
for number in (signal.SIGHUP, signal.SIGQUIT):  # a shell's background jobs may ignore them
    signal.signal(number, signal.SIG_DFL)
owned = OwnedFolder("test-")
(owned.path / "file").write_text("x")
print(owned.path, flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def owner(temporary: Path, *, at_end: str = "") -> tuple[subprocess.Popen[str], Path]:
    program = OWNER.replace("time.sleep(600)", at_end or "time.sleep(600)")
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_it_goes_with_its_owner(temporary: Path) -> None:
    folder = OwnedFolder("x-")
    path = folder.path
    (path / "file").write_text("x")
    folder.remove()
    folder.remove()
    assert list(temporary.iterdir()) == []
    assert folder.path == path, "a folder that was removed is not made again"
    path = OwnedFolder().path
    assert not path.exists(), "nobody has it any more"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGQUIT])
def test_what_is_left_by_a_kill_is_swept_and_not_before(
    temporary: Path, number: signal.Signals
) -> None:
    process, path = owner(temporary)
    living = OwnedFolder()
    assert sweep_folders() == 0
    assert (path / "file").exists()
    process.send_signal(number)
    process.communicate()
    assert abandoned_folders() == [path]
    assert sweep_folders() == 1
    assert list(temporary.iterdir()) == [living.path]
    living.remove()


def test_an_ordinary_end_leaves_nothing(temporary: Path) -> None:
    for at_end in ("sys.exit(0)", "raise SystemError", "pass"):
        process, path = owner(temporary, at_end=at_end)
        process.communicate()
        assert path.name.startswith("projector-test-")
        assert not path.exists()


def test_a_fork_does_not_take_the_folder_of_its_parent(temporary: Path) -> None:
    fork = (
        "import os; child = os.fork()\nif child: os.waitpid(child, 0); print(owned.path.exists())"
    )
    process, path = owner(temporary, at_end=fork)
    assert process.stdout is not None
    assert process.stdout.read().strip() == "True"
    process.communicate()
    assert not path.exists()


def test_what_is_not_ours_stays(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = temporary / "projector-notes"
    mine.mkdir()
    (mine / "text").write_text("written by a person")
    (temporary / "projector-file").write_text("x")
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    mark = json.dumps({"pid": 1, "started": 0, "host": "x", "locked": True})
    (elsewhere / ".projector-owner").write_text(mark)
    (temporary / "projector-link").symlink_to(elsewhere)
    linked = temporary / "projector-linked-mark"
    linked.mkdir()
    (linked / ".projector-owner").symlink_to(elsewhere / ".projector-owner")
    for number, odd in enumerate(["", "[]", "{", "null", '"x"', "[" * 3000, "{}"]):
        folder = temporary / f"projector-odd-{number}"
        folder.mkdir()
        (folder / ".projector-owner").write_text(odd)
    pipe = temporary / "projector-pipe"
    pipe.mkdir()
    os.mkfifo(pipe / ".projector-owner")
    before = sorted(temporary.rglob("*"))
    assert sweep_folders() == 0
    assert sorted(temporary.rglob("*")) == before
    abandoned = temporary / "projector-abandoned"
    abandoned.mkdir()
    (abandoned / ".projector-owner").write_text(mark)
    with monkeypatch.context() as other:
        other.setattr(os, "geteuid", lambda: 12345)
        assert sweep_folders() == 0
    (abandoned / "out").symlink_to(elsewhere)
    assert sweep_folders() == 1
    assert sorted(temporary.rglob("*")) == before, "a link is removed, not followed"


def test_without_locks_the_process_tells(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owned_folder, "lock", lambda descriptor: "unknown")
    living = OwnedFolder()
    assert abandoned_folders() == []
    mark = living.path / ".projector-owner"
    told = json.loads(mark.read_text())
    mark.write_text(json.dumps({**told, "host": "another machine", "started": 1.0}))
    assert abandoned_folders() == []
    mark.write_text(json.dumps({**told, "started": 1.0}))  # its number belongs to another one now
    assert abandoned_folders() == [living.path]
    mark.write_text(json.dumps({**told, "pid": 1 << 22}))
    assert abandoned_folders() == [living.path]
    living.remove()


def test_it_is_made_again_if_somebody_removes_it(temporary: Path) -> None:
    folder = OwnedFolder()
    path = folder.path
    for _ in range(3):
        shutil.rmtree(path)
        assert folder.path == path
        assert path.stat().st_mode & 0o777 == 0o700
        assert abandoned_folders() == []
    shutil.rmtree(temporary)
    assert folder.path.is_dir()
    shutil.rmtree(path)
    path.symlink_to("/")
    with pytest.raises(NotADirectoryError, match="no longer a folder of this user"):
        _ = folder.path
    path.unlink()
    folder.remove()
    assert list(temporary.iterdir()) == []

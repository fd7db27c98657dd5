from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from projector.machine.atomic_write import (
    abandoned_parts,
    atomic_write,
    remove_abandoned_parts,
)


def test_the_old_content_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    with atomic_write(path) as file:
        file.write(b"one")
    with atomic_write(path) as file:
        file.write(b"two")
        file.flush()
        assert path.read_bytes() == b"one"
    assert path.read_bytes() == b"two"
    assert [each.name for each in path.parent.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_changes_nothing_and_leaves_nothing(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def fail() -> None:
        with atomic_write(path) as file:
            file.write(b"half of the new cont")
            raise error

    with pytest.raises(error):
        fail()
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


def test_the_unfinished_file_is_in_the_scratch_folder(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with atomic_write(tmp_path / "out" / "a.txt", scratch=scratch, sync=False) as file:
        file.write(b"x")
        assert len(list(scratch.iterdir())) == 1
        assert list((tmp_path / "out").iterdir()) == []
    assert list(scratch.iterdir()) == []
    assert (tmp_path / "out" / "a.txt").read_bytes() == b"x"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
@pytest.mark.parametrize(("private", "expected"), [(False, 0o640), (True, 0o600)])
def test_a_result_is_as_readable_as_any_other_file(
    tmp_path: Path, private: bool, expected: int
) -> None:
    before = os.umask(0o026)
    try:
        with atomic_write(tmp_path / "a", private=private) as file:
            file.write(b"x")
    finally:
        assert os.umask(before) == 0o026, "the umask is as it was"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == expected


#: Begins to write a file, says so, and waits.
WRITER = """
import sys, time
from pathlib import Path
from projector.machine.atomic_write import atomic_write
with atomic_write(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    print("writing", flush=True)
    time.sleep(600)
"""


def parts(folder: Path) -> list[Path]:
    return sorted(folder.glob(".projector-part-*"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")
def test_what_a_killed_process_leaves_is_removed_by_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        (part,) = parts(tmp_path)
        assert abandoned_parts(tmp_path) == []
        with atomic_write(tmp_path / "b.txt") as file:
            file.write(b"whole")
        assert parts(tmp_path) == [part], "it is still being written"
        process.kill()
        process.wait()
    assert abandoned_parts(tmp_path) == [part]
    (tmp_path / ".projector-part-folder").mkdir()
    (tmp_path / ".projector-part-link").symlink_to(path)
    with atomic_write(tmp_path / "b.txt") as file:
        file.write(b"whole again")
        assert len(parts(tmp_path)) == 3, "its own, and what is no file"
    assert [each.name for each in parts(tmp_path)] == [
        ".projector-part-folder",
        ".projector-part-link",
    ]
    assert (tmp_path / "b.txt").read_bytes() == b"whole again"


def test_without_locks_only_an_old_one_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projector.machine.atomic_write.lock", lambda descriptor: "unknown")
    young, old = tmp_path / ".projector-part-young", tmp_path / ".projector-part-old"
    for part in (young, old):
        part.write_bytes(b"x")
    os.utime(old, (1, 1))
    with atomic_write(tmp_path / "a"):
        assert young.exists()
        assert not old.exists()


def test_one_that_is_taken_before_it_is_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: list[Path] = []

    def sweep_first(descriptor: int) -> str:
        for part in parts(tmp_path):
            if len(swept) < 3:
                part.unlink()
                swept.append(part)
        return "mine"

    monkeypatch.setattr("projector.machine.atomic_write.lock", sweep_first)
    with atomic_write(tmp_path / "a") as file:
        file.write(b"x")
    assert (tmp_path / "a").read_bytes() == b"x"
    assert len(swept) == 3


def test_one_that_is_whole_is_never_taken_for_one_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another writer sweeps in the last moment before the file gets its name."""
    real = os.replace

    def swept(source: str, target: Path) -> None:
        assert remove_abandoned_parts(tmp_path) == 0
        real(source, target)

    monkeypatch.setattr(os, "replace", swept)
    with atomic_write(tmp_path / "a.npz") as file:
        file.write(b"new")
    assert (tmp_path / "a.npz").read_bytes() == b"new"

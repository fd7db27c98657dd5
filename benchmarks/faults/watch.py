"""Faults of watching: what is at the name of a log directory is replaced by something else."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from trial_server import TrialServer, eventually

from faults.trial import Outcome, Trial


def _write(folder: Path, n_points: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "vectors.npy", np.zeros((n_points, 3), np.float32))


def _make_again(name: Path, n_points: int) -> None:
    shutil.rmtree(name)
    _write(name, n_points)


def _rename_into_place(name: Path, n_points: int) -> None:
    new = name.with_name(f"new-{n_points}")
    _write(new, n_points)
    shutil.rmtree(name)
    new.rename(name)


def _rename_away(name: Path, n_points: int) -> None:
    name.rename(name.with_name(f"old-{n_points}"))
    _write(name, n_points)


def _rename_parent(name: Path, n_points: int) -> None:
    name.parent.rename(name.parent.with_name(f"old-{n_points}"))
    _write(name, n_points)


def _remove_grandparent(name: Path, n_points: int) -> None:
    shutil.rmtree(name.parent.parent)
    _write(name, n_points)


def _make_run_again(name: Path, n_points: int) -> None:
    for file in name.glob("*.npy"):
        file.unlink()
    shutil.rmtree(name / "run", ignore_errors=True)
    _write(name / "run", n_points)


def _point_elsewhere(name: Path, n_points: int) -> None:
    target = name.with_name(f"target-{n_points}")
    _write(target, n_points)
    if not name.is_symlink():
        shutil.rmtree(name)
    part = name.with_name("part")
    part.symlink_to(target)
    part.replace(name)


def _mount_over(name: Path, n_points: int) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(name)], check=True)
    _write(name, n_points)


_WAYS: tuple[Callable[[Path, int], None], ...] = (
    _make_again,
    _rename_into_place,
    _rename_away,
    _rename_parent,
    _remove_grandparent,
    _make_run_again,
    _point_elsewhere,
)


def _sizes(server: TrialServer) -> list[int]:
    return [entry["n_points"] for entry in server.entries()]


def _comes_to(server: TrialServer, *sizes: int) -> bool:
    """Return whether the listing has embeddings of these sizes soon."""
    return eventually(lambda: _sizes(server) == [*sizes], 30)


def _replaced(
    ways: tuple[Callable[[Path, int], None], ...], n_turns: int = 2, **environment: str
) -> Outcome:
    outcome = Outcome()
    for way in ways:
        folder = Path(tempfile.mkdtemp(prefix="trial-"))
        name = folder / "a" / "b" / "logs"
        _write(name, 100)
        server = TrialServer(folder, name, disk=0, **environment)
        try:
            for turn in range(n_turns):
                for n_points, change in ((10 + turn, way), (20 + turn, _overwrite)):
                    change(name, n_points)
                    held = _comes_to(server, n_points)
                    outcome.count(held, f"{way.__name__} {n_points}: {_sizes(server)}")
            outcome.count(server.errors().count("Traceback") == 0, server.errors())
        finally:
            server.process.kill()
            server.process.wait()
            while way is _mount_over and subprocess.run(["umount", str(name)]).returncode == 0:
                continue
            shutil.rmtree(folder, ignore_errors=True)
    return outcome


def _overwrite(name: Path, n_points: int) -> None:
    """Write what is there, as a training does that goes on."""
    _write(next(name.rglob("*.npy")).parent, n_points)


def _single_file() -> Outcome:
    outcome = Outcome()
    folder = Path(tempfile.mkdtemp(prefix="trial-"))
    file, part = folder / "data" / "x.npy", folder / "data" / "part.npy"
    file.parent.mkdir()
    np.save(file, np.zeros((100, 3), np.float32))
    server = TrialServer(folder, file)
    try:
        for turn in range(4):
            np.save(part, np.zeros((10 + turn, 3), np.float32))
            part.replace(file)
            outcome.count(_comes_to(server, 10 + turn), "renamed")
            file.unlink()
            outcome.count(_comes_to(server), "removed")
            np.save(file, np.zeros((20 + turn, 3), np.float32))
            outcome.count(_comes_to(server, 20 + turn), "made again")
    finally:
        server.process.kill()
        server.process.wait()
        shutil.rmtree(folder, ignore_errors=True)
    return outcome


_MOUNTED = Trial(
    "A file system that is mounted over the log directory is seen.",
    "tmpfs mounted over it, several times, then written to",
    lambda: _replaced((_mount_over,), 3),
)

TRIALS = (
    Trial(
        "A log directory is followed by its name, however often something else takes its place.",
        "removed and made again, renamed over, its parents too, a link pointed elsewhere, a run "
        "below; then written to",
        lambda: _replaced(_WAYS),
    ),
    *((_MOUNTED,) if os.geteuid() == 0 else ()),
    Trial(
        "A single file is followed by its name.",
        "replaced by renaming, removed, made again",
        _single_file,
    ),
    Trial(
        "Where there are no notifications, changes are found by polling.",
        "the same with polling",
        lambda: _replaced((_make_again,), 1, WATCHFILES_FORCE_POLLING="1"),
    ),
)

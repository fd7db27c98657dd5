"""Faults of parsers: files made to crash, block or blow up whoever reads them."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from trial_server import TrialServer, eventually, served

from faults.trial import Outcome, Trial
from tests.loaders.hostile_files import BAD, CONFIGS, damaged, fuzz_seeds, good_files

_ROOT = Path(__file__).resolve().parents[2]
_DAMAGES = 60
#: Bytes of memory that a server may take for a folder of hostile files.
_MEMORY = 1500 << 20
_REFUSED = {400, 404, 409, 507}
#: A limit of address space, as a batch system sets it: little more than the libraries take.
_SMALL_SPACE = 3 << 30


def _problems(server: TrialServer) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in server.ask("/log")[1]["problems"]:
        found.setdefault(each["path"], []).append(each["message"])
    return found


def _read_all(server: TrialServer, outcome: Outcome, names: Iterable[str]) -> None:
    """Count each file that is read, or refused with a sentence, by a server that lives on."""
    told = _problems(server)
    entries = {entry["path"]: entry["id"] for entry in server.entries()}
    for name in names:
        found = entries.get(name)
        if found is None:
            outcome.count(name in told, f"{name}: neither listed nor a problem")
            continue
        status, answer = server.ask(f"/datasets/{found}", timeout=120)
        outcome.count(status in {200, *_REFUSED}, f"{name}: {status} {answer}")
    outcome.count(server.is_alive(), "the server is dead")


@contextmanager
def _serving(logdir: Path) -> Iterator[TrialServer]:
    """Serve a log directory that is complete before the server starts."""
    with tempfile.TemporaryDirectory(prefix="trial-") as made:
        server = TrialServer(Path(made), logdir)
        try:
            yield server
        finally:
            server.process.kill()
            server.process.wait()


def _hostile() -> Outcome:
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as made:
        good = good_files(Path(made))
        for name, write, _ in BAD:
            write(Path(made) / name)
        known = {name for name, _, _ in BAD} | good
        with _serving(Path(made)) as server:
            _judge(server, outcome, good, known)
    return outcome


def _judge(server: TrialServer, outcome: Outcome, good: set[str], known: set[str]) -> None:
    """Count what is served of good and of hostile files, and the memory that it took."""
    _read_all(server, outcome, sorted(known))
    listed = {entry["path"] for entry in server.entries()}
    for name in sorted(good):
        outcome.count(name in listed, f"{name} is hidden")
    memory = psutil.Process(server.process.pid).memory_info().rss
    outcome.count(memory < _MEMORY, f"{memory / 1e6:.0f} MB")


def _damaged() -> Outcome:
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as made:
        seeds = fuzz_seeds(Path(made))
    for name, raw in seeds.items():
        with tempfile.TemporaryDirectory() as made:
            for seed in range(_DAMAGES):
                path = Path(made) / f"run{seed}" / name
                path.parent.mkdir()
                path.write_bytes(damaged(raw, seed))
            with _serving(Path(made)) as server:
                entries = {entry["path"]: entry["id"] for entry in server.entries()}
                for seed in range(_DAMAGES):
                    found = entries.get(f"run{seed}/{name}")
                    status, answer = server.ask(f"/datasets/{found}" if found else "/log")
                    held = status in {200, *_REFUSED}
                    outcome.count(held, f"run{seed}/{name}: {status} {answer}")
                outcome.count(server.is_alive(), f"{name}: the server is dead")
    return outcome


def _uploaded() -> Outcome:
    outcome = Outcome()
    with served() as server, tempfile.TemporaryDirectory() as made:
        for name, write, _ in (*BAD, *CONFIGS):
            path = Path(made) / name
            write(path)
            status, _ = server.upload(name, path.read_bytes())
            outcome.count(200 <= status < 300 or status in _REFUSED, f"{name}: {status}")
            outcome.count(server.is_alive(), f"{name}: the server is dead")
        outcome.count(
            any(entry["path"] == "vectors.npy" for entry in server.entries()), "vectors.npy is gone"
        )
    return outcome


def _listed_in_small_space() -> Outcome:
    """List each file with a limit of address space; the command ends with 0 and one problem."""
    outcome = Outcome()

    for name, write, _ in (*BAD, *CONFIGS):
        with tempfile.TemporaryDirectory() as made:
            good_files(Path(made))
            good = _listed(made).stdout.splitlines()
            write(Path(made) / name)
            done = _listed(made)
            held = done.returncode == 0 and len(done.stdout.splitlines()) >= len(good) > 1
            outcome.count(held, f"{name}: {done.returncode}, {done.stdout} {done.stderr[-200:]}")
    return outcome


def _listed(logdir: str) -> subprocess.CompletedProcess[str]:
    """List a log directory with a limit of address space."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (_SMALL_SPACE, _SMALL_SPACE))

    return subprocess.run(
        [sys.executable, "-m", "projector", "list", logdir],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        cwd=_ROOT,
        preexec_fn=limit,
        timeout=300,
    )


def _readers(server: TrialServer) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(server.process.pid).children():
        try:
            if "projector.machine.expendable_process" in child.cmdline():
                found.append(child)
        except psutil.Error:
            continue
    return found


def _killed() -> Outcome:
    """Kill the reader process between two files."""
    outcome = Outcome()
    with served() as server:
        for number in range(12):
            folder = server.logdir / f"run{number}"
            folder.mkdir()
            good_files(folder)
            wanted = {f"run{number}/good.{end}" for end in ("parquet", "arrow", "h5")}
            seen = eventually(
                lambda wanted=wanted: (  # type: ignore[misc]
                    wanted <= {entry["path"] for entry in server.entries()}
                )
            )
            outcome.count(seen, f"run{number} is not listed")
            for reader in _readers(server):
                reader.kill()
            for entry in server.entries():
                if entry["path"] in wanted:
                    status, answer = server.ask(f"/datasets/{entry['id']}", timeout=120)
                    if "was killed (SIGKILL)" in str(answer):  # it died with this file in hand
                        status, answer = server.ask(f"/datasets/{entry['id']}", timeout=120)
                    outcome.count(status == 200, f"{entry['path']}: {status} {answer}")
    return outcome


TRIALS = (
    Trial(
        "A file that is made to harm its reader is one problem, and the others are read.",
        "30 hostile files beside good ones: JSON, Parquet, Arrow, HDF5, archives, pickles, headers",
        _hostile,
    ),
    Trial(
        "A damaged file costs itself at most.",
        "random damages of Parquet, Arrow, HDF5 and AnnData files, listed and opened by a server",
        _damaged,
    ),
    Trial(
        "A hostile file that is dropped on the page does not end the server.",
        "every hostile file and config uploaded",
        _uploaded,
    ),
    Trial(
        "Little memory is no reason to die.",
        "every hostile file and config listed with 3 GB of address space",
        _listed_in_small_space,
    ),
    Trial(
        "A reader process that is killed is replaced.",
        "killed before files of three formats are opened",
        _killed,
    ),
)

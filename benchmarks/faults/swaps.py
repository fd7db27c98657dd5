"""Faults of names: files and folders that are swapped for links while a server reads them."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from trial_server import TrialServer, eventually, served

from faults.trial import Outcome, Trial
from tests.conftest import write_log
from tests.loaders.swapper import swapping

_ASKED = 300
_PNG = b"\x89PNG\r\n\x1a\n"
_SECRET = "the secret of somebody else"
_N_POINTS = 12


def _write(folder: Path, text: str) -> None:
    """Write vectors with metadata that name images, and bookmarks."""
    folder.mkdir(parents=True, exist_ok=True)
    value = 1.0 if text == _SECRET else 0.0
    np.save(folder / "v.npy", np.full((_N_POINTS, 3), value, np.float32))
    (folder / "m.tsv").write_text("label\timage\n" + f"{text}\ta.png\n" * _N_POINTS)
    (folder / "a.png").write_bytes(_PNG + text.encode())
    (folder / "b.json").write_text(json.dumps([{"label": text}]))
    (folder / "projector_config.pbtxt").write_text(
        'embeddings { tensor_name: "v" tensor_path: "v.npy" metadata_path: "m.tsv" '
        'bookmarks_path: "b.json" }\n'
    )


def _is_secret(answer: Any) -> bool:
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return _SECRET.encode() in content


def _entry(server: TrialServer) -> dict[str, Any]:
    """Wait until the run is listed, and return its entry."""

    def runs() -> list[dict[str, Any]]:
        return [entry for entry in server.entries() if entry["run"] == "run"]

    eventually(lambda: bool(runs()))
    return runs()[0]


def _ask_all(server: TrialServer, outcome: Outcome, found: str) -> None:
    """Ask for everything that is read from a file, again and again."""
    for number in range(_ASKED):
        for path in _paths(found, number % _N_POINTS):
            status, answer = server.ask(path)
            held = 0 < status < 500 and not _is_secret(answer)
            outcome.count(held, f"{path}: {status} {answer!r}"[:200])
        status, answer = server.ask("/log")
        outcome.count(status == 200 and not _is_secret(answer), f"/log: {status}")
    outcome.count(server.is_alive(), "the server is dead")


def _paths(found: str, row: int) -> tuple[str, ...]:
    return (
        f"/datasets/{found}",
        f"/datasets/{found}/points/{row}/media/1",
        f"/datasets/{found}/bookmarks",
        f"/datasets/{found}/points/{row}",
    )


def _swapped(what: str) -> Outcome:
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as made, served() as server:
        outside = Path(made).resolve() / "outside"
        _write(outside, _SECRET)
        (server.logdir / "vectors.npy").unlink()
        logs = server.logdir.resolve()
        _write(logs / "run", "inside")
        found = _entry(server)["id"]
        for name in ("a.png", "b.json", "m.tsv", "v.npy") if what == "file" else ("",):
            place = logs / "run" / name
            with swapping(place, outside / name):
                _ask_all(server, outcome, found)
            _restored(place)
            # What is inside is served again, so it was not refused for good.
            served_again = eventually(
                lambda: all(server.ask(path)[0] == 200 for path in _paths(found, 0))
            )
            outcome.count(served_again, f"{place} is not served after it was swapped")
    return outcome


def _restored(place: Path) -> None:
    """Put back what the swapper had moved when it was ended."""
    real, link = Path(f"{place}.real"), Path(f"{place}.link")
    if real.exists():
        if place.is_symlink():
            place.unlink()
        real.rename(place)
    link.unlink(missing_ok=True)


def _uploaded_tags() -> Outcome:
    """Save tags while the folder of the run is swapped: nothing is written outside."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as made, served() as server:
        outside = Path(made).resolve() / "outside"
        outside.mkdir()
        logs = server.logdir.resolve()
        write_log(logs / "run", np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32))
        (server.logdir / "vectors.npy").unlink()
        entry = _entry(server)
        outcome.count(server.put_tags(entry, 0)[0] == 200, "tags cannot be saved at all")
        with swapping(logs / "run", outside):
            for number in range(_ASKED):
                status, _ = server.put_tags(entry, number % 6)
                outcome.count(status > 0 and not list(outside.iterdir()), f"status {status}")
    return outcome


TRIALS = (
    Trial(
        "No byte from outside of the log directory is served.",
        "images, bookmarks, metadata and vectors swapped for links while they are asked for",
        lambda: _swapped("file"),
    ),
    Trial(
        "No folder leads outside.",
        "the folder of a run swapped for a link while everything in it is asked for",
        lambda: _swapped("folder"),
    ),
    Trial(
        "Nothing is written outside.",
        "tags saved while the folder of their run is swapped for a link",
        _uploaded_tags,
    ),
)

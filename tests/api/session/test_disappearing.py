"""Folders that somebody cleans up under a session are made again."""

from __future__ import annotations

import io
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.api.session.session import Session
from projector.errors import LoadError
from projector.jobs.cache import ResultCache
from projector.machine import name_watch
from tests.conftest import write_log

Array = np.ndarray[Any, np.dtype[np.float32]]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder, of the session and of its processes."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(name_watch, "_CHECK_MS", 100)
    return folder


@pytest.fixture
def session(temporary: Path, tmp_path: Path, blobs: Array) -> Iterator[Session]:
    made = Session(write_log(tmp_path / "runs", blobs), cache=ResultCache(tmp_path / "cache"))
    yield made
    made.close()
    assert list(temporary.glob("*")) == []


def eventually(met: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not met():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def project(session: Session, seed: int) -> str:
    entry = session.listing.entries[0]
    data = session.dataset(entry.id).data
    made = session.projections.start(entry.id, data, "pca", {"random_state": seed})
    eventually(lambda: made.snapshot().ended)
    return made.snapshot().state


def test_the_temporary_folder_and_the_cache(
    session: Session, temporary: Path, tmp_path: Path
) -> None:
    for seed, folder in enumerate([temporary, tmp_path / "cache", temporary, tmp_path / "cache"]):
        assert project(session, seed) == "done"
        shutil.rmtree(folder)
    assert project(session, 9) == "done"
    assert len(list((tmp_path / "cache").glob("*"))) == 1


def test_dropped_files(session: Session, temporary: Path) -> None:
    for turn in range(3):
        content = io.BytesIO()
        np.save(content, np.full((4, 3), turn, np.float32))
        content.seek(0)
        entries = session.upload("drop", f"x{turn}.npy", content, len(content.getvalue()))
        assert [entry.name for entry in entries] == [f"x{turn}"]
        assert session.dataset(entries[0].id).data.vectors[0, 0] == turn
        shutil.rmtree(temporary)


def test_gathered_files(temporary: Path, tmp_path: Path) -> None:
    vectors, labels = tmp_path / "x.npy", tmp_path / "metadata.tsv"
    np.save(vectors, np.eye(3, dtype=np.float32))
    labels.write_text("a\nb\nc\n")
    session = Session([vectors, labels], cache=ResultCache(tmp_path / "cache"))
    try:
        for turn in range(3):
            shutil.rmtree(temporary)
            np.save(vectors, np.eye(3, dtype=np.float32) * (turn + 2))

            def is_there(value: int = turn + 2) -> bool:
                entries = session.listing.entries
                if len(entries) != 1:
                    return False
                try:
                    data = session.dataset(entries[0].id).data
                except LoadError:
                    return False
                return data.vectors[0, 0] == value and len(data.metadata.columns) == 1

            eventually(is_there)
    finally:
        session.close()
    assert list(temporary.glob("*")) == []

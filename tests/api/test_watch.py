from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.api.session.session import Session
from projector.loaders.logdir.log import Log
from tests.conftest import write_log

Array = np.ndarray[Any, np.dtype[np.float32]]


def wait_until(met: Callable[[], bool], limit: float = 60) -> None:
    end = time.monotonic() + limit
    while not met():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def test_changes_appear_by_themselves(tmp_path: Path, blobs: Array) -> None:
    session = Session(write_log(tmp_path / "runs", blobs))
    mailbox = session.events.subscribe()
    try:
        time.sleep(0.5)  # the watch has begun
        write_log(tmp_path / "runs", blobs, step=7)
        wait_until(lambda: len(session.listing.entries) == 2)
        events = mailbox.wait(2)
        assert events is not None
        assert [event.name for event in events] == ["log"]
        # A rewritten tensor is another dataset under the same name.
        entry = session.listing.entries[0]
        before = session.dataset(entry.id).data.content_hash
        revision = entry.revision
        tensors = next((tmp_path / "runs").glob("00000/*/tensors.tsv"))
        np.savetxt(tensors, blobs + 1, delimiter="\t")
        wait_until(lambda: session.dataset(entry.id).data.content_hash != before)
        assert session.listing.entries[0].revision != revision
        labels = next((tmp_path / "runs").glob("00000/*/metadata.tsv"))
        revision = session.listing.entries[0].revision
        labels.write_text(labels.read_text().replace("\nb\t", "\nz\t"))
        wait_until(lambda: session.listing.entries[0].revision != revision)
        assert session.dataset(entry.id).data.metadata["label"].text[1] == "z"
        shutil.rmtree(tmp_path / "runs" / "00007")
        wait_until(lambda: len(session.listing.entries) == 1)
    finally:
        session.close()


def test_watch_gives_the_log_now_and_after_each_change(tmp_path: Path, blobs: Array) -> None:
    stop = threading.Event()
    seen: list[int] = []

    def listen() -> None:
        for log in projector.watch(write_log(tmp_path / "runs", blobs), stop=stop):
            seen.append(len(log.entries))

    thread = threading.Thread(target=listen)
    thread.start()
    wait_until(lambda: seen == [1])
    time.sleep(0.5)
    write_log(tmp_path / "runs", blobs, step=3)
    wait_until(lambda: seen[-1] == 2)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


def test_nothing_is_read_while_nothing_changes(
    tmp_path: Path, blobs: Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Log] = []

    def refresh(log: Log) -> bool:
        looked.append(log)
        return False

    monkeypatch.setattr(Log, "refresh", refresh)
    session = Session(write_log(tmp_path / "runs", blobs))
    try:
        time.sleep(1.5)
        assert looked == []
        write_log(tmp_path / "runs", blobs, step=1)
        wait_until(lambda: bool(looked))
    finally:
        session.close()

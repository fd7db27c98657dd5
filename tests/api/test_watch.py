from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.api import watch as watch_module
from projector.api.session.session import Session
from projector.api.watch import Watch
from projector.loaders.logdir.log import Log
from projector.machine import name_watch
from tests.conftest import write_log

Array = np.ndarray[Any, np.dtype[np.float32]]


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_watch, "_QUIET_MS", 100)
    monkeypatch.setattr(name_watch, "_CHECK_MS", 100)


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


def steps(session: Session) -> list[int]:
    return sorted(entry.step or 0 for entry in session.listing.entries)


def is_shown(session: Session, expected: Array) -> bool:
    found = session.dataset(session.listing.entries[-1].id).data.vectors
    return found.shape == expected.shape and np.allclose(found, expected, atol=1e-4)


def test_a_log_directory_that_is_made_again(tmp_path: Path, blobs: Array) -> None:
    runs = write_log(tmp_path / "runs", blobs)
    session = Session(runs)
    mailbox = session.events.subscribe()
    try:
        for turn in (1, 2, 3):
            shutil.rmtree(runs)
            wait_until(lambda: session.listing.is_missing)
            assert mailbox.wait(60), "pages are told"
            assert not session.listing.entries
            (problem,) = session.listing.problems
            assert problem.severity == "warning"
            assert "was removed" in problem.message
            write_log(runs, blobs, step=turn)
            wait_until(lambda step=turn: steps(session) == [step])  # type: ignore[misc]
            wait_until(lambda: not (session.listing.is_missing or session.listing.problems))
            write_log(runs, blobs + turn, step=turn + 10)
            wait_until(lambda step=turn: steps(session) == [step, step + 10])  # type: ignore[misc]
            wait_until(lambda value=turn: is_shown(session, blobs + value))  # type: ignore[misc]
    finally:
        session.close()


def test_a_link_to_the_log_directory_that_is_pointed_elsewhere(
    tmp_path: Path, blobs: Array
) -> None:
    link = tmp_path / "latest"
    link.symlink_to(write_log(tmp_path / "one", blobs, step=1))
    write_log(tmp_path / "two", blobs + 1, step=1)
    session = Session(link)
    try:
        entry = session.listing.entries[0]
        session.dataset(entry.id)
        (tmp_path / "part").symlink_to(tmp_path / "two")
        (tmp_path / "part").replace(link)
        wait_until(lambda: session.listing.root == tmp_path / "two")
        wait_until(lambda: is_shown(session, blobs + 1))
        opened = session.dataset(session.listing.entries[0].id)
        session.save_tags(
            opened, session.tags(opened).with_values([0], "fruit", "apple"), "", to_file=True
        )
        assert list((tmp_path / "two").rglob("*.projector-tags.tsv"))
        assert not list((tmp_path / "one").rglob("*.projector-tags.tsv"))
    finally:
        session.close()


@pytest.mark.parametrize("several", [False, True])
def test_a_single_file_that_is_replaced(tmp_path: Path, blobs: Array, several: bool) -> None:
    file, other = tmp_path / "a" / "x.npy", tmp_path / "b" / "y.npy"
    for path in (file, other):
        path.parent.mkdir()
        np.save(path, blobs)
    session = Session([file, other] if several else file)

    def shows(value: float) -> bool:
        entries = [each for each in session.listing.entries if each.name.startswith("x")]
        return bool(entries) and session.dataset(entries[0].id).data.vectors[0, 0] == value

    try:
        for turn in range(1, 4):
            np.save(tmp_path / "part.npy", np.full((4, 3), turn, np.float32))
            (tmp_path / "part.npy").replace(file)
            wait_until(lambda value=turn: shows(value))  # type: ignore[misc]
            np.save(file, np.full((5, 3), turn + 0.5, np.float32))
            wait_until(lambda value=turn: shows(value + 0.5))  # type: ignore[misc]
            file.unlink()
            n_left = 1 if several else 0
            wait_until(lambda n=n_left: len(session.listing.entries) == n)  # type: ignore[misc]
    finally:
        session.close()


def test_an_error_while_reading_does_not_end_the_watch(
    tmp_path: Path, blobs: Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "_AFTER_ERROR_SECONDS", 0.1)
    refresh = Log.refresh
    failures = [OSError(5, "Input/output error"), ZeroDivisionError("a defect")]

    def fail_twice(
        log: Log, touched: Collection[str] | None = None, *, elsewhere: bool = True
    ) -> bool:
        if failures:
            raise failures.pop()
        return refresh(log, touched, elsewhere=elsewhere)

    monkeypatch.setattr(Log, "refresh", fail_twice)
    session = Session(write_log(tmp_path / "runs", blobs))
    try:
        write_log(tmp_path / "runs", blobs, step=7)
        wait_until(lambda: len(session.listing.entries) == 2)
        assert failures == []
    finally:
        session.close()


def test_how_changes_are_found_is_told_where_it_is_by_polling(
    tmp_path: Path,
    blobs: Array,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    monkeypatch.setattr(name_watch, "_INTERVALS", (1,))
    session = Session(write_log(tmp_path / "runs", blobs))
    try:
        wait_until(lambda: bool(session.listing.problems))
        problem = session.listing.problems[0]
        assert problem.severity == "warning"
        assert problem.message.endswith("by polling every 1 seconds: this was asked for.")
        wait_until(lambda: problem.message in caplog.text)
        write_log(tmp_path / "runs", blobs, step=7)
        wait_until(lambda: len(session.listing.entries) == 2)
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

    def refresh(log: Log, touched: object = None, *, elsewhere: bool = True) -> bool:
        looked.append(log)
        return False

    monkeypatch.setattr(Log, "refresh", refresh)
    session = Session(write_log(tmp_path / "runs", blobs))
    try:
        # For the first time, and at what happened before the watch had begun.
        wait_until(lambda: len(looked) == 2)
        time.sleep(1.5)
        assert len(looked) == 2
        write_log(tmp_path / "runs", blobs, step=1)
        wait_until(lambda: len(looked) > 2)
    finally:
        session.close()


def test_a_watch_that_is_closed_before_it_begins_never_calls(tmp_path: Path) -> None:
    calls: list[int] = []
    watch = Watch([tmp_path], lambda: calls.append(1))
    watch.close()
    watch.start()
    watch.close()
    assert calls == []


def test_steps_of_a_writer_appear_while_it_writes(tmp_path: Path, blobs: Array) -> None:
    with projector.Writer(tmp_path / "runs" / "one") as writer:
        writer.add("encoder", blobs, 0)
        writer.flush()
        session = Session(tmp_path / "runs")
        try:
            session.wait()
            first = session.listing.entries[0]
            for step in (1, 2):
                writer.add("encoder", blobs + step, step, metadata={"row": range(len(blobs))})
                writer.flush()
                steps = list(range(step + 1))
                wait_until(lambda: [e.step for e in session.listing.entries] == steps)  # noqa: B023
            assert session.listing.entries[0].revision == first.revision, "it is not loaded again"
            assert session.listing.problems == ()
        finally:
            session.close()

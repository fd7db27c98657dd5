"""A session whose log directory is elsewhere: polling, and what is said of its cost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.api.session import elsewhere
from projector.api.session.elsewhere import Elsewhere
from projector.api.session.session import Session
from projector.api.watch import poll_interval
from projector.errors import LoadError, ParameterError
from projector.loaders.remote import mirrors
from projector.model.listing import Listing, RemoteUse
from projector.server.listing_forms import ListingForms
from tests.loaders.remote.counting import CountingFileSystem, npy, numbers, put

USE = RemoteUse("s3://b", 1, 2, 3)


class Catalog:
    """Says what a test has set."""

    def __init__(self) -> None:
        self.remote: tuple[RemoteUse, ...] = (USE,)
        self.is_outdated = False


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elsewhere, "_TICK", 0.01)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[type[CountingFileSystem]]:
    monkeypatch.setenv("PROJECTOR_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(mirrors, "_mirrors", {})
    CountingFileSystem.reset()
    yield CountingFileSystem
    CountingFileSystem.reset()


def run(
    catalog: Catalog, seconds: float, look: Callable[[], object], tell: Callable[[], object]
) -> Elsewhere:
    made = Elsewhere(catalog, look, tell, seconds)
    made.start()
    return made


def test_it_looks_after_each_interval_and_no_more_when_it_is_closed() -> None:
    looked = threading.Semaphore(0)
    made = run(Catalog(), 0.02, looked.release, lambda: None)
    for _ in range(3):
        assert looked.acquire(timeout=60)
    made.close()
    assert not made._thread.is_alive()


def test_a_replaced_object_is_looked_at_without_polling() -> None:
    catalog, looked = Catalog(), threading.Event()

    def look() -> None:
        catalog.is_outdated = False
        looked.set()

    made = run(catalog, 0, look, lambda: None)
    catalog.is_outdated = True
    assert looked.wait(60)
    made.close()


def test_what_it_cost_is_told_when_it_is_more() -> None:
    catalog, told = Catalog(), threading.Event()
    made = run(catalog, 0, lambda: None, told.set)
    assert made.uses == (USE,)
    catalog.remote = (replace(USE, n_requests=2),)
    assert told.wait(60)
    assert made.uses[0].n_requests == 2
    made.close()


def test_an_error_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    looked, errors = threading.Event(), [ZeroDivisionError("a defect")]

    def look() -> None:
        if errors:
            raise errors.pop()
        looked.set()

    made = run(Catalog(), 0.01, look, lambda: None)
    assert looked.wait(60)
    made.close()
    assert "could not be read again" in caplog.text


def test_nothing_runs_where_all_is_here() -> None:
    catalog = Catalog()
    catalog.remote = ()
    made = run(catalog, 0.01, lambda: None, lambda: None)
    assert not made._thread.is_alive()
    made.close()


@pytest.mark.parametrize("seconds", [0, 1, 30.5, 86_400])
def test_intervals(seconds: float) -> None:
    assert poll_interval(seconds) == seconds


@pytest.mark.parametrize("seconds", [-1, 0.5, 86_401, float("nan"), "soon", None])
def test_what_is_no_interval(seconds: Any) -> None:
    with pytest.raises(ParameterError, match="'poll_seconds' must be 0, for never, or from 1"):
        poll_interval(seconds)


def test_a_watch_of_an_address_may_look_once(counted: type[CountingFileSystem]) -> None:
    put("runs/a.npy", npy(numbers(30)))
    stop = threading.Event()
    logs = projector.watch("counted://bucket/runs", stop=stop, poll_seconds=0)
    assert [entry.name for entry in next(logs).entries] == ["a"]
    calls = list(counted.calls)
    rest = threading.Thread(target=lambda: list(logs))
    rest.start()
    stop.set()
    rest.join(60)
    assert not rest.is_alive()
    assert counted.calls == calls


def test_a_watch_refuses_what_is_no_interval(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="'poll_seconds' must be 0"):
        next(projector.watch(tmp_path, poll_seconds=0.5))


def test_a_session_finds_what_is_new_and_says_what_it_cost(
    counted: type[CountingFileSystem], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("runs/a.npy", npy(numbers(3000)))
    changed = threading.Event()
    session = Session("counted://bucket/runs", poll_seconds=1)
    monkeypatch.setattr(session, "_listing_changed", _then(session._listing_changed, changed))
    session._elsewhere._tell = session._listing_changed
    try:
        assert [entry.name for entry in session.listing.entries] == ["a"]
        assert counted.calls.count("find") <= 2
        put("runs/b.npy", npy(numbers(20)))
        while len(session.listing.entries) < 2:
            assert changed.wait(60)
            changed.clear()
        entry = next(each for each in session.listing.entries if each.name == "a")
        assert np.array_equal(session.dataset(entry.id).data.vectors, numbers(3000))
        while session.listing.remote[0].n_bytes < 96_000:
            assert changed.wait(60)
            changed.clear()
        head = ListingForms(lambda: session.listing, read_only=False).now()._head
        assert head["root"] == "counted://bucket/runs"
        found: Any = head["remote"]
        assert [use["address"] for use in found] == ["counted://bucket/runs"]
        assert head["name"] == "runs"
    finally:
        session.close()


def _then(call: Callable[[], object], event: threading.Event) -> Callable[[], None]:
    def both() -> None:
        call()
        event.set()

    return both


def test_a_session_of_nothing_does_not_begin(counted: type[CountingFileSystem]) -> None:
    with pytest.raises(LoadError, match="leads to nothing"):
        Session("counted://bucket/none")


def test_what_is_here_says_nothing_of_remotes(tmp_path: Path) -> None:
    forms = ListingForms(lambda: Listing(tmp_path), read_only=False)
    assert "remote" not in forms.now()._head


def test_an_address_and_a_folder_are_groups(
    counted: type[CountingFileSystem], tmp_path: Path
) -> None:
    put("runs/a.npy", npy(numbers(30)))
    (tmp_path / "runs").mkdir()
    np.save(tmp_path / "runs" / "b.npy", numbers(20))
    session = Session(["far=counted://bucket/runs", tmp_path / "runs"])
    try:
        assert [(e.run, e.name) for e in session.listing.entries] == [("far", "a"), ("runs", "b")]
        assert session.catalog.watched == (tmp_path / "runs",)
        assert [use.address for use in session.listing.remote] == ["counted://bucket/runs"]
    finally:
        session.close()


def test_files_elsewhere_are_not_gathered(
    counted: type[CountingFileSystem], tmp_path: Path
) -> None:
    put("runs/a.npy", npy(numbers(30)))
    np.save(tmp_path / "b.npy", numbers(20))
    with pytest.raises(ParameterError):
        Session(["counted://bucket/runs/a.npy", tmp_path / "b.npy"])

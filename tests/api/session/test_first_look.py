"""The first look: pages are served what was found so far, and everybody else waits for all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from projector.api.session.session import Session
from projector.jobs.broadcast import Subscription
from projector.loaders import open_logdir
from projector.loaders.logdir import discovery, territories
from projector.loaders.logdir.scanner import Scanner
from projector.model.listing import Listing
from projector.server.application import create_app
from projector.server.server import Server

PATIENCE = 60.0


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell after each file, and search each folder by itself."""
    monkeypatch.setattr(discovery, "_FIRST_SECONDS", 0.0)
    monkeypatch.setattr(territories, "_TOGETHER", 1)


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    for run in ("a", "b", "c"):
        for step in (1, 2):
            path = tmp_path / run / f"emb_step{step}.npy"
            path.parent.mkdir(exist_ok=True)
            np.save(path, np.full((4, 3), step, np.float32))
    return tmp_path


@contextmanager
def held(monkeypatch: pytest.MonkeyPatch, after: int) -> Iterator[threading.Event]:
    """Let a look stop after so many files until the event is set; it is set at the end."""
    go_on = threading.Event()
    original = Scanner.begin_part

    def begin_part(scanner: Scanner) -> None:
        if scanner.n_seen >= after and threading.current_thread().name == "first look":
            assert go_on.wait(PATIENCE)
        original(scanner)

    monkeypatch.setattr(Scanner, "begin_part", begin_part)
    try:
        yield go_on
    finally:
        go_on.set()


def heard(events: Subscription, until: Callable[[Listing], bool]) -> Listing:
    """Return the first listing that is published and is as wanted."""
    while True:
        found = events.wait(PATIENCE)
        assert found, "nothing was published"
        for each in found:
            if each.name == "log" and until(each.content):
                listing: Listing = each.content
                return listing


def test_what_is_found_is_there_while_the_rest_is_looked_at(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held(monkeypatch, after=2) as go_on:
        session = Session(runs, watch=False)
        try:
            events = session.events.subscribe()
            now = session.listing_now
            if not now.entries:
                now = heard(events, lambda listing: bool(listing.entries))
            assert [(entry.run, entry.step) for entry in now.entries] == [("a", 1), ("a", 2)]
            assert now.n_seen == 2
            # It can be opened at once.
            opened = session.dataset(now.entries[1].id)
            assert opened.data.vectors[0, 0] == 2
            page = create_app(session).test_client()
            answer = page.get("/api/v1/log?form=short").get_json()
            assert (answer["n_seen"], len(answer["tensors"])) == (2, 1)
            go_on.set()
            assert session.listing.n_seen is None
            assert session.listing.entries == open_logdir(runs).entries
            since = page.get(f"/api/v1/log?form=short&since={answer['version']}").get_json()
            assert since["n_seen"] is None
            assert session.dataset(now.entries[1].id) is opened
        finally:
            session.close()


def test_the_api_waits_for_the_whole(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with held(monkeypatch, after=2) as go_on:
        session = Session(runs, watch=False)
        last = open_logdir(runs).entries[-1]
        threading.Timer(0.2, go_on.set).start()
        try:
            # An entry that was not found yet is waited for, and so is the whole form.
            assert session.dataset(last.id).entry == last
            whole = create_app(session).test_client().get("/api/v1/log").get_json()
            assert len(whole["entries"]) == 6
        finally:
            session.close()


def test_a_server_listens_before_anything_is_listed(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held(monkeypatch, after=0) as go_on, Server(runs, port=0) as server:
        assert server.session.listing_now.n_seen == 0
        assert "0 embeddings so far (0 files seen)" in repr(server)
        go_on.set()
        assert len(server.session.listing.entries) == 6
        assert "6 embeddings" in repr(server)


def test_a_session_can_be_closed_while_it_looks(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held(monkeypatch, after=2) as go_on:
        session = Session(runs)
        session.close()
        go_on.set()
        session._first._thread.join(PATIENCE)
        assert not session._first._thread.is_alive()
        assert session._watch is None


def test_of_one_large_folder_the_first_and_last_files_are_found_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(territories, "_LARGE", 10)
    monkeypatch.setattr(territories, "_OF_EACH", 4)
    for step in range(30):
        np.save(tmp_path / f"emb_step{step}.npy", np.ones((4, 3), np.float32))
    with held(monkeypatch, after=4) as go_on:
        session = Session(tmp_path, watch=False)
        try:
            events = session.events.subscribe()
            now = session.listing_now
            if not now.entries:
                now = heard(events, lambda listing: bool(listing.entries))
            assert [entry.step for entry in now.entries] == [0, 1, 28, 29]
            go_on.set()
            assert {entry.id for entry in now.entries} < {e.id for e in session.listing.entries}
        finally:
            session.close()


def test_what_goes_wrong_is_said_in_the_listing(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("odd")

    monkeypatch.setattr("projector.loaders.logdir.log.discover", fails)
    session = Session(runs, watch=False)
    try:
        (problem,) = session.listing.problems
        assert "RuntimeError: odd" in problem.message
        monkeypatch.undo()
        session.refresh()
        assert (session.listing.problems, len(session.listing.entries)) == ((), 6)
    finally:
        session.close()

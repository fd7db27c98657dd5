"""The selection that pages and Python share, as a page and as a notebook see it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

import projector
from projector.api.session.session import Session
from projector.api.session.shared_selection import Selected
from projector.errors import ParameterError, UnknownNameError
from projector.model.selection import Selection
from projector.server.application import create_app
from projector.server.events import event_stream
from projector.server.listing_forms import ListingForms
from projector.server.server import Server
from projector.server.wire import read_selection, selection_bytes

N_POINTS = 40


@pytest.fixture
def server(rng: np.random.Generator) -> Iterator[Server]:
    """Serve two runs; the first has two steps."""
    held = [
        projector.Dataset(rng.normal(size=(N_POINTS, 5)), name=name, run=run, step=step)
        for run, name, step in (
            ("one", "hidden", 1),
            ("one", "hidden", 2),
            ("one", "logits", 2),
            ("two", "hidden", 1),
        )
    ]
    with projector.serve(held, port=0) as made:
        yield made


@pytest.fixture
def client(server: Server) -> FlaskClient:
    return create_app(server.session).test_client()


def tell(client: FlaskClient, dataset: str, rows: list[int], n_points: int = N_POINTS) -> Any:
    chosen = Selection("", "", None, np.array(rows, np.int64))
    body = selection_bytes(Selected(0, "page", dataset, n_points, chosen))
    return client.put("/api/v1/selection", data=body)


def place(selection: Selection) -> tuple[str, str, int | None]:
    return selection.run, selection.name, selection.step


def id_of(server: Server, run: str, name: str, step: int) -> str:
    entries = server.session.listing.entries
    return next(e.id for e in entries if (e.run, e.name, e.step) == (run, name, step))


def test_at_first_nothing_is_selected_of_what_a_page_opens_with(server: Server) -> None:
    assert place(server.selection) == ("one", "hidden", 2)
    assert len(server.selection) == 0
    assert np.asarray(server.selection).shape == (0,)


def test_a_page_s_selection_is_python_s(server: Server, client: FlaskClient) -> None:
    answer = tell(client, id_of(server, "two", "hidden", 1), [3, 5, 38]).get_json()
    assert answer["refused"] is None
    assert answer["author"] == "page"
    assert answer["n_selected"] == 3
    assert place(server.selection) == ("two", "hidden", 1)
    assert server.selection.indices.tolist() == [3, 5, 38]
    # A page that is opened anew tells what is known: nothing has changed.
    again = tell(client, id_of(server, "two", "hidden", 1), [3, 5, 38]).get_json()
    assert again["number"] == answer["number"]
    tell(client, id_of(server, "two", "hidden", 1), [])
    assert len(server.selection) == 0


def test_python_s_selection_is_the_page_s(server: Server, client: FlaskClient) -> None:
    made = server.select(np.arange(N_POINTS) % 2 == 0)
    assert place(made) == ("one", "hidden", 2)
    sent = read_selection(client.get("/api/v1/selection").data)
    assert sent.dataset_id == id_of(server, "one", "hidden", 2)
    assert sent.rows.tolist() == made.indices.tolist() == list(range(0, N_POINTS, 2))
    assert server.selection == made


def test_what_python_does_not_name_stays_where_the_page_is(
    server: Server, client: FlaskClient
) -> None:
    tell(client, id_of(server, "two", "hidden", 1), [3])
    assert place(server.select([1])) == ("two", "hidden", 1)
    assert place(server.select([1], run="one")) == ("one", "hidden", 1)
    assert place(server.select([1], step=2)) == ("one", "hidden", 2)
    assert place(server.select([1], name="logits")) == ("one", "logits", 2)
    assert place(server.select([1], run="two")) == ("two", "hidden", 1)
    for wrong in ({"run": "three"}, {"name": "hiden"}, {"step": 9}, {"run": "two", "step": 2}):
        with pytest.raises(UnknownNameError):
            server.select([1], **wrong)
    with pytest.raises(ParameterError, match="0 to 39"):
        server.select([N_POINTS])
    assert server.selection.indices.tolist() == [1], "what was refused changed nothing"


def test_a_page_that_lags_behind_changes_nothing(server: Server, client: FlaskClient) -> None:
    tell(client, id_of(server, "two", "hidden", 1), [3])
    for answer in (
        tell(client, "00ff" * 4, [1]),
        tell(client, id_of(server, "one", "hidden", 1), [1], n_points=N_POINTS + 1),
    ):
        assert answer.status_code == 200, "Chromium's console would complain of anything else"
        assert "no longer in the listing" in answer.get_json()["refused"]
    assert server.selection.indices.tolist() == [3]


def test_bytes_that_are_no_selection_are_refused(server: Server, client: FlaskClient) -> None:
    assert client.put("/api/v1/selection", data=b"hello").status_code == 400
    assert client.put("/api/v1/selection", data=bytes(1 << 16)).status_code == 413
    foreign = {"Origin": "http://example.org"}
    assert client.put("/api/v1/selection", data=b"", headers=foreign).status_code == 403


def test_whoever_waits_gets_the_next_selection_of_a_page(
    server: Server, client: FlaskClient
) -> None:
    tell(client, id_of(server, "two", "hidden", 1), [3])
    assert server.wait_for_selection(timeout=0.05) is None, "what was there before does not count"
    got: list[Selection | None] = []
    waiting = threading.Thread(target=lambda: got.append(server.wait_for_selection()))
    waiting.start()
    deadline = time.monotonic() + 20
    n = 0
    while waiting.is_alive() and time.monotonic() < deadline:
        server.select([7])  # Python's own does not count
        tell(client, id_of(server, "two", "hidden", 1), [])  # nor does an empty one
        n = n % (N_POINTS - 1) + 1
        tell(client, id_of(server, "two", "hidden", 1), [n])
        waiting.join(0.02)
    assert got
    assert got[0] is not None
    assert place(got[0]) == ("two", "hidden", 1)
    assert len(got[0]) == 1


def test_closing_sends_home_whoever_waits(server: Server) -> None:
    got: list[Selection | None] = []
    waiting = threading.Thread(target=lambda: got.append(server.wait_for_selection()))
    waiting.start()
    server.close()
    waiting.join(10)
    assert got == [None]


def test_selections_from_many_threads_are_whole(server: Server, client: FlaskClient) -> None:
    dataset = id_of(server, "one", "hidden", 1)

    # One application for all, as a server has: Python 3.11 cannot parse in several threads at once,
    # which adding a route does (https://github.com/python/cpython/issues/106905).
    app = create_app(server.session)

    def work(k: int) -> None:
        own = app.test_client()
        for i in range(20):
            if i % 2:
                server.select(range(k), run="two", name="hidden")
            else:
                tell(own, dataset, list(range(10 + k)))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(1, 7)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        now = server.selection
        expected = range(len(now))
        assert now.indices.tolist() == list(expected)
        assert now.run == ("one" if len(now) > 10 or not len(now) else "two")


def test_listeners_hear_of_python_s_selection_only(server: Server, client: FlaskClient) -> None:
    forms = ListingForms(lambda: server.session.listing, read_only=False)
    stream = event_stream(server.session, forms, lambda tell: None)
    begin = json.loads(next(stream).decode().strip().rsplit("data: ", 1)[1])
    assert begin["author"] == "none"
    assert begin["dataset"] == id_of(server, "one", "hidden", 2)
    tell(client, begin["dataset"], [1])
    server.select([2, 4])
    heard = next(stream).decode()
    assert heard.count("event:") == 1
    event = json.loads(heard.split("data: ", 1)[1])
    assert event["author"] == "python"
    assert event["n_selected"] == 2
    assert event["number"] == begin["number"] + 2


def test_the_handle_says_what_it_is(server: Server) -> None:
    assert repr(server) == f"<projector at {server.url}: in memory, 4 embeddings>"
    server.select([1, 2])
    assert repr(server).endswith("4 embeddings, 2 selected>")
    assert f'<a href="{server.url}" target="_blank" rel="noopener">' in server._repr_html_()
    server.close()
    assert repr(server) == "<projector: closed>"
    assert server._repr_html_() == "projector: closed"


def test_a_notebook_s_output_holds_no_token(tmp_path: Path) -> None:
    with projector.serve(tmp_path, host="0.0.0.0", port=0) as server:
        token = server.url.split("token=")[1]
        assert token
        assert token not in repr(server)
        assert token not in server._repr_html_()
        assert ".url" in server._repr_html_()


def test_a_name_from_the_data_is_text_in_html(tmp_path: Path) -> None:
    folder = tmp_path / "<img src=x>"
    folder.mkdir()
    with projector.serve(folder, port=0) as server:
        assert "<img" not in server._repr_html_()
        assert "&lt;img src=x&gt;" in server._repr_html_()


def test_a_log_without_embeddings_has_an_empty_selection(tmp_path: Path) -> None:
    session = Session(tmp_path, watch=False)
    try:
        client = create_app(session).test_client()
        assert len(client.get("/api/v1/selection").data) == 24
        assert session.selection.now().dataset_id == "0" * 16
        with pytest.raises(UnknownNameError):
            session.selection.select_from_python([], None, None, None)
    finally:
        session.close()

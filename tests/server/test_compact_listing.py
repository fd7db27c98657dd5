"""The listing in short, what changed since another one, and bytes that are made once."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from projector.api.session.session import Session
from projector.model.listing import Entry, Listing
from projector.server import listing_forms
from projector.server.compact_listing import described, records_of
from projector.server.listing_forms import ListingForms
from tests.server.golden import listings

ROOT = Path("/runs")


def entry(run: str = "a", step: int | None = 1, path: str = "x", **more: Any) -> Entry:
    return Entry(run, "emb", step, (8, 4), "float32", "npy", path, revision=f"{step:016}", **more)


@pytest.mark.parametrize(
    ("steps", "paths", "sent"),
    [
        ((1, 20), ("a/emb_1.npy", "a/emb_20.npy"), ("a/emb_", ".npy", 0)),
        ((1, 20), ("a/00001/x", "a/00020/x"), ("a/", "/x", 5)),
        ((10, 100), ("a/10", "a/100"), ("a/", "", 0)),
        ((1, 20), ("a/1/2", "a/20/2"), ("a/", "/2", 0)),
        ((1, 200), ("a/01", "a/200"), ("a/", "", 2)),
        ((1, 20), ("a/1-1", "a/20-20"), None),
        ((1, 20), ("a/0001", "a/20"), None),
        ((1, 20), ("a/2", "a/21"), None),
    ],
)
def test_paths_that_differ_in_the_step_alone_are_sent_once(
    steps: tuple[int, ...], paths: tuple[str, ...], sent: tuple[str, str, int] | None
) -> None:
    found = described([entry(step=s, path=p) for s, p in zip(steps, paths, strict=True)])
    around = dict(zip(("start", "end", "digits"), sent, strict=True)) if sent else [*paths]
    assert found["path"] == around


def test_what_all_steps_have_is_sent_once() -> None:
    found = described([entry(step=1), entry(step=2, has_metadata=True)])
    assert (found["path"], found["dtype"]) == ("x", "float32")
    assert found["has_metadata"] == [False, True]


def test_ids_are_sent_only_where_a_page_cannot_make_them() -> None:
    assert "id" not in described([entry(), entry(step=2)])
    for odd in (entry(run="\udcff"), entry(step=2**60)):
        assert described([odd])["id"] == [odd.id]


def test_what_did_not_change_keeps_its_record() -> None:
    entries = [entry(run, step) for run in ("a", "b", "c") for step in (1, 2)]
    before = records_of(entries, ())
    entries[3] = replace(entries[3], revision="other")
    after = records_of(entries, before)
    assert [now is then for now, then in zip(after, before, strict=True)] == [True, False, True]


class Shown:
    """A listing that a test changes, and the forms of it."""

    def __init__(self, *entries: Entry) -> None:
        self.listing = Listing(ROOT, entries)
        self.forms = ListingForms(lambda: self.listing, read_only=False)

    def changed(self, *entries: Entry) -> dict[str, Any] | None:
        before = self.forms.now()
        self.listing = Listing(ROOT, entries)
        body = self.forms.now().since(before)
        return None if body is None else dict(json.loads(body.content(compressed=False)))


def test_a_change_is_sent_alone() -> None:
    entries = [entry(f"run{number}", step) for number in range(50) for step in range(10)]
    shown = Shown(*entries)
    whole = shown.forms.now().short.content(compressed=False)
    entries[123] = replace(entries[123], revision="f" * 16)
    changes = shown.changed(*entries)
    assert changes is not None
    assert (changes["removed"], changes["at"]) == ([12], [12])
    assert changes["changed"][0]["revision"][3] == "f" * 8
    assert "problems" not in changes
    body = shown.forms.now()
    assert len(json.dumps(changes)) < len(whole) / 20
    assert body.version != shown.forms._made[0].version


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: entries[::-1],
        lambda entries: [replace(each, dtype="int8") for each in entries],
    ],
)
def test_what_is_in_another_order_or_all_new_is_sent_whole(
    change: Callable[[list[Entry]], list[Entry]],
) -> None:
    entries = [entry(f"run{number}") for number in range(6)]
    assert Shown(*entries).changed(*change(entries)) is None


def test_only_the_last_listings_are_remembered() -> None:
    shown = Shown(entry())
    first = shown.forms.now().version
    for number in range(listing_forms._REMEMBERED):
        assert shown.forms.earlier(first) is not None
        shown.changed(entry(step=number + 2))
    assert shown.forms.earlier(first) is None


def test_the_version_changes_with_anything() -> None:
    before, after = listings()
    versions = set()
    for listing in (
        before,
        after,
        replace(before, n_seen=8),
        replace(before, is_missing=True),
        replace(before, problems=after.problems),
        replace(before, entries=before.entries[1:]),
    ):
        forms = ListingForms(lambda listing=listing: listing, read_only=False)  # type: ignore[misc]
        versions.add(forms.now().version)
    assert len(versions) == 6


@pytest.mark.parametrize("form", ["whole", "short"])
def test_the_bytes_are_made_once_and_304_makes_none(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    address = f"/api/v1/log?form={form}"
    made: list[str] = []
    for name in ("_short", "_encoded"):
        original = getattr(listing_forms.Forms, name)

        def counted(*given: Any, name: str = name, original: Any = original) -> bytes:
            made.append(name)
            return bytes(original(*given))

        monkeypatch.setattr(listing_forms.Forms, name, staticmethod(counted))
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    packed = client.get(address, headers={"Accept-Encoding": "br, gzip"})
    assert gzip.decompress(packed.data) == first.data
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert packed.headers["ETag"] != first.headers["ETag"]
    refused = client.get(address, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers
    assert len(made) == 1


def test_304_makes_no_bytes_at_all(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> bytes:
        raise AssertionError("made")

    first = client.get("/api/v1/log?form=short")
    for name in ("_short", "_encoded"):
        monkeypatch.setattr(listing_forms.Forms, name, staticmethod(fails))
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/api/v1/log?form=short", headers=tag).status_code == 304


def test_changes_are_sent_to_who_knows_an_earlier_listing(
    client: FlaskClient, session: Session
) -> None:
    first = client.get("/api/v1/log?form=short").get_json()
    session.open_demo()
    changes = client.get(f"/api/v1/log?form=short&since={first['version']}").get_json()
    whole = client.get("/api/v1/log?form=short").get_json()
    assert changes["version"] == whole["version"] != first["version"]
    unknown = client.get("/api/v1/log?form=short&since=0000").get_json()
    assert unknown == whole
    same = client.get(f"/api/v1/log?form=short&since={whole['version']}").get_json()
    assert (same["removed"], same["changed"], same["since"]) == ([], [], whole["version"])


def test_forty_thousand_entries_are_small_on_the_wire() -> None:
    entries = [
        replace(
            entry(f"run{run}", step, f"run{run}/emb_step{step}.npy"),
            revision=f"{(run * 20 + step) * 0x9E3779B97F4A7C15 % 2**64:016x}",
        )
        for run in range(2000)
        for step in range(20)
    ]
    body = Shown(*entries).forms.now().short
    assert len(body.content(compressed=True)) < 300_000


def test_another_form_is_refused(client: FlaskClient) -> None:
    assert client.get("/api/v1/log?form=long").status_code == 400

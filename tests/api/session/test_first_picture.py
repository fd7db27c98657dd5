"""The first picture is made while the page is loaded, and is the one that the page asks for."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.api.projection_request import ProjectionRequest
from projector.api.session.first_picture import FirstPicture, first_request, first_shown
from projector.api.session.session import Session
from projector.errors import LoadError
from projector.jobs.cache import ResultCache
from projector.model.dataset import Dataset
from projector.model.listing import Entry, Listing, Role


def entry(
    name: str,
    step: int | None,
    shape: tuple[int, int] = (4, 5),
    run: str = ".",
    role: Role = "embedding",
) -> Entry:
    return Entry(run, name, step, shape, "float32", "npy", f"{name}.npy", role=role)


def listing(*entries: Entry) -> Listing:
    return Listing(Path("/log"), entries, ())


def test_the_last_step_of_the_first_tensor_is_shown() -> None:
    """As the page does; what follows in the listing does not count."""
    found = listing(entry("a", 0), entry("a", 3), entry("a", 20), entry("b", 99))
    assert first_shown(found) == entry("a", 20)
    slot, weight = entry("m", 1, role="slot"), entry("w", 1, role="weight")
    assert first_shown(listing(slot, weight)) == weight
    assert first_shown(listing(slot, weight, entry("e", 1))) == entry("e", 1)
    same_name = listing(entry("a", 0, run="x"), entry("a", 7, run="y"))
    assert first_shown(same_name) == entry("a", 0, run="x")
    assert first_shown(listing(entry("a", None))) == entry("a", None)
    assert first_shown(listing()) is None


@pytest.mark.parametrize(
    ("n_dims", "method"), [(1, "pca"), (2, "given"), (3, "given"), (4, "pca"), (300, "pca")]
)
def test_two_and_three_dimensions_are_shown_as_given(n_dims: int, method: str) -> None:
    assert first_request(entry("a", None, (9, n_dims)))[0] == method


@pytest.mark.parametrize(("n_dims", "method"), [(6, "pca"), (3, "given")])
def test_what_was_made_ahead_is_what_the_page_asks_for(
    tmp_path: Path, n_dims: int, method: str
) -> None:
    vectors = np.random.default_rng(0).normal(size=(40, n_dims)).astype(np.float32)
    np.save(tmp_path / "x.npy", vectors)
    params = {"n_components": 3} if n_dims == 3 else {}
    key = ProjectionRequest.of(Dataset(vectors), method, params).key
    session = Session(tmp_path / "x.npy", cache=ResultCache(tmp_path / "cache"), watch=False)
    try:
        session.expect_page()
        joined()
        known = session.projections.get(key)
        (only,) = session.listing.entries
        assert session.project(only.id, method, params, client=("page",)) is known
        assert session.dataset(only.id).data.n_points == 40
    finally:
        session.close()


def joined() -> None:
    """Wait until nothing is made ahead."""
    for each in threading.enumerate():
        if each.name == "first picture":
            each.join(60)


def test_it_is_made_once() -> None:
    made: list[str] = []
    picture = FirstPicture(
        lambda: listing(entry("a", 0)), lambda id, method, params: made.append(id)
    )
    for _ in range(5):
        picture.expect()
    joined()
    assert made == [entry("a", 0).id]


@pytest.mark.parametrize("found", [listing(), listing(entry("a", None, (10**9, 4)))])
def test_nothing_is_made_of_nothing_nor_of_what_takes_minutes(found: Listing) -> None:
    made: list[str] = []
    FirstPicture(lambda: found, lambda id, method, params: made.append(id)).expect()
    joined()
    assert made == []


def test_what_goes_wrong_is_left_to_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[object] = []
    monkeypatch.setattr(threading, "excepthook", raised.append)

    def start(id: str, method: str, params: dict[str, Any]) -> None:
        made.append(id)
        raise LoadError("a.npy", "it is damaged")

    made: list[str] = []
    FirstPicture(lambda: listing(entry("a", 0)), start).expect()
    joined()
    assert len(made) == 1
    assert raised == []

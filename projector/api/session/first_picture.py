"""What a page asks for when it is opened: made before it asks, while a browser still loads it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

from projector.errors import ProjectorError
from projector.model.listing import Entry, Listing, Role

#: Numbers up to which a picture is made for a page that may want another one: a second or two.
_MOST = 400_000_000

#: The page has a run's tensors in this order, and within a role in that of the listing.
_ROLES: tuple[Role, ...] = ("embedding", "weight", "slot")
#: Starts a projection of a dataset by a method with parameters.
Start = Callable[[str, str, dict[str, Any]], object]


def first_shown(listing: Listing) -> Entry | None:
    """Return the entry that a page opens with: the last step of the first run's first tensor."""
    if not listing.entries:
        return None
    run = listing.entries[0].run
    last = {each.name: each for each in listing.entries if each.run == run}
    return min(last.values(), key=lambda each: _ROLES.index(each.role))


def first_request(entry: Entry) -> tuple[str, dict[str, Any]]:
    """Return the method and the parameters that a page opens an entry with."""
    if entry.n_dims in (2, 3):
        return "given", {"n_components": entry.n_dims}
    return "pca", {}


class FirstPicture:
    """Reads and projects what the first page will ask for. Safe from any thread.

    A browser takes half a second to load the page, in which the server has nothing to do. Reading a
    million points, hashing them and finding their axes takes about as long.

    Parameters
    ----------
    listing : callable
        Waits for the listing and returns it.
    start : callable
    """

    def __init__(self, listing: Callable[[], Listing], start: Start) -> None:
        self._listing = listing
        self._start = start
        self._lock = threading.Lock()
        self._is_expected = False

    def expect(self) -> None:
        """Begin, in a thread of its own; only the first call counts."""
        with self._lock:
            is_first, self._is_expected = not self._is_expected, True
        if is_first:
            threading.Thread(target=self._make, name="first picture", daemon=True).start()

    def _make(self) -> None:
        entry = first_shown(self._listing())
        if entry is None or entry.n_points * entry.n_dims > _MOST:
            return
        # The page asks for the same, and is told what is wrong.
        with contextlib.suppress(ProjectorError):
            try:
                self._start(entry.id, *first_request(entry))
            except RuntimeError:
                # A program that ends starts no more threads, and nobody waits for this one.
                if threading.main_thread().is_alive():
                    raise

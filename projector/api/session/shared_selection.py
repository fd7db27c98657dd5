"""The selection that pages and a notebook share: whoever changed it last has the word."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from projector.errors import UnknownName
from projector.model.listing import Entry, Listing
from projector.model.selection import Selection, rows_of

#: Who made a selection.
Author: TypeAlias = Literal["nobody", "page", "python"]

_NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Selected:
    """The shared selection at one moment.

    Attributes
    ----------
    number : int
        Another one after each change; begins anywhere, so that a restart is noticed.
    author : {"nobody", "page", "python"}
    dataset_id : str
        16 hexadecimal digits; all zero where there is nothing to look at.
    n_points : int
    selection : Selection
    """

    number: int
    author: Author
    dataset_id: str
    n_points: int
    selection: Selection


class SharedSelection:
    """Where pages put what they select, and a notebook finds it. Safe from any thread.

    Parameters
    ----------
    listing : callable
        Returns what there is to look at now.
    on_select : callable
        Called with what Python has selected, so that open pages follow.
    """

    def __init__(
        self, listing: Callable[[], Listing], on_select: Callable[[Selected], None]
    ) -> None:
        self._listing = listing
        self._on_select = on_select
        self._changed = threading.Condition()
        self._number = secrets.randbelow(1 << 30)
        self._made: Selected | None = None
        self._picks = 0
        self._closed = False

    def now(self) -> Selected:
        """Return what is selected; where nobody has looked yet, nothing of the first tensor."""
        with self._changed:
            if self._made is not None:
                return self._made
            number = self._number
        entry = _at_last_step(self._listing().entries)
        if entry is None:
            return Selected(number, "nobody", "0" * 16, 0, Selection("", "", None, _NOTHING))
        return _selected(number, "nobody", entry, _NOTHING)

    def take(self, dataset_id: str, rows: NDArray[np.int64]) -> Selected:
        """Take over what a page has selected, `rows` ascending and each once.

        Raises
        ------
        UnknownName
            The dataset is not, or no longer, there.
        ParameterError
            A row that it does not have.
        """
        entry = self._listing().by_id.get(dataset_id)
        if entry is None:
            raise UnknownName("dataset", dataset_id)
        return self._put("page", entry, rows_of(rows, entry.n_points))

    def select(self, chosen: Any, run: str | None, name: str | None, step: int | None) -> Selected:
        """Select from Python; what is not named is as it is selected now."""
        entry = find_place(self._listing(), self.now().selection, run, name, step)
        made = self._put("python", entry, rows_of(chosen, entry.n_points))
        self._on_select(made)
        return made

    def wait(self, timeout: float | None) -> Selection | None:
        """Return the next selection that a page makes, None after `timeout` seconds."""
        end = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            before = self._picks
            while self._picks == before and not self._closed:
                left = None if end is None else end - time.monotonic()
                if left is not None and left <= 0:
                    return None
                # In pieces, because Ctrl-C does not interrupt an endless wait everywhere.
                self._changed.wait(1.0 if left is None else min(left, 1.0))
            return None if self._closed or self._made is None else self._made.selection

    def close(self) -> None:
        """Send home whoever waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _put(self, author: Author, entry: Entry, rows: NDArray[np.int64]) -> Selected:
        with self._changed:
            before = self._made
            made = _selected(self._number + 1, author, entry, rows)
            # A page that tells again what is selected anyway does not take the word.
            is_same = before is not None and before.selection == made.selection
            if before is not None and is_same and author == "page":
                return before
            self._number += 1
            self._made = made
            if author == "page" and len(rows):
                self._picks += 1
                self._changed.notify_all()
            return made


def _selected(number: int, author: Author, entry: Entry, rows: NDArray[np.int64]) -> Selected:
    selection = Selection(entry.run, entry.name, entry.step, rows)
    return Selected(number, author, entry.id, entry.n_points, selection)


def find_place(
    listing: Listing, here: Selection, run: str | None, name: str | None, step: int | None
) -> Entry:
    """Return the entry with this run, name and step; what is not named stays near `here`.

    Raises
    ------
    UnknownName
        There is none; the message says what there is.
    """
    found = listing.entries
    if run is not None:
        found = _named("run", run, [(entry.run, entry) for entry in found])
    if name is not None:
        found = _named("embedding", name, [(entry.name, entry) for entry in found])
    if run is None:
        found = _nearer([entry for entry in found if entry.run == here.run], found)
    if name is None:
        found = _nearer([entry for entry in found if entry.name == here.name], found)
    if step is not None:
        found = _named("step", str(step), [(str(entry.step), entry) for entry in found])
    else:
        found = _nearer([entry for entry in found if entry.step == here.step], found)
    entry = _at_last_step(found)
    if entry is None:
        raise UnknownName("embedding", name or "", ())
    return entry


def _named(kind: str, wanted: str, entries: list[tuple[str, Entry]]) -> tuple[Entry, ...]:
    found = tuple(entry for name, entry in entries if name == wanted)
    if not found:
        raise UnknownName(kind, wanted, dict.fromkeys(name for name, _ in entries))
    return found


def _nearer(near: list[Entry], all_of_them: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(near) or all_of_them


def _at_last_step(entries: tuple[Entry, ...]) -> Entry | None:
    """Return the first tensor of these at its last step, which is what a page opens with."""
    if not entries:
        return None
    first = entries[0]
    same = [entry for entry in entries if (entry.run, entry.name) == (first.run, first.name)]
    return same[-1]

"""The selection that pages and Python share: the last change counts."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from projector.errors import UnknownNameError
from projector.model.listing import Entry, Listing
from projector.model.selection import Selection, rows_of

#: Where a selection comes from; "none" before the first one.
Author: TypeAlias = Literal["none", "page", "python"]

_NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Selected:
    """The shared selection at one moment.

    Attributes
    ----------
    number : int
        Different after each change. It starts at a random number, so that a restart is noticed.
    author : {"none", "page", "python"}
    dataset_id : str
        16 hexadecimal digits; all zero if the listing is empty.
    n_points : int
        Points of the dataset.
    selection : Selection
    """

    number: int
    author: Author
    dataset_id: str
    n_points: int
    selection: Selection


class SharedSelection:
    """The selection that pages send and Python reads, and the other way. Safe from any thread.

    Parameters
    ----------
    listing : callable
        Returns the current listing.
    on_select : callable
        Called with each selection made from Python, so that open pages follow.
    """

    def __init__(
        self, listing: Callable[[], Listing], on_select: Callable[[Selected], None]
    ) -> None:
        self._listing = listing
        self._on_select = on_select
        self._changed = threading.Condition()
        self._number = secrets.randbelow(1 << 30)
        self._made: Selected | None = None
        self._n_from_page = 0
        self._closed = False

    def now(self) -> Selected:
        """Return the selection; before the first one, nothing in the first tensor."""
        with self._changed:
            if self._made is not None:
                return self._made
            number = self._number
        entry = _at_last_step(self._listing().entries)
        if entry is None:
            return Selected(number, "none", "0" * 16, 0, Selection("", "", None, _NOTHING))
        return _selected(number, "none", entry, _NOTHING)

    def select_from_page(self, dataset_id: str, rows: NDArray[np.int64]) -> Selected:
        """Replace the selection with that of a page, `rows` ascending and without repetition.

        Raises
        ------
        UnknownNameError
            The dataset is not, or no longer, listed.
        ParameterError
            A row is out of range.
        """
        entry = self._listing().by_id.get(dataset_id)
        if entry is None:
            raise UnknownNameError("dataset", dataset_id)
        return self._put("page", entry, rows_of(rows, entry.n_points))

    def select_from_python(
        self, chosen: Any, run: str | None, name: str | None, step: int | None
    ) -> Selected:
        """Replace the selection from Python; run, name and step default to the current ones."""
        entry = find_entry(self._listing(), self.now().selection, run, name, step)
        made = self._put("python", entry, rows_of(chosen, entry.n_points))
        self._on_select(made)
        return made

    def wait(self, timeout: float | None) -> Selection | None:
        """Return the next selection made in a page; None after `timeout` seconds."""
        end = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            before = self._n_from_page
            while self._n_from_page == before and not self._closed:
                left = None if end is None else end - time.monotonic()
                if left is not None and left <= 0:
                    return None
                # In pieces, because Ctrl-C does not interrupt an endless wait everywhere.
                self._changed.wait(1.0 if left is None else min(left, 1.0))
            return None if self._closed or self._made is None else self._made.selection

    def close(self) -> None:
        """Wake all threads in `wait`."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _put(self, author: Author, entry: Entry, rows: NDArray[np.int64]) -> Selected:
        with self._changed:
            before = self._made
            made = _selected(self._number + 1, author, entry, rows)
            # A page that sends the current selection again changes nothing.
            is_same = before is not None and before.selection == made.selection
            if before is not None and is_same and author == "page":
                return before
            self._number += 1
            self._made = made
            if author == "page" and len(rows):
                self._n_from_page += 1
                self._changed.notify_all()
            return made


def _selected(number: int, author: Author, entry: Entry, rows: NDArray[np.int64]) -> Selected:
    selection = Selection(entry.run, entry.name, entry.step, rows)
    return Selected(number, author, entry.id, entry.n_points, selection)


def find_entry(
    listing: Listing, current: Selection, run: str | None, name: str | None, step: int | None
) -> Entry:
    """Return the entry with this run, name and step; by default those of `current`, if possible.

    Raises
    ------
    UnknownNameError
        There is none; the message lists the available ones.
    """
    found = listing.entries
    if run is not None:
        found = _with_name("run", run, [(entry.run, entry) for entry in found])
    if name is not None:
        found = _with_name("embedding", name, [(entry.name, entry) for entry in found])
    if run is None:
        found = _or_all([entry for entry in found if entry.run == current.run], found)
    if name is None:
        found = _or_all([entry for entry in found if entry.name == current.name], found)
    if step is not None:
        found = _with_name("step", str(step), [(str(entry.step), entry) for entry in found])
    else:
        found = _or_all([entry for entry in found if entry.step == current.step], found)
    entry = _at_last_step(found)
    if entry is None:
        raise UnknownNameError.missing("embeddings", "The log directory")
    return entry


def _with_name(kind: str, sought: str, entries: list[tuple[str, Entry]]) -> tuple[Entry, ...]:
    found = tuple(entry for name, entry in entries if name == sought)
    if not found:
        raise UnknownNameError(kind, sought, dict.fromkeys(name for name, _ in entries))
    return found


def _or_all(preferred: list[Entry], every: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(preferred) or every


def _at_last_step(entries: tuple[Entry, ...]) -> Entry | None:
    """Return the first tensor of these at its last step, as a page opens it."""
    if not entries:
        return None
    first = entries[0]
    same = [entry for entry in entries if (entry.run, entry.name) == (first.run, first.name)]
    return same[-1]

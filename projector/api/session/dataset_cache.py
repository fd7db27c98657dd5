"""Keeps the datasets of a session open that were used last."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from projector.api.session.catalog import Catalog
from projector.model.dataset import Dataset
from projector.model.listing import Entry

Key = TypeVar("Key")
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Opened:
    """A dataset with its entry and the id under which it was requested."""

    id: str
    entry: Entry
    data: Dataset


class DatasetCache:
    """The datasets that were used last, each read once. Safe from any thread.

    Parameters
    ----------
    limit : int
        How many are kept. Most are memory maps and cost nothing; the limit is for the others.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._opened: OrderedDict[Entry, Opened] = OrderedDict()
        #: The same without tags, so that the vectors are not read again after each tag. It has
        #: every entry of `_opened`, and is in the same order.
        self._untagged: OrderedDict[Entry, Dataset] = OrderedDict()
        self._loading: dict[Entry, threading.Lock] = {}

    def get(self, dataset_id: str, entry: Entry, catalog: Catalog) -> Opened:
        """Return the dataset of an entry; read it from `catalog` if it is not in the cache."""
        with self._lock:
            found = self._opened.get(entry)
            if found is not None:
                self._opened.move_to_end(entry)
                self._untagged.move_to_end(entry.untagged)
                return found
            loading = self._loading.setdefault(entry, threading.Lock())
        with loading:  # two requests for one dataset read it once
            try:
                found = self._opened.get(entry)
                if found is None:
                    bare = entry.untagged
                    base = self._untagged.get(bare) or catalog.load(entry, tags=False)
                    found = Opened(dataset_id, entry, catalog.tagged(entry, base))
                    with self._lock:
                        keep_newest(self._untagged, bare, base, self._limit)
                        keep_newest(self._opened, entry, found, self._limit)
            finally:
                with self._lock:
                    self._loading.pop(entry, None)
        return found

    def keep_only(self, entries: Iterable[Entry]) -> None:
        """Drop the datasets of all other entries: they have changed or were deleted."""
        listed = set(entries)
        untagged = {entry.untagged for entry in listed}
        with self._lock:
            for entry in self._opened.keys() - listed:
                del self._opened[entry]
            for entry in self._untagged.keys() - untagged:
                del self._untagged[entry]


def keep_newest(kept: OrderedDict[Key, Kept], key: Key, value: Kept, most: int) -> None:
    """Put a value last, and drop the first ones until no more than `most` are left."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)

"""Keeps the datasets of a session open that were used last."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from projector.api.session.catalog import Catalog
from projector.api.session.reading import Reading
from projector.errors import NoRoomForCopyError
from projector.machine.free_space import free_space, temporary_folder
from projector.machine.memory import available_memory
from projector.machine.private_map import owner_of
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
        How many are kept.
    share : float
        The largest share of the free memory, and of the free disk space, that their vectors may
        take: each is a private copy, in memory or in a temporary file.
    """

    def __init__(self, limit: int, share: float = 0.25) -> None:
        self._limit = limit
        self._share = share
        self._lock = threading.Lock()
        self._opened: OrderedDict[Entry, Opened] = OrderedDict()
        #: The same without tags, so that the vectors are not read again after each tag. It has
        #: every entry of `_opened`, and is in the same order.
        self._untagged: OrderedDict[Entry, Dataset] = OrderedDict()
        self._readings: dict[Entry, Reading] = {}

    def get(self, dataset_id: str, entry: Entry, catalog: Catalog) -> Opened:
        """Return the dataset of an entry; read it from `catalog` if it is not in the cache."""
        while True:
            found = self._opened_or_reading(entry)
            if isinstance(found, Opened):
                return found
            if found.take():
                return self._read(found, dataset_id, entry, catalog)
            found.wait()  # two requests for one dataset read it once

    def vectors(self, dataset_id: str, entry: Entry, catalog: Catalog) -> Dataset:
        """Return the vectors of an entry as soon as they are there, without their metadata.

        The rest is read in a thread of its own, when the vectors are `drawn` (see `Reading`).
        """
        while True:
            found = self._opened_or_reading(entry)
            if isinstance(found, Opened):
                return found.data
            found.hold()
            is_ours = found.take()
            if is_ours:
                asked = (found, dataset_id, entry, catalog)
                threading.Thread(
                    target=self._read_rest, args=asked, name="dataset", daemon=True
                ).start()
            vectors = found.wait_for_vectors()
            if vectors is not None:
                return vectors
            if is_ours and found.error is not None:
                raise found.error

    def drawn(self, dataset_id: str) -> None:
        """Let the rest of a dataset be read: the picture of its vectors is there."""
        with self._lock:
            waiting = [each for entry, each in self._readings.items() if entry.id == dataset_id]
        for reading in waiting:
            reading.drawn()

    def _opened_or_reading(self, entry: Entry) -> Opened | Reading:
        """Return an open dataset, or how it is being read; who takes that first has to do it."""
        with self._lock:
            found = self._opened.get(entry)
            if found is None:
                return self._readings.setdefault(entry, Reading())
            self._opened.move_to_end(entry)
            self._untagged.move_to_end(entry.untagged)
            return found

    def _read_rest(self, *asked: Any) -> None:
        # Whoever waits for it is told.
        with contextlib.suppress(Exception):
            self._read(*asked)

    def _read(self, reading: Reading, dataset_id: str, entry: Entry, catalog: Catalog) -> Opened:
        failed: Exception | None = None
        try:
            bare = entry.untagged
            base = self._untagged.get(bare) or self._load(entry, catalog, reading)
            found = Opened(dataset_id, entry, catalog.tagged(entry, base))
            with self._lock:
                keep_newest(self._untagged, bare, base, self._limit)
                keep_newest(self._opened, entry, found, self._limit)
                self._drop_what_is_too_much()
        except Exception as error:
            failed = error
            raise
        finally:
            with self._lock:
                self._readings.pop(entry, None)
            reading.end(failed)
        return found

    def peek(self, dataset_id: str) -> Opened | None:
        """Return a dataset that is in the cache; nothing is read."""
        with self._lock:
            return next((each for each in self._opened.values() if each.id == dataset_id), None)

    def _load(self, entry: Entry, catalog: Catalog, reading: Reading) -> Dataset:
        """Read a dataset; if there is no room for it, drop all others and try again."""
        try:
            return catalog.load(entry, tags=False, on_vectors=reading.take_vectors)
        except NoRoomForCopyError:
            with self._lock:
                self._opened.clear()
                self._untagged.clear()
        return catalog.load(entry, tags=False, on_vectors=reading.take_vectors)

    def _drop_what_is_too_much(self) -> None:
        """Drop the datasets used longest ago until the others take no more than their share."""
        for on_disk in (True, False):
            sizes = {
                bare: data.vectors.nbytes
                for bare, data in self._untagged.items()
                if (owner_of(data.vectors) is not None) is on_disk
            }
            held = sum(sizes.values())
            if len(sizes) < 2:
                continue
            free = free_space(temporary_folder()).n_bytes if on_disk else available_memory()
            most = self._share * (free + held)
            for bare, size in list(sizes.items())[:-1]:
                if held <= most:
                    break
                held -= size
                del self._untagged[bare]
                for entry in [each for each in self._opened if each.untagged == bare]:
                    del self._opened[entry]

    def keep_only(self, listed: Mapping[str, Entry]) -> None:
        """Drop the datasets of entries that are not listed by their ids: changed or deleted ones.

        Costs what is open, however much is listed.
        """
        with self._lock:
            for entry in [each for each in self._opened if listed.get(each.id) != each]:
                del self._opened[entry]
            for entry in list(self._untagged):
                now = listed.get(entry.id)
                if now is None or now.untagged != entry:
                    del self._untagged[entry]


def keep_newest(kept: OrderedDict[Key, Kept], key: Key, value: Kept, most: int) -> None:
    """Put a value last, and drop the first ones until no more than `most` are left."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import numpy as np
import pytest

from projector.api.session import dataset_cache as module
from projector.api.session import reading
from projector.api.session.dataset_cache import DatasetCache, keep_newest
from projector.api.session.in_memory import InMemoryLog
from projector.errors import LoadError, NoRoomForCopyError, UnknownNameError
from projector.machine.free_space import FreeSpace
from projector.machine.private_copy import copy_of
from projector.model.dataset import Dataset
from projector.model.listing import Entry

OnVectors = Callable[[Dataset], object]


def ignore(vectors: Dataset) -> None:
    pass


class CountingLog(InMemoryLog):
    """Counts what is read from it, and waits while it reads."""

    def __init__(self, names: str) -> None:
        super().__init__(Dataset(np.eye(3, dtype=np.float32), name=name) for name in names)
        self.read: list[str] = []
        self.go = threading.Event()
        self.go.set()

    def load(self, entry: Entry, *, tags: bool = True, on_vectors: OnVectors = ignore) -> Dataset:
        self.read.append(entry.name)
        assert self.go.wait(60)
        return super().load(entry, tags=tags, on_vectors=on_vectors)


def test_the_least_recently_used_dataset_is_read_again() -> None:
    log = CountingLog("abc")
    cache = DatasetCache(2)
    a, b, c = log.entries
    for entry in (a, b, a, c, a, b):
        assert cache.get(entry.id, entry, log).data.embedding.name == entry.name
    assert log.read == ["a", "b", "c", "b"]


def test_requests_at_the_same_time_read_once() -> None:
    log = CountingLog("a")
    cache = DatasetCache(2)
    (entry,) = log.entries
    found: list[Dataset] = []
    threads = [
        threading.Thread(target=lambda: found.append(cache.get("x", entry, log).data))
        for _ in range(5)
    ]
    log.go.clear()
    for thread in threads:
        thread.start()
    log.go.set()
    for thread in threads:
        thread.join(10)
    assert log.read == ["a"]
    assert len(found) == 5
    assert len({id(data) for data in found}) == 1


def test_a_tag_reads_no_vectors_again() -> None:
    log = CountingLog("a")
    cache = DatasetCache(2)
    (entry,) = log.entries
    cache.get("x", entry, log)
    log.save_tags(entry, log.tags(entry).with_values([1], "kind", "odd"))
    (tagged,) = log.entries
    cache.keep_only(log.listing.by_id)
    assert cache.get("x", tagged, log).data.metadata.names == ("kind",)
    assert log.read == ["a"]


def test_a_dataset_that_is_no_longer_listed_is_dropped() -> None:
    log = CountingLog("ab")
    cache = DatasetCache(5)
    a, b = log.entries
    cache.get("a", a, log)
    cache.get("b", b, log)
    cache.keep_only({b.id: b})
    cache.get("b", b, log)
    cache.get("a", a, log)
    assert log.read == ["a", "b", "a"]


def test_a_failed_read_is_tried_again() -> None:
    log = CountingLog("a")
    cache = DatasetCache(2)
    (entry,) = log.entries
    gone = Entry(".", "b", None, (3, 3), "float32", "memory", "")
    for _ in range(2):
        with pytest.raises(UnknownNameError, match="Unknown embedding 'b'"):
            cache.get("x", gone, log)
    assert log.read == ["b", "b"]
    assert cache.get("a", entry, log).data.n_points == 3


def test_the_newest_are_kept() -> None:
    kept: OrderedDict[str, int] = OrderedDict(a=1, b=2)
    keep_newest(kept, "a", 3, 2)
    keep_newest(kept, "c", 4, 2)
    assert list(kept.items()) == [("a", 3), ("c", 4)]


class CopyingLog(CountingLog):
    """Gives private copies in files, as a log directory does for large ones."""

    def load(self, entry: Entry, *, tags: bool = True, on_vectors: OnVectors = ignore) -> Dataset:
        data = super().load(entry, tags=tags, on_vectors=on_vectors)
        return Dataset(copy_of(data.vectors), name=entry.name)


@pytest.mark.parametrize("kind", [CountingLog, CopyingLog])
def test_copies_take_no_more_than_their_share(
    kind: type[CountingLog], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has 36 bytes; a quarter of 300 free ones is room for two."""
    free = 300
    monkeypatch.setattr(module, "available_memory", lambda: free if kind is CountingLog else 0)
    monkeypatch.setattr(
        module, "free_space", lambda folder: FreeSpace(folder, 0 if kind is CountingLog else free)
    )
    log = kind("abc")
    cache = DatasetCache(12)
    a, b, c = log.entries
    for entry in (a, b, a, c, a, b):
        cache.get(entry.id, entry, log)
    assert log.read == ["a", "b", "c", "b"]
    free = 0
    for entry in (b, c, c):
        assert cache.get(entry.id, entry, log).data.n_points == 3
    assert log.read == ["a", "b", "c", "b", "c"], "the newest is kept, however little is free"


def test_the_others_make_room_where_there_is_none() -> None:
    class FullLog(CountingLog):
        def load(
            self, entry: Entry, *, tags: bool = True, on_vectors: OnVectors = ignore
        ) -> Dataset:
            data = super().load(entry, tags=tags, on_vectors=on_vectors)
            if self.read.count(entry.name) == 1 and len(self.read) > 1:
                raise NoRoomForCopyError("x.npy", "only 1.0 GB are free.")
            return data

    log = FullLog("ab")
    cache = DatasetCache(12)
    a, b = log.entries
    cache.get("a", a, log)
    assert cache.get("b", b, log).data.embedding.name == "b"
    cache.get("a", a, log)
    assert log.read == ["a", "b", "b", "a"]


class TwoStepLog(CountingLog):
    """Gives the vectors first, and the rest when it may go on; `then` may raise."""

    def __init__(self, names: str, then: Callable[[], object] = lambda: None) -> None:
        super().__init__(names)
        self.then = then
        self.had_vectors = threading.Event()

    def load(self, entry: Entry, *, tags: bool = True, on_vectors: OnVectors = ignore) -> Dataset:
        on_vectors(Dataset(np.eye(3, dtype=np.float32)))
        self.had_vectors.set()
        data = super().load(entry, tags=tags)
        self.then()
        return data


def test_vectors_are_there_before_the_rest_is_read() -> None:
    log = TwoStepLog("a")
    cache = DatasetCache(2)
    (entry,) = log.entries
    log.go.clear()
    vectors = cache.vectors("x", entry, log)
    assert vectors.embedding.name == ""
    assert cache.vectors("x", entry, log) is vectors
    log.go.set()
    whole = cache.get("x", entry, log).data
    assert whole.embedding.name == "a"
    assert cache.vectors("x", entry, log) is whole
    assert log.read == ["a"]


@pytest.mark.parametrize("small", [False, True])
def test_the_rest_waits_for_the_picture_of_large_vectors(
    monkeypatch: pytest.MonkeyPatch, small: bool
) -> None:
    monkeypatch.setattr(reading, "_SMALL", 9 if small else 8)
    monkeypatch.setattr(reading, "_PATIENCE", 600.0)
    log = TwoStepLog("a")
    cache = DatasetCache(2)
    (entry,) = log.entries
    cache.vectors("x", entry, log)
    if not small:
        assert not log.had_vectors.wait(0.1)
        cache.drawn("another")
        assert not log.had_vectors.wait(0.1)
        cache.drawn(entry.id)
    assert cache.get("x", entry, log).data.embedding.name == "a"


def test_the_rest_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_SMALL", 8)
    monkeypatch.setattr(reading, "_PATIENCE", 0.01)
    log = TwoStepLog("a")
    cache = DatasetCache(2)
    (entry,) = log.entries
    cache.vectors("x", entry, log)
    assert cache.get("x", entry, log).data.embedding.name == "a"


def test_what_nobody_draws_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_SMALL", 8)
    monkeypatch.setattr(reading, "_PATIENCE", 600.0)
    log = TwoStepLog("a")
    (entry,) = log.entries
    assert DatasetCache(2).get("x", entry, log).data.n_points == 3


def test_vectors_that_cannot_be_read_say_why_each_time() -> None:
    log = CountingLog("a")
    cache = DatasetCache(2)
    gone = Entry(".", "b", None, (3, 3), "float32", "memory", "")
    for _ in range(2):
        with pytest.raises(UnknownNameError, match="Unknown embedding 'b'"):
            cache.vectors("x", gone, log)
    assert log.read == ["b", "b"]


def test_a_rest_that_cannot_be_read_is_an_error_for_who_needs_it() -> None:
    def fail() -> None:
        raise LoadError("x.tsv", "is damaged.")

    log = TwoStepLog("a", fail)
    cache = DatasetCache(2)
    (entry,) = log.entries
    assert cache.vectors("x", entry, log).n_points == 3
    with pytest.raises(LoadError, match="is damaged"):
        cache.get("x", entry, log)

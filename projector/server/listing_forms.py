"""The listing as it is sent, whole, in short or as what changed: made once, kept with its ETag."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from projector.machine.collector import without_collector
from projector.model.listing import Listing, Problem
from projector.server.compact_listing import Record, as_unicode, records_of
from projector.server.responses import KeptBody, as_json, plain
from projector.typing import Json

#: Listings of which it is remembered what was in them, to tell what changed since.
_REMEMBERED = 32
#: Above this share of new records all are sent.
_MOST_CHANGED = 0.5


@dataclass(eq=False)
class Forms:
    """One listing in all of its forms.

    Attributes
    ----------
    listing : Listing
    records : list of Record
    read_only : bool
    version : str
        16 hexadecimal digits that change with anything in the listing.
    """

    listing: Listing
    records: list[Record]
    read_only: bool
    _since: dict[str, KeptBody | None] = field(default_factory=dict, repr=False)

    @cached_property
    def version(self) -> str:
        """Return 16 hexadecimal digits that change with anything in the listing."""
        listing = self.listing
        digest = hashlib.sha256()
        for record in self.records:
            digest.update(record.text.encode("utf-8", "surrogatepass"))
        about = (listing.problems, listing.is_missing, listing.n_seen, str(listing.root))
        rest = (*about, *listing.remote)
        digest.update(repr(rest).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:16]

    @cached_property
    def whole(self) -> KeptBody:
        """Every entry with all that is said of it."""
        return KeptBody(lambda: self._encoded({**self._head, "entries": _entries(self.listing)}))

    @cached_property
    def short(self) -> KeptBody:
        """One record for each tensor."""
        return KeptBody(lambda: self._short(self._head, "tensors", [r.text for r in self.records]))

    def forget_bytes(self) -> None:
        """Drop what is not sent any more; what was in the listing may still be asked for."""
        for name in ("whole", "short"):
            self.__dict__.pop(name, None)
        self._since.clear()

    def since(self, before: Forms) -> KeptBody | None:
        """Return what changed since another listing; None where all has to be sent."""
        if before.version not in self._since:
            self._since[before.version] = self._changes(before)
        return self._since[before.version]

    def _changes(self, before: Forms) -> KeptBody | None:
        old, new = set(map(id, before.records)), set(map(id, self.records))
        stay = [record for record in before.records if id(record) in new]
        if stay != [record for record in self.records if id(record) in old]:
            return None  # what stays is in another order
        changed = [at for at, record in enumerate(self.records) if id(record) not in old]
        if len(changed) > _MOST_CHANGED * len(self.records):
            return None
        gone = [at for at, record in enumerate(before.records) if id(record) not in new]
        head = self._head
        head |= {"since": before.version, "removed": [*gone], "at": [*changed]}
        if before.listing.problems == self.listing.problems:
            del head["problems"]
        texts = [self.records[at].text for at in changed]
        return KeptBody(lambda: self._short(head, "changed", texts))

    @property
    def _head(self) -> dict[str, Json]:
        listing = self.listing
        head: dict[str, Json] = {
            "name": as_unicode(listing.root.name or str(listing.root)),
            "root": as_unicode(root_of(listing)),
            "version": self.version,
            "is_missing": listing.is_missing,
            "n_seen": listing.n_seen,
            "read_only": self.read_only,
            "problems": [describe_problem(each) for each in listing.problems],
        }
        if listing.remote:
            head["remote"] = [asdict(use) for use in listing.remote]
        return head

    @staticmethod
    def _encoded(content: dict[str, Any]) -> bytes:
        # The collector would look at all of the listing, while every other request waits.
        with without_collector():
            return as_json(plain(content)).encode()

    @staticmethod
    def _short(head: dict[str, Json], name: str, records: list[str]) -> bytes:
        text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
        return f'{text[:-1]},"{name}":[{",".join(records)}]}}'.encode()


def root_of(listing: Listing) -> str:
    """Return where the log directory is, as it is shown: of one elsewhere its address."""
    return ", ".join(use.address for use in listing.remote) or str(listing.root)


class ListingForms:
    """The forms of the current listing, and what was in earlier ones.

    Parameters
    ----------
    listing : callable
        Returns the current listing: the same object as long as it is the same.
    read_only : bool
        Whether pages are told to offer nothing that changes anything.
    """

    def __init__(self, listing: Callable[[], Listing], *, read_only: bool) -> None:
        self._listing = listing
        self._read_only = read_only
        self._lock = threading.Lock()
        self._made: deque[Forms] = deque(maxlen=_REMEMBERED)

    def now(self) -> Forms:
        """Return the current listing."""
        with self._lock:
            listing = self._listing()
            last = self._made[-1] if self._made else None
            if last is not None and last.listing is listing:
                return last
            records = records_of(listing.entries, last.records if last else ())
            if last is not None:
                last.forget_bytes()
            forms = Forms(listing, records, self._read_only)
            self._made.append(forms)
            return forms

    def earlier(self, version: str) -> Forms | None:
        """Return an earlier listing, if it is remembered."""
        with self._lock:
            return next((each for each in self._made if each.version == version), None)


def _entries(listing: Listing) -> Json:
    return [
        {
            "id": entry.id,
            "run": as_unicode(entry.run),
            "name": as_unicode(entry.name),
            "step": entry.step,
            "n_points": entry.n_points,
            "n_dims": entry.n_dims,
            "dtype": entry.dtype,
            "format": entry.format,
            "path": as_unicode(entry.path),
            "has_metadata": entry.has_metadata,
            "has_sprite": entry.has_sprite,
            "has_bookmarks": entry.has_bookmarks,
            "has_scalars": entry.has_scalars,
            "role": entry.role,
            "revision": entry.revision,
            "tags": entry.tags,
        }
        for entry in listing.entries
    ]


def describe_problem(problem: Problem) -> Json:
    """Return a problem as JSON."""
    return {
        "run": as_unicode(problem.run),
        "path": as_unicode(problem.path),
        "message": as_unicode(problem.message),
        "severity": problem.severity,
    }

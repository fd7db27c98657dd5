"""The listing of a log directory: entries and problems, made from headers alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias

#: How likely a tensor is what a user wants to see; sorts the listing.
Role: TypeAlias = Literal["embedding", "weight", "slot"]
#: How bad a problem is.
Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True)
class Entry:
    """One embedding in a listing: one tensor of one run at one step.

    Attributes
    ----------
    run : str
        Folder in the log directory; ``"."`` for the directory itself.
    name : str
        The tensor's name, as users know it.
    step : int or None
        None if the format has no steps.
    shape : tuple of int
        (n_points, n_dims).
    dtype : str
        As stored: ``"float32"``, ``"bfloat16"``. Vectors are loaded as float32.
    format : str
        The loader that reads it: ``"tensorflow"``, ``"tensors-tsv"``.
    path : str
        Its file, relative to the log directory.
    has_metadata, has_sprite, has_bookmarks, has_scalars : bool
        Which companions it has; the scalars belong to its run.
    role : {"embedding", "weight", "slot"}
        "embedding" if a config names it or it has metadata, "slot" for optimizer state.
    revision : str
        Changes when any of the entry's files is rewritten.
    tags : str
        Changes with its tags, which are not part of the data; empty without tags.
    n_parts : int
        How many files its vectors are in.
    """

    run: str
    name: str
    step: int | None
    shape: tuple[int, int]
    dtype: str
    format: str
    path: str
    has_metadata: bool = False
    has_sprite: bool = False
    has_bookmarks: bool = False
    has_scalars: bool = False
    role: Role = "embedding"
    revision: str = ""
    tags: str = ""
    n_parts: int = 1

    @cached_property
    def id(self) -> str:
        """16 hexadecimal digits that identify run, tensor and step, also after a restart."""
        key = "\0".join((self.run, self.name, str(self.step)))
        return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:16]

    @property
    def untagged(self) -> Entry:
        """The entry without the revision of its tags: it identifies the data alone."""
        return replace(self, tags="")

    @property
    def n_points(self) -> int:
        """Number of points, the rows of the tensor."""
        return self.shape[0]

    @property
    def n_dims(self) -> int:
        """Number of dimensions, the columns of the tensor."""
        return self.shape[1]


def step_order(step: int | None) -> int:
    """Return what sorts steps ascending, after what has none."""
    return -1 if step is None else step


def steps_of(entries: Iterable[Entry], run: str, name: str) -> list[Entry]:
    """Return the entries of one tensor, their steps ascending."""
    found = [each for each in entries if (each.run, each.name) == (run, name)]
    return sorted(found, key=lambda entry: step_order(entry.step))


@dataclass(frozen=True)
class Problem:
    """What is wrong with one file of the log directory, and what to do.

    Attributes
    ----------
    run : str
    path : str
        The file, relative to the log directory.
    message : str
        Where, what was found, what was expected, what to do.
    severity : {"error", "warning"}
        "error": something is not shown; "warning": it is shown, but not all of it.
    """

    run: str
    path: str
    message: str
    severity: Severity = "error"


@dataclass(frozen=True)
class RemoteUse:
    """What a remote log directory has cost so far.

    Attributes
    ----------
    address : str
        Without user, password and query.
    n_requests : int
        To its server.
    n_bytes : int
        Of objects, that were fetched.
    n_total_bytes : int
        Of all objects below the address.
    trouble : str
        Why the last look at the server failed, as a sentence; empty if it did not.
    poll_seconds : float
        After so many seconds it is looked at again; 0 for never.
    """

    address: str
    n_requests: int
    n_bytes: int
    n_total_bytes: int
    trouble: str = ""
    poll_seconds: float = 0.0


@dataclass(frozen=True)
class Listing:
    """All entries and problems of a log directory at one moment.

    Attributes
    ----------
    root : Path
        The log directory.
    entries : tuple of Entry
    problems : tuple of Problem
    runs : tuple of str
    is_missing : bool
        Whether the log directory was removed, and is waited for.
    n_seen : int or None
        Files that were looked at so far, while others still are; None when all were.
    remote : tuple of RemoteUse
        Of each remote log directory, what it has cost so far.
    """

    root: Path
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    runs: tuple[str, ...] = field(default=())
    is_missing: bool = False
    n_seen: int | None = None
    remote: tuple[RemoteUse, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        """Entries by their `id`."""
        return {entry.id: entry for entry in self.entries}

    @property
    def title(self) -> str:
        """What is listed, in a few words: "runs, 3 embeddings"."""
        n_entries = len(self.entries)
        what = "1 embedding" if n_entries == 1 else f"{n_entries:,} embeddings"
        if self.n_seen is not None:
            what += f" so far ({self.n_seen:,} files seen)"
        return f"{self.root.name or self.root}, {what}"

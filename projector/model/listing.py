"""What a log directory holds, as far as headers tell: no tensor is read for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias

#: How likely a tensor is what a person wants to see; sorts the listing.
Role: TypeAlias = Literal["embedding", "weight", "slot"]
#: How bad a problem is.
Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True)
class Entry:
    """One tensor of one run at one step that can be looked at.

    Attributes
    ----------
    run : str
        Folder below the log directory, ``"."`` for the directory itself.
    name : str
        The tensor's name as a person knows it.
    step : int or None
        None where the format knows no steps.
    shape : tuple of int
        (n_points, n_dims).
    dtype : str
        As stored: ``"float32"``, ``"bfloat16"``; loaded it is float32.
    format : str
        The loader that reads it: ``"tensorflow"``, ``"tensors-tsv"``.
    path : str
        The file that holds it, relative to the log directory.
    has_metadata, has_sprite, has_bookmarks, has_scalars : bool
        What stands beside it; the scalars are its run's.
    role : {"embedding", "weight", "slot"}
        "embedding" where a config names it or it has metadata, "slot" for optimizer state.
    revision : str
        Another one after any of the entry's files was rewritten.
    tags : str
        Another one after its tags changed, which are no part of the data; empty without tags.
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

    @cached_property
    def id(self) -> str:
        """16 hexadecimal digits that name run, tensor and step, today and after a restart."""
        key = "\0".join((self.run, self.name, str(self.step)))
        return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:16]

    @property
    def untagged(self) -> Entry:
        """The same entry whatever its tags: what its data is known by."""
        return replace(self, tags="")

    @property
    def n_points(self) -> int:
        """Rows of the tensor."""
        return self.shape[0]

    @property
    def n_dims(self) -> int:
        """Columns of the tensor."""
        return self.shape[1]


@dataclass(frozen=True)
class Problem:
    """Something in the log directory that could not be read, and what to do about it.

    Attributes
    ----------
    run : str
    path : str
        The file, relative to the log directory.
    message : str
        Where, what was found, what was expected, what to do.
    severity : {"error", "warning"}
        "error": something is not shown; "warning": it is shown, with a reservation.
    """

    run: str
    path: str
    message: str
    severity: Severity = "error"


@dataclass(frozen=True)
class Listing:
    """All entries and problems of a log directory at one moment."""

    root: Path
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    runs: tuple[str, ...] = field(default=())

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        """Entries by their `id`."""
        return {entry.id: entry for entry in self.entries}

"""What an embedding is put together from: tensors of several files, or of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, Loaded, SeveralLoader, Tensor
from projector.loaders.logdir.scanner import Listed
from projector.model.joined_columns import constant_column
from projector.model.metadata import Column
from projector.typing import AnyArray


@dataclass(frozen=True)
class Member:
    """One tensor of an embedding that is put together.

    Attributes
    ----------
    listed : Listed
        Its file.
    tensor : Tensor
    n_rows : int
        How many points it is.
    keys : tuple of (str, str or None)
        Columns that the folders ``key=value`` above it give to all of its rows.
    """

    listed: Listed
    tensor: Tensor
    n_rows: int = 1
    keys: tuple[tuple[str, str | None], ...] = ()

    def columns(self, own: Iterable[Column], count: int) -> tuple[Column, ...]:
        """Return those of its keys before its own, for `count` of its rows."""
        return (*(constant_column(name, value, count) for name, value in self.keys), *own)


@dataclass(frozen=True)
class Joined:
    """How an embedding is put together.

    Attributes
    ----------
    members : tuple of Member
        In the order of the points.
    texts : dict of str to list of str
        Columns that are known from names: keys, files, folders.
    notes : tuple of str
        Warnings of the dataset.
    most : int or None
        Points beyond which some are drawn at random, even if memory holds all.
    """

    members: tuple[Member, ...]
    texts: dict[str, list[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    most: int | None = None

    @property
    def files(self) -> tuple[File, ...]:
        """Every file that it needs, once."""
        return tuple(
            {member.listed.file.path: member.listed.file for member in self.members}.values()
        )


def loaded_members(
    members: Sequence[Member], n_dims: int
) -> Iterator[tuple[Member, AnyArray, Loaded]]:
    """Yield every member with its rows, (n_rows, n_dims), and what else was read.

    Raises
    ------
    LoadError
        A member cannot be read, or has another shape than it was listed with.
    """
    for member, loaded in _loaded(members):
        rows = np.asarray(loaded.values)
        if rows.size != member.n_rows * n_dims:
            raise LoadError(
                member.listed.file.path,
                f"{member.tensor.name!r} now has the shape {rows.shape}; expected "
                f"{member.n_rows:,} x {n_dims:,}. Refresh the listing.",
            )
        yield member, rows.reshape(member.n_rows, n_dims), loaded


def _loaded(members: Sequence[Member]) -> Iterator[tuple[Member, Loaded]]:
    """Yield every member with its numbers; tensors of one file are read together."""
    at = 0
    while at < len(members):
        listed = members[at].listed
        stop = at
        while stop < len(members) and members[stop].listed is listed:
            stop += 1
        same = members[at:stop]
        if len(same) > 1 and isinstance(listed.loader, SeveralLoader):
            several = listed.loader.load_several(listed.file, [each.tensor for each in same])
            yield from zip(same, several, strict=True)
        else:
            for member in same:
                yield member, listed.loader.load(listed.file, member.tensor)
        at = stop

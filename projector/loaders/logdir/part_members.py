"""What an embedding is put together from: tensors of several files, or of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from projector.loaders.base import File, Loaded, SeveralLoader, Tensor
from projector.loaders.logdir.scanner import Listed


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


def loaded_members(members: Sequence[Member]) -> Iterator[tuple[Member, Loaded]]:
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

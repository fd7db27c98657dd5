"""Embeddings that are put together from several tensors: vectors, or the parts of a matrix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, Found, Loaded, Loader, SeveralLoader, Tensor
from projector.loaders.logdir.scanner import Listed
from projector.model.joined_columns import joined_columns
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
    """

    listed: Listed
    tensor: Tensor
    n_rows: int = 1


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
    """

    members: tuple[Member, ...]
    texts: dict[str, list[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[File, ...]:
        """Every file that it needs, once."""
        return tuple(
            {member.listed.file.path: member.listed.file for member in self.members}.values()
        )


class JoinedLoader:
    """Reads the members one after the other; more than one of them is never in memory."""

    extensions = ()

    def __init__(self, loader: Loader) -> None:
        self.name = loader.name
        self.title = loader.title

    def sniff(self, file: File) -> bool:
        """Return False: no single file is one."""
        return False

    def list(self, file: File) -> Found:
        """Return nothing; see `sniff`."""
        return Found()

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read all members into one matrix, and join the columns of their files.

        Raises
        ------
        LoadError
            A member cannot be read, or has changed since it was listed.
        """
        plan: Joined = tensor.detail
        n_points, n_dims = tensor.shape
        values: AnyArray | None = None
        warnings: dict[str, int] = {}
        tables: list[tuple[Column, ...]] = []
        at = 0
        for member, loaded in _loaded(plan.members):
            rows = np.asarray(loaded.values)
            if rows.size != member.n_rows * n_dims:
                raise LoadError(
                    member.listed.file.path,
                    f"{member.tensor.name!r} now has the shape {rows.shape}; expected "
                    f"{member.n_rows:,} x {n_dims:,}. Refresh the listing.",
                )
            if values is None:
                values = np.empty((n_points, n_dims), rows.dtype)
            elif np.result_type(values, rows) != values.dtype:
                values = values.astype(np.result_type(values, rows))
            values[at : at + member.n_rows] = rows.reshape(member.n_rows, n_dims)
            at += member.n_rows
            tables.append(loaded.columns)
            for warning in loaded.warnings:
                warnings[warning] = warnings.get(warning, 0) + 1
        if values is None:
            raise LoadError(file.path, "has no parts left. Refresh the listing.")
        texts = [Column.from_values(name, each) for name, each in plan.texts.items()]
        counts = [member.n_rows for member in plan.members]
        said = [text if n == 1 else f"{text} ({n:,} times)" for text, n in warnings.items()]
        return Loaded(values, (*texts, *joined_columns(tables, counts)), (*plan.notes, *said))


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

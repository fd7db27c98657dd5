"""Reads embeddings that are put together from several tensors: vectors, or parts of a matrix."""

from __future__ import annotations

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, Found, Loaded, Loader, Tensor
from projector.loaders.logdir.drawn_sample import load_drawn, rows_to_draw
from projector.loaders.logdir.part_members import Joined, loaded_members
from projector.model.joined_columns import joined_columns
from projector.model.metadata import Column
from projector.typing import AnyArray


class JoinedLoader:
    """Reads the members one after the other; more than one of them is never in memory.

    What memory does not hold is drawn at random; see `drawn_sample`.
    """

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
        drawn = rows_to_draw(tensor, plan.most) if not plan.texts else None
        if drawn is not None:
            return load_drawn(plan, tensor, drawn)
        n_points, n_dims = tensor.shape
        values: AnyArray | None = None
        warnings: dict[str, int] = {}
        tables: list[tuple[Column, ...]] = []
        at = 0
        for member, rows, loaded in loaded_members(plan.members, n_dims):
            if values is None:
                values = np.empty((n_points, n_dims), rows.dtype)
            elif np.result_type(values, rows) != values.dtype:
                values = values.astype(np.result_type(values, rows))
            values[at : at + member.n_rows] = rows
            at += member.n_rows
            tables.append(member.columns(loaded.columns, member.n_rows))
            for warning in loaded.warnings:
                warnings[warning] = warnings.get(warning, 0) + 1
        if values is None:
            raise LoadError(file.path, "has no parts left. Refresh the listing.")
        texts = [Column.from_values(name, each) for name, each in plan.texts.items()]
        counts = [member.n_rows for member in plan.members]
        said = [text if n == 1 else f"{text} ({n:,} times)" for text, n in warnings.items()]
        return Loaded(values, (*texts, *joined_columns(tables, counts)), (*plan.notes, *said))

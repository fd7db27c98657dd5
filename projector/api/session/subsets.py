"""Parts of datasets that somebody wants to see by themselves: in memory, until the session ends."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.api.session.dataset_cache import Opened
from projector.api.session.in_memory import InMemoryLog, entry_of
from projector.errors import MemoryLimitError
from projector.machine.byte_size import byte_size
from projector.machine.memory import available_memory
from projector.model.dataset import Dataset
from projector.model.listing import Entry
from projector.model.subset import take_points
from projector.model.unique_names import unique_name

#: The format of these entries.
FORMAT = "subset"
#: Of the free memory, what the vectors of one may take.
_SHARE = 0.5


@dataclass(frozen=True)
class Subset:
    """Where the points of a subset are from.

    Attributes
    ----------
    parent : Entry
        Of the dataset that it is a part of; that may be a subset, too.
    ids : ndarray of int64
        Of each point the row in the dataset that is no subset, ascending.
    """

    parent: Entry
    ids: NDArray[np.int64]


class Subsets(InMemoryLog):
    """A catalog of subsets."""

    def __init__(self) -> None:
        super().__init__(())
        self._about: dict[str, Subset] = {}
        self._making = threading.Lock()

    def of(self, dataset_id: str) -> Subset | None:
        """Return where a subset's points are from; None for what is no subset."""
        return self._about.get(dataset_id)

    def make(self, parent: Opened, rows: NDArray[np.int64]) -> Entry:
        """List some points of a dataset as a dataset; the same points are listed once.

        Raises
        ------
        MemoryLimitError
            There is no room for another copy of these vectors.
        """
        above = self.of(parent.id)
        ids = rows if above is None else above.ids[rows]
        with self._making:
            for key, known in self._about.items():
                if known.parent.id == parent.id and np.array_equal(known.ids, ids):
                    return self.listing.by_id[key]
            size, free = len(rows) * parent.data.held_dims * 4, available_memory()
            if size > _SHARE * free:
                raise MemoryLimitError(
                    f"{len(rows):,} points need {byte_size(size)} of memory as a dataset of their "
                    f"own, and {byte_size(int(free))} are free. Select fewer."
                )
            made = take_points(parent.data, rows, self._name(parent.entry, len(rows)))
            entry = entry_of(made, FORMAT)
            self._about[entry.id] = Subset(parent.entry, ids)
            self._add(entry, made)
            return entry

    def _name(self, parent: Entry, n: int) -> str:
        name = f"{parent.name} · {n:,} point{'' if n == 1 else 's'}"
        return unique_name(name, {each.name for each in self.entries if each.run == parent.run})

    def _add(self, entry: Entry, data: Dataset) -> None:
        with self._lock:
            self._datasets = {**self._datasets, entry: data}
            self.listing = self._list()

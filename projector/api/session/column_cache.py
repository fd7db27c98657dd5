"""Keeps what was computed from the columns that were used last."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from projector.model.metadata import Column

_Made = TypeVar("_Made")


class ColumnCache(Generic[_Made]):
    """Values computed from columns; the least recently used are dropped. Safe from any thread.

    Parameters
    ----------
    limit : int
        How many are kept.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        # The column itself is kept, too: its id names it only as long as it exists.
        self._made: OrderedDict[int, tuple[Column, _Made]] = OrderedDict()

    def get(self, column: Column, make: Callable[[], _Made]) -> _Made:
        """Return what was made of `column`; call `make` if it is not in the cache."""
        with self._lock:
            known = self._made.get(id(column))
            if known is not None:
                self._made.move_to_end(id(column))
                return known[1]
        made = make()
        with self._lock:
            self._made[id(column)] = column, made
            while len(self._made) > self._limit:
                self._made.popitem(last=False)
        return made

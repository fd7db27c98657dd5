"""What was made of a column lately, kept because it will be asked for again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from projector.model.metadata import Column

_Made = TypeVar("_Made")


class Recent(Generic[_Made]):
    """The last few things that were made of columns. Safe from any thread.

    Parameters
    ----------
    limit : int
        How many are kept.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        # The column is kept with it: its id names it only as long as it lives.
        self._made: OrderedDict[int, tuple[Column, _Made]] = OrderedDict()

    def get(self, column: Column, make: Callable[[], _Made]) -> _Made:
        """Return what was made of `column`, making it where nobody has lately."""
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

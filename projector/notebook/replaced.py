"""Ends the pages of a cell that is run again: their outputs are gone, and so is their use."""

from __future__ import annotations

import weakref
from typing import Protocol

from projector.notebook.kernel import RunningCell


class Retiring(Protocol):
    """What can be replaced."""

    def retire(self) -> None:
        """End as soon as nobody looks any more."""


class PagesOfCells:
    """Knows which pages were made by which cell, and lets those of its last run go."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[str, list[weakref.ref[Retiring]]]] = {}

    def add(self, page: Retiring, running: RunningCell | None) -> None:
        """Note a page that a cell has made; where the cell is not known, nothing is."""
        if running is None:
            return
        execution, pages = self._made.get(running.cell, ("", []))
        if execution != running.execution:
            for each in pages:
                before = each()
                if before is not None:
                    before.retire()
            pages = []
        self._made[running.cell] = (running.execution, [*pages, weakref.ref(page)])

"""The kernel of a notebook, as far as it says something of itself."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple


class RunningCell(NamedTuple):
    """The cell that runs now, and which time it runs."""

    cell: str
    execution: str


def in_kernel() -> bool:
    """Return whether this is the kernel of a notebook, not a terminal or a script."""
    return _kernel() is not None


def running_cell() -> RunningCell | None:
    """Return the cell that runs now; None where the notebook does not say."""
    kernel = _kernel()
    get_parent = getattr(kernel, "get_parent", None)
    request = get_parent("shell") if get_parent is not None else None
    if not isinstance(request, dict):
        return None
    cell = request.get("metadata", {}).get("cellId")
    execution = request.get("header", {}).get("msg_id")
    return RunningCell(cell, execution) if cell and execution else None


def _kernel() -> Any:
    # A program that has not imported IPython is no kernel of it.
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return getattr(shell, "kernel", None)

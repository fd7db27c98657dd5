"""The callback with which discovery's parts report problems."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from projector.model.listing import Severity


class Report(Protocol):
    """Adds a problem to the listing."""

    def __call__(self, run: str, path: Path, message: str, severity: Severity = "error") -> None:
        """Report what is wrong with the file at `path`."""

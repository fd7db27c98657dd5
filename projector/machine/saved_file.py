"""Saves a file of a person's, whole or not at all; what the system refuses is one sentence."""

from __future__ import annotations

from pathlib import Path

from projector.machine.atomic_write import atomic_write
from projector.machine.shortages import saving


def save_bytes(path: Path, content: bytes, *, sync: bool = True) -> None:
    """Write a file; see `atomic_write`.

    Raises
    ------
    SaveError
        The disk is full, or the folder cannot be written to.
    """
    with saving(path, needs=len(content)), atomic_write(path, sync=sync) as file:
        file.write(content)

"""Finds the demo data."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def demo_folder() -> Path | None:
    """Return the folder of the demo data, in the installed package or in a checkout; else None."""
    for folder in (_PACKAGE / "demo_data", _PACKAGE.parent / "demo_data"):
        if folder.is_dir():
            return folder
    return None

"""Where the demo data is, which opens when nothing is named and on request from an empty page."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def demo_folder() -> Path | None:
    """Return where the demo data is: in the installed package, or in a checkout beside it."""
    for folder in (_PACKAGE / "demo_data", _PACKAGE.parent / "demo_data"):
        if folder.is_dir():
            return folder
    return None

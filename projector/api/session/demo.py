"""Finds the demo data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parents[2]


def demo_folder() -> Path | None:
    """Return the folder of the demo data, in the installed package or in a checkout; else None."""
    for folder in (_PACKAGE / "demo_data", _PACKAGE.parent / "demo_data"):
        if folder.is_dir():
            return folder
    return None


def source_or_demo(source: Any) -> tuple[Any, bool]:
    """Return what to show where `source` may be None, and whether it is the demo data."""
    demo = demo_folder() if source is None else None
    return (source if source is not None else demo or "."), demo is not None

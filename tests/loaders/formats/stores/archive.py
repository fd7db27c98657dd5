"""Stores that real libraries wrote, unpacked once (tests/fixtures/make_formats.py)."""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path

from projector.loaders.base import File
from projector.loaders.logdir.walk import walk
from tests.loaders.formats.fixture_files import FILES

ARCHIVE = FILES.parent / "stores.zip"


@cache
def names() -> tuple[str, ...]:
    """Return the folders that are stores, by their path in the archive."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        parts = {name.rpartition("/")[0] for name in archive.namelist()}
    return tuple(sorted(name for name in parts if name.endswith(".zarr")))


def unpacked(folder: Path, prefix: str = "") -> Path:
    """Unpack what begins with a prefix, and return where it is."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        members = [name for name in archive.namelist() if name.startswith(prefix)]
        archive.extractall(folder, members)
    return (folder / prefix).resolve()


def marker(store: Path) -> File:
    """Return the file that stands for a store."""
    folders, problems = walk(store.resolve())
    assert not problems
    (file,) = folders[0].files.values()
    return file

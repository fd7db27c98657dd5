from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from projector.loaders.remote import mirrors
from tests.loaders.remote.counting import CountingFileSystem


@pytest.fixture
def no_mirrors(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Begin without mirrors and with an empty cache, as a new process does; give its folder."""
    cache = tmp_path / "cache"
    monkeypatch.setenv("PROJECTOR_CACHE_DIR", str(cache))
    monkeypatch.setattr(mirrors, "_mirrors", {})
    return cache / "remote"


@pytest.fixture
def counted(no_mirrors: Path) -> Iterator[type[CountingFileSystem]]:
    """Give an empty file system that counts; its address is ``counted://bucket``."""
    CountingFileSystem.reset()
    yield CountingFileSystem
    CountingFileSystem.reset()


def forget_mirrors() -> None:
    """Forget the mirrors, as a process does that starts anew with the same cache."""
    mirrors._mirrors.clear()

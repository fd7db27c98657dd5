"""The small files that real libraries wrote (tests/fixtures/make_formats.py), read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from projector.loaders.base import File, Found, Loaded
from projector.loaders.formats.registry import find_loader
from tests.loaders.writers import file_at

FILES = Path(__file__).parents[2] / "fixtures" / "formats"


def fixture_file(path: str) -> File:
    """Return a file of the fixtures."""
    return file_at(FILES / path)


def listed(file: File) -> Found:
    """Return what the loader that recognizes a file finds in it."""
    loader = find_loader(file)
    assert loader is not None
    return loader.list(file)


def loaded(file: File, name: str) -> Loaded:
    """Return a tensor of a file by its name."""
    loader = find_loader(file)
    assert loader is not None
    tensors = loader.list(file).tensors
    (tensor,) = [each for each in tensors if each.name == name]
    values = loader.load(file, tensor)
    assert values.values.shape == tensor.shape
    return values


def columns(data: Loaded) -> dict[str, list[Any]]:
    """Return the columns of the metadata by name."""
    return {column.name: column.text.to_list() for column in data.columns}

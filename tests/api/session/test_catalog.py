"""A log directory and datasets in memory are the same to a session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.api.session.catalog import Catalog
from projector.api.session.in_memory import open_in_memory
from projector.api.session.logdir_catalog import LogdirCatalog
from projector.errors import ConflictError, ParameterError, UnknownNameError
from projector.model.dataset import Dataset
from projector.model.listing import Entry
from tests.conftest import write_log

Array = np.ndarray[Any, np.dtype[np.float32]]


def on_disk(folder: Path, vectors: Array) -> Catalog:
    return LogdirCatalog(write_log(folder / "runs", vectors).resolve())


def in_memory(folder: Path, vectors: Array) -> Catalog:
    return open_in_memory(Dataset(vectors, metadata={"label": ["a"] * 300}, name="default"))


@pytest.fixture(params=[on_disk, in_memory])
def catalog(request: pytest.FixtureRequest, tmp_path: Path, blobs: Array) -> Catalog:
    make: Callable[[Path, Array], Catalog] = request.param
    return make(tmp_path, blobs)


def test_an_entry_is_loaded_with_its_tags_or_without(catalog: Catalog) -> None:
    (entry,) = catalog.listing.entries
    saved = catalog.save_tags(entry, catalog.tags(entry).with_values([3], "kind", "odd"))
    (tagged,) = catalog.listing.entries
    assert tagged.tags != entry.tags == ""
    assert catalog.sidecar(tagged).revision == saved.revision
    assert tagged.untagged == entry.untagged
    assert "kind" in catalog.load(tagged).metadata
    bare = catalog.load(tagged, tags=False)
    assert "kind" not in bare.metadata
    assert catalog.tagged(tagged, bare).metadata["kind"].text[3] == "odd"
    assert not catalog.refresh()


def test_conflicts_and_foreign_tags_are_refused(catalog: Catalog) -> None:
    (entry,) = catalog.listing.entries
    tags = catalog.tags(entry).with_values([3], "kind", "odd")
    with pytest.raises(ConflictError):
        catalog.save_tags(entry, tags, expected="0" * 16)
    with pytest.raises(ParameterError, match="These are tags of"):
        catalog.save_tags(entry, type(tags)("other", 300, tags.columns))
    assert catalog.listing.entries == (entry,)


def test_an_entry_that_is_not_listed_is_unknown(catalog: Catalog) -> None:
    gone = Entry(".", "gone", None, (2, 2), "float32", "npy", "gone.npy")
    with pytest.raises(UnknownNameError, match="gone"):
        catalog.load(gone)
    with pytest.raises(UnknownNameError):
        catalog.bookmarks(gone)


def test_companions(catalog: Catalog) -> None:
    (entry,) = catalog.listing.entries
    assert catalog.scalars(entry) == ({}, [])
    with pytest.raises(UnknownNameError, match="bookmarks"):
        catalog.bookmarks(entry)


def test_media_are_read_from_the_log_directory_alone(tmp_path: Path, blobs: Array) -> None:
    disk, memory = on_disk(tmp_path, blobs), in_memory(tmp_path, blobs)
    png = b"\x89PNG\r\n\x1a\n"
    (tmp_path / "runs" / "x.png").write_bytes(png)
    assert disk.media(disk.listing.entries[0], "x.png") == (png, "image/png")
    with pytest.raises(UnknownNameError, match="no image or sound"):
        memory.media(memory.listing.entries[0], "x.png")
    assert (disk.watched, memory.watched) == ((disk.root,), ())
    assert (disk.save_sidecars, memory.save_sidecars) == (True, False)

"""Dropped files: what is dropped together belongs together, as it does in a folder."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from projector.api.session.uploads import Uploads
from projector.loaders import load, open_logdir
from projector.model.dataset import Dataset

CITIES = ["Aachen", "Bonn", "Chemnitz", "Dresden", "Erfurt"]


@pytest.fixture
def uploads() -> Iterator[Uploads]:
    found = Uploads()
    yield found
    found.close()


def dropped(uploads: Uploads, folder: Path) -> Dataset:
    """Drop all files of a folder, and return the first dataset."""
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        uploads.receive("batch", path.name, io.BytesIO(content), len(content))
    uploads.refresh()
    catalog = uploads.catalog
    assert catalog is not None
    return catalog.load(catalog.listing.entries[0])


def test_a_file_is_the_same_alone_in_its_folder_and_dropped(
    tmp_path: Path, uploads: Uploads
) -> None:
    values = np.random.default_rng(3).normal(size=(5, 4)).astype(np.float32)
    np.save(tmp_path / "emb.npy", values)
    np.save(tmp_path / "codes.npy", np.arange(5) % 2)
    (tmp_path / "cities.txt").write_text("\n".join(CITIES))
    log = open_logdir(tmp_path)
    found = [
        log.load(log.entries[0]),
        load(tmp_path),
        load(tmp_path / "emb.npy"),
        dropped(uploads, tmp_path),
    ]
    for data in found:
        np.testing.assert_array_equal(data.vectors, values)
        assert data.metadata.names == found[0].metadata.names
        assert [c.text.to_list() for c in data.metadata.columns] == [
            [str(code) for code in np.arange(5) % 2],
            CITIES,
        ]


def test_files_of_one_vector_that_are_dropped_are_points(tmp_path: Path, uploads: Uploads) -> None:
    for number, city in enumerate(CITIES):
        np.save(tmp_path / f"{city}.npy", np.full(9, number, np.float32))
    data = dropped(uploads, tmp_path)
    assert data.vectors[:, 0].tolist() == [0, 1, 2, 3, 4]
    assert data.metadata["name"].text.to_list() == CITIES


class Breaking(io.BytesIO):
    """A connection that breaks after some bytes."""

    def read(self, size: int | None = -1) -> bytes:
        """Return what is there, then fail."""
        found = super().read(size)
        if not found:
            raise EOFError
        return found


def test_what_breaks_off_leaves_no_folder_but_those_of_others(uploads: Uploads) -> None:
    root = uploads._folder()
    with pytest.raises(EOFError):
        uploads.receive("one", "a.npy", Breaking(b"half"), 100)
    assert [each.name for each in root.rglob("*") if each.is_dir()] == []
    uploads.receive("two", "a.tsv", io.BytesIO(b"1\t2\n"), 4)

    class Overtaken(Breaking):
        def read(self, size: int | None = -1) -> bytes:
            found = super().read(size)
            with pytest.raises(EOFError):
                uploads.receive("three", "b.tsv", Breaking(b"half"), 100)
            return found

    with pytest.raises(EOFError):
        uploads.receive("three", "a.tsv", Overtaken(b"half"), 100)
    left = {each.relative_to(root).as_posix() for each in root.rglob("*")}
    assert {each for each in left if each.startswith("dropped")} == {
        "dropped",
        "dropped/two",
        "dropped/two/a.tsv",
    }

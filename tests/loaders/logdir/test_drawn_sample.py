"""What memory does not hold is drawn at random, and says so; what it holds is loaded whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector.loaders import open_logdir
from projector.loaders.logdir import drawn_sample
from projector.machine.memory import FreeMemory
from projector.model.dataset import Dataset
from tests.loaders.partitioned.written import write_parts

KINDS = [".parquet", ".arrow", ".npy", ".npz"]


def written(folder: Path, suffix: str) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    if suffix != ".npz":
        return write_parts(folder, [300, 400, 50], suffix)
    whole = write_parts(folder, [300, 400, 50], ".npy")
    for path in folder.glob("*.npy"):
        np.savez(path.with_suffix(".npz"), vectors=np.load(path))
        path.unlink()
    return whole


def loaded(folder: Path) -> Dataset:
    log = open_logdir(folder)
    (entry,) = log.entries
    assert entry.shape == (750, 8)
    return log.load(entry)


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn_sample, "free_memory", lambda: FreeMemory(40_000, "a test"))
    monkeypatch.setattr(drawn_sample, "N_DRAWN", 100)


@pytest.mark.parametrize("suffix", KINDS)
def test_what_fits_is_loaded_whole(tmp_path: Path, suffix: str) -> None:
    whole = written(tmp_path, suffix)
    data = loaded(tmp_path)
    assert data.n_all is None
    np.testing.assert_array_equal(data.vectors, whole)


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("suffix", KINDS)
def test_what_does_not_fit_is_drawn_and_says_so(tmp_path: Path, suffix: str) -> None:
    whole = written(tmp_path, suffix)
    data = loaded(tmp_path)
    assert (data.n_points, data.n_all) == (100, 750)
    numbers = data.metadata["index"].numbers
    assert numbers is not None
    rows = numbers.astype(np.int64)
    assert len(np.unique(rows)) == 100
    np.testing.assert_array_equal(data.vectors, whole[rows])
    assert data.warnings[0] == "100 of 750 points, drawn at random."
    assert "a test. So some are drawn (seed 0)" in data.warnings[1]
    assert data.with_warnings(["x"]).n_all == data.renamed("y").n_all == 750
    if suffix in (".parquet", ".arrow"):
        assert data.metadata["text"].text.to_list() == [f"text {row}" for row in rows]
    # The same points again.
    assert loaded(tmp_path).content_hash == data.content_hash


@pytest.mark.usefixtures("little_memory")
def test_every_point_is_as_likely(tmp_path: Path) -> None:
    """The drawn rows are spread as by chance: chi-square of 10 bins within 99.9 %."""
    written(tmp_path, ".npy")
    numbers = loaded(tmp_path).metadata["index"].numbers
    assert numbers is not None
    counts = np.histogram(numbers, bins=10, range=(0, 750))[0]
    assert ((counts - 10) ** 2 / 10).sum() < 27.9


@pytest.mark.usefixtures("little_memory")
def test_folders_of_keys_stay_columns(tmp_path: Path) -> None:
    write_parts(tmp_path / "lang=en", [400], name="part-0")
    write_parts(tmp_path / "lang=de", [350], name="part-0")
    data = loaded(tmp_path)
    rows = data.metadata["index"].numbers
    assert rows is not None
    expected = ["de" if row < 350 else "en" for row in rows]
    assert data.metadata["lang"].text.to_list() == expected


@pytest.mark.usefixtures("little_memory")
def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    written(tmp_path, ".npy")
    log = open_logdir(tmp_path)
    (tmp_path / "part-1.npy").unlink()
    with pytest.raises(Exception, match="part-1"):
        log.load(log.entries[0])

"""Reading a dataset: what cannot be read of its companions costs a warning only."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.base import File, Loaded, Tensor
from projector.loaders.formats.arrays.npy import Npy
from projector.loaders.logdir import dataset_reading
from projector.loaders.logdir.dataset_reading import read_source
from projector.loaders.logdir.sources import Source
from projector.model.dataset import Dataset
from projector.model.metadata import Column
from tests.loaders.writers import file_at, file_with


def saved(folder: Path, values: NDArray[np.generic]) -> Source:
    np.save(folder / "v.npy", values)
    file = file_at(folder / "v.npy")
    (tensor,) = Npy().list(file).tensors
    return Source(file, Npy(), tensor, "run", 7)


def test_vectors_are_those_of_the_file(tmp_path: Path) -> None:
    values = np.arange(8, dtype=np.float32).reshape(4, 2)
    data = read_source(saved(tmp_path, values))
    np.testing.assert_array_equal(data.vectors, values)
    assert (data.embedding.name, data.embedding.run, data.embedding.step) == ("v", "run", 7)
    assert data.warnings == ()


def test_metadata_follows_the_columns_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = saved(tmp_path, np.ones((2, 2), np.float32))
    source.metadata = file_with(tmp_path / "m.tsv", "x\ny\n")
    source.warnings = ["from discovery"]
    own = Loaded(np.ones((2, 2), np.float32), (Column.from_values("word", ["a", "b"]),), ("own",))
    monkeypatch.setattr(Npy, "load", lambda *_: own)
    data = read_source(source)
    assert data.metadata.names == ("word", "label")
    assert data.warnings == ("own", "from discovery")


@pytest.mark.parametrize(
    ("metadata", "sprite", "warning"),
    [
        (b"\x00\x01" * 99 + b"\xff", None, "m.tsv: is a binary file"),
        (None, b"no image", "s.png: "),
        (None, b"", "s.png: the sprite is empty"),
    ],
)
def test_unreadable_companions_cost_a_warning(
    tmp_path: Path, metadata: bytes | None, sprite: bytes | None, warning: str
) -> None:
    source = saved(tmp_path, np.ones((2, 2), np.float32))
    if metadata is not None:
        source.metadata = file_with(tmp_path / "m.tsv", metadata)
    if sprite is not None:
        source.sprite = file_with(tmp_path / "s.png", sprite)
        source.tile = (1, 1)
    data = read_source(source)
    assert data.n_points == 2
    assert data.metadata.columns == ()
    assert data.sprite is None
    assert any(each.startswith(warning) for each in data.warnings), data.warnings


def test_a_sprite_that_is_gone_costs_a_warning(tmp_path: Path) -> None:
    source = saved(tmp_path, np.ones((2, 2), np.float32))
    source.sprite = file_with(tmp_path / "s.png", b"x")
    (tmp_path / "s.png").unlink()
    assert "s.png: cannot be opened" in read_source(source).warnings[0]


def test_rows_that_are_not_finite_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.ones((30, 2), np.float32)
    values[3:29, 0] = np.nan
    values[1, 1] = np.inf
    (warning,) = read_source(saved(tmp_path, values)).warnings
    assert warning == (
        "27 rows contain NaN or infinity and cannot be projected: rows 1, 3, 4, 5, 6, 7, 8, 9 …."
    )
    monkeypatch.setattr(dataset_reading, "_MAX_CHECKED", 59)
    assert read_source(saved(tmp_path, values)).warnings == ()


@pytest.mark.parametrize(
    "error", [KeyError("x"), ValueError("x"), MemoryError(), ZeroDivisionError(), OSError("x")]
)
def test_an_unexpected_error_is_a_load_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    source = saved(tmp_path, np.ones((2, 2), np.float32))

    def fail(self: Npy, file: File, tensor: Tensor) -> Loaded:
        raise error

    monkeypatch.setattr(Npy, "load", fail)
    with pytest.raises(LoadError, match=r"v\.npy: (cannot be read|does not fit in memory)"):
        read_source(source)


@pytest.mark.parametrize("shape", [(4,), (0, 2), (2, 2, 2), ()])
def test_a_tensor_that_has_changed_its_shape_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: tuple[int, ...]
) -> None:
    source = saved(tmp_path, np.ones((2, 2), np.float32))
    monkeypatch.setattr(Npy, "load", lambda *_: Loaded(np.ones(shape)))
    with pytest.raises(LoadError, match="now has the shape"):
        read_source(source)


def test_vectors_that_are_not_numbers_name_their_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = saved(tmp_path, np.ones((2, 2), np.float32))
    monkeypatch.setattr(Npy, "load", lambda *_: Loaded(np.ones((2, 2), np.complex64)))
    with pytest.raises(LoadError, match=r"^v\.npy: "):
        read_source(source)


def test_the_vectors_are_given_before_the_metadata_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = saved(tmp_path, np.eye(2, dtype=np.float32))
    source.metadata = file_with(tmp_path / "m.tsv", "x\ny\n")
    order: list[str] = []
    original: Any = vars(dataset_reading)["read_metadata"]

    def read(*given: Any) -> Any:
        order.append("metadata")
        return original(*given)

    monkeypatch.setattr(dataset_reading, "read_metadata", read)
    given: list[Dataset] = []

    def take(vectors: Dataset) -> None:
        order.append("vectors")
        given.append(vectors)

    data = read_source(source, take)
    assert order == ["vectors", "metadata"]
    assert given[0].metadata.names == ()
    assert given[0].embedding is data.embedding, "what is hashed of one is known of the other"
    assert data.metadata.names == ("label",)


def test_vectors_of_a_file_that_changed_meanwhile_are_not_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = saved(tmp_path, np.zeros((2, 2), np.float32))
    old = time.time() - 100
    os.utime(tmp_path / "v.npy", (old, old))
    original, n_read = Npy.load, 0

    def load(*given: Any) -> Loaded:
        nonlocal n_read
        n_read += 1
        found = original(*given)
        if n_read == 1:
            np.save(tmp_path / "v.npy", np.ones((2, 2), np.float32))
        return found

    monkeypatch.setattr(Npy, "load", load)
    given: list[float] = []
    data = read_source(source, lambda vectors: given.append(float(vectors.vectors[0, 0])))
    assert float(data.vectors[0, 0]) == 1
    assert given == [1]

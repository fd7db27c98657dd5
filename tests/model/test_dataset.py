from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector.errors import ShapeError, UnknownNameError
from projector.model.dataset import Dataset, Embedding
from projector.model.metadata import Metadata


def test_a_dataset_joins_vectors_and_columns() -> None:
    data = Dataset([[1, 2, 3], [4, 5, 6]], metadata={"label": ["a", "b"]})
    assert data.vectors.dtype == np.float32
    assert data.vectors.flags.c_contiguous
    assert (data.n_points, data.n_dims) == (2, 3)
    assert data.metadata["label"].text.to_list() == ["a", "b"]
    assert data.sprite is None
    assert data.warnings == ()


def test_a_float32_memory_map_stays_one(tmp_path: Path) -> None:
    np.arange(6, dtype=np.float32).tofile(tmp_path / "x")
    mapped = np.memmap(tmp_path / "x", np.float32, "r", shape=(2, 3))
    assert Dataset(mapped).vectors is mapped


@pytest.mark.parametrize("shape", [(3,), (2, 2, 2), (0, 4), (4, 0)])
def test_only_tables_of_points_are_embeddings(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match="embedding"):
        Dataset(np.zeros(shape))


def test_complex_numbers_and_texts_are_refused() -> None:
    with pytest.raises(ShapeError, match="Complex"):
        Dataset(np.zeros((2, 2), complex))
    with pytest.raises(ShapeError, match="numbers"):
        Dataset(np.array([["a", "b"]]))


def test_metadata_must_have_a_row_a_point() -> None:
    with pytest.raises(ShapeError, match="3 rows for 2 points"):
        Dataset(np.zeros((2, 2)), metadata={"label": ["a", "b", "c"]})
    with pytest.raises(ShapeError, match="same number of rows"):
        Metadata.from_mapping({"a": [1], "b": [1, 2]})


def test_values_beyond_float32_are_a_warning() -> None:
    data = Dataset(np.array([[1e300, 1.0], [2.0, 3.0]]))
    assert np.isinf(data.vectors[0, 0])
    assert data.warnings == ("1 values exceed the range of float32 and became infinite.",)
    assert data.finite_rows.tolist() == [False, True]


def test_the_content_hash_changes_with_a_bit_and_with_the_shape() -> None:
    vectors = np.random.default_rng(0).normal(size=(100, 8)).astype(np.float32)
    one = Dataset(vectors).content_hash
    other = vectors.copy()
    other[50, 3] = np.nextafter(other[50, 3], np.float32(9))
    assert len(one) == 32
    assert Dataset(vectors.copy()).content_hash == one
    assert Dataset(other).content_hash != one
    assert Dataset(vectors.reshape(50, 16)).content_hash != one
    assert Embedding(vectors, known_hash="x").content_hash == "x"


def test_an_unknown_column_names_the_close_ones() -> None:
    data = Dataset(np.zeros((1, 1)), metadata={"label": ["a"], "n": [1]})
    with pytest.raises(UnknownNameError, match="Did you mean 'label'"):
        data.metadata["lable"]

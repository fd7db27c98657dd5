from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from projector.errors import ParameterError, ShapeError
from projector.model.metadata import Metadata
from projector.model.projection import Projection

METADATA = Metadata.from_mapping({"label": ["a\tb", None, 'say "hi"'], "x": [1, 2, 3]})


@pytest.fixture
def projection() -> Projection:
    positions = np.array([[0.1, 2], [np.nan, np.nan], [3, 1e-7]], np.float32)
    return Projection(positions, "umap", {"n_neighbors": 15}, {"seconds": 1.0})


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".feather"])
def test_tables_keep_positions_columns_and_parameters(
    projection: Projection, tmp_path: Path, suffix: str
) -> None:
    path = projection.save(tmp_path / f"map{suffix}", metadata=METADATA)
    table = pq.read_table(path) if suffix == ".parquet" else feather.read_table(path)
    assert table.column_names == ["x", "y", "label", "x_2"]
    assert table["x"].to_numpy()[0] == np.float32(0.1)
    assert table["label"].to_pylist() == ["a\tb", None, 'say "hi"']
    about = json.loads(table.schema.metadata[b"projector"])
    assert about["params"] == {"n_neighbors": 15}


@pytest.mark.parametrize(("suffix", "delimiter"), [(".csv", ","), (".tsv", "\t")])
def test_texts_read_back_as_the_same_float32(
    projection: Projection, tmp_path: Path, suffix: str, delimiter: str
) -> None:
    import csv

    path = projection.save(tmp_path / f"map{suffix}", metadata=METADATA)
    with path.open(newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    assert rows[0] == ["x", "y", "label", "x_2"]
    assert np.float32(rows[1][0]) == np.float32(0.1)
    assert rows[2][0] == "nan"
    assert [row[2] for row in rows[1:]] == ["a\tb", "", 'say "hi"']


def test_arrays(projection: Projection, tmp_path: Path) -> None:
    again = np.load(projection.save(tmp_path / "map.npy"))
    np.testing.assert_array_equal(again, projection.positions)
    with np.load(projection.save(tmp_path / "map.npz", metadata=METADATA)) as archive:
        np.testing.assert_array_equal(archive["positions"], projection.positions)
        assert archive["metadata/label"].tolist() == ["a\tb", "", 'say "hi"']


def test_an_unknown_extension_lists_the_known_ones(projection: Projection, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"\.parquet"):
        projection.save(tmp_path / "map.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_positions_are_a_table_of_any_number_of_components() -> None:
    assert Projection(np.zeros((3, 5), np.float32), "pca", {}).n_components == 5
    for wrong in (np.zeros(3), np.zeros((3, 0)), np.zeros((3, 2, 1))):
        with pytest.raises(ShapeError):
            Projection(wrong.astype(np.float32), "pca", {})

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from PIL import Image

from projector.errors import DataError, ParameterError, ShapeError
from projector.model.listing import Entry
from projector.model.metadata import Metadata
from projector.model.neighbors import Neighbors
from projector.model.projection import Projection
from projector.model.sprite import Sprite


def sheet(width: int, height: int, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    pixels = np.arange(width * height, dtype=np.uint32).view(np.uint8).reshape(height, width, 4)
    image = Image.fromarray(pixels.copy(), "RGBA")
    (image if kind == "PNG" else image.convert("RGB")).save(out, kind)
    return out.getvalue()


def test_a_sprite_is_cut_by_its_columns_also_when_it_is_not_square() -> None:
    sprite = Sprite(sheet(12, 4), (4, 2), 5)  # 3 columns, 2 rows
    assert (sprite.columns, sprite.rows) == (3, 2)
    tile = np.asarray(sprite.image(4)).copy().view(np.uint32)[..., 0]
    assert tile.tolist() == [[28, 29, 30, 31], [40, 41, 42, 43]]
    with pytest.raises(ShapeError, match="from 0 to 4"):
        sprite.image(5)


def test_a_sprite_that_is_too_large_is_shrunk_tile_by_tile() -> None:
    png, tile, columns = Sprite(sheet(640, 320), (32, 32), 200).atlas(256)
    with Image.open(io.BytesIO(png)) as small:
        assert max(small.size) <= 256
        assert columns * tile[0] <= small.size[0]
    assert tile[0] >= 8
    _, tile, columns = Sprite(sheet(64, 32), (32, 32), 2).atlas(256)
    assert (tile, columns) == ((32, 32), 2)


def test_sprites_that_can_not_be_shown_are_refused() -> None:
    with pytest.raises(DataError, match="not an image"):
        Sprite(b"<svg onload=alert(1)>", (1, 1), 1)
    with pytest.raises(ShapeError, match="has 2 tiles"):
        Sprite(sheet(8, 4), (4, 4), 3)
    with pytest.raises(ShapeError, match="is smaller than a tile"):
        Sprite(sheet(8, 4), (16, 4), 1)
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    with pytest.raises(DataError, match="pixels"):
        Sprite(bomb.getvalue(), (1, 1), 1)
    assert Sprite(sheet(8, 4, "JPEG"), (4, 4), 2).media_type == "image/jpeg"


@pytest.fixture
def projection() -> Projection:
    positions = np.array([[0.1, 2], [np.nan, np.nan], [3, 1e-7]], np.float32)
    return Projection(positions, "umap", {"n_neighbors": 15}, {"seconds": 1.0})


METADATA = Metadata.from_mapping({"label": ["a\tb", None, 'say "hi"'], "x": [1, 2, 3]})


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


def test_an_unknown_suffix_lists_the_known_ones(projection: Projection, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"\.parquet"):
        projection.save(tmp_path / "map.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_positions_have_two_or_three_components() -> None:
    with pytest.raises(ShapeError):
        Projection(np.zeros((3, 4), np.float32), "pca", {})


def test_a_graph_serves_every_smaller_k(tmp_path: Path) -> None:
    graph = Neighbors(
        np.array([[1, 2], [0, 2], [1, 0]], np.int32), np.ones((3, 2), np.float32), "cosine"
    )
    assert graph.nearest(1).indices.tolist() == [[1], [0], [1]]
    with pytest.raises(ParameterError, match="has 2 neighbors"):
        graph.nearest(3)
    table = pq.read_table(graph.save(tmp_path / "n.parquet"))
    assert table["neighbor"].to_pylist() == [1, 2, 0, 2, 1, 0]
    with np.load(graph.save(tmp_path / "n.npz")) as archive:
        assert archive["indices"].shape == (3, 2)
    arrow = feather.read_table(graph.save(tmp_path / "n.arrow"))
    assert arrow["rank"].to_pylist() == [0, 1] * 3
    assert np.load(graph.save(tmp_path / "n.npy")).tolist() == [[1, 2], [0, 2], [1, 0]]
    for suffix, delimiter in ((".csv", ","), (".tsv", "\t")):
        lines = graph.save(tmp_path / f"n{suffix}").read_text().splitlines()
        assert lines[0].replace('"', "").split(delimiter)[2] == "neighbor"
        assert lines[1].split(delimiter)[:3] == ["0", "0", "1"]
    with pytest.raises(ParameterError, match="npz"):
        graph.save(tmp_path / "n.xlsx")


def test_an_entry_id_names_run_tensor_and_step() -> None:
    def entry(run: str, name: str, step: int | None) -> Entry:
        return Entry(run, name, step, (2, 2), "float32", "numpy", "x.npy")

    ids = {
        entry(*key).id
        for key in [(".", "a", None), (".", "a", 0), (".", "a", 1), (".", "b", 1), ("r", "a", 1)]
    }
    assert len(ids) == 5
    assert entry("r\udcff", "a", 1).id == entry("r\udcff", "a", 1).id

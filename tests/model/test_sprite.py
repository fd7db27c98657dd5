from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from projector.errors import DataError, ShapeError
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


def test_sprites_that_cannot_be_shown_are_refused() -> None:
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

"""Sprites: sheets of tiles, and what configs say or forget about them."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from projector.errors import DataError, ShapeError
from projector.loaders.companions.sprites import read_sprite, refusal


def sheet(width: int, height: int, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height)).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("tile", "n_points", "expected", "warning"),
    [
        ((4, 2), 6, (4, 2), ""),
        ((4, 2), 1, (4, 2), ""),
        ((4,), 3, (4, 4), "single_image_dim has only one number, 4"),
        ((5, 2), 4, (5, 2), "12 x 4 pixels are not a multiple of tiles of 5 x 2"),
        ((), 9, (4, 4), "no config gives the tile size, so 4 x 4 pixels are used"),
    ],
)
def test_tiles_are_cut_as_the_config_says(
    tile: tuple[int, ...], n_points: int, expected: tuple[int, int], warning: str
) -> None:
    data = sheet(12, 12 if not tile else 4)
    sprite, warnings = read_sprite(data, tile, n_points)
    assert (sprite.tile, sprite.n_points) == (expected, n_points)
    assert len(warnings) == bool(warning)
    assert all(each.startswith(warning) for each in warnings)


@pytest.mark.parametrize(
    ("data", "tile", "error", "message"),
    [
        (b"", (4, 2), DataError, "the sprite is empty"),
        (b"no image", (), DataError, "not a supported image"),
        (b"no image", (4, 2), DataError, "image"),
        (sheet(12, 4), (0, 0), DataError, r"single_image_dim is \[0, 0\]; expected"),
        (sheet(12, 4), (4, 2, 1), DataError, r"single_image_dim is \[4, 2, 1\]"),
        (sheet(12, 4), (4, 4), ShapeError, "3.*6|6.*3"),
    ],
)
def test_sprites_that_cannot_be_used(
    data: bytes, tile: tuple[int, ...], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        read_sprite(data, tile, 6)


def test_a_truncated_png_is_used_with_a_warning() -> None:
    data = sheet(12, 4)[:-12]
    sprite, (warning,) = read_sprite(data, (4, 4), 3)
    assert sprite.size == (12, 4)
    assert "truncated" in warning


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b"", "is empty"),
        (sheet(2, 2), ""),
        (sheet(2, 2, "GIF"), ""),
        (b"anything else", ""),
        (sheet(2, 2)[:16] + b"\0\0\x40\x01" + b"\0\0\0\x01", "claims to have 16,385 x 1 pixels"),
        (sheet(2, 2)[:16] + b"\0\0\x40\0" + b"\0\0\x40\0", "100,000,000 in total are supported"),
    ],
)
def test_the_first_bytes_tell_what_is_too_large(head: bytes, message: str) -> None:
    found = refusal(head[:24])
    assert message in found
    assert bool(found) == bool(message)

"""Reads sprites: a sheet of tiles, one per point, with the tile size of a config."""

from __future__ import annotations

import io
import math
import warnings

from projector.errors import DataError
from projector.model.sprite import MAX_PIXELS, MAX_SIDE, Sprite

#: The last chunk of every PNG.
_PNG_END = b"IEND\xaeB`\x82"
_PNG = b"\x89PNG\r\n\x1a\n"


def refusal(head: bytes) -> str:
    """Return why a sprite with these first bytes cannot be shown, or an empty string.

    Checks what the first 24 bytes tell: whether it is empty, and how large a PNG claims to be. No
    pixel is decoded.
    """
    if not head:
        return "is empty. Write the image again, or remove it from the config."
    if head[:8] != _PNG or head[12:16] != b"IHDR":
        return ""
    width, height = (int.from_bytes(head[at : at + 4], "big") for at in (16, 20))
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        return (
            f"claims to have {width:,} x {height:,} pixels, but at most {MAX_SIDE:,} per side and "
            f"{MAX_PIXELS:,} in total are supported. Use smaller tiles."
        )
    return ""


def read_sprite(data: bytes, tile: tuple[int, ...], n_points: int) -> tuple[Sprite, list[str]]:
    """Return the sprite and the warnings about it. No pixel is decoded.

    Parameters
    ----------
    data : bytes
        The image file.
    tile : tuple of int
        (width, height) in pixels as a config gives it; (0, 0) where a config gives none, and empty
        where there is no config.
    n_points : int

    Raises
    ------
    DataError
        It is not a supported image, is too large, or has no usable tile size.
    ShapeError
        It has fewer tiles than there are points.
    """
    if not data:
        raise DataError("the sprite is empty. Write the image again, or remove it.")
    found: list[str] = []
    if len(tile) == 1 and tile[0] > 0:
        found.append(f"single_image_dim has only one number, {tile[0]}, so square tiles are used.")
        tile = (tile[0], tile[0])
    if not tile:
        tile, guess = _torch_tile(data, n_points)
        found.append(guess)
    if len(tile) != 2 or min(tile) < 1:
        raise DataError(
            f"single_image_dim is {list(tile)}; expected the width and height of one tile in "
            "pixels. Add both to the config."
        )
    sprite = Sprite(data, (tile[0], tile[1]), n_points)
    width, height = sprite.size
    if width % tile[0] or height % tile[1]:
        found.append(
            f"{width} x {height} pixels are not a multiple of tiles of {tile[0]} x {tile[1]}, so "
            f"{sprite.columns} tiles per row are used."
        )
    if sprite.media_type == "image/png" and _PNG_END not in data[-64:]:
        found.append("the image is truncated, so some tiles are missing. Copy it again.")
    return sprite, found


def _torch_tile(data: bytes, n_points: int) -> tuple[tuple[int, int], str]:
    """Guess the tile size of a sprite that add_embedding wrote and whose config is lost."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as sheet:
                side = sheet.size[0]
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        raise DataError("the sprite is not a supported image. Save it as PNG or JPEG.") from None
    columns = math.ceil(math.sqrt(n_points))
    edge = side // columns
    return (edge, edge), (
        f"no config gives the tile size, so {edge} x {edge} pixels are used, which is {columns} "
        "tiles per row."
    )

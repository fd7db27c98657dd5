"""Make a Sprite of a sheet and of what a config says about its tiles."""

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
    """Return why a sheet that begins so can not be shown, or nothing; no pixel is decoded.

    Only what the first 24 bytes tell: that it is empty, or how large a PNG claims to be.
    """
    if not head:
        return "is empty. Write the image again, or leave it out of the config."
    if head[:8] != _PNG or head[12:16] != b"IHDR":
        return ""
    width, height = (int.from_bytes(head[at : at + 4], "big") for at in (16, 20))
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        return (
            f"claims {width:,} x {height:,} pixels; at most {MAX_SIDE:,} a side and "
            f"{MAX_PIXELS:,} in all are decoded. Use smaller pictures."
        )
    return ""


def read_sprite(data: bytes, tile: tuple[int, ...], n_points: int) -> tuple[Sprite, list[str]]:
    """Return the sheet cut into tiles, and what was guessed. No pixel is decoded.

    Parameters
    ----------
    tile : tuple of int
        (width, height) as a config gives it; empty or (0, 0) where it gives none.

    Raises
    ------
    DataError
        Not an image that is shown, too large, or without a usable tile size.
    ShapeError
        Fewer tiles than points.
    """
    if not data:
        raise DataError("the sprite is empty. Write the image again, or leave it out.")
    told: list[str] = []
    if len(tile) == 1 and tile[0] > 0:
        told.append(f"single_image_dim has one number, {tile[0]}; tiles were taken as square.")
        tile = (tile[0], tile[0])
    if not tile:
        tile, how = _torch_tile(data, n_points)
        told.append(how)
    if len(tile) != 2 or min(tile) < 1:
        raise DataError(
            f"single_image_dim is {list(tile)}, expected the width and height of one picture in "
            "pixels. Add both to the config."
        )
    sprite = Sprite(data, (tile[0], tile[1]), n_points)
    width, height = sprite.size
    if width % tile[0] or height % tile[1]:
        told.append(
            f"tiles of {tile[0]} x {tile[1]} pixels do not divide the sheet's {width} x {height}; "
            f"{sprite.columns} a row were taken."
        )
    if sprite.media_type == "image/png" and _PNG_END not in data[-64:]:
        told.append("the image is cut: some pictures are missing. Copy it again.")
    return sprite, told


def _torch_tile(data: bytes, n_points: int) -> tuple[tuple[int, int], str]:
    """Guess the tile of a sheet that add_embedding made and whose config is lost."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as sheet:
                side = sheet.size[0]
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        raise DataError("The sprite is not an image that can be shown.") from None
    columns = math.ceil(math.sqrt(n_points))
    edge = side // columns
    return (edge, edge), (
        f"no config tells the size of a picture; {edge} x {edge} pixels were taken, which is "
        f"what {columns} a row leave."
    )

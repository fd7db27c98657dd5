"""A sprite: one image with a tile per point."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from projector.errors import DataError, ShapeError

if TYPE_CHECKING:
    from PIL.Image import Image
    from typing_extensions import Buffer

#: A sheet with more pixels is refused before it is decoded: a PNG of 300 kB can claim
#: 50,000 x 50,000 pixels and take 10 GB.
MAX_PIXELS = 100_000_000
MAX_SIDE = 16_384
#: Formats that browsers show and Pillow recognizes by content.
_KINDS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")


@dataclass(frozen=True)
class Sprite:
    """A sheet of equal tiles, row by row; tile `i` belongs to point `i`.

    Parameters
    ----------
    data : bytes
        The sheet's file content: PNG, JPEG, GIF, BMP or WebP.
    tile : tuple of int
        (width, height) of a tile in pixels.
    n_points : int
        Number of tiles that are used; the sheet may have more.

    Attributes
    ----------
    size : tuple of int
        (width, height) of the sheet in pixels.
    media_type : str
        ``"image/png"``, recognized by content.

    Raises
    ------
    DataError
        The content is not an image, in an unsupported format, or too large to decode safely.
    ShapeError
        The sheet has fewer tiles than there are points.
    """

    data: bytes = field(repr=False)
    tile: tuple[int, int]
    n_points: int
    size: tuple[int, int] = field(init=False)
    media_type: str = field(init=False)

    def __post_init__(self) -> None:
        width, height, kind = _header(self.data)
        object.__setattr__(self, "size", (width, height))
        object.__setattr__(self, "media_type", f"image/{kind.lower()}")
        if min(self.tile) < 1 or self.tile[0] > width or self.tile[1] > height:
            raise ShapeError(
                f"A sprite of {width} x {height} pixels is smaller than a tile of {self.tile[0]} x "
                f"{self.tile[1]} pixels."
            )
        if self.columns * self.rows < self.n_points:
            raise ShapeError(
                f"A sprite of {width} x {height} pixels has {self.columns * self.rows:,} tiles of "
                f"{self.tile[0]} x {self.tile[1]} pixels for {self.n_points:,} points. Expected "
                "one tile per point."
            )

    @property
    def columns(self) -> int:
        """Number of tiles in one row of the sheet."""
        return self.size[0] // self.tile[0]

    @property
    def rows(self) -> int:
        """Number of rows of tiles in the sheet."""
        return self.size[1] // self.tile[1]

    @cached_property
    def _sheet(self) -> Image:
        from PIL import Image

        try:
            with Image.open(io.BytesIO(self.data), formats=_KINDS) as sheet:
                return sheet.convert("RGBA")
        except (OSError, SyntaxError, ValueError) as error:
            raise DataError(
                f"The sprite cannot be decoded ({error}). Write the image again."
            ) from None

    def image(self, index: int) -> Image:
        """Return the tile of point `index` as an RGBA Pillow image."""
        if not 0 <= index < self.n_points:
            raise ShapeError(f"A tile must be from 0 to {self.n_points - 1:,}. Got {index:,}.")
        width, height = self.tile
        left, top = index % self.columns * width, index // self.columns * height
        return self._sheet.crop((left, top, left + width, top + height))

    def atlas(
        self, max_side: int, check: Callable[[], object] = lambda: None
    ) -> tuple[bytes, tuple[int, int], int]:
        """Return the sheet as a PNG with no side above `max_side` pixels.

        A sheet that fits keeps its size; it is decoded and encoded again, so that nothing but
        pixels is sent. The tiles of a larger one are shrunk to whole pixels, one by one, so that
        none bleeds into the next. `check` is called many times a second; if it raises, the work
        ends.

        Returns
        -------
        png : bytes
        tile : tuple of int
            (width, height) of a tile in the returned sheet.
        columns : int
            Number of tiles in one of its rows.
        """
        from PIL import Image

        width, height = self.tile
        columns, tile, sheet = self.columns, self.tile, self._sheet
        if max(self.size) > max_side:
            side = max(1, math.floor(max_side / math.ceil(math.sqrt(self.n_points))))
            shrink = min(1.0, side / max(width, height))
            tile = (max(1, int(width * shrink)), max(1, int(height * shrink)))
            columns = max_side // tile[0]
            rows = math.ceil(self.n_points / columns)
            sheet = Image.new("RGBA", (columns * tile[0], rows * tile[1]))
            for index in range(self.n_points):
                if index % 256 == 0:
                    check()
                small = self.image(index).resize(tile, Image.Resampling.BOX)
                sheet.paste(small, (index % columns * tile[0], index // columns * tile[1]))
        out = _CheckedBytes(check)
        sheet.save(out, "PNG", compress_level=3)
        return out.getvalue(), tile, columns


class _CheckedBytes(io.BytesIO):
    """Calls a function with every piece that is written, so that it can end the work."""

    def __init__(self, check: Callable[[], object]) -> None:
        super().__init__()
        self._check = check

    def write(self, piece: Buffer, /) -> int:
        self._check()
        return super().write(piece)


def _header(data: bytes) -> tuple[int, int, str]:
    """Return width, height and format without decoding any pixels."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_KINDS) as sheet:
                (width, height), kind = sheet.size, str(sheet.format)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        if isinstance(error, Image.DecompressionBombError):
            raise DataError(
                "The sprite has too many pixels to decode safely. Use smaller tiles."
            ) from None
        raise DataError(
            "The sprite is not an image in a supported format. Use PNG, JPEG, GIF, BMP or WebP."
        ) from None
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise DataError(
            f"The sprite has {width:,} x {height:,} pixels; at most {MAX_SIDE:,} per side and "
            f"{MAX_PIXELS:,} in total are decoded. Use smaller tiles."
        )
    return width, height, kind

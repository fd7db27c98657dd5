"""Puts the images of points on one sheet, a sprite."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from projector.errors import ShapeError
from projector.model.sprite import MAX_PIXELS, MAX_SIDE, Sprite
from projector.typing import AnyArray
from projector.writer.given_arrays import shared_array

_CHANNELS = (1, 3, 4)


@dataclass(frozen=True)
class Sheet:
    """A sprite as a file.

    Attributes
    ----------
    data : bytes
        The image.
    tile : tuple of int
        (width, height) of a tile in pixels.
    """

    data: bytes = field(repr=False)
    tile: tuple[int, int]


def own_images(given: Any, n_points: int) -> AnyArray | Sheet:
    """Return a copy of one image for each point, as 8-bit numbers with 1, 3 or 4 channels.

    Parameters
    ----------
    given : array-like or Sprite
        Of the shape (n, height, width), (n, height, width, channels) or (n, channels, height,
        width), with 1, 3 or 4 channels; whole numbers from 0 to 255, or fractions from 0 to 1.
    n_points : int

    Raises
    ------
    ShapeError
        It is not one image for each point, or has other values.
    """
    from PIL import Image  # noqa: F401  # not first by the thread that writes; see given_tables

    if isinstance(given, Sprite):
        if given.media_type != "image/png":
            raise ShapeError(f"A sprite must be a PNG. Got {given.media_type}.")
        _check_count(given.n_points, n_points)
        return Sheet(given.data, given.tile)
    images = shared_array(given)
    if images.ndim == 3:
        images = images[..., np.newaxis]
    elif images.ndim == 4 and images.shape[1] in _CHANNELS and images.shape[3] not in _CHANNELS:
        images = images.transpose(0, 2, 3, 1)
    if images.ndim != 4 or images.shape[3] not in _CHANNELS or 0 in images.shape:
        raise ShapeError(
            "Images must have the shape (n_points, height, width) or (n_points, height, width, "
            f"channels) with 1, 3 or 4 channels. Got {np.shape(given)}."
        )
    _check_count(len(images), n_points)
    return _as_bytes(images)


def _check_count(n_images: int, n_points: int) -> None:
    if n_images != n_points:
        raise ShapeError(
            f"There must be one image for each of the {n_points:,} points. Got {n_images:,}."
        )


def _as_bytes(images: AnyArray) -> AnyArray:
    if images.dtype == np.uint8:
        return np.array(images, order="C", copy=True)
    if images.dtype.kind == "b":
        return images.astype(np.uint8) * np.uint8(255)
    low, high = float(images.min()), float(images.max())
    most = 1.0 if images.dtype.kind == "f" else 255.0
    if not (low >= 0 and high <= most):
        raise ShapeError(
            f"Images of {images.dtype} must have values from 0 to {most:g}. Got {low:g} to "
            f"{high:g}. Scale them."
        )
    scale = 255.0 if images.dtype.kind == "f" else 1.0
    return np.rint(images * scale).astype(np.uint8)


def is_same(one: AnyArray | Sheet, other: AnyArray | Sheet) -> bool:
    """Tell whether two sets of images are the same."""
    if isinstance(one, Sheet) or isinstance(other, Sheet):
        return isinstance(one, Sheet) and isinstance(other, Sheet) and one == other
    return np.array_equal(one, other)


def sheet_of(images: AnyArray | Sheet) -> Sheet:
    """Return the images on one sheet, row by row; they shrink if it would be too large.

    As in TensorBoard's sprites, a row has as many tiles as there are rows, or one more.
    """
    from PIL import Image

    if isinstance(images, Sheet):
        return images
    n_points, height, width = images.shape[:3]
    columns = math.ceil(math.sqrt(n_points))
    rows = math.ceil(n_points / columns)
    most = min(MAX_SIDE // columns, MAX_SIDE // rows, math.isqrt(MAX_PIXELS // (columns * rows)))
    shrink = min(1.0, max(1, most) / max(width, height))
    tile = (max(1, int(width * shrink)), max(1, int(height * shrink)))
    if tile != (width, height):
        images = np.stack([_resized(image, tile) for image in images])
    sheet = np.zeros((rows * columns, tile[1], tile[0], images.shape[3]), np.uint8)
    sheet[:n_points] = images
    sheet = sheet.reshape(rows, columns, tile[1], tile[0], -1).swapaxes(1, 2)
    flat = sheet.reshape(rows * tile[1], columns * tile[0], -1)
    out = io.BytesIO()
    Image.fromarray(flat[..., 0] if flat.shape[2] == 1 else flat).save(out, "PNG", compress_level=3)
    return Sheet(out.getvalue(), tile)


def _resized(image: AnyArray, tile: tuple[int, int]) -> AnyArray:
    from PIL import Image

    plain = image[..., 0] if image.shape[2] == 1 else image
    small = np.asarray(Image.fromarray(plain).resize(tile, Image.Resampling.BOX))
    return small.reshape(tile[1], tile[0], -1)

"""What is on the screen: the pixels of a part of the page."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Locator

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def pixels_of(target: Locator) -> Pixels:
    """Return what is seen of something, (height, width, 3)."""
    with Image.open(io.BytesIO(target.screenshot())) as image:
        return np.asarray(image.convert("RGB"))


def n_vivid(pixels: Pixels) -> int:
    """Count the pixels that have a color, as points have."""
    return int((np.ptp(pixels.reshape(-1, 3).astype(int), axis=1) > 60).sum())


def n_differing(one: Pixels, other: Pixels, by: int) -> int:
    """Count the pixels of two pictures that differ by more than so much in a channel."""
    return int((np.abs(one.astype(int) - other).max(axis=2) > by).sum())


def strong_hues(pixels: Pixels) -> set[int]:
    """Return the strong hues, in twelfths of the circle, that cover more than 40 pixels."""
    hue, saturation, value = np.moveaxis(np.asarray(Image.fromarray(pixels).convert("HSV")), 2, 0)
    strong = hue[(saturation > 120) & (value > 80)]
    return set(np.flatnonzero(np.bincount(strong // 22, minlength=12) > 40).tolist())

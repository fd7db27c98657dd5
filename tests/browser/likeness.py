"""When two screenshots show the same: what a glance would see, whatever font and Chromium drew it.

Both pictures are averaged over cells of 8 × 8 CSS pixels. A glyph that another version of a font
draws half a pixel away hardly moves such a mean; a color, a point cloud or a panel that is another
one does.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

#: Sides of a cell, in pixels of the screenshot.
CELL = 8
#: Levels of 255 in any channel by which a cell's mean may differ and still be the same.
CELL_TOLERANCE = 20
#: Share of all cells that may be another.
CELLS_ALLOWED = 0.02
#: Levels of 255 by which all cells may differ in the mean.
MEAN_ALLOWED = 2.0

Cells = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Difference:
    """How far two pictures are from each other."""

    share: float
    mean: float

    @property
    def is_alike(self) -> bool:
        return self.share <= CELLS_ALLOWED and self.mean <= MEAN_ALLOWED

    def __str__(self) -> str:
        return (
            f"{self.share:.1%} of the cells differ by more than {CELL_TOLERANCE} levels "
            f"(allowed {CELLS_ALLOWED:.1%}), {self.mean:.2f} levels in the mean "
            f"(allowed {MEAN_ALLOWED})"
        )


def cells_of(image: Image.Image, size: tuple[int, int]) -> Cells:
    """Return the mean colors of the cells of a picture that is seen at this size in pixels."""
    columns, rows = size[0] // CELL, size[1] // CELL
    small = image.convert("RGB").resize((columns, rows), Image.Resampling.BOX)
    return np.asarray(small, np.float64)


def difference(shot: Image.Image, reference: Image.Image) -> Difference:
    """Compare a screenshot with a reference, which may be stored smaller."""
    gaps = np.abs(cells_of(shot, shot.size) - cells_of(reference, shot.size)).max(axis=2)
    return Difference(float((gaps > CELL_TOLERANCE).mean()), float(gaps.mean()))


def save_reference(shot: Image.Image, path: Path) -> None:
    """Write a screenshot as a reference: at half its size, which its cells still divide."""
    half = (shot.width // 2, shot.height // 2)
    path.parent.mkdir(exist_ok=True)
    shot.convert("RGB").resize(half, Image.Resampling.BOX).save(path, lossless=True, method=6)

"""Some points of a dataset as a dataset of their own."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from projector.model.dataset import Dataset
from projector.model.metadata import Column, Metadata
from projector.model.sprite import Sprite
from projector.model.text import PackedText


def take_points(data: Dataset, rows: NDArray[np.int64], name: str) -> Dataset:
    """Return the points `rows` of a dataset, with their metadata and images.

    Parameters
    ----------
    data : Dataset
    rows : ndarray of int64
        Ascending row numbers, at least one.
    name : str
        Of the new tensor; run and step stay.

    Returns
    -------
    Dataset
        Tags, clusters and computed columns are ordinary values in it.
    """
    about = data.embedding
    columns = tuple(taken_rows(column, rows) for column in data.metadata.columns)
    sprite = None if data.sprite is None else _cut(data.sprite, rows)
    taken = about.vectors[rows]
    if isinstance(taken, np.ndarray):
        taken.setflags(write=False)
    made = Dataset(taken, Metadata(columns), sprite, name=name, run=about.run, step=about.step)
    return made.with_warnings(data.given_warnings)


def taken_rows(column: Column, rows: NDArray[np.int64]) -> Column:
    """Return some rows of a column, in the order given, as ordinary values."""
    numbers = None if column.numbers is None else column.numbers[rows]
    text = _packed(column.text, rows)
    plain = replace(column, tagged=None, source=None, made_by=None, compares=None)
    return replace(plain, text=text, numbers=numbers)


def _packed(text: PackedText, rows: NDArray[np.int64]) -> PackedText:
    starts, lengths = text.offsets[rows], np.diff(text.offsets)[rows]
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    # Each text's bytes lie where it began: one range, shifted text by text.
    places = np.repeat(starts - offsets[:-1], lengths) + np.arange(int(offsets[-1]))
    return PackedText(text.data[places], offsets, text.missing[rows])


def _cut(sprite: Sprite, rows: NDArray[np.int64]) -> Sprite:
    """Return a sheet of the tiles of some points."""
    from PIL import Image

    width, height = sprite.tile
    columns = math.ceil(math.sqrt(len(rows)))
    sheet = Image.new("RGBA", (columns * width, math.ceil(len(rows) / columns) * height))
    for at, row in enumerate(rows.tolist()):
        sheet.paste(sprite.image(row), (at % columns * width, at // columns * height))
    out = io.BytesIO()
    sheet.save(out, "PNG", compress_level=3)
    return Sprite(out.getvalue(), sprite.tile, len(rows))

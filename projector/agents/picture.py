"""A still picture of a projection, drawn without a browser."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from projector.errors import ParameterError, ShapeError
from projector.model.metadata import Column
from projector.model.text import natural
from projector.typing import AnyArray, Positions

#: The page's colors of categories in the light theme, in their order; others are grey.
_COLORS = (
    *("#2047b0", "#bec909", "#9a1318", "#d863a9", "#64d1d7", "#0b885e"),
    *("#9d6006", "#e29d73", "#773374", "#44ae1c", "#a597e0", "#745ed0"),
)
_GREY, _ONE_COLOR, _SELECTED = "#b8bcc4", "#4466cc", "#111111"
_LOW, _HIGH = (198, 219, 239), (8, 48, 107)
_SMALLEST, _LARGEST = 200, 2000
_LEGEND = 190
#: The picture is drawn larger and made smaller: edges of points are then smooth.
_OVER = 2


@dataclass(frozen=True)
class Picture:
    """A picture, and what its colors mean.

    Attributes
    ----------
    png : bytes
    legend : dict of str to str
        A color such as ``"#2047b0"``, and what has it; empty where all points have one.
    n_drawn : int
        Points with a position.
    """

    png: bytes
    legend: dict[str, str]
    n_drawn: int


def draw(
    positions: Positions,
    column: Column | None = None,
    selected: AnyArray | None = None,
    *,
    width: int = 900,
    height: int = 700,
) -> Picture:
    """Draw all points of a projection, colored by a column, with a legend.

    Parameters
    ----------
    positions : ndarray of shape (n_points, 2 or 3), float32
        Of three dimensions the first two are seen, nearer points last. NaN is not drawn.
    column : Column, optional
        Its twelve largest categories get the page's colors; numbers of more than twelve values a
        scale from light to dark.
    selected : ndarray of int, optional
        Rows that are drawn last, with a dark ring.
    width, height : int
        In pixels, 200 to 2,000; the legend stands right of it, within the width.

    Raises
    ------
    ParameterError
        A size is out of range.
    ShapeError
        No point has a position.
    """
    for name, size in (("width", width), ("height", height)):
        if not _SMALLEST <= size <= _LARGEST:
            raise ParameterError(
                f"{name!r} must be {_SMALLEST} to {_LARGEST:,} pixels. Got {size}."
            )
    placed = np.flatnonzero(np.isfinite(positions).all(axis=1))
    if not len(placed):
        raise ShapeError("No point has a position, so there is nothing to draw.")
    colors, legend = _colors(column, len(positions))
    room = width - _LEGEND if legend else width
    spots, radius = _spots(positions[placed], room, height)
    image = Image.new("RGB", (width * _OVER, height * _OVER), "white")
    pen = ImageDraw.Draw(image)
    order = np.argsort(positions[placed, 2], kind="stable") if positions.shape[1] > 2 else None
    for at in range(len(placed)) if order is None else order.tolist():
        _dot(pen, spots[at], radius, colors[placed[at]])
    places = {int(row): at for at, row in enumerate(placed)}
    for row in () if selected is None else selected.tolist():
        if row in places:
            _dot(pen, spots[places[row]], radius * 1.6, colors[row], ring=_SELECTED)
    image = image.resize((width, height), Image.Resampling.LANCZOS)
    _write_legend(ImageDraw.Draw(image), column, legend, room)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return Picture(stream.getvalue(), legend, len(placed))


def _spots(placed: Positions, width: int, height: int) -> tuple[NDArray[np.float64], float]:
    """Return places in the picture, with equal units in x and y, and the radius of points."""
    flat = placed[:, :2].astype(np.float64)
    low, high = flat.min(axis=0), flat.max(axis=0)
    margin = 20
    size = np.array([width - 2 * margin, height - 2 * margin], np.float64)
    extent = np.maximum(high - low, np.finfo(np.float32).tiny)
    scale = (size / extent).min() if (high > low).any() else 0.0
    middle = (low + high) / 2
    spots = (flat - middle) * scale * [1, -1] + np.array([width, height]) / 2
    radius = float(np.clip(0.4 * np.sqrt(size.prod() / len(placed) / 10), 1.0, 5.0))
    return spots * _OVER, radius * _OVER


def _dot(
    pen: ImageDraw.ImageDraw, spot: AnyArray, radius: float, color: str, ring: str | None = None
) -> None:
    x, y = float(spot[0]), float(spot[1])
    box = (x - radius, y - radius, x + radius, y + radius)
    pen.ellipse(box, fill=color, outline=ring, width=2 * _OVER if ring else 0)


def _colors(column: Column | None, n_points: int) -> tuple[list[str], dict[str, str]]:
    """Return the color of every point, and a legend."""
    if column is None:
        return [_ONE_COLOR] * n_points, {}
    is_few = column.text.n_distinct() <= len(_COLORS)
    if column.numbers is not None and not is_few:
        return _scaled(column.numbers)
    codes, names, counts = column.categories()
    largest = np.argsort(-counts, kind="stable")[: len(_COLORS)].tolist()
    in_order = sorted(largest, key=lambda code: natural(names[code]))
    of_code = dict(zip(in_order, _COLORS, strict=False))
    legend = {color: names[code] for code, color in of_code.items()}
    if len(names) > len(of_code) or (codes < 0).any():
        legend[_GREY] = "others"
    return [of_code.get(code, _GREY) for code in codes.tolist()], legend


def _scaled(numbers: NDArray[np.float64]) -> tuple[list[str], dict[str, str]]:
    known = np.isfinite(numbers)
    if not known.any():
        return [_GREY] * len(numbers), {_GREY: "missing"}
    low, high = float(numbers[known].min()), float(numbers[known].max())
    shares = np.where(known, (numbers - low) / ((high - low) or 1.0), 0.0)
    ends = np.array([_LOW, _HIGH], np.float64)
    mixed = np.rint(ends[0] + shares[:, None] * (ends[1] - ends[0])).astype(int)
    colors = [
        "#{:02x}{:02x}{:02x}".format(*rgb) if is_known else _GREY
        for rgb, is_known in zip(mixed.tolist(), known.tolist(), strict=True)
    ]
    legend = {
        "#{:02x}{:02x}{:02x}".format(*_LOW): f"{low:.6g}",
        "#{:02x}{:02x}{:02x}".format(*_HIGH): f"{high:.6g}",
    }
    return colors, legend if known.all() else {**legend, _GREY: "missing"}


def _write_legend(
    pen: ImageDraw.ImageDraw, column: Column | None, legend: dict[str, str], left: int
) -> None:
    if column is None or not legend:
        return
    pen.text((left, 14), _short(column.name), fill=_SELECTED)
    for line, (color, text) in enumerate(legend.items()):
        top = 36 + 20 * line
        pen.ellipse((left, top, left + 11, top + 11), fill=color)
        pen.text((left + 18, top), _short(text), fill=_SELECTED)


def _short(text: str) -> str:
    # The font that Pillow brings has no other letters.
    plain = text.encode("latin-1", "replace").decode("latin-1")
    return plain if len(plain) <= 24 else f"{plain[:22]}.."

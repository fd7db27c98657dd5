"""The still picture: every point is in it, at its place, in the color of its value."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

import projector
from projector.agents.picture import draw
from projector.errors import ParameterError, ShapeError

CORNERS = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], np.float32)
BLUE, GREY = (0x20, 0x47, 0xB0), (0xB8, 0xBC, 0xC4)


def pixels(png: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def column(values: list[Any]) -> projector.Column:
    return projector.Dataset(np.zeros((len(values), 1)), metadata={"v": values}).metadata["v"]


def middle_of(png: bytes, color: tuple[int, ...], right: int) -> tuple[float, float]:
    """Return the middle of what has a color left of the legend, in shares of width and height."""
    image = pixels(png)[:, :right]
    rows, columns = np.nonzero((image == color).all(axis=2))
    assert len(rows), color
    return float(columns.mean() / right), float(rows.mean() / len(image))


def test_points_stand_where_they_are_with_y_upwards() -> None:
    found = draw(CORNERS, column(["a", "b", "b", "b"]), width=590, height=400)
    assert found.n_drawn == 4
    assert found.legend == {"#2047b0": "a", "#bec909": "b"}
    x, y = middle_of(found.png, BLUE, 400)
    assert x < 0.2
    assert y > 0.8


@pytest.mark.parametrize("n_dims", [2, 3])
def test_many_points_are_all_drawn(n_dims: int, rng: np.random.Generator) -> None:
    positions = rng.normal(size=(3000, n_dims)).astype(np.float32)
    positions[5] = np.nan
    found = draw(positions, width=300, height=300)
    assert found.n_drawn == 2999
    assert found.legend == {}
    assert (pixels(found.png) != 255).any(axis=2).sum() > 3000


def test_rare_categories_are_grey_and_few_numbers_are_categories() -> None:
    names = [f"n{i}" for i in range(14) for _ in range(20 - i)]
    positions = np.random.default_rng(0).normal(size=(len(names), 2)).astype(np.float32)
    legend = draw(positions, column(names)).legend
    assert len(legend) == 13
    assert legend["#b8bcc4"] == "others"
    assert "n13" not in legend.values()
    digits = draw(CORNERS, column([10, 9, 2, 1])).legend
    assert [*digits.values()] == ["1", "2", "9", "10"]


def test_numbers_have_a_scale_and_what_is_missing_is_grey() -> None:
    numbers = [float(i) for i in range(20)]
    positions = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    assert [*draw(positions, column(numbers)).legend.values()] == ["0", "19"]
    numbers[3] = float("nan")
    assert [*draw(positions, column(numbers)).legend.values()] == ["0", "19", "missing"]


def test_what_cannot_be_drawn_is_said() -> None:
    with pytest.raises(ShapeError, match="nothing to draw"):
        draw(np.full((3, 2), np.nan, np.float32))
    with pytest.raises(ParameterError, match="'height' must be 200 to 2,000"):
        draw(CORNERS, height=5000)


def test_equal_points_and_one_point_are_drawn() -> None:
    for positions in (np.zeros((5, 2), np.float32), np.ones((1, 3), np.float32)):
        x, y = middle_of(draw(positions, width=300, height=300).png, (0x44, 0x66, 0xCC), 300)
        assert abs(x - 0.5) < 0.05
        assert abs(y - 0.5) < 0.05

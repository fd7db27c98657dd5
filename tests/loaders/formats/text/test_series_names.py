"""Names of columns that belong to one vector."""

from __future__ import annotations

import pytest

from projector.loaders.formats.text.series_names import are_one_vector, series_among, stem_of


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("x3", "x"),
        ("dim_12", "dim"),
        ("dim.12", "dim"),
        ("7", ""),
        ("pixel_3_4", "pixel"),
        ("3x4", ""),
        ("layer1_0", "layer1"),
        ("name", None),
        ("v2a", None),
    ],
)
def test_a_stem_is_what_comes_before_the_number(name: str, stem: str | None) -> None:
    assert stem_of(name) == stem


def test_series_are_told_apart_and_must_lie_close() -> None:
    names = ["id", "a1", "b_0", "a2", "b_1", "b_2", "c7", "150", "4"]
    assert series_among(names) == [["a1", "a2"], ["b_0", "b_1", "b_2"]]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["f0", "f1", "f2"], True),
        (["0", "1"], True),
        (["x", "y"], True),
        (["X", "Y", "Z"], True),
        (["f0", "f1", "price"], False),
        (["epoch", "loss"], False),
    ],
)
def test_all_names_must_belong_to_one_vector(names: list[str], expected: bool) -> None:
    assert are_one_vector(names) is expected

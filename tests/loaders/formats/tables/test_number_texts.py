"""Texts that hold vectors: every program's way of writing a list."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.formats.tables.number_texts import parse_texts, text_form

P = Path("t.csv")
ROWS = np.array([[0.5, -1.25, 3.0, 6.0], [4.0, 5.5, -0.75, 8.0], [7.25, 0.125, 9.0, 1.0]])


def texts(pattern: str, separator: str) -> list[str | None]:
    return [pattern.format(separator.join(map(str, row))) for row in ROWS.tolist()]


@pytest.mark.parametrize(
    ("pattern", "separator"),
    [
        ("[{}]", ", "),
        ("[{}]", ","),
        ("({})", ", "),
        ("{{{}}}", ","),
        ("[[{}]]", ", "),
        ("  [ {} ] ", "  "),
        ("[{}]", "\n "),
        ("array([{}])", ", "),
        ("array([{}], dtype=float32)", ", "),
        ("np.array([{}])", ", "),
        ("tensor([{}], device='cuda:0')", ", "),
        ("tensor([{}], grad_fn=<MeanBackward1>)", ",\n        "),
        ("DenseVector([{}])", ", "),
        ("[np.float32({})]", "), np.float32("),
        ("{}", " "),
        ("{}", ","),
        ("{}", "; "),
        ("{}", "|"),
    ],
)
def test_every_way_of_writing_a_list_is_read(pattern: str, separator: str) -> None:
    given = texts(pattern, separator)
    form = text_form(given)
    assert form is not None
    assert (form.n_dims, form.fractional) == (4, True)
    rows = parse_texts(P, "v", given, form)
    np.testing.assert_array_equal(rows.values, ROWS)
    assert rows.warnings("v") == []


@pytest.mark.parametrize("dtype", ["<f4", "<f8"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_is_read_with_a_word_that_it_is_a_guess(dtype: str, encode: object) -> None:
    values = np.random.default_rng(3).normal(size=(6, 10)).astype(dtype)
    given = [encode(row.tobytes()).decode() for row in values]  # type: ignore[operator]
    form = text_form(given)
    assert form is not None
    assert "guess" in form.note
    np.testing.assert_array_equal(parse_texts(P, "v", [*given], form).values, values)


@pytest.mark.parametrize(
    "given",
    [
        ["a text", "[1, 2"],
        ["[1]", "[2]"],
        ["[a, b]", "[c, d]"],
        ["[1, 2]", "[1, 2, 3]"],
        ["1 2", "3 4"],
        ["12.5, 41.9", "13.5, 42.0"],
        ["2024-01-02 10:00", "2024-01-02 11:00"],
        ["d41d8cd98f00b204e9800998ecf8427e", "0cc175b9c0f1b6a831c399e269772661"],
        ["averyordinaryword", "andanotherword12"],
        ["123456789012345678", "876543210987654321"],
        [None, ""],
        [],
    ],
)
def test_other_texts_are_no_vectors(given: list[str | None]) -> None:
    assert text_form(given) is None


def test_arrays_that_were_printed_in_part_are_an_error_that_says_so() -> None:
    given = ["[ 0.5  1.5  2.5 ... -1.  3.  4. ]", "[0.25 1. 2. ... 1. 2. 3.]"]
    form = text_form(given)
    assert form is not None
    with pytest.raises(LoadError, match=r"column 'v': .*'\.\.\.'.*tolist"):
        parse_texts(P, "v", [*given], form)


def test_rows_without_a_vector_are_set_aside() -> None:
    given = [*texts("[{}]", ", "), "", None, "[1, 2]", "no list"]
    form = text_form(given[:3])
    assert form is not None
    rows = parse_texts(P, "v", given, form)
    np.testing.assert_array_equal(rows.values[:3], ROWS)
    assert np.isnan(rows.values[3:]).all()
    assert (rows.absent, rows.odd) == ((3, 4), (5, 6))


def test_a_text_with_another_word_among_its_numbers_is_set_aside() -> None:
    given = [*texts("[{}]", ", "), "[1, 2, x, 4]", "[1, None, 3, 4]"]
    form = text_form(given[:3])
    assert form is not None
    rows = parse_texts(P, "v", given, form)
    np.testing.assert_array_equal(rows.values[:3], ROWS)
    np.testing.assert_array_equal(rows.values[4], [1, np.nan, 3, 4])
    assert rows.odd == (3,)

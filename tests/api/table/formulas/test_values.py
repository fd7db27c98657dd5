from __future__ import annotations

import numpy as np
import pytest

from projector import Cancelled, Dataset
from projector.api.table.formulas.syntax import MAX_DEPTH, parse_formula
from projector.api.table.formulas.values import Formula
from projector.errors import DataError, ParameterError, UnknownNameError

DATA = Dataset(
    [[3.0, 4.0], [0.0, 1.0], [6.0, 8.0], [0.0, 0.0]],
    metadata={
        "price": [10, 20, 30, None],
        "rating": [5, 4, 3, 2],
        "source": ["web", "app", "store", None],
        "two words": ["a", "b", "a", "b"],
        "code": ["007", "7", "8", "9"],
    },
)


def rows(text: str) -> list[int]:
    return [int(row) for row in np.flatnonzero(Formula(DATA, text).mask())]


def numbers(text: str) -> list[float | None]:
    found = Formula(DATA, text).column("x").numbers
    assert found is not None
    return [None if np.isnan(value) else float(value) for value in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("price > 10", [1, 2]),
        ("price >= 10 and not source == 'app'", [0, 2]),
        ('source == "web" or rating < 3', [0, 3]),
        ("not (source = 'web' or source = 'app')", [2, 3]),
        ("source in ('web', 'store') and price in (30, 40)", [2]),
        ("source not in ('web')", [1, 2, 3]),
        ("`two words` == 'a'", [0, 2]),
        ("'web' == source", [0]),
        ("source > 'b'", [0, 2]),
        ("missing(price)", [3]),
        ("source != 'web'", [1, 2]),
        ("source == `two words`", []),
        ("source != `two words`", [0, 1, 2]),
        ("`two words` == `two words`", [0, 1, 2, 3]),
        ("contains(source, 'P')", [1]),
        ("length(source) == 3", [0, 1]),
        ("price / rating > 4.9", [1, 2]),
        ("1 < 2 and rating > 3", [0, 1]),
        ("norm >= 5", [0, 2]),
        ("code == '7'", [1]),
        ("rating > 2 or rating < 2 and price > 100", [0, 1, 2]),
        ("not not rating > 3", [0, 1]),
        ("1 == 1", [0, 1, 2, 3]),
    ],
)
def test_conditions(text: str, expected: list[int]) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("price + 2 * rating", [20, 28, 36, None]),
        ("-price ** 2", [-100, -400, -900, None]),
        ("2 ** -1", [0.5] * 4),
        ("(price - 10) % 3", [0, 1, 2, None]),
        ("max(rating, 4) - min(rating, 3)", [2, 1, 1, 2]),
        ("round(log10(price * 10))", [2, 2, 2, None]),
        ("price / (rating - rating)", [None] * 4),
        ("norm", [5, 1, 10, 0]),
        ("1e1 - .5", [9.5] * 4),
    ],
)
def test_numbers(text: str, expected: list[float | None]) -> None:
    assert numbers(text) == expected


def test_a_condition_is_a_column_of_true_and_false() -> None:
    column = Formula(DATA, "rating > 3").column("good")
    assert (column.kind, column.text.to_list()) == (
        "categorical",
        ["True", "True", "False", "False"],
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("price >", "its end: a value is missing"),
        ("price > 1)", r"'\)' at letter 10"),
        ("price ! 1", "at letter 6"),
        ("price", "such as price > 20"),
        ("price and rating > 1", "'and' joins conditions"),
        ("source + 1", "has texts, not numbers"),
        ("source > 1", "has texts, not numbers"),
        ("price + 'a' > 1", "takes numbers"),
        ("sqrt(price, 2) > 1", "takes 1 value"),
        ("contains(source, 1)", "looks for a text"),
        ("missing(1)", "name of a column"),
        ("neighbor_distance > 1", "Measure the distances"),
        ("price not 1", "'in' is missing"),
        ("", "its end"),
        ("(" * (MAX_DEPTH + 1) + "1", "brackets in each other"),
        ("1+" * 300 + "1", "300 parts"),
        ("a" * 2001, "2,000 letters"),
    ],
)
def test_what_cannot_be_computed_says_why(text: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        Formula(DATA, text).mask()


@pytest.mark.parametrize("text", ["prize > 1", "__import__ == 1", "eval('1') == 1", "sin(1) > 0"])
def test_only_columns_and_known_functions_have_a_meaning(text: str) -> None:
    with pytest.raises(UnknownNameError):
        Formula(DATA, text).mask()


def test_any_text_is_read_or_refused() -> None:
    rng = np.random.default_rng(0)
    parts = [*"()-,<", "price", "source", "and", "or", "not", "in", "'web'", "1", "**"]
    for _ in range(2000):
        text = " ".join(rng.choice(parts, rng.integers(1, 9)))
        try:
            Formula(DATA, text).mask()
        except (DataError, ParameterError):
            continue


def test_distances_are_those_that_were_measured() -> None:
    known = np.array([1, 2, np.inf, 4], np.float32)
    formula = Formula(DATA, "neighbor_distance > 1.5", lambda: known)
    assert np.flatnonzero(formula.mask()).tolist() == [1, 2, 3]
    column = Formula(DATA, "neighbor_distance", lambda: known).column("far")
    assert column.text.missing.tolist() == [False, False, True, False]


def test_the_work_ends_when_nobody_waits() -> None:
    def leave() -> None:
        raise Cancelled("gone")

    with pytest.raises(Cancelled):
        Formula(DATA, "price > 1", check=leave).mask()


def test_the_tree_binds_as_one_reads_it() -> None:
    assert parse_formula("a or b and not c") == parse_formula("(a or (b and (not c)))")
    assert parse_formula("2 ** 3 ** 2") == parse_formula("2 ** (3 ** 2)")
    assert parse_formula("a - b - c") == parse_formula("(a - b) - c")

"""A parameter checks values, itself and says in words what it expects."""

from __future__ import annotations

import doctest
import json
from typing import Any

import pytest

from projector.errors import ParameterError, UnknownNameError
from projector.model import parameters
from projector.model.parameters import Action, Parameter, resolve

DECLARED = (
    Parameter("k", "int", 15, "Neighbors.", low=2, high=200),
    Parameter("rate", "float", None, "Rate.", low=0, unset="auto"),
    Parameter("metric", "choice", "cosine", "Metric.", choices=("cosine", "euclidean")),
    Parameter("fast", "bool", False, "Fast."),
    Parameter("note", "text", "", "Note."),
    Parameter("among", "points", None, "Points.", unset="all points"),
    Parameter("by", "column", None, "Column.", unset="off"),
    Parameter("but", "category", None, "Category.", unset="none", of="by"),
)
DEFAULTS = {
    "k": 15,
    "rate": None,
    "metric": "cosine",
    "fast": False,
    "note": "",
    "among": None,
    "by": None,
    "but": None,
}


def test_defaults_are_filled_in_and_texts_understood() -> None:
    assert resolve(DECLARED, {}, owner="umap") == DEFAULTS
    given = {"k": "7", "fast": "true", "rate": "0.5", "among": "3, 17", "by": "label", "but": "7"}
    found = resolve(DECLARED, given, owner="umap")
    assert found == {**DEFAULTS, **given, "k": 7, "fast": True, "rate": 0.5}
    assert list(found) == [p.name for p in DECLARED]
    assert resolve(DECLARED, {"k": 3.0}, owner="umap")["k"] == 3


@pytest.mark.parametrize("empty", [None, ""])
def test_no_value_is_allowed_where_a_text_stands_for_it(empty: str | None) -> None:
    assert resolve(DECLARED, {"rate": empty, "by": empty}, owner="umap") == DEFAULTS
    assert resolve(DECLARED, {"note": ""}, owner="umap") == DEFAULTS
    with pytest.raises(ParameterError, match=f"'k' of umap .* Got {empty!r}"):
        resolve(DECLARED, {"k": empty}, owner="umap")
    capped = Parameter("cap", "int", 5, "Cap.", unset="off")
    assert capped.check(empty, owner="umap") is None


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("k", 1, "a whole number from 2 to 200. Got 1."),
        ("k", 2.5, "a whole number"),
        ("k", True, "a whole number"),
        ("k", "many", "Got 'many'"),
        ("k", float("nan"), "a whole number"),
        ("rate", -1, "a number, at least 0"),
        ("rate", "1e999", "a number"),
        ("metric", "cos", "one of 'cosine', 'euclidean'"),
        ("fast", "perhaps", "true or false"),
        ("note", 5, "must be text"),
        ("note", None, "must be text"),
        ("among", [3, 17], "row indices such as 3, 17, 20-40, or labels such as = king + queen"),
        ("by", 0, "the name of a metadata column"),
        ("but", 7, "a value of the column that 'by' names"),
    ],
)
def test_a_wrong_value_says_what_was_expected(name: str, value: object, message: str) -> None:
    with pytest.raises(ParameterError, match="parameter") as caught:
        resolve(DECLARED, {name: value}, owner="umap")
    assert message in str(caught.value)
    assert "umap" in str(caught.value)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0, 2**31 - 1, "a number from 0 to 2,147,483,647"),
        (1e-3, 1e7, "a number from 0.001 to 10,000,000"),
        (0.5, None, "a number, at least 0.5"),
        (None, 20_000.0, "a number, at most 20,000"),
        (None, None, "a number"),
    ],
)
def test_a_range_is_written_in_readable_numbers(
    low: float | None, high: float | None, text: str
) -> None:
    assert Parameter("p", "float", 1.0, "P.", low=low, high=high).expected() == text


def test_two_whole_numbers_are_named() -> None:
    assert Parameter("n_components", "int", 2, "N.", low=2, high=3).expected() == "2 or 3"


def test_a_value_is_shown_as_people_read_it() -> None:
    by_name = {p.name: p for p in DECLARED}
    assert by_name["rate"].shown(None) == "auto"
    assert by_name["fast"].shown(True) == "true"
    assert by_name["k"].shown(15) == "15"


@pytest.mark.parametrize(
    ("kind", "default", "given", "message"),
    [
        ("choice", "a", {}, "'choices'"),
        ("choice", "a", {"choices": ("b",)}, "one of 'b'. Got 'a'"),
        ("int", 1, {"choices": ("b",)}, "'choices'"),
        ("category", None, {"unset": "none"}, "'of'"),
        ("text", "", {"of": "by"}, "'of'"),
        ("int", 0, {"low": 1}, "at least 1. Got 0"),
        ("int", None, {}, "Got None"),
        ("float", "1", {}, "a number. Got '1'"),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(
    kind: Any, default: Any, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ParameterError, match="'p'") as caught:
        Parameter("p", kind, default, "P.", **given)
    assert message in str(caught.value)


def test_an_unknown_parameter_names_the_close_ones() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'metric'"):
        resolve(DECLARED, {"metrik": 1}, owner="umap")


def test_a_declaration_as_json_has_every_field() -> None:
    for each in DECLARED:
        described = json.loads(json.dumps(each.describe()))
        assert list(described) == list(Parameter.__dataclass_fields__)
        assert Parameter(**{**described, "choices": tuple(described["choices"])}) == each
    action = Action("perturb", "Perturb", "Add noise.")
    assert Action(**action.describe()) == action  # type: ignore[arg-type]


def test_the_examples_run() -> None:
    assert doctest.testmod(parameters).failed == 0

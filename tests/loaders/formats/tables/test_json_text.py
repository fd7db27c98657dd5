"""JSON with its arrays of numbers set apart: nothing in a string is taken for one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projector.errors import LoadError
from projector.loaders.formats.tables.json_text import Number, documents, split_json

P = Path("t.json")
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False),
    lambda child: (
        st.lists(child, max_size=4) | st.dictionaries(st.text(max_size=4), child, max_size=4)
    ),
    max_leaves=12,
)


def whole(value: Any, text: Any) -> Any:
    """Put the arrays back."""
    index = text.index(value)
    if index is not None:
        return json.loads(text.text(index))
    if isinstance(value, Number):
        return json.loads(value)
    if isinstance(value, list):
        return [whole(each, text) for each in value]
    if isinstance(value, dict):
        return {key: whole(each, text) for key, each in value.items()}
    return value


@settings(max_examples=150, deadline=None)
@given(TREES, st.sampled_from([None, 1]))
def test_what_is_set_apart_and_put_back_is_the_document(tree: Any, indent: int | None) -> None:
    text = split_json(P, json.dumps(tree, indent=indent).encode())
    ((document, fault),) = documents(text)
    assert fault is None
    assert whole(document, text) == tree


def test_arrays_in_strings_stay_text() -> None:
    text = split_json(P, rb'{"a": "[1, 2]", "b": "x\"[3, 4]", "c": [5, 6], "array 0:0": 1}')
    assert [text.text(index) for index in range(len(text.spans))] == ["[5, 6]"]


@pytest.mark.parametrize(
    ("raw", "expected", "dtype"),
    [
        (b"[[1, 2], [3, -4]]", [1, 2, 3, -4], np.int64),
        (b"[[1.5, 2], [3e2,\n 4]]", [1.5, 2, 300, 4], np.float32),
        (b"[[null, 2.5], [NaN, Infinity]]", [np.nan, 2.5, np.nan, np.inf], np.float32),
    ],
)
def test_numbers_are_read_at_once(raw: bytes, expected: list[float], dtype: type) -> None:
    text = split_json(P, raw)
    numbers = text.numbers([0, 1])
    assert numbers is not None
    assert numbers.dtype == dtype
    np.testing.assert_array_equal(numbers, expected)


def test_depth_is_bounded_before_anything_is_parsed() -> None:
    for raw in (b"[" * 100_000, b'{"a":' * 100_000, b"[" * 5000 + b"1" + b"]" * 5000):
        with pytest.raises(LoadError, match="nested more than"):
            split_json(P, raw)
    split_json(P, b'{"a": "' + b"[" * 100_000 + b'"}')


def test_a_bad_line_costs_itself_alone() -> None:
    text = split_json(P, b'{"a": 1}\n{"a": \n{"a": 3}\n')
    found = list(documents(text))
    assert [document and document["a"] for document, _ in found] == ["1", None, "3"]
    assert [fault is not None for _, fault in found] == [False, True, False]


def test_numbers_stay_as_they_are_written() -> None:
    ((document, _),) = documents(split_json(P, b'{"a": 1.50, "b": 12345678901234567890123}'))
    assert document == {"a": "1.50", "b": "12345678901234567890123"}

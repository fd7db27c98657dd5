from __future__ import annotations

import time

import numpy as np
import pytest

from projector.model.metadata import Column
from projector.model.ordering import row_order, sort_keys
from projector.model.text import PackedText


def ordered(values: list[str | None], *, descending: bool = False) -> list[str | None]:
    column = Column.from_text("c", PackedText.pack(values))
    return [values[row] for row in row_order(sort_keys(column), descending=descending)]


def test_texts_are_in_the_order_of_people() -> None:
    words = ["thing 10", "Émile", None, "thing 9", "emil", "Zoe", "thing 009", "", "École", "x2y10"]
    words += ["x2y9"]
    up = ["", "École", "emil", "Émile", "thing 9", "thing 009", "thing 10", "x2y9", "x2y10", "Zoe"]
    assert ordered(words) == [*up, None]
    down = ["Zoe", "x2y10", "x2y9", "thing 10", "thing 9", "thing 009", "Émile", "emil", "École"]
    assert ordered(words, descending=True) == [*down, "", None], "equal ones stay as they stood"


def test_numbers_are_in_the_order_of_their_values() -> None:
    assert ordered(["10", "9", None, "-3", "1e3", "nan"]) == ["-3", "9", "10", "1e3", None, "nan"]
    down = ordered(["10", "9", None, "-3", "1e3"], descending=True)
    assert down == ["1e3", "10", "9", "-3", None]


def test_long_numbers_within_texts_keep_their_order() -> None:
    words: list[str | None] = [f"id{'9' * n}" for n in (25, 3, 40, 20, 21, 1)]
    assert ordered(words) == sorted(words, key=lambda word: len(word or ""))
    assert ordered(["a" + "0" * 30 + "2", "a10", "a1"]) == ["a1", "a" + "0" * 30 + "2", "a10"]


def test_times_are_in_the_order_of_time() -> None:
    words: list[str | None] = ["2024-01-02T00:00:00+05:00", "2024-01-01T22:00:00Z", None]
    assert ordered(words) == words
    assert ordered(words[::-1]) == words


@pytest.mark.parametrize("missing", [True, False])
def test_a_column_of_one_kind_of_row(missing: bool) -> None:
    assert ordered([None if missing else "a"] * 3) == [None if missing else "a"] * 3


def test_a_million_texts_are_ordered_in_seconds() -> None:
    digits = np.random.default_rng(0).permutation(1_000_000)
    text = np.char.add(b"thing ", digits.astype("S7"))
    lengths = np.char.str_len(text)
    data = np.frombuffer(b"".join(text.tolist()), np.uint8)
    packed = PackedText(data, np.concatenate(([0], np.cumsum(lengths))), np.zeros(10**6, np.bool_))
    began = time.perf_counter()
    order = row_order(sort_keys(Column("c", "text", packed)))
    took = time.perf_counter() - began
    np.testing.assert_array_equal(digits[order], np.arange(10**6))
    assert took < 30, "two seconds on a machine that has nothing else to do"

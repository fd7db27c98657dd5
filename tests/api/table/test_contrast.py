from __future__ import annotations

import numpy as np
import pytest

from projector import Cancelled, Dataset
from projector.api.table.contrast import Difference, contrast
from projector.api.table.words import Words, words_of
from projector.errors import ParameterError
from projector.model.metadata import Column
from projector.model.text import PackedText


def differences(columns: dict[str, list[object]], group: list[int]) -> list[Difference]:
    n = len(next(iter(columns.values())))
    data = Dataset(np.zeros((n, 2)), metadata=columns)
    others = np.setdiff1d(np.arange(n), group)
    return contrast(data, np.array(group), others, lambda column, _: words_of(column.text))


def test_lift_is_what_one_computes_by_hand() -> None:
    # 3 of 4 selected points are "a", and 1 of the 6 others: (3/4) / (1/6) = 4.5.
    label: list[object] = [*"aaab", *"abbbbb"]
    (found,) = differences({"label": label}, [0, 1, 2, 3])
    assert (found.kind, found.column) == ("categories", 0)
    counts = {each.name: (each.n, each.n_other) for each in found.values}
    assert counts == {"a": (3, 1), "b": (1, 5)}
    lifts = {each.name: each.lift for each in found.values}
    assert lifts == pytest.approx({"a": 4.5, "b": 0.25 / (5 / 6)})
    assert found.strength == pytest.approx(3 / 4 - 1 / 6)


def test_what_only_the_group_has_has_no_lift() -> None:
    (found,) = differences({"label": ["x", "x", "y", "y", "y"]}, [0, 1])
    assert [(each.name, each.lift) for each in found.values] == [("x", None), ("y", 0.0)]
    assert found.strength == 1


def test_numbers_are_compared_by_their_ranks() -> None:
    # Of 3 × 3 pairs the group's number is larger in 6, and equal in 2: (6 + 2/2) / 9.
    columns: dict[str, list[object]] = {"loss": [2.5, 3.5, 4.5, 1.5, 2.5, 3.5]}
    (found,) = differences(columns, [0, 1, 2])
    assert found.kind == "numbers"
    assert (found.median, found.median_other) == (3.5, 2.5)
    assert found.probability == pytest.approx(7 / 9)
    assert not found.is_clear  # six numbers prove nothing


def test_missing_numbers_are_left_out() -> None:
    columns: dict[str, list[object]] = {"loss": [1.5, None, 9.5, None, 2.5, 3.5]}
    (found,) = differences(columns, [0, 1, 2])
    assert (found.median, found.median_other) == (5.5, 3.0)


def test_distinctive_words_are_found_in_any_script() -> None:
    rng = np.random.default_rng(0)
    common = [f"wort{i}" for i in range(30)]
    prose = [" ".join(rng.choice(common, 6)) for _ in range(400)]
    for row in range(60):
        prose[row] += " Straße, 日本語"
    (found,) = differences({"review": list(prose)}, list(range(60)))
    assert found.kind == "words"
    # Where words are not spaced, two signs stand for one.
    assert {each.name for each in found.values[:3]} == {"straße", "日本", "本語"}
    assert found.values[0].n == 60
    assert found.is_clear


def test_the_clearest_column_comes_first() -> None:
    rng = np.random.default_rng(1)
    n, group = 300, list(range(100))
    noise = rng.normal(size=n).tolist()
    shifted = (rng.normal(size=n) + 2 * (np.arange(n) < 100)).tolist()
    columns: dict[str, list[object]] = {
        "row id": [f"p{i}" for i in range(n)],
        "same": ["x"] * n,
        "noise": noise,
        "shifted": shifted,
    }
    found = differences(columns, group)
    assert found[0].column == 3
    assert found[0].is_clear
    # A column of one value says nothing; nor does one of names, each of which is there once.
    assert {each.column for each in found} <= {2, 3}


def test_whole_numbers_of_few_values_are_classes() -> None:
    (found,) = differences({"digit": [3, 3, 3, 8, 8, 8]}, [0, 1, 2])
    assert [each.name for each in found.values] == ["3", "8"]


def test_words_are_counted_once_a_text() -> None:
    text = PackedText.pack(["The cat the CAT", None, "a dog", "cat's dog"])
    words = words_of(text)
    assert set(words.names) == {"the", "cat", "dog", "cat's"}
    counts = dict(zip(words.names, words.counts(np.array([0, 2, 3])).tolist(), strict=True))
    assert counts == {"the": 1, "cat": 1, "dog": 2, "cat's": 1}
    assert words.counts(np.array([1])).sum() == 0


def test_the_work_ends_when_nobody_waits() -> None:
    def leave() -> None:
        raise Cancelled("gone")

    with pytest.raises(Cancelled):
        words_of(PackedText.pack(["a text"]), leave)
    data = Dataset(np.zeros((2, 2)), metadata={"label": ["a", "b"]})
    with pytest.raises(Cancelled):
        contrast(data, np.array([0]), np.array([1]), unread, leave)


def test_both_groups_have_points() -> None:
    data = Dataset(np.zeros((2, 2)), metadata={"label": ["a", "b"]})
    nobody = np.array([], np.int64)
    with pytest.raises(ParameterError, match="selection has no points"):
        contrast(data, nobody, np.array([1]), unread)


def unread(column: Column, _: object) -> Words:
    raise AssertionError(f"{column.name} is no text")

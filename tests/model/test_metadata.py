from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projector.model.metadata import Column, Metadata
from projector.model.text import PackedText


def column(*texts: str | None) -> Column:
    return Column.from_text("c", PackedText.pack(texts))


@given(st.lists(st.none() | st.text()))
def test_texts_come_back_as_they_were(texts: list[str | None]) -> None:
    clean = [None if t is None else t.encode("utf-8", "replace").decode() for t in texts]
    packed = PackedText.pack(texts)
    assert packed.to_list() == clean
    assert [packed[i] for i in range(len(packed))] == clean
    codes, names, counts = packed.categories()
    assert [None if c < 0 else names[c] for c in codes] == clean
    assert sum(counts) == sum(t is not None for t in texts)
    assert list(counts) == sorted(counts, reverse=True)


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["1", "2.5", "-3e4"], "numeric"),
        (["1", None, "nan"], "numeric"),
        (["007", "1", "2"], "categorical"),
        (["0", "0.5", "10"], "numeric"),
        (["1_000", "2"], "categorical"),
        (["1,5", "2"], "categorical"),
        (["0x10", "2"], "categorical"),
        ([" 1", "2"], "categorical"),
        (["infinity", "2"], "categorical"),
        ([None, None], "categorical"),
        (["a", "b", "a"], "categorical"),
        ([f"sentence number {i}" for i in range(200)], "text"),
        ([f"word{i % 100}" for i in range(1000)], "categorical"),
    ],
)
def test_the_kind_of_a_column(texts: list[str | None], kind: str) -> None:
    found = column(*texts)
    assert found.kind == kind
    assert found.text.to_list() == texts, "the file's text is never changed"


def test_numbers_do_not_replace_the_text() -> None:
    found = column("1.0", None, "2")
    assert found.numbers is not None
    assert found.numbers.tolist()[::2] == [1.0, 2.0]
    assert np.isnan(found.numbers[1])
    assert found.text[0] == "1.0"
    assert found.n_missing == 1


def test_categories_are_ordered_by_count_then_by_nature() -> None:
    _, names, counts = column("10", "9", "2", "b", "a", "a").categories()
    assert names == ["a", "2", "9", "10", "b"]
    assert counts.tolist() == [2, 1, 1, 1, 1]


def test_texts_with_nul_bytes_stay_apart() -> None:
    codes, names, _ = column("a", "a\0", "a").categories()
    assert len(names) == 2
    assert codes[0] == codes[2] != codes[1]


def test_python_values_of_any_kind() -> None:
    table = Metadata.from_mapping(
        {
            "i": np.array([1, 2]),
            "f": [0.5, float("nan")],
            "b": np.array([True, False]),
            "n": [None, "x"],
        }
    )
    assert [c.kind for c in table.columns] == ["numeric", "numeric", "categorical", "categorical"]
    assert table.row(1) == ["2", None, "False", "x"]


def test_arrow_keeps_numbers_texts_and_gaps() -> None:
    table = Metadata.from_mapping({"n": [1.5, None], "t": ["a", None]}).to_arrow()
    assert table.to_pydict() == {"n": [1.5, None], "t": ["a", None]}

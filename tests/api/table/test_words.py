"""Words are read in any language."""

from __future__ import annotations

import numpy as np
import pytest

from projector.api.table.words import words_of
from projector.model.text import PackedText


def names(text: str) -> list[str]:
    return words_of(PackedText.pack([text])).names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Fox's fur", ["fox's", "fur", "the"]),
        ("naïve nai\u0308ve", ["naïve"]),
        ("ΛΌΓΟΣ Straße", ["straße", "λόγος"]),
        ("हिन्दी भाषा", ["भाषा", "हिन्दी"]),
        ("Привет, мир!", ["мир", "привет"]),
        ("مرحبا بالعالم", ["بالعالم", "مرحبا"]),
        ("足球比赛", ["比赛", "球比", "足球"]),
        ("a 1 22 x_y b2b", ["b2b", "x_y"]),
        ("", []),
    ],
)
def test_words_of_any_script(text: str, expected: list[str]) -> None:
    assert sorted(names(text)) == sorted(expected)


def test_each_counts_once_a_text_and_missing_texts_have_none() -> None:
    text = PackedText.pack(["go go gone", None, "gone"])
    found = words_of(text, rows=np.array([2, 1, 0]))
    assert found.offsets.tolist() == [0, 1, 1, 3]
    assert [found.names[code] for code in found.codes] == ["gone", "go", "gone"]

"""Packed text behaves as a list of texts does, and is compared in bulk."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projector.model.text import PackedText

TEXTS = st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5))
BOUND = st.none() | st.integers(-9, 9)


@given(TEXTS, BOUND, BOUND, st.none() | st.integers(-3, 3).filter(bool))
def test_slices_are_those_of_a_list(
    texts: list[str | None], start: int | None, stop: int | None, step: int | None
) -> None:
    assert PackedText.pack(texts)[start:stop:step] == texts[start:stop:step]


@given(TEXTS)
def test_every_text_is_found_from_both_ends(texts: list[str | None]) -> None:
    packed = PackedText.pack(texts)
    for index in range(-len(texts), len(texts)):
        assert packed[index] == texts[index]
    for index in (-len(texts) - 1, len(texts)):
        with pytest.raises(IndexError):
            packed[index]


def test_as_many_texts_as_are_among_others_may_be() -> None:
    draw = random.Random(3)
    for _ in range(300):
        letters = draw.choice(["ab", "01.", "xyé∂", "a\0"])
        one, other = (
            ["".join(draw.choices(letters, k=draw.randrange(4))) for _ in range(draw.randrange(9))]
            for _ in range(2)
        )
        known = sum(text in other for text in one)
        most = PackedText.pack(one).most_common_with(PackedText.pack(other))
        assert known <= most <= len(one)


def test_words_and_numbers_have_nothing_in_common() -> None:
    words = PackedText.pack([f"word{number}" for number in range(100)])
    numbers = PackedText.pack([f"{number / 7:.4f}" for number in range(100)])
    assert words.most_common_with(numbers) == 0
    assert words.most_common_with(words) == 100


def test_missing_texts_are_not_among_others() -> None:
    some = PackedText.pack(["", None, "a", "b"])
    assert some.most_common_with(PackedText.pack(["a", None])) == 1
    assert some.most_common_with(PackedText.pack([None])) == 0
    assert some.most_common_with(PackedText.pack([""])) == 1


def test_texts_in_the_middle_of_a_block_are_compared() -> None:
    whole = PackedText.pack(["zz", "a", "b"])
    part = PackedText(whole.data, whole.offsets[1:], whole.missing[1:])
    assert part.most_common_with(PackedText.pack(["b", "zz"])) == 1

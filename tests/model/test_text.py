"""Packed text behaves as a list of texts does, and is compared in bulk."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import example, given
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


@given(TEXTS)
def test_many_texts_are_told_apart_as_few_are(texts: list[str | None]) -> None:
    few, many = PackedText.pack(texts), PackedText.pack(texts)
    codes, names, counts = many._many_categories()
    expected = few.categories()
    assert names == expected[1]
    assert codes.tolist() == expected[0].tolist()
    assert counts.tolist() == expected[2].tolist()
    assert len(many._encoded[1]) == few.n_distinct()


@pytest.mark.parametrize("order", list(itertools.permutations(["nan", "10", "9", "b", "NaN"])))
def test_a_text_that_reads_as_no_number_leaves_the_others_in_order(order: tuple[str, ...]) -> None:
    assert PackedText.pack(order).categories()[1] == ["9", "10", "NaN", "b", "nan"]


@example(["NAN", ""])
@given(TEXTS)
def test_many_texts_in_any_order_are_named_alike(texts: list[str | None]) -> None:
    one, other = PackedText.pack(texts), PackedText.pack(texts[::-1])
    assert one.categories()[1] == other.categories()[1]


def test_of_many_names_the_first_thousand_are_in_natural_order() -> None:
    draw = random.Random(5)
    texts: list[str | None] = [str(number) for number in range(70_000)]
    draw.shuffle(texts)
    texts += ["often"] * 3 + [None] * 2 + ["9", "10"]
    packed = PackedText.pack(texts)
    codes, names, counts = packed.categories()
    assert names[:3] == ["often", "9", "10"]
    assert names[3:1000] == sorted(names[3:1000], key=lambda name: float(name))
    assert sorted(names) == sorted({text for text in texts if text is not None})
    assert [None if code < 0 else names[code] for code in codes.tolist()] == texts
    assert counts[:4].tolist() == [3, 2, 2, 1]
    assert packed.n_distinct() == len(names) == 70_001

"""Packed text behaves as a list of texts does."""

from __future__ import annotations

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

"""Whether more texts differ than a limit: never wrong, whatever the texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projector.model.distinct import seen_texts
from projector.model.text import PackedText


@settings(max_examples=200, deadline=None)
@given(st.lists(st.none() | st.text(max_size=20), max_size=40), st.integers(0, 40))
def test_it_agrees_with_a_set(texts: list[str | None], limit: int) -> None:
    # An empty text is a text like any other; None does not count.
    packed = PackedText.pack(texts)
    expected = len({text for text in texts if text is not None}) > limit
    assert packed.has_more_distinct(limit) is expected


@pytest.mark.parametrize(
    ("n_different", "limit", "expected"),
    [(300_000, 150_000, True), (1_000, 150_000, False), (90_000, 150_000, False)],
)
def test_many_texts_need_no_exact_count(n_different: int, limit: int, expected: bool) -> None:
    texts = [f"a longer text {i % n_different}" for i in range(300_000)]
    packed = PackedText.pack(texts)
    assert seen_texts(packed.data, packed.offsets, packed.missing, limit) is expected


def test_texts_that_differ_late_or_only_in_length_differ() -> None:
    texts = [f"{'x' * 50}{i}" for i in range(40)] + ["\0" * i for i in range(1, 40)]
    packed = PackedText.pack(texts)
    assert packed.has_more_distinct(78)
    assert not packed.has_more_distinct(79)


def test_few_texts_are_left_to_the_exact_count() -> None:
    packed = PackedText.pack([f"t{i % 7}" for i in range(5000)])
    assert seen_texts(packed.data, packed.offsets, packed.missing, 6) is None
    assert packed.has_more_distinct(6)
    assert not packed.has_more_distinct(7)

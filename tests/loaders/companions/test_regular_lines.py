"""The fast reader of metadata reads what the exact one reads, or leaves it to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projector.loaders.companions.exact_lines import ExactLines
from projector.loaders.companions.regular_lines import RegularLines

CELL = st.text(st.characters(exclude_characters="\n\t", codec="utf-8"), max_size=6)


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1, 3).flatmap(
        lambda width: st.lists(
            st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=7
        )
    ),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.integers(0, 2),
    st.integers(1, 9),
)
def test_both_readers_agree(
    rows: list[list[str]], end: str, closed: bool, start: int, n_points: int
) -> None:
    text = (end.join("\t".join(row) for row in rows) + (end if closed else "")).encode()
    if not text.strip(b"\r\n"):
        return
    fast = RegularLines.of(text)
    exact = ExactLines.of(np.frombuffer(text, np.uint8))
    if fast is None:
        return
    assert (fast.n_lines, fast.width) == (exact.n_lines, exact.width)
    assert fast.trailing_blank_lines() == exact.trailing_blank_lines()
    assert fast.line(0) == exact.line(0)
    start = min(start, fast.n_lines)
    one, other = fast.rows(start, start + n_points), exact.rows(start, start + n_points)
    for number in range(fast.width):
        assert one.column(number, n_points).to_list() == other.column(number, n_points).to_list()
    assert one.ragged(fast.width, first_line=1) == other.ragged(fast.width, first_line=1)


@pytest.mark.parametrize("text", [b"a\tb\nc\n", b"a\rb\nc\n", b"\xef\xbb\xbfa\n", b""])
def test_what_is_not_regular_is_left_to_the_exact_reader(text: bytes) -> None:
    assert RegularLines.of(text) is None


@pytest.mark.parametrize(
    "text", [b"a\tb\nc\td\n", b'"a\tb"\n"\tc\n', b"a\n\nb\n", b"a\tb\n\nc\td\n", b"x\x00y\nz"]
)
def test_quotes_and_blank_lines_are_regular(text: bytes) -> None:
    assert RegularLines.of(text) is not None

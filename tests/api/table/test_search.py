from __future__ import annotations

import contextlib
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import projector
from projector.api.table import search
from projector.api.table.pattern_size import pattern_size
from projector.api.table.search import MAX_SIZE, search_rows
from projector.errors import Cancelled, ParameterError, UnknownNameError

DATA = projector.Dataset(
    [[float(i)] for i in range(4)],
    metadata={"word": ["Ärger", "straße", "a.c", None], "code": ["7", "007", "abc", "7.0"]},
)


@pytest.mark.parametrize(
    ("text", "column", "regex", "rows"),
    [
        ("är", None, False, [0]),
        ("SS", None, False, []),
        ("7", None, False, [0, 1, 3]),
        ("a.c", None, False, [2]),
        ("A.C", None, True, [2]),
        ("^a.c$", 1, True, [2]),
        ("a.c", 1, False, []),
        ("", None, False, []),
        ("\udcff", None, False, []),
    ],
)
def test_search(text: str, column: int | None, regex: bool, rows: list[int]) -> None:
    assert search_rows(DATA, text, column, regex=regex).tolist() == rows


def test_without_metadata_a_row_number_finds_its_row() -> None:
    bare = projector.Dataset([[0.0], [1.0]])
    assert search_rows(bare, "1").tolist() == [1]
    assert search_rows(bare, "2").tolist() == []
    assert search_rows(bare, "9" * 900).tolist() == []
    assert search_rows(bare, "x").tolist() == []


WORDS = projector.Dataset(
    np.zeros((3000, 1), np.float32) + np.arange(3000)[:, None],
    metadata={"word": [f"word {i}" for i in range(3000)]},
)


@pytest.mark.parametrize(
    "pattern",
    [
        "a{0,1000}" * 40,
        "(a{0,100}){0,100}" * 3,
        r"(\pL|\d){0,200}q",
        "(((((a{9}){9}){9}){9}){9}){9}",
        "[^a]{999}" * 5,
        "(?:word |x{0,50}){0,400}",
        r"\Qaaaaaaaaaaaaaaaaaaaaaaaaa\E{900}(b|c){900}" * 4,
        "{1000}" * 160,
    ],
)
def test_a_pattern_that_becomes_large_is_refused_before_it_is_compiled(pattern: str) -> None:
    with pytest.raises(ParameterError, match=r"is too large|not a regular expression"):
        search_rows(WORDS, pattern, regex=True)


@pytest.mark.parametrize(
    ("pattern", "size"),
    [("", 0), ("a", 4), ("a{10}", 40), ("(a{10}){10}", 420), ("a|b", 9), (r"\pL{3}", 2400)],
)
def test_the_size_counts_repetitions(pattern: str, size: int) -> None:
    assert pattern_size(pattern) == size


@given(st.text("ab()[]{}*+?|\\.,0123456789^$pLQEx-", max_size=60))
@settings(deadline=None)
def test_every_text_has_a_size_and_an_answer(text: str) -> None:
    assert pattern_size(text) >= 0
    assert pattern_size(f"({text}){{2}}") >= 0
    with contextlib.suppress(ParameterError):
        search_rows(DATA, text, regex=True)


def test_common_patterns_are_small() -> None:
    for pattern in (r"\d{4}-\d{2}", r"^\w+@\w+\.[a-z]{2,6}$", r"\p{L}{1,20} \d+", ".{0,500}"):
        assert pattern_size(pattern) <= MAX_SIZE


def test_a_long_text_needs_a_small_pattern() -> None:
    long = projector.Dataset([[0.0], [1.0]], metadata={"word": ["x" * 4_000_000, "y"]})
    assert search_rows(long, "x+$", regex=True).tolist() == [0]
    with pytest.raises(ParameterError, match=r"column 'word', which has a text of 4,000,000 bytes"):
        search_rows(long, "(x|.){400}", regex=True)


def test_a_search_gives_up_after_a_while_and_the_next_one_has_its_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as hurried:
        hurried.setattr(search, "MAX_SECONDS", -1.0)
        for _ in range(20):
            with pytest.raises(ParameterError, match=r"given up after -1 seconds, with 0% of"):
                search_rows(WORDS, "1", regex=True)
    assert len(search_rows(WORDS, "99", regex=True)) == 57


@pytest.mark.parametrize("regex", [False, True])
def test_a_search_ends_when_nobody_waits_for_it(
    monkeypatch: pytest.MonkeyPatch, regex: bool
) -> None:
    monkeypatch.setattr(search, "_FIRST_PIECE", 1000)
    monkeypatch.setattr(search, "_PIECE_SECONDS", 0.0)
    n_checks = 0

    def leave() -> None:
        nonlocal n_checks
        n_checks += 1
        if n_checks == 2:
            raise Cancelled

    for _ in range(20):
        n_checks = 0
        with pytest.raises(Cancelled):
            search_rows(WORDS, "99", regex=regex, check=leave)
        assert n_checks == 2
    n_checks = 10
    assert len(search_rows(WORDS, "99", regex=regex, check=leave)) == 57


def test_a_search_waits_for_those_that_run(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = threading.BoundedSemaphore(1)
    monkeypatch.setattr(search, "_AT_ONCE", taken)
    monkeypatch.setattr(search, "MAX_SECONDS", 0.01)
    taken.acquire()
    with pytest.raises(ParameterError, match="Too many searches are running"):
        search_rows(WORDS, "1", regex=True)
    taken.release()


def test_a_long_text_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"has 1,001 letters. It may have 1,000"):
        search_rows(WORDS, "a" * 1001)


def test_what_cannot_be_searched_is_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"Unknown column '2'\. Available: 'word', 'code'\."):
        search_rows(DATA, "", 2)
    for pattern in ("(", "(?=a)", r"(a)\1"):
        with pytest.raises(ParameterError, match="not a regular expression"):
            search_rows(DATA, pattern, regex=True)

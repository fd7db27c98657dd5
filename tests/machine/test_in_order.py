"""Tests of `projector.machine.in_order`."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from projector.machine.in_order import in_order


@pytest.mark.parametrize("n_threads", [None, 1, 2, 5])
def test_results_have_the_order_of_the_pieces(n_threads: int | None) -> None:
    def work(piece: int) -> int:
        return piece * piece

    assert list(in_order(work, range(100), n_threads)) == [n * n for n in range(100)]
    assert list(in_order(work, [], n_threads)) == []


def test_pieces_are_worked_on_at_once() -> None:
    meeting = threading.Barrier(3, timeout=60)

    def work(piece: int) -> int:
        meeting.wait()  # passes only when three are here
        return piece

    assert list(in_order(work, range(6), 3)) == list(range(6))


@pytest.mark.parametrize("n_threads", [1, 3])
def test_few_pieces_are_taken_ahead(n_threads: int) -> None:
    taken: list[int] = []

    def pieces() -> Iterator[int]:
        for piece in range(1000):
            taken.append(piece)
            yield piece

    results = in_order(abs, pieces(), n_threads)
    assert [next(results) for _ in range(10)] == list(range(10))
    assert len(taken) <= 10 + 2 * n_threads


@pytest.mark.parametrize("n_threads", [1, 3])
def test_an_error_ends_the_work(n_threads: int) -> None:
    begun: list[int] = []

    def work(piece: int) -> int:
        begun.append(piece)
        return 1 // (piece - 5)

    with pytest.raises(ZeroDivisionError):
        list(in_order(work, range(1000), n_threads))
    assert len(begun) < 30

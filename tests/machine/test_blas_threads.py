"""Work in blocks is taken in order, with one BLAS thread, and leaves the limit as it was."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from projector.machine import blas_threads
from projector.machine.blas_threads import one_blas_thread, take_in_order

np.linalg.norm(np.ones((2, 2)))  # its library is loaded


def blas_counts() -> set[int]:
    # Libraries that were loaded later, such as scipy's own, are not numpy's.
    known = blas_threads._controller().info()
    return {each["num_threads"] for each in known if each["user_api"] == "blas"}


@pytest.mark.parametrize("processors", [1, 2, 5])
@pytest.mark.parametrize("most", [None, 1, 2, 50])
def test_results_come_in_order(
    processors: int, most: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blas_threads, "usable_processors", lambda: processors)
    for n_items in (0, 1, 2, 30):
        found: list[int] = []
        take_in_order(lambda item: item * item, range(n_items), found.append, most=most)
        assert found == [item * item for item in range(n_items)]


def test_no_more_results_wait_than_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blas_threads, "usable_processors", lambda: 4)
    lock, waiting, largest = threading.Lock(), 0, 0

    def work(item: int) -> int:
        nonlocal waiting, largest
        with lock:
            waiting += 1
            largest = max(largest, waiting)
        return item

    def take(_: int) -> None:
        nonlocal waiting
        with lock:
            waiting -= 1

    take_in_order(work, range(200), take, most=3)
    assert 1 <= largest <= 2 * 3 + 1


def test_what_fails_ends_the_work_and_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blas_threads, "usable_processors", lambda: 3)
    before = blas_counts()
    done: list[int] = []

    def stop(item: int) -> None:
        if item == 5:
            raise KeyError(item)

    def work(item: int) -> int:
        done.append(item)
        return item

    with pytest.raises(KeyError):
        take_in_order(work, range(10_000), stop)
    assert len(done) < 100
    assert blas_counts() == before


def test_the_limit_holds_until_the_last_has_left() -> None:
    before = blas_counts()
    with one_blas_thread():
        with one_blas_thread():
            assert blas_counts() == {1}
        assert blas_counts() == {1}
    assert blas_counts() == before


def in_thread(act: Callable[[], None]) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(act).result()


def test_the_limit_holds_in_any_thread_after_it_held_in_another() -> None:
    before = blas_counts()

    def limited() -> None:
        with one_blas_thread():
            assert blas_counts() == {1}

    for act in (limited, lambda: in_thread(limited), limited, lambda: in_thread(limited)):
        act()
        assert blas_counts() == before


def test_another_thread_than_set_the_limit_may_lift_it() -> None:
    before = blas_counts()
    with ThreadPoolExecutor(1) as pool:
        first, second = one_blas_thread(), one_blas_thread()
        pool.submit(first.__enter__).result()
        second.__enter__()
        pool.submit(first.__exit__, None, None, None).result()
        assert blas_counts() == {1}
        second.__exit__(None, None, None)
        assert blas_counts() == before

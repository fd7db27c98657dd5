"""A blocking call runs in a thread, while its caller goes on and may leave it."""

from __future__ import annotations

import threading

import pytest

from projector.machine.in_thread import call_in_thread


def test_the_result_comes_back_and_meanwhile_is_called_at_least_once() -> None:
    calls: list[int] = []
    assert call_in_thread(lambda: 7, lambda: calls.append(1)) == 7
    assert calls


def test_meanwhile_is_called_again_and_again_until_the_work_ends() -> None:
    calls: list[int] = []
    end = threading.Event()

    def meanwhile() -> None:
        calls.append(1)
        if len(calls) == 3:
            end.set()

    assert call_in_thread(lambda: end.wait(30), meanwhile)
    assert len(calls) >= 3


def test_an_error_of_the_work_is_raised_in_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        call_in_thread(lambda: 1 / 0, lambda: None)


def test_an_error_of_meanwhile_leaves_the_work() -> None:
    end, went_on = threading.Event(), threading.Event()

    def work() -> None:
        end.wait(30)
        went_on.set()

    def stop() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        call_in_thread(work, stop)
    assert not went_on.is_set()
    end.set()
    assert went_on.wait(30), "what was left runs to its end, and its result is dropped"

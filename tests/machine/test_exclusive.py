"""Blocks with one name do not run at once; others do."""

from __future__ import annotations

import threading

from projector.machine.exclusive import exclusive


def test_blocks_with_one_name_wait_for_each_other() -> None:
    inside, entered = threading.Event(), []

    def enter(name: str) -> None:
        with exclusive(name):
            entered.append(name)

    with exclusive("a"):
        waiting = threading.Thread(target=enter, args=("a",))
        waiting.start()
        free = threading.Thread(target=enter, args=("b",))
        free.start()
        free.join(60)
        with exclusive("a"):  # the same thread may
            inside.set()
        assert entered == ["b"]
    waiting.join(60)
    assert inside.is_set()
    assert entered == ["b", "a"]

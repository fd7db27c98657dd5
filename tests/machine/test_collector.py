"""The collector of cycles is held back inside a block, and goes on after the last one.

There is one for the whole process, whose other threads may hold it back, too: each test has a
process of its own.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from projector.machine.collector import without_collector

ROOT = Path(__file__).resolve().parents[2]


def is_held_back_and_goes_on() -> None:
    assert gc.isenabled()
    with without_collector():
        assert not gc.isenabled()
        with without_collector():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="x"), without_collector():
        raise ValueError("x")
    assert gc.isenabled()


def stays_off_if_it_was() -> None:
    gc.disable()
    with without_collector():
        pass
    assert not gc.isenabled()


def goes_on_after_the_last_of_several_threads() -> None:
    for was_on in (True, False):
        (gc.enable if was_on else gc.disable)()
        inside, leave = threading.Event(), threading.Event()

        def other(inside: threading.Event = inside, leave: threading.Event = leave) -> None:
            with without_collector():
                inside.set()
                assert leave.wait(60)

        with without_collector():
            thread = threading.Thread(target=other)
            thread.start()
            assert inside.wait(60)
        assert not gc.isenabled()
        leave.set()
        thread.join(60)
        assert gc.isenabled() == was_on


def makes_what_was_made_inside_old_and_collects_it_still() -> None:
    class Node:
        pass

    with without_collector():
        node = Node()
        node.itself = node  # type: ignore[attr-defined]
        gone = weakref.ref(node)
        del node
        assert gone() is not None
    assert gc.get_freeze_count() == 0
    gc.collect(1)
    assert gone() is not None
    gc.collect()
    assert gone() is None


def leaves_frozen_what_others_froze() -> None:
    gc.freeze()
    with without_collector():
        pass
    # Not their number: what nobody refers to any more goes, frozen or not.
    assert gc.get_freeze_count() > 0


@pytest.mark.parametrize(
    "what",
    [
        is_held_back_and_goes_on,
        goes_on_after_an_error,
        stays_off_if_it_was,
        goes_on_after_the_last_of_several_threads,
        makes_what_was_made_inside_old_and_collects_it_still,
        leaves_frozen_what_others_froze,
    ],
)
def test_the_collector(what: Callable[[], None]) -> None:
    script = f"from tests.machine.test_collector import {what.__name__} as check; check()"
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr

"""The collector of cycles is held back inside a block, and goes on after the last one."""

from __future__ import annotations

import gc
import weakref

import pytest

from projector.machine.collector import without_collector


def test_it_is_held_back_and_goes_on() -> None:
    assert gc.isenabled()
    with without_collector():
        assert not gc.isenabled()
        with without_collector():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="x"), without_collector():
        raise ValueError("x")
    assert gc.isenabled()


def test_one_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with without_collector():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_was_made_inside_is_old_and_still_collected() -> None:
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


def test_what_others_froze_stays_frozen() -> None:
    gc.freeze()
    try:
        with without_collector():
            pass
        # Not their number: what nobody refers to any more goes, frozen or not.
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()

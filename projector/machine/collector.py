"""Holds back Python's collector of cycles where many objects are made that all stay."""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Iterator

_lock = threading.Lock()
_holders = 0
_was_on = True


@contextlib.contextmanager
def without_collector() -> Iterator[None]:
    """Make no collection inside the block, in no thread.

    The collector would look at all objects that were made so far, again and again, and find
    nothing: for a large listing it takes a fifth of the time. What is counted still goes at once.
    """
    global _holders, _was_on
    with _lock:
        if not _holders:
            _was_on = gc.isenabled()
        _holders += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _holders -= 1
            if _was_on and not _holders:
                _age()
                gc.enable()


def _age() -> None:
    """Take what was made meanwhile for old, so that the collector does not look at it at once.

    Frozen objects that are thawed are in the oldest generation, which is looked at seldom.
    """
    if hasattr(gc, "freeze") and not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()

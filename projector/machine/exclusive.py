"""Work that only one thread of the process may do at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_locks: dict[str, threading.RLock] = {}
_guard = threading.Lock()


@contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Wait until no other thread is inside a block with this name.

    Parameters
    ----------
    name : str
        Of what the block changes for the whole process, such as a name of a foreign module.
    """
    with _guard:
        lock = _locks.setdefault(name, threading.RLock())
    with lock:
        yield

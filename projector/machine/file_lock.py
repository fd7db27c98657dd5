"""Marks a file or a folder as in use, for as long as a process lives.

The system gives a lock back when the process that holds it ends, however it ends. Nothing else
tells so surely whether what a program left behind still belongs to somebody.
"""

from __future__ import annotations

import os
import sys
from typing import Literal, TypeAlias

#: What became of a try: "unknown" where there are no locks.
Held: TypeAlias = Literal["mine", "another's", "unknown"]


def lock(descriptor: int) -> Held:
    """Try to lock an open file or folder; the lock lasts until it is closed.

    Workers do not inherit it: descriptors are closed in them.
    """
    if sys.platform == "win32":
        return "unknown"
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return "another's"
    except OSError:
        return "unknown"
    return "mine"


def open_unfollowed(path: str, *, folder: bool = False) -> int:
    """Open a file or a folder to lock it; a link is refused with an OSError."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    flags |= getattr(os, "O_NONBLOCK", 0)
    return os.open(path, flags | (getattr(os, "O_DIRECTORY", 0) if folder else 0))

"""Notice what a training writes, without looking at the disk while nothing happens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path


class Watch:
    """Calls back soon after something below a folder changed, from a thread of its own.

    The operating system says what changed; nothing is polled. A burst of changes (a checkpoint
    of many shards) is one call.

    Parameters
    ----------
    root : Path
        A folder, or a single file.
    on_change : callable
        Called without arguments.
    """

    def __init__(self, root: Path, on_change: Callable[[], None]) -> None:
        self._root = root if root.is_dir() else root.parent
        self._on_change = on_change
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching; returns when the thread has ended."""
        self._stop.set()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        from watchfiles import watch

        changes = watch(
            self._root,
            stop_event=self._stop,
            debounce=400,
            step=100,
            rust_timeout=500,
            yield_on_timeout=False,
            raise_interrupt=False,
            ignore_permission_denied=True,
        )
        for _ in changes:
            self._on_change()

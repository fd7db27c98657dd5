"""The first look into a log directory, in a thread of its own: the server need not wait for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from projector.machine.shortages import machine_error

_LOGGER = logging.getLogger("projector")


class LookEndedError(Exception):
    """The session was closed while it looked."""


class FirstLook:
    """Looks once, and lets others wait until that is done.

    Parameters
    ----------
    look : callable
        Lists the log directory.
    then : callable
        Called when it was listed, with what went wrong in a sentence; empty if nothing did.

    Attributes
    ----------
    is_closed : bool
        Whether nobody waits for it any more.
    """

    def __init__(self, look: Callable[[], object], then: Callable[[str], None]) -> None:
        self._look = look
        self._then = then
        self._done = threading.Event()
        self.is_closed = False
        self._thread = threading.Thread(target=self._run, name="first look", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wait(self) -> None:
        """Wait until all was looked at; from the thread that looks, return at once."""
        if threading.current_thread() is not self._thread:
            self._done.wait()

    def check(self) -> None:
        """End the look if nobody waits for it any more; called while it looks."""
        if self.is_closed:
            raise LookEndedError

    def close(self) -> None:
        """Let it end soon, and those who wait for it go on."""
        self.is_closed = True
        self._done.set()

    def _run(self) -> None:
        failed = ""
        try:
            self._look()
        except LookEndedError:
            return
        except Exception as error:
            # Whatever is in the files: the page is told, and the next change is looked at again.
            lacking = machine_error(error)
            failed = str(lacking or f"{type(error).__name__}: {error}")
            if lacking is None:
                _LOGGER.exception("The log directory could not be listed.")
        try:
            if not self.is_closed:
                self._then(failed)
        finally:
            self._done.set()

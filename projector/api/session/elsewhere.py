"""Looks at remote log directories from time to time, and tells what they cost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from projector.model.listing import RemoteUse

_LOGGER = logging.getLogger("projector")
#: Seconds between two looks at what was fetched.
_TICK = 1.0


class HasRemote(Protocol):
    """A catalog of which a part may be elsewhere."""

    @property
    def remote(self) -> tuple[RemoteUse, ...]:
        """What each remote log directory has cost so far."""

    @property
    def is_outdated(self) -> bool:
        """Whether an object was found to be another one than listed."""


class Elsewhere:
    """The remote part of a session's log directory. No server tells what changes: it is asked.

    Parameters
    ----------
    catalog : HasRemote
    look : callable
        Lists the servers again, and publishes what is different.
    tell : callable
        Publishes what was fetched.
    poll_seconds : float
        Between two looks; 0 looks only when an object was found to be replaced.
    """

    def __init__(
        self,
        catalog: HasRemote,
        look: Callable[[], object],
        tell: Callable[[], object],
        poll_seconds: float,
    ) -> None:
        self._catalog = catalog
        self._look, self._tell = look, tell
        self._seconds = poll_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="elsewhere", daemon=True)
        self.uses = self._now()

    def _now(self) -> tuple[RemoteUse, ...]:
        return tuple(replace(use, poll_seconds=self._seconds) for use in self._catalog.remote)

    def start(self) -> None:
        """Begin, if anything is elsewhere."""
        if self.uses:
            self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=2)

    def _run(self) -> None:
        waited = 0.0
        while not self._stop.wait(_TICK):
            waited += _TICK
            try:
                is_due = 0 < self._seconds <= waited
                if is_due or self._catalog.is_outdated:
                    waited = 0.0
                    self._look()
                now = self._now()
                if now != self.uses:
                    self.uses = now
                    self._tell()
            except Exception:
                # Whatever is in the files: the next change is looked at again.
                _LOGGER.exception("The remote log directory could not be read again.")

"""The loop that waits for many sockets, and looks only at those on which something happened.

waitress's own loop asks every connection twice each time it goes round: with 700 idle ones a click
waits some milliseconds for them.
"""

from __future__ import annotations

import contextlib
import select
from collections import deque
from collections.abc import Iterable
from typing import Any

from waitress import wasyncore

_SECONDS = 1.0


class Loop:
    """Waits for sockets in one thread.

    Parameters
    ----------
    channels : dict
        waitress's table of what is waited for, by descriptor; it changes while the loop runs.
    """

    def __init__(self, channels: dict[int, Any]) -> None:
        self._channels = channels
        self._wanted: dict[int, int] = {}
        #: Descriptors whose wishes may have changed. Any thread may append to it.
        self._touched: deque[int] = deque()
        self._poll: Any = None

    def touch(self, descriptors: Iterable[int]) -> None:
        """Look at these again in the next round; from any thread."""
        self._touched.extend(descriptors)

    def forget(self, descriptor: int) -> None:
        """Wait no longer for a descriptor that is about to be closed."""
        if self._wanted.pop(descriptor, 0):
            with contextlib.suppress(OSError, KeyError, ValueError):
                self._poll.unregister(descriptor)

    def run(self, listening: int) -> None:
        """Run until nothing is left to wait for.

        Parameters
        ----------
        listening : int
            The descriptor that is looked at in each round, at least once a second.
        """
        if not hasattr(select, "poll"):  # Windows
            wasyncore.loop(_SECONDS, map=self._channels)
            return
        has_epoll = hasattr(select, "epoll")
        # Both take the same numbers for what may happen.
        self._poll = select.epoll() if has_epoll else select.poll()
        self.touch(list(self._channels))
        while self._channels:
            self._touched.append(listening)
            self._look_again()
            happened = self._poll.poll(_SECONDS if has_epoll else _SECONDS * 1000)
            # Who listens comes last: a new connection may get the number of one that was closed in
            # the same round.
            for descriptor, what in sorted(happened, key=lambda each: each[0] == listening):
                channel = self._channels.get(descriptor)
                if channel is not None:
                    wasyncore.readwrite(channel, what)
                self._touched.append(descriptor)
        if has_epoll:
            self._poll.close()

    def _look_again(self) -> None:
        touched = {self._touched.popleft() for _ in range(len(self._touched))}
        for descriptor in touched:
            channel = self._channels.get(descriptor)
            if channel is not None:
                wants = select.POLLIN | select.POLLPRI if channel.readable() else 0
                # Asking may have closed it; and who listens never writes.
                if channel.writable() and not channel.accepting:
                    wants |= select.POLLOUT
                if self._channels.get(descriptor) is channel:
                    self._want(descriptor, wants)

    def _want(self, descriptor: int, wants: int) -> None:
        before = self._wanted.get(descriptor, 0)
        if wants == before:
            return
        if not wants:
            self.forget(descriptor)
            return
        self._wanted[descriptor] = wants
        if before:
            self._poll.modify(descriptor, wants)
        else:
            self._poll.register(descriptor, wants)

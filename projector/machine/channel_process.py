"""A child process with a channel to it, and the process's own end of that channel."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Mapping

from projector.machine.channel import PASSES_FILES, Channel, PipeChannel, SocketChannel
from projector.machine.child_process import ChildProcess


class ChannelProcess(ChildProcess):
    """A child process, and the channel to it in the place of its standard streams.

    The module that it runs takes its end with `standard_channel`. It has to exit when that ends.

    Parameters
    ----------
    module, *arguments, stderr, environment
        See `ChildProcess`.

    Attributes
    ----------
    channel : Channel

    Raises
    ------
    OSError
        The system starts no further process.
    """

    channel: Channel

    def __init__(
        self,
        module: str,
        *arguments: str,
        stderr: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        if not PASSES_FILES:
            super().__init__(module, *arguments, stderr=stderr, environment=environment)
            self.channel = PipeChannel(self.outbox, self.inbox, self.kill)
            return
        ours, theirs = socket.socketpair()
        try:
            super().__init__(
                module,
                *arguments,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                environment=environment,
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self.channel = SocketChannel(ours)

    def reap(self) -> int:
        """Wait for its end, close the channel and return its exit code; may be called twice."""
        code = super().reap()
        self.channel.close()
        return code


def standard_channel(*, prints: bool) -> tuple[Channel, int]:
    """Take this process's standard streams for messages to its owner.

    Parameters
    ----------
    prints : bool
        Whether what a library prints goes to standard error, and not nowhere.

    Returns
    -------
    channel : Channel
    connected : int
        The descriptor whose end is the owner's end.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    printed = 2 if prints else nowhere
    if PASSES_FILES:
        connected = socket.socket(fileno=os.dup(0))
        os.dup2(nowhere, 0)
        os.dup2(printed, 1)
        return SocketChannel(connected), connected.fileno()
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(nowhere, 0)
    os.dup2(printed, 1)
    return PipeChannel(inbox, outbox), inbox.fileno()

"""A worker process: its channel, its end and the meaning of its exit code."""

from __future__ import annotations

import threading

from projector.jobs.messages import Message
from projector.machine.channel_process import ChannelProcess
from projector.machine.child_process import ending, is_killed
from projector.machine.memory import used_memory


class WorkerProcess(ChannelProcess):
    """One worker process and the channel to it.

    Parameters
    ----------
    preload : str
        A module that it imports at once.
    prepare : str
        ``"package.module:name"`` of a function for the time before its first task, or nothing.
    """

    def __init__(self, preload: str, prepare: str = "") -> None:
        super().__init__("projector.jobs.worker", preload, prepare)
        self._writing = threading.Lock()
        self._is_killed = False

    def send(self, message: Message) -> None:
        """Send a message; that the process is gone is noticed by `receive`."""
        try:
            with self._writing:
                self.channel.send(message)
        except (OSError, ValueError):
            return

    def receive(self) -> Message | None:
        """Wait for a message; None when the process has ended."""
        try:
            message: Message = self.channel.receive()
            return message
        except (EOFError, OSError, ValueError):
            return None

    def is_alive(self) -> bool:
        """Return whether it can take a task."""
        # A process dies a moment after it was killed.
        return not self._is_killed and super().is_alive()

    def memory(self) -> int:
        """Return the bytes that it has taken of the machine; pages of files do not count."""
        return used_memory(self.pid)

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        self._is_killed = True
        super().kill()


def exit_message(code: int) -> str:
    """Return a sentence for people on what an exit code means."""
    if is_killed(code):
        return (
            "The process that computed this was killed, most likely because the machine ran out "
            "of memory. Use fewer points or close other programs, then start it again."
        )
    if ending(code) == "SIGBUS":
        return (
            "The process that computed this ended because a part of its data was no longer there "
            "(SIGBUS): a disk is full or failing, or a file was shortened. Free space in the "
            "temporary folder, then start it again."
        )
    if ending(code) == "SIGSEGV":
        return (
            "The process that computed this crashed inside a compiled library (SIGSEGV), usually "
            "because of damaged memory or a defect. Start it again; if it crashes again, report it "
            "with the method and the shape of the data."
        )
    return (
        f"The process that computed this ended without a result ({ending(code)}). Start it again."
    )

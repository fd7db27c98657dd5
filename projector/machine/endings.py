"""The ways in which a program is ended from outside: signals, and streams that nobody reads."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
import threading
from types import FrameType

#: What other programs are ended with: by a system that shuts down, a terminal that is closed, and
#: Ctrl-\ in it.
_SIGNALS = ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
#: Exit code of a program whose reader has gone, as shells know it: 128 and SIGPIPE.
HUNG_UP = 141


def end_as_by_ctrl_c() -> None:
    """Let every such signal raise KeyboardInterrupt, so that nothing is left behind.

    One that is ignored stays ignored, as ``nohup`` has it. A second one, while the program is
    ending, changes nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _end_once)


def _end_once(number: int, frame: FrameType | None) -> None:
    for name in _SIGNALS:
        each = getattr(signal, name, None)
        if each is not None and signal.getsignal(each) == _end_once:
            signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def open_standard_streams() -> None:
    """Give the program streams that go nowhere in place of those that were closed at its start.

    The next file that is opened would have the number of standard output, and get what is printed.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with contextlib.suppress(OSError):
                os.open(os.devnull, os.O_RDWR)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            with contextlib.suppress(OSError):
                setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115


def is_hung_up(error: OSError) -> bool:
    """Return whether an error only means that nobody reads any more: a pipe or a terminal."""
    return error.errno in (errno.EPIPE, errno.EIO, errno.EBADF, errno.ESHUTDOWN)


def silence_output() -> None:
    """Write nothing more to standard output and standard error, also not at the very end."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)

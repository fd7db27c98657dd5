"""A channel between two processes of ours that passes large arrays without a pipe.

Values are pickled. The memory of large arrays goes into an unnamed file in memory, which the
other end maps: hundreds of megabytes take one copy, and nothing is left behind by a kill. Where
the system cannot pass files between processes, everything goes through pipes.
"""

from __future__ import annotations

import contextlib
import io
import mmap
import os
import pickle
import socket
import struct
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from typing import IO, Any, Protocol, TypeAlias

from projector.machine.messages import receive, send

#: Length of the pickle, number of arrays beside it.
_HEAD = struct.Struct("<QQ")
#: Arrays with fewer bytes stay in the pickle.
_LARGE = 1 << 16
_ALIGNED = 64
#: Seconds for the rest of a message whose head has arrived.
_REST = 60.0
_NOT_INHERITED = getattr(socket, "MSG_CMSG_CLOEXEC", 0)

#: Whether arrays can be passed as files.
PASSES_FILES = sys.platform != "win32" and hasattr(socket, "send_fds")
#: Like `pickle.Pickler.reducer_override`.
Reduce: TypeAlias = Callable[[Any], Any]


class Channel(Protocol):
    """One end of a channel."""

    def send(self, value: object, reduce: Reduce | None = None) -> None:
        """Send a value, with parts of it as `reduce` says; OSError if the other end is gone."""

    def receive(self, seconds: float | None = None) -> Any:
        """Wait for a value.

        Raises
        ------
        EOFError
            The other end is gone.
        TimeoutError
            Nothing came within these seconds.
        """

    def close(self) -> None:
        """Close it, which the other end notices."""


class SocketChannel:
    """A channel through a Unix socket."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    def send(self, value: object, reduce: Reduce | None = None) -> None:
        """Send a value; see `Channel`."""
        large: list[memoryview] = []
        body = _pickled(value, large, reduce)
        head = _HEAD.pack(len(body), len(large)) + struct.pack(
            f"<{len(large)}Q", *(len(each) for each in large)
        )
        if not large:
            self._socket.sendall(head + body)
            return
        with _written(large) as file:
            sent = socket.send_fds(self._socket, [head], [file.fileno()])
            self._socket.sendall(head[sent:])
        self._socket.sendall(body)

    def receive(self, seconds: float | None = None) -> Any:
        """Wait for a value; see `Channel`."""
        self._socket.settimeout(seconds)
        head, files, _, _ = socket.recv_fds(self._socket, _HEAD.size, 1, _NOT_INHERITED)
        try:
            if not head:
                raise EOFError
            self._socket.settimeout(_REST)
            head += self._exactly(_HEAD.size - len(head))
            length, count = _HEAD.unpack(head)
            sizes = struct.unpack(f"<{count}Q", self._exactly(8 * count))
            body = self._exactly(length)
            buffers = _mapped(files[0], sizes) if count else ()
        except ConnectionError:
            raise EOFError from None
        finally:
            for file in files:
                os.close(file)
            with contextlib.suppress(OSError):
                self._socket.settimeout(None)
        return pickle.loads(body, buffers=buffers)

    def _exactly(self, count: int) -> bytearray:
        data = bytearray(count)
        view = memoryview(data)
        while len(view):
            got = self._socket.recv_into(view)
            if not got:
                raise EOFError
            view = view[got:]
        return data

    def close(self) -> None:
        """Close it; see `Channel`."""
        self._socket.close()


class PipeChannel:
    """A channel through two pipes, for systems that cannot pass files.

    Parameters
    ----------
    inbox, outbox : binary file
        Where values come from, and where they go.
    interrupt : callable, optional
        Makes the other end give up, so that `receive` ends in time.
    """

    def __init__(
        self, inbox: IO[bytes], outbox: IO[bytes], interrupt: Callable[[], None] | None = None
    ) -> None:
        self._inbox = inbox
        self._outbox = outbox
        self._interrupt = interrupt

    def send(self, value: object, reduce: Reduce | None = None) -> None:
        """Send a value; see `Channel`."""
        send(self._outbox, (value,))

    def receive(self, seconds: float | None = None) -> Any:
        """Wait for a value; see `Channel`."""
        late = threading.Event()

        def give_up() -> None:
            late.set()
            if self._interrupt is not None:
                self._interrupt()

        timer = threading.Timer(seconds, give_up) if seconds is not None else None
        if timer is not None:
            timer.daemon = True
            timer.start()
        found = receive(self._inbox)
        if timer is not None:
            timer.cancel()
        if found is None:
            raise TimeoutError if late.is_set() else EOFError
        return found[0]

    def close(self) -> None:
        """Close it; see `Channel`."""
        for pipe in (self._inbox, self._outbox):
            with contextlib.suppress(OSError):
                pipe.close()


def _pickled(value: object, large: list[memoryview], reduce: Reduce | None) -> bytes:
    """Return the pickle of a value without its large arrays, which are added to `large`."""

    def keep(buffer: pickle.PickleBuffer) -> bool:
        raw = buffer.raw()
        if raw.nbytes < _LARGE:
            return True
        large.append(raw)
        return False

    body = io.BytesIO()
    kind = pickle.Pickler if reduce is None else _reducing(reduce)
    kind(body, protocol=5, buffer_callback=keep).dump(value)
    return body.getvalue()


def _reducing(reduce: Reduce) -> type[pickle.Pickler]:
    class Reducing(pickle.Pickler):
        def reducer_override(self, value: Any) -> Any:
            return reduce(value)

    return Reducing


def _starts(sizes: Sequence[int]) -> tuple[list[int], int]:
    """Return where each array begins in the file, and the length of the file."""
    starts, at = [], 0
    for size in sizes:
        starts.append(at)
        at += -(-size // _ALIGNED) * _ALIGNED
    return starts, at


def unnamed_file() -> IO[bytes]:
    """Return an open file in memory, or at least one without a name."""
    if sys.platform == "linux" and hasattr(os, "memfd_create"):
        with contextlib.suppress(OSError):
            return os.fdopen(os.memfd_create("projector", os.MFD_CLOEXEC), "r+b", buffering=0)
    return tempfile.TemporaryFile(prefix="projector-", buffering=0)


@contextlib.contextmanager
def _written(large: list[memoryview]) -> Any:
    starts, total = _starts([len(each) for each in large])
    with unnamed_file() as file:
        os.ftruncate(file.fileno(), total)
        for start, view in zip(starts, large, strict=True):
            at = 0
            while at < len(view):
                at += os.pwrite(file.fileno(), view[at : at + (1 << 30)], start + at)
        yield file


def _mapped(file: int, sizes: Sequence[int]) -> list[memoryview]:
    starts, total = _starts(sizes)
    if os.fstat(file).st_size < total:
        raise EOFError
    # Page by page would be slow: all of it is read soon.
    flags = mmap.MAP_SHARED | getattr(mmap, "MAP_POPULATE", 0)
    view = memoryview(mmap.mmap(file, total, flags=flags, prot=mmap.PROT_READ))
    return [view[start : start + size] for start, size in zip(starts, sizes, strict=True)]

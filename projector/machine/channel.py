"""A channel between two processes of ours that passes large arrays without a pipe.

Values are pickled. Large arrays go into an unnamed file in memory, which the other end maps, or
are in one already (see `projector.machine.handover`); nothing is left behind by a kill. Where the
system cannot pass files between processes, everything goes through pipes.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, Protocol, TypeAlias

from projector.machine.handover import file_of, unnamed_file
from projector.machine.messages import receive, send
from projector.machine.positioned import write_at
from projector.machine.private_map import map_file
from projector.typing import AnyArray

#: Length of the pickle, number of arrays beside it, number of files in which they are.
_HEAD = struct.Struct("<QQQ")
#: The file of an array, its offset there and its length.
_PLACE = struct.Struct("<QQQ")
#: Files that one message may pass; the system's limit is 253.
_MOST_FILES = 64
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
        with _files(large) as (files, places):
            head = _HEAD.pack(len(body), len(places), len(files))
            head += b"".join(_PLACE.pack(*place) for place in places)
            sent = socket.send_fds(self._socket, [head], files) if files else 0
            self._socket.sendall(head[sent:])
        self._socket.sendall(body)

    def receive(self, seconds: float | None = None) -> Any:
        """Wait for a value; see `Channel`."""
        self._socket.settimeout(seconds)
        head, files, _, _ = socket.recv_fds(self._socket, _HEAD.size, _MOST_FILES, _NOT_INHERITED)
        try:
            if not head:
                raise EOFError
            self._socket.settimeout(_REST)
            head += self._exactly(_HEAD.size - len(head))
            length, count, n_files = _HEAD.unpack(head)
            places = list(_PLACE.iter_unpack(self._exactly(_PLACE.size * count)))
            body = self._exactly(length)
            if len(files) != n_files:
                raise EOFError  # no descriptor was left for them
            buffers = _mapped(files, places)
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


@contextlib.contextmanager
def _files(large: list[memoryview]) -> Iterator[tuple[list[int], list[tuple[int, int, int]]]]:
    """Give the files with some arrays, and for each array its file, its offset and its length.

    Arrays that are in no file yet are written to one.
    """
    files: list[int] = []
    places: list[tuple[int, int, int]] = []
    end = 0
    with contextlib.ExitStack() as stack:
        common = -1  # its number among the files
        for raw in large:
            found = file_of(raw) if len(files) < _MOST_FILES - 1 else None
            if found is not None:
                places.append((len(files), found[1], len(raw)))
                files.append(found[0])
                continue
            if common < 0:
                common = len(files)
                files.append(stack.enter_context(unnamed_file()).fileno())
            write_at(files[common], raw, end)
            places.append((common, end, len(raw)))
            end += -(-len(raw) // _ALIGNED) * _ALIGNED
        yield files, places


def _mapped(files: Sequence[int], places: Sequence[tuple[int, ...]]) -> list[AnyArray]:
    """Map the files, and return the arrays in them."""
    ends = [0] * len(files)
    for file, offset, length in places:
        ends[file] = max(ends[file], offset + length)
    if any(os.fstat(file).st_size < end for file, end in zip(files, ends, strict=True)):
        raise EOFError
    maps = [map_file(file, end) for file, end in zip(files, ends, strict=True)]
    return [maps[file][offset : offset + length] for file, offset, length in places]

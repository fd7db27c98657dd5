"""Bytes with a position, as a pickle is read: a window that moves over a file or over bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.loaders.decoders.cursor import Source
from projector.loaders.file_bytes import FileBytes

_MAX_LINE = 1 << 16
_WINDOW = 1 << 20
#: What every operation may read of the window without asking: the longest short text, and more.
_MARGIN = 512


@dataclass(frozen=True, eq=False)
class Span:
    """Bytes that stay where they are until they are asked for.

    Attributes
    ----------
    source : bytes, memoryview or FileBytes
    start, stop : int
    """

    source: Source
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    def tobytes(self) -> bytes:
        """Return the bytes."""
        return bytes(self.source[self.start : self.stop])

    def array(self) -> NDArray[np.uint8]:
        """Return the bytes as an array; those of a file as a private copy."""
        if isinstance(self.source, FileBytes):
            return self.source.array(self.start, self.stop)
        return np.frombuffer(self.source, np.uint8)[self.start : self.stop]


class Stream:
    """Bytes with a position; asking for more than there are is an error and allocates nothing.

    Parameters
    ----------
    source : bytes, memoryview, ndarray of uint8 or FileBytes
    position : int
        Where to start.

    Attributes
    ----------
    view : bytes
        The window: a part of the source.
    at : int
        The position in the window.
    end, limit : int
        The window's length, and from where on it is moved.
    size : int
        The length of the source.
    """

    def __init__(self, source: Any, position: int = 0) -> None:
        is_array = isinstance(source, np.ndarray)
        self.source: Source = memoryview(source) if is_array else source
        self.size = len(source)
        self.seek(position)

    @property
    def position(self) -> int:
        """The position in the source."""
        return self._base + self.at

    def seek(self, position: int) -> None:
        """Move the window to a position."""
        self._base, self.at = position, 0
        self.view = bytes(self.source[position : position + _WINDOW])
        self.end = len(self.view)
        self.limit = self.end if position + self.end >= self.size else self.end - _MARGIN

    def read(self, count: int) -> bytes:
        """Return exactly `count` bytes."""
        at = self.at
        stop = at + count
        if at <= stop <= self.end:
            self.at = stop
            return self.view[at:stop]
        return self.span(count).tobytes()

    def span(self, count: int) -> Span:
        """Return where the next `count` bytes are, and pass over them."""
        start = self.position
        if count < 0 or start + count > self.size:
            raise EOFError(f"{count:,} bytes are needed, but {self.size - start:,} are left")
        if self.at + count <= self.limit:
            self.at += count
        else:
            self.seek(start + count)
        return Span(self.source, start, start + count)

    def readline(self) -> bytes:
        """Return a line of at most 64 KB, without its line end."""
        end = self.view.find(b"\n", self.at, self.at + _MARGIN)
        if end >= 0:
            line = self.view[self.at : end]
            self.at = end + 1
            return line
        start = self.position
        piece = bytes(self.source[start : start + _MAX_LINE])
        length = piece.find(b"\n")
        if length < 0:
            raise EOFError("a line does not end")
        self.seek(start + length + 1)
        return piece[:length]

"""Bytes with a position, as a pickle is read."""

from __future__ import annotations

from typing import Any

_MAX_LINE = 1 << 16


class Stream:
    """Bytes with a position; asking for more than there are is an error and allocates nothing."""

    def __init__(self, data: Any, at: int = 0) -> None:
        self.view = memoryview(data)
        self.at = at

    def read(self, count: int) -> memoryview:
        """Return exactly `count` bytes, without a copy."""
        start, stop = self.at, self.at + count
        if count < 0 or stop > len(self.view):
            raise EOFError(f"{count:,} bytes are needed, but {len(self.view) - start:,} are left")
        self.at = stop
        return self.view[start:stop]

    def readline(self) -> bytes:
        """Return a line of at most 64 KB, without its line end."""
        length = 64  # most lines are short: what is looked through grows with what is found
        while length <= _MAX_LINE:
            piece = bytes(self.view[self.at : self.at + length])
            end = piece.find(b"\n")
            if end >= 0:
                self.at += end + 1
                return piece[:end]
            length *= 4
        raise EOFError("a line does not end")

"""A position in bytes, and the plain numbers and texts that follow it."""

from __future__ import annotations

import struct
from typing import Any, TypeAlias

from projector.loaders.file_bytes import FileBytes

#: Bytes that are in memory, or a file.
Source: TypeAlias = bytes | memoryview | FileBytes


class TruncatedError(ValueError):
    """A value needs more bytes than there are; loaders turn it into a LoadError."""


class Cursor:
    """Reads numbers and texts one after the other; never more than there is.

    Parameters
    ----------
    source : bytes, memoryview or FileBytes
    at : int
        Where to start.
    order : {"<", ">"}
        The byte order of numbers.
    """

    def __init__(self, source: Source, at: int = 0, order: str = "<") -> None:
        self.source = source
        self.at = at
        self.order = order
        self._end = len(source)

    @property
    def left(self) -> int:
        """How many bytes follow."""
        return self._end - self.at

    def skip(self, count: int) -> int:
        """Pass over `count` bytes, and return where they start."""
        if count < 0 or count > self.left:
            raise TruncatedError(
                f"{count:,} bytes are needed at byte {self.at:,}, but {self.left:,} follow"
            )
        start = self.at
        self.at += count
        return start

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        start = self.skip(count)
        return bytes(self.source[start : start + count])

    def number(self, kind: str) -> Any:
        """Return the next number, of a kind of the module `struct` such as ``"I"``."""
        return self.numbers(kind)[0]

    def numbers(self, kinds: str) -> tuple[Any, ...]:
        """Return the next numbers, one for each letter."""
        form = self.order + kinds
        return struct.unpack(form, self.take(struct.calcsize(form)))

    def text(self, count: int) -> str:
        """Return the next `count` bytes as text."""
        return self.take(count).decode("utf-8", "replace")

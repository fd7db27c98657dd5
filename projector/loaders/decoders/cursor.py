"""A position in bytes, and the plain numbers and texts that follow it."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray


class TruncatedError(ValueError):
    """A value needs more bytes than there are; loaders turn it into a LoadError."""


class Cursor:
    """Reads numbers and texts one after the other; never more than there is.

    Parameters
    ----------
    raw : ndarray of shape (n_bytes,), uint8
    at : int
        Where to start.
    order : {"<", ">"}
        The byte order of numbers.
    """

    def __init__(self, raw: NDArray[np.uint8], at: int = 0, order: str = "<") -> None:
        self.raw = raw
        self.at = at
        self.order = order
        self._view = raw.data

    @property
    def left(self) -> int:
        """How many bytes follow."""
        return len(self._view) - self.at

    def skip(self, count: int) -> int:
        """Pass over `count` bytes, and return where they start."""
        if count < 0 or count > self.left:
            raise TruncatedError(
                f"{count:,} bytes are needed at byte {self.at:,}, but {self.left:,} follow"
            )
        start = self.at
        self.at += count
        return start

    def take(self, count: int) -> NDArray[np.uint8]:
        """Return the next `count` bytes as a view."""
        start = self.skip(count)
        return self.raw[start : start + count]

    def number(self, kind: str) -> Any:
        """Return the next number, of a kind of the module `struct` such as ``"I"``."""
        form = self.order + kind
        start = self.skip(struct.calcsize(form))
        return struct.unpack_from(form, self._view, start)[0]

    def numbers(self, kinds: str) -> tuple[Any, ...]:
        """Return the next numbers, one for each letter."""
        form = self.order + kinds
        start = self.skip(struct.calcsize(form))
        return struct.unpack_from(form, self._view, start)

    def text(self, count: int) -> str:
        """Return the next `count` bytes as text."""
        start = self.skip(count)
        return str(self._view[start : start + count], "utf-8", "replace")

"""A mirror of another process: the reader process asks its owner for what it needs.

The owner alone talks to the server: it has the credentials, counts what it costs, and tells the
reader where the blocks are. The reader reads them by itself.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from projector.loaders.remote.mirror import Mirror
from projector.loaders.remote.open_file import RemoteFile
from projector.loaders.remote.unread import UnreadNowError
from projector.loaders.versions import Version

_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_FLAGS |= getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True)
class WantsFile:
    """Reader to owner: open this file."""

    path: str


@dataclass(frozen=True)
class WantsRange:
    """Reader to owner: make sure that a range of an open file is there."""

    number: int
    start: int
    stop: int


@dataclass(frozen=True)
class Opened:
    """Owner to reader: where the blocks of a file are, by which number it is asked for."""

    number: int
    blocks: str
    size: int
    version: Version


class OwnersAnswers:
    """Answers a reader process during one call; at the owner.

    Parameters
    ----------
    mirror : Mirror
    """

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._open: list[RemoteFile] = []

    def __call__(self, question: Any) -> Any:
        """Answer one question; a LoadError is raised at the reader."""
        if isinstance(question, WantsFile):
            blocks, file = self._mirror.open_blocks(question.path)
            self._open.append(file)
            return Opened(len(self._open) - 1, str(blocks.path), file.size, file.version)
        if isinstance(question, WantsRange):
            file = self._open[question.number]
            file.fetch(max(0, question.start), min(question.stop, file.size))
        return None


class OwnersMirror:
    """Opens files of a mirror in the reader process.

    Parameters
    ----------
    ask : callable
        Sends a question to the owner and returns its answer.
    """

    def __init__(self, ask: Callable[[Any], Any]) -> None:
        self._ask = ask

    def open(self, path: str) -> RemoteFile:
        """Open the object that stands at a path; see `Mirror.open`."""
        found: Opened = self._ask(WantsFile(path))
        try:
            descriptor = os.open(found.blocks, _FLAGS)
        except OSError as error:
            raise UnreadNowError(
                path, f"was not read: its place in the cache is gone ({error.strerror}). Try again."
            ) from None
        ranges = _Ranges(self._ask, found.number, found.size)
        weakref.finalize(ranges, os.close, descriptor)
        return RemoteFile(descriptor, found.size, found.version, ranges.fetch, ranges)


class _Ranges:
    """What is known to be there of one file, so that it is not asked for twice."""

    _BLOCK = 1 << 12

    def __init__(self, ask: Callable[[Any], Any], number: int, size: int) -> None:
        self._ask = ask
        self._number = number
        self._size = size
        self._is_there = np.zeros(-(-size // self._BLOCK), np.bool_)

    def fetch(self, start: int, stop: int) -> None:
        first, last = start // self._BLOCK, -(-stop // self._BLOCK)
        if not self._is_there[first:last].all():
            self._ask(WantsRange(self._number, start, stop))
            # Of the blocks at both ends only a part may be there.
            end = last if stop >= self._size else stop // self._BLOCK
            self._is_there[-(-start // self._BLOCK) : end] = True

"""The bytes of an answer that a reader has not taken yet, without a copy."""

from __future__ import annotations

import tempfile
from typing import Any, cast

from waitress.buffers import ReadOnlyFileBasedBuffer


class KeptBytes(ReadOnlyFileBasedBuffer):
    """A buffer of waitress that holds an answer's own bytes and gives views of them.

    waitress's own buffer copies a large answer into a temporary file.

    Parameters
    ----------
    content : bytes
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._view = memoryview(content)
        self.remain = len(content)

    def get(self, numbytes: int = -1, skip: bool = False) -> memoryview:  # type: ignore[override]
        """Return the next bytes; with `skip` they are gone then."""
        size = self.remain if numbytes < 0 else min(numbytes, self.remain)
        start = len(self._view) - self.remain
        if skip:
            self.remain -= size
        return self._view[start : start + size]

    def skip(self, numbytes: int, allow_prune: int = 0) -> None:
        """Drop bytes that were sent."""
        if numbytes > self.remain:
            raise ValueError(f"{numbytes} bytes were sent of {self.remain}")
        self.remain -= numbytes

    def close(self) -> None:
        """Let go of the bytes."""
        self._view = memoryview(b"")
        self.content = b""
        self.remain = 0


def spooled(content: bytes) -> ReadOnlyFileBasedBuffer:
    """Return a buffer of an answer that is in an unnamed temporary file until it is read."""
    file = tempfile.TemporaryFile(prefix="projector-answer-")  # noqa: SIM115  closed by waitress
    try:
        file.write(content)
        file.seek(0)
    except OSError:
        file.close()
        raise
    buffer = ReadOnlyFileBasedBuffer(cast("Any", file))
    buffer.prepare()
    return buffer

"""Decodes msgpack as far as Flax checkpoints use it, with an explicit stack, not recursion."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from projector.loaders.file_bytes import FileBytes


class MsgpackError(ValueError):
    """Bytes that are not msgpack; loaders turn it into a LoadError."""


@dataclass(frozen=True)
class Extension:
    """A value of an application's own type: the type's code and the range of its bytes."""

    code: int
    start: int
    stop: int


_FIXED: dict[int, tuple[str, int]] = {
    0xCA: (">f", 4),
    0xCB: (">d", 8),
    0xCC: (">B", 1),
    0xCD: (">H", 2),
    0xCE: (">I", 4),
    0xCF: (">Q", 8),
    0xD0: (">b", 1),
    0xD1: (">h", 2),
    0xD2: (">i", 4),
    0xD3: (">q", 8),
}
_MAX_DEPTH = 200


def decode(data: Any, start: int = 0, stop: int | None = None) -> Any:
    """Return the one value in ``data[start:stop]``; bytes of extensions are not copied.

    Raises
    ------
    MsgpackError
        The value is truncated, of an unknown type, or nested too deeply.
    """
    view = data if isinstance(data, FileBytes) else memoryview(data)
    return _Decoder(view, start, len(data) if stop is None else stop).value()


class _Decoder:
    def __init__(self, view: Any, at: int, stop: int) -> None:
        self.view, self.at, self.stop = view, at, stop

    def value(self) -> Any:
        # Each level: the container, how many values are missing, and the key of the next one.
        stack: list[list[Any]] = []
        while True:
            value, items = self._one()
            if items:
                if len(stack) > _MAX_DEPTH:
                    raise MsgpackError(f"values are nested more than {_MAX_DEPTH} deep")
                stack.append([value, items, None])
                continue
            while stack:
                container, left, key = stack[-1]
                if isinstance(container, list):
                    container.append(value)
                elif left % 2 == 0:
                    stack[-1][2] = value if isinstance(value, (str, int)) else str(value)
                else:
                    container[key] = value
                stack[-1][1] = left - 1
                if left > 1:
                    break
                value = container
                stack.pop()
            if not stack:
                return value

    def _take(self, count: int) -> Any:
        start = self._skip(count)
        return self.view[start : self.at]

    def _skip(self, count: int) -> int:
        """Go on by `count` bytes without reading them; return where they start."""
        if count > self.stop - self.at:
            raise MsgpackError(f"{count:,} bytes are needed, but {self.stop - self.at:,} are left")
        self.at += count
        return self.at - count

    def _size(self, width: int) -> int:
        return int.from_bytes(self._take(width), "big")

    def _one(self) -> tuple[Any, int]:
        """Return a value and the number of values after it that belong to it."""
        code = self._take(1)[0]
        if code < 0x80:
            return code, 0
        if code >= 0xE0:
            return code - 0x100, 0
        if code in _FIXED:
            kind, width = _FIXED[code]
            return struct.unpack(kind, self._take(width))[0], 0
        if code in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[code], 0
        if code < 0x90 or code in (0xDE, 0xDF):
            count = code & 15 if code < 0x90 else self._size(2 if code == 0xDE else 4)
            return {}, self._plausible(2 * count)
        if code < 0xA0 or code in (0xDC, 0xDD):
            count = code & 15 if code < 0xA0 else self._size(2 if code == 0xDC else 4)
            return [], self._plausible(count)
        return self._bytes(code), 0

    def _plausible(self, count: int) -> int:
        if count > self.stop - self.at:
            raise MsgpackError(
                f"{count:,} values are claimed, but only {self.stop - self.at:,} bytes are left"
            )
        return count

    def _bytes(self, code: int) -> Any:
        if code < 0xC0 or 0xD9 <= code <= 0xDB:
            size = code & 31 if code < 0xC0 else self._size(1 << (code - 0xD9))
            return bytes(self._take(size)).decode("utf-8", "replace")
        if 0xC4 <= code <= 0xC6:
            return bytes(self._take(self._size(1 << (code - 0xC4))))
        if 0xC7 <= code <= 0xC9 or 0xD4 <= code <= 0xD8:
            size = self._size(1 << (code - 0xC7)) if code < 0xD0 else 1 << (code - 0xD4)
            kind = self._take(1)[0]
            start = self._skip(size)
            return Extension(kind, start, self.at)
        raise MsgpackError(f"the type 0x{code:02x} does not exist")

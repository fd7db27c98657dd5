"""Reads Flax checkpoints: msgpack with arrays as extension type 1, (shape, type, bytes)."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import Any

from projector.errors import LoadError
from projector.loaders.base import File, Found, Loaded, Tensor
from projector.loaders.decoders.dtypes import dtype_of, to_float32
from projector.loaders.decoders.msgpack import Extension, MsgpackError, decode
from projector.loaders.file_bytes import FileBytes, private_bytes
from projector.loaders.naming import role_of
from projector.loaders.safe_files import printable

_ERRORS = (MsgpackError, struct.error, TypeError, KeyError, UnicodeError)


@dataclass(frozen=True)
class _Place:
    start: int
    stop: int


class FlaxMsgpack:
    """What ``flax.serialization`` and ``flax.training.checkpoints`` write."""

    name = "flax"
    title = "Flax msgpack"
    gives = "every array by its path in the tree"
    extensions = (".msgpack", ".flax")

    def sniff(self, file: File) -> bool:
        """Recognize it by suffix, or by a map at the start with Flax's usual first key."""
        head = file.head()
        if file.name.lower().endswith((".msgpack", ".flax")):
            return True
        return head[:1] in (b"\x81", b"\x82", b"\x83", b"\x84") and b"\xa6params" in head[:64]

    def list(self, file: File) -> Found:
        """Walk the tree; the arrays' bytes are not read."""
        raw = FileBytes(file.real)
        tensors = []
        try:
            for name, extension in _arrays(decode(raw)):
                shape, dtype, place = _header(raw, extension)
                real = dtype_of(dtype).kind in "biufV"
                role = role_of(name, shape)
                tensors.append(
                    Tensor(name, printable(name), shape, dtype, None, role, real=real, detail=place)
                )
        except _ERRORS as error:
            raise LoadError(
                file.path, f"is not msgpack as Flax writes it ({error}). Copy it again."
            ) from None
        if not tensors:
            raise LoadError(file.path, "contains no arrays. Save it with flax.serialization.")
        return Found(tuple(tensors))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Take a private copy of one array's bytes."""
        place = tensor.detail
        raw = private_bytes(file.real, place.start, place.stop - place.start)
        kind = dtype_of(tensor.dtype)
        if len(raw) != math.prod(tensor.shape) * kind.itemsize:
            raise LoadError(file.path, "was truncated after it was listed. Copy it again.")
        return Loaded(to_float32(raw.view(kind).reshape(tensor.shape)))


def _arrays(tree: Any) -> list[tuple[str, Extension]]:
    found: list[tuple[str, Extension]] = []
    waiting: list[tuple[str, Any]] = [("", tree)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, Extension):
            if value.code in (1, 3):  # 3 is a numpy scalar of the same form
                found.append((name, value))
            continue
        items = value.items() if isinstance(value, dict) else ()
        if isinstance(value, list):
            items = enumerate(value)  # type: ignore[assignment]
        waiting += [(f"{name}/{k}" if name else str(k), v) for k, v in reversed(list(items))]
    return found


def _header(raw: FileBytes, extension: Extension) -> tuple[tuple[int, ...], str, _Place]:
    """Return shape, type and range of an array's bytes without copying them."""
    shape, at = _prefix(raw, extension)
    size = math.prod(shape[0])
    dtype = shape[1]
    wanted = size * dtype_of(dtype).itemsize
    start = extension.stop - wanted
    if start < at:
        raise MsgpackError(f"an array of shape {shape[0]} has too few bytes")
    return shape[0], dtype, _Place(start, extension.stop)


def _prefix(raw: FileBytes, extension: Extension) -> tuple[tuple[tuple[int, ...], str], int]:
    if raw[extension.start] != 0x93:
        raise MsgpackError("an array is not a list of three values")
    start = extension.start + 1
    # Headers are short. The array's own bytes come last and are not decoded.
    head = raw[start : min(start + 512, extension.stop)]
    sizes, used = _ints(head)
    kind = head[used]
    length = kind & 31 if 0xA0 <= kind < 0xC0 else head[used + 1]
    begin = used + (1 if 0xA0 <= kind < 0xC0 else 2)
    if length > 32:
        raise MsgpackError("the name of an array's type is too long")
    name = head[begin : begin + length].decode("ascii")
    return (sizes, name), start + begin + length


def _ints(head: bytes) -> tuple[tuple[int, ...], int]:
    if not 0x90 <= head[0] < 0xA0:
        raise MsgpackError("an array's shape is not a short list")
    values, at = [], 1
    for _ in range(head[0] & 15):
        code = head[at]
        width = {0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}.get(code, 0)
        if width == 0 and code >= 0x80:
            raise MsgpackError("an array's shape contains something other than counts")
        values.append(int.from_bytes(head[at + 1 : at + 1 + width], "big") if width else code)
        at += 1 + width
    return tuple(values), at

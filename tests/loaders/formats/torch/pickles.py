"""Pickles as PyTorch writes them, put together by hand: no PyTorch is needed."""

from __future__ import annotations

import pickle
import struct

LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
START = b"\x80\x02"


def text(value: str) -> bytes:
    """Push a string."""
    raw = value.encode()
    return b"X" + struct.pack("<I", len(raw)) + raw


def number(value: int) -> bytes:
    """Push a whole number."""
    return b"J" + struct.pack("<i", value)


def many(*values: bytes) -> bytes:
    """Push a tuple."""
    return b"(" + b"".join(values) + b"t"


def function(module: str, name: str) -> bytes:
    """Push what a module names."""
    return f"c{module}\n{name}\n".encode()


def call(module: str, name: str, *args: bytes) -> bytes:
    """Push the result of calling a function."""
    return function(module, name) + many(*args) + b"R"


def mapping(items: dict[str, bytes]) -> bytes:
    """Push a dict."""
    return b"}(" + b"".join(text(key) + value for key, value in items.items()) + b"u"


def storage(key: str, count: int, kind: str = "FloatStorage", *more: bytes) -> bytes:
    """Push a storage by its persistent id."""
    about = (text("storage"), function("torch", kind), text(key), text("cpu"), number(count))
    return many(*about, *more) + b"Q"


def tensor(
    key: str,
    shape: tuple[int, ...],
    strides: tuple[int, ...],
    *,
    offset: int = 0,
    count: int = 6,
    kind: str = "FloatStorage",
) -> bytes:
    """Push a tensor: a view of a storage."""
    return call(
        "torch._utils",
        "_rebuild_tensor_v2",
        storage(key, count, kind),
        number(offset),
        many(*map(number, shape)),
        many(*map(number, strides)),
        b"\x89",
        call("collections", "OrderedDict"),
    )


def whole(value: bytes) -> bytes:
    """Frame one pickle."""
    return START + value + b"."


def legacy(value: bytes, storages: dict[str, tuple[int, bytes]]) -> bytes:
    """Write a file of PyTorch before 1.6: five pickles, and the bytes of the storages."""
    out = b"".join(pickle.dumps(each, 2) for each in (LEGACY_MAGIC, 1001, {"little_endian": True}))
    out += whole(value) + pickle.dumps(list(storages), 2)
    for count, raw in storages.values():
        out += struct.pack("<q", count) + raw
    return out

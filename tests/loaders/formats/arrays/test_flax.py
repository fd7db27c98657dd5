"""Flax checkpoints: arrays in msgpack, written by hand."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.formats.arrays.flax import FlaxMsgpack
from tests.loaders.writers import file_with

VALUES = np.arange(6, dtype="<f4")


def name(text: str) -> bytes:
    return bytes([0xA0 | len(text)]) + text.encode()


def array(shape: bytes, dtype: bytes, raw: bytes, code: int = 1, start: bytes = b"\x93") -> bytes:
    body = start + shape + dtype + b"\xc6" + struct.pack(">I", len(raw)) + raw
    return b"\xc9" + struct.pack(">I", len(body)) + bytes([code]) + body


def tree(**items: bytes) -> bytes:
    body = b"".join(name(key) + value for key, value in items.items())
    return bytes([0x80 | len(items)]) + body


GOOD = array(b"\x92\x02\x03", name("float32"), VALUES.tobytes())


def test_arrays_are_named_by_their_path(tmp_path: Path) -> None:
    raw = tree(params=tree(emb=GOOD, layers=b"\x91" + GOOD), step=b"\x07")
    file = file_with(tmp_path / "checkpoint_7.msgpack", raw)
    loader = FlaxMsgpack()
    assert loader.sniff(file)
    emb, layer = loader.list(file).tensors
    assert (emb.name, layer.name) == ("params/emb", "params/layers/0")
    assert (emb.shape, emb.dtype, emb.role) == ((2, 3), "float32", "embedding")
    for tensor in (emb, layer):
        np.testing.assert_array_equal(loader.load(file, tensor).values, VALUES.reshape(2, 3))


def test_large_dimensions_and_bfloat16_are_read(tmp_path: Path) -> None:
    shape = b"\x92\xcd\x00\x02\xcc\x03"
    raw = tree(params=tree(emb=array(shape, b"\xd9\x08bfloat16", b"\x80\x3f" * 6)))
    file = file_with(tmp_path / "checkpoint", raw)
    assert FlaxMsgpack().sniff(file), "by its first key"
    (tensor,) = FlaxMsgpack().list(file).tensors
    np.testing.assert_array_equal(FlaxMsgpack().load(file, tensor).values, np.ones((2, 3)))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "is not msgpack as Flax writes it"),
        (tree(step=b"\x07"), "contains no arrays"),
        (tree(a=array(b"\x92\x02\x03", name("float32"), b"short")), "has too few bytes"),
        (tree(a=array(b"\x92\x02\x03", name("no"), VALUES.tobytes())), "as Flax writes it"),
        (tree(a=array(b"\x05", name("float32"), b"")), "shape is not a short list"),
        (tree(a=array(b"\x91\xc0", name("float32"), b"")), "something other than counts"),
        (tree(a=array(b"\x90", b"\xd9\x7f" + b"x" * 127, b"")), "type is too long"),
        (tree(a=array(b"\x90", b"", b"", start=b"\x92")), "not a list of three"),
        (tree(a=GOOD)[:-1], "bytes are needed"),
    ],
)
def test_damaged_files_say_why(tmp_path: Path, raw: bytes, message: str) -> None:
    with pytest.raises(LoadError, match=message):
        FlaxMsgpack().list(file_with(tmp_path / "c.msgpack", raw))

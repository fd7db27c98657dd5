"""msgpack: every code by hand, and values that claim more than they have."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projector.loaders.decoders.msgpack import Extension, MsgpackError, decode


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x00", 0),
        (b"\x7f", 127),
        (b"\xe0", -32),
        (b"\xff", -1),
        (b"\xc0", None),
        (b"\xc2", False),
        (b"\xc3", True),
        (b"\xca" + struct.pack(">f", 1.5), 1.5),
        (b"\xcb" + struct.pack(">d", -2.25), -2.25),
        (b"\xcc\xff", 255),
        (b"\xcd\x01\x00", 256),
        (b"\xce\x00\x01\x00\x00", 65536),
        (b"\xcf" + b"\xff" * 8, (1 << 64) - 1),
        (b"\xd0\x80", -128),
        (b"\xd1\x80\x00", -32768),
        (b"\xd2\x80\x00\x00\x00", -(1 << 31)),
        (b"\xd3" + b"\x80" + b"\0" * 7, -(1 << 63)),
        (b"\xa0", ""),
        (b"\xa2hi", "hi"),
        (b"\xa1\xff", "\ufffd"),
        (b"\xd9\x02hi", "hi"),
        (b"\xda\x00\x02hi", "hi"),
        (b"\xdb\x00\x00\x00\x02hi", "hi"),
        (b"\xc4\x02\x00\xff", b"\x00\xff"),
        (b"\xc5\x00\x01a", b"a"),
        (b"\xc6\x00\x00\x00\x01a", b"a"),
        (b"\x90", []),
        (b"\x93\x01\x02\x03", [1, 2, 3]),
        (b"\xdc\x00\x01\x05", [5]),
        (b"\xdd\x00\x00\x00\x01\x05", [5]),
        (b"\x80", {}),
        (b"\x82\xa1a\x01\xa1b\x80", {"a": 1, "b": {}}),
        (b"\xde\x00\x01\x01\x02", {1: 2}),
        (b"\xdf\x00\x00\x00\x01\x01\x02", {1: 2}),
        (b"\x92\x90\x92\x80\x91\xc0", [[], [{}, [None]]]),
        (b"\x81\x91\x01\x02", {"[1]": 2}),
        (b"\xd4\x05a", Extension(5, 2, 3)),
        (b"\xd8\x01" + b"x" * 16, Extension(1, 2, 18)),
        (b"\xc7\x03\x01abc", Extension(1, 3, 6)),
        (b"\xc8\x00\x01\x02a", Extension(2, 4, 5)),
        (b"\xc9\x00\x00\x00\x01\x02a", Extension(2, 6, 7)),
    ],
)
def test_every_code_is_decoded(data: bytes, expected: Any) -> None:
    assert decode(data) == expected
    assert type(decode(data)) is type(expected)
    for stop in range(len(data)):
        with pytest.raises(MsgpackError):
            decode(data, 0, stop)


def test_a_range_of_the_data_is_decoded() -> None:
    assert decode(b"\xff\xff\x92\x01\xd4\x05a\xff", 2, 7) == [1, Extension(5, 6, 7)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xc1", "0xc1 does not exist"),
        (b"\xdd\xff\xff\xff\xff\x01", "4,294,967,295 values are claimed, but only 1 bytes"),
        (b"\xdf\xff\xff\xff\xff\x01", "8,589,934,590 values are claimed"),
        (b"\xc6\xff\xff\xff\xff\x01", "4,294,967,295 bytes are needed, but 1 are left"),
        (b"\xc9\xff\xff\xff\xff\x01", "bytes are needed"),
        (b"\x91" * 300 + b"\x01", "nested more than 200 deep"),
        (b"\x81\x01" * 300 + b"\x01", "nested more than 200 deep"),
    ],
)
def test_implausible_values_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(MsgpackError, match=message):
        decode(data)


def encode(value: Any) -> bytes:
    """Encode a value with 32-bit lengths."""
    if isinstance(value, dict):
        items = b"".join(encode(k) + encode(v) for k, v in value.items())
        return b"\xdf" + struct.pack(">I", len(value)) + items
    if isinstance(value, list):
        return b"\xdd" + struct.pack(">I", len(value)) + b"".join(map(encode, value))
    if isinstance(value, str):
        return b"\xdb" + struct.pack(">I", len(value.encode())) + value.encode()
    if isinstance(value, bytes):
        return b"\xc6" + struct.pack(">I", len(value)) + value
    return b"\xd3" + struct.pack(">q", value)


VALUES = st.recursive(
    st.integers(-(1 << 63), (1 << 63) - 1) | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=40, deadline=None)
@given(VALUES)
def test_nested_values_come_back(value: Any) -> None:
    assert decode(encode(value)) == value

"""Snappy: blocks written by hand, and blocks that lie about themselves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projector.loaders.decoders.protobuf import WireError
from projector.loaders.decoders.snappy import decompress
from tests.loaders.writers import varint


def literal(data: bytes) -> bytes:
    """Encode bytes as they are."""
    length = len(data) - 1
    if length < 60:
        return bytes([length << 2]) + data
    width = (length.bit_length() + 7) // 8
    return bytes([(59 + width) << 2]) + length.to_bytes(width, "little") + data


def copy(length: int, offset: int, width: int) -> bytes:
    """Encode a copy whose offset takes 1, 2 or 4 bytes."""
    if width == 1:
        return bytes([(length - 4) << 2 | offset >> 8 << 5 | 1, offset & 0xFF])
    return bytes([(length - 1) << 2 | {2: 2, 4: 3}[width]]) + offset.to_bytes(width, "little")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", b""),
        (literal(b"hello"), b"hello"),
        (literal(b"x" * 60), b"x" * 60),
        (literal(b"y" * 61), b"y" * 61),
        (literal(b"z" * 70_000), b"z" * 70_000),
        (literal(b"abcd") + copy(4, 4, 1), b"abcdabcd"),
        (literal(b"a" * 300 + b"bcde") + copy(11, 304, 1), b"a" * 300 + b"bcde" + b"a" * 11),
        (literal(b"abc") + copy(2, 3, 2), b"abcab"),
        (literal(b"abc") + copy(64, 3, 4), b"abc" + (b"abc" * 22)[:64]),
        (literal(b"ab") + copy(6, 2, 2), b"abababab"),
        (literal(b"a") + copy(64, 1, 2), b"a" * 65),
    ],
)
def test_blocks_decompress(body: bytes, expected: bytes) -> None:
    assert decompress(varint(len(expected)) + body, limit=1 << 20) == expected


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "truncated"),
        (varint(1 << 32) + b"\0a", "at most 100 are plausible"),
        (varint(5) + literal(b"hello")[:-1], "truncated"),
        (varint(90) + bytes([61 << 2, 80]), "truncated"),
        (varint(8) + literal(b"abcd") + b"\x01", "truncated"),
        (varint(8) + literal(b"abcd") + copy(4, 4, 4)[:-1], "truncated"),
        (varint(8) + literal(b"abcd") + copy(4, 0, 2), "before its start"),
        (varint(8) + literal(b"abcd") + copy(4, 5, 2), "before its start"),
        (varint(4) + copy(4, 1, 1), "before its start"),
        (varint(6) + literal(b"hello"), "claims to have 6 bytes, but has 5"),
        (varint(4) + literal(b"hello") + literal(b"more"), "claims to have 4 bytes, but has 5"),
    ],
)
def test_damaged_blocks_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(WireError, match=message):
        decompress(data, limit=100)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.binary(min_size=1, max_size=70), st.integers(4, 11), st.floats(0, 1))))
def test_copies_repeat_what_was_written(pieces: list[tuple[bytes, int, float]]) -> None:
    body, expected = b"", bytearray()
    for data, length, where in pieces:
        body += literal(data)
        expected += data
        offset = 1 + int(where * (len(expected) - 1))
        body += copy(length, offset, 1 if offset < 2048 else 2)
        for _ in range(length):  # byte by byte, as the format defines it
            expected.append(expected[-offset])
    assert decompress(varint(len(expected)) + body, limit=1 << 20) == bytes(expected)

"""The wire format of protocol buffers: numbers, fields and everything that is not one."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projector.loaders.decoders.protobuf import (
    WireError,
    as_bytes,
    as_int,
    fields,
    packed_varints,
    signed,
    varint,
)
from tests.loaders import writers


@given(st.integers(0, (1 << 64) - 1), st.binary(max_size=3))
def test_numbers_are_read_up_to_their_end(value: int, rest: bytes) -> None:
    data = b"\xff" + writers.varint(value) + rest
    assert varint(data, 1) == (value, len(data) - len(rest))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a number is truncated"),
        (b"\x80", "a number is truncated"),
        (b"\x80" * 9, "a number is truncated"),
        (b"\x80" * 10, "more than 10 bytes"),
        (b"\xff" * 20, "more than 10 bytes"),
    ],
)
def test_numbers_without_an_end_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(WireError, match=message):
        varint(data, 0)


def test_bits_beyond_64_are_dropped() -> None:
    assert varint(b"\xff" * 9 + b"\x7f", 0) == ((1 << 64) - 1, 10)


@pytest.mark.parametrize("value", [0, 1, -1, (1 << 63) - 1, -(1 << 63)])
def test_negative_numbers_take_all_64_bits(value: int) -> None:
    assert signed(varint(writers.varint(value), 0)[0]) == value


def test_every_wire_type_is_read() -> None:
    data = (
        writers.number(1, 300)
        + writers.varint(2 << 3 | 1)
        + struct.pack("<d", 1.5)
        + writers.message(3, b"text")
        + writers.varint(4 << 3 | 5)
        + struct.pack("<f", 2.5)
        + writers.message(1000, b"")
    )
    found = list(fields(data))
    assert found == [
        (1, 0, 300),
        (2, 1, struct.pack("<d", 1.5)),
        (3, 2, b"text"),
        (4, 5, struct.pack("<f", 2.5)),
        (1000, 2, b""),
    ]
    assert as_int(found[0][2]) == 300
    assert as_int(found[3][2]) == int.from_bytes(struct.pack("<f", 2.5), "little")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x0a\x05abcd", "field 1 needs 5 bytes, but 4 follow"),
        (b"\x0a" + b"\xff" * 9 + b"\x01", "needs 18,446,744,073,709,551,615 bytes"),
        (b"\x09\0\0\0", "field 1 needs 8 bytes, but 3 follow"),
        (b"\x0d\0", "field 1 needs 4 bytes, but 1 follow"),
        (b"\x0b", "unknown wire type 3"),
        (b"\x0c", "unknown wire type 4"),
        (b"\x0f", "unknown wire type 7"),
        (b"\x00\x01", "number 0"),
        (b"\x08", "a number is truncated"),
    ],
)
def test_damaged_messages_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(WireError, match=message):
        list(fields(data))


def test_a_number_is_not_taken_for_bytes() -> None:
    assert as_bytes(b"x") == b"x"
    with pytest.raises(WireError, match="expected bytes"):
        as_bytes(5)


@given(st.lists(st.integers(0, (1 << 64) - 1)))
def test_repeated_numbers_may_be_packed(numbers: list[int]) -> None:
    assert packed_varints(b"".join(map(writers.varint, numbers))) == numbers


def test_a_repeated_number_may_be_single() -> None:
    assert packed_varints(7) == [7]
    with pytest.raises(WireError, match="truncated"):
        packed_varints(b"\x01\x80")

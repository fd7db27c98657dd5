"""Numbers and texts, one after the other, and never more than there are."""

from __future__ import annotations

import pytest

from projector.loaders.decoders.cursor import Cursor, TruncatedError


def cursor(raw: bytes, order: str = "<") -> Cursor:
    return Cursor(raw, order=order)


def test_values_follow_one_another() -> None:
    read = cursor(b"\1\0\0\0\2\0\xc3\xa9\xffrest")
    assert read.number("I") == 1
    assert read.numbers("H") == (2,)
    assert read.text(3) == "é\ufffd"
    assert read.left == 4
    assert read.take(4) == b"rest"
    assert read.left == 0


def test_bytes_can_be_in_either_order() -> None:
    assert cursor(b"\0\0\0\5", ">").number("I") == 5
    assert cursor(b"\5\0\0\0").number("I") == 5


@pytest.mark.parametrize("count", [5, -1, 1 << 63])
def test_no_more_is_read_than_there_is(count: int) -> None:
    read = cursor(b"four")
    with pytest.raises(TruncatedError, match="bytes are needed at byte 0, but 4 follow"):
        read.take(count)
    with pytest.raises(TruncatedError):
        read.text(count)
    with pytest.raises(TruncatedError):
        read.number("Q")
    assert read.left == 4

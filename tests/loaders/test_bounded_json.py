"""JSON is measured before it is parsed: depth and number of values, whatever hides them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projector.loaders import bounded_json
from projector.loaders.bounded_json import MAX_NESTING, JsonBoundsError, check_nesting, parse_json


def is_too_deep(raw: bytes) -> bool:
    try:
        check_nesting(raw)
    except JsonBoundsError:
        return True
    return False


def depth(raw: bytes) -> int:
    """Count one byte at a time how deep values are nested above any place."""
    inside = escaped = False
    level = deepest = 0
    for byte in raw:
        if escaped:
            escaped = False
            if byte in b'"\\':
                continue
        if byte == ord("\\"):
            escaped = True
        elif byte == ord('"'):
            inside = not inside
        elif not inside and byte in b"[{":
            level += 1
            deepest = max(deepest, level)
        elif not inside and byte in b"]}":
            level = max(0, level - 1)
    return deepest


@given(st.lists(st.sampled_from(list(b'"\\[]{}a')), max_size=60).map(bytes))
def test_the_scan_counts_as_one_byte_at_a_time_would(raw: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounded_json, "_PIECE", 7)
        patch.setattr(bounded_json, "MAX_NESTING", 3)
        assert is_too_deep(raw) == (depth(raw) > 3)


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b'"]]]]]]", ',
        b"]]]]]]]]",
        b'"\\"[", ',
        b'"\\\\", ',
        b"[1, {}], " * 1000,
        b"x" * 300_000,
    ],
)
def test_nothing_before_it_hides_the_depth(before: bytes) -> None:
    assert not is_too_deep(before + b"[" * MAX_NESTING)
    assert is_too_deep(before + b"[" * (MAX_NESTING + 1))
    assert is_too_deep(before + b'{"a":' * (MAX_NESTING + 1))
    assert is_too_deep(before + b"[" * 60 + b" " * 300_000 + b"[" * 60)


def test_brackets_in_strings_are_text() -> None:
    text = "[" * 1000 + '"' + "{" * 1000 + "\\"
    assert parse_json(json.dumps([text]).encode()) == [text]


@pytest.mark.parametrize("value", [None, 1, [], {}, {"a": [1, {"b": "ä"}]}])
def test_what_is_within_bounds_is_parsed(value: object) -> None:
    assert parse_json(json.dumps(value).encode()) == value
    assert parse_json(b"\xef\xbb\xbf" + json.dumps(value).encode()) == value


@pytest.mark.parametrize("piece", [b"1,", b"[],", b"{},"])
def test_too_many_values_are_refused_before_they_are_made(piece: bytes) -> None:
    raw = b"[" + piece * (bounded_json.MAX_VALUES // (len(piece) - 1)) + b"1]"
    with pytest.raises(JsonBoundsError, match="more than 4,000,000 values"):
        parse_json(raw)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[1 2]", b"1" * 5000])
def test_what_is_not_json_is_a_value_error(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of whichever kind
        parse_json(raw)

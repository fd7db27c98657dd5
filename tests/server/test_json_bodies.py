"""Bodies of JSON: what is bounded before the parser sees it, and what no parser should take."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from projector.errors import ParameterError
from projector.server.json_bodies import parse

PROJECTIONS = "/api/v1/projections"

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@settings(max_examples=40)
@given(JSON)
def test_what_json_can_say_is_read_as_it_is(value: object) -> None:
    if depth_of(value) <= 32:
        assert parse(json.dumps(value).encode()) == value
        assert parse(json.dumps(value, ensure_ascii=False).encode()) == value


def depth_of(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = isinstance(value, (dict, list))
    return own + max(map(depth_of, inner), default=0)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[" * 33 + b"]" * 33, "within each other"),
        (b"[" * 1_000_000, "within each other"),
        (b'{"a":' * 100_000, "within each other"),
        (b'["' + b'\\"' * 400_000, "not valid JSON"),
        (b'"' * 1_000_001, "not valid JSON"),
        (b"9223372036854775808", "64 bits"),
        (b"-9223372036854775809", "64 bits"),
        (b"9" * 5000, "64 bits"),
        (b"1e999", "64 bits"),
        (b"NaN", "no number NaN"),
        (b"[-Infinity]", "no number -Infinity"),
        (b'"\\ud800"', "surrogate"),
        (b'{"\\udc00": 1}', "surrogate"),
        (b'{"a": 1, "a": 1}', "more than once"),
        (b'"\xff"', "not UTF-8"),
        ("{}".encode("utf-16"), "not UTF-8"),
        (b"", "not valid JSON"),
        (b"{", "line 1, column 2"),
        (b"01", "not valid JSON"),
    ],
)
def test_what_it_cannot_say_is_one_sentence(body: bytes, said: str) -> None:
    with pytest.raises(ParameterError, match=said) as refused:
        parse(body)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    "body",
    [b"[" * 32 + b"]" * 32, b'{"a": "[[[[[' + b"[" * 100 + b'"}', b'["\\\\", "[", "\\""]',
     b'"\\ud83d\\ude00"', b"9223372036854775807", b"-9223372036854775808",
     b"[" + b"[]," * 500 + b"0]"],
)  # fmt: skip
def test_bounds_are_where_they_are_said_to_be(body: bytes) -> None:
    assert parse(body) == json.loads(body)


def test_a_body_is_an_object_and_says_that_it_is_json(client: FlaskClient) -> None:
    for kind in ("text/plain", "", "application/x-www-form-urlencoded"):
        answer = client.post(PROJECTIONS, data=b"{}", content_type=kind)
        assert answer.status_code == 415, kind
        assert "Content-Type: application/json" in answer.get_json()["error"]["message"]
    for body in (b"[]", b"null", b"0", b'"a"'):
        answer = client.post(PROJECTIONS, data=body, content_type="application/json")
        assert answer.status_code == 400, body
        assert "must be a JSON object" in answer.get_json()["error"]["message"]

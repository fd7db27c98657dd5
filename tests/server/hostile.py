"""Hostile requests, thousands of them from a seed, for every route that an application has.

A route that is added later is among them: what is in its path comes from the route itself, and the
names in its query from what its handler has asked for so far. Bodies begin as `BODIES` has them, so
that they reach what a handler does with them, and are then spoiled in one place or several.
"""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from flask import Flask
from werkzeug.routing import Map, Rule
from werkzeug.test import EnvironBuilder, run_wsgi_app

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
DIGITS = (
    "0", "1", "2", "7", "-1", "+1", "007", "1.5", "1e5", "", " ", "½", "²", "٣", "0x10", "1_000",
    "nan", "inf", "true", "null", "9" * 19, "9" * 20, "9" * 5000, "-" + "9" * 5000,
    *(str(2**n + by) for n in (16, 31, 32, 53, 63, 64) for by in (-1, 0, 1)),
    "0,1", "0,1,2", "0,0", ",", "0,", "1,99999999999999999999", "0," * 500 + "0",
)  # fmt: skip
TEXTS = (
    "", " ", "a", "b", "label", "value", "x" * 5000, "\x00", "a\x00b", "\U0010ffff", "\ufeff",
    "\u202e", "é", "<script>alert(1)</script>", "../../etc/passwd", "..", "/", "\\", "a/b", "%s%n",
    "\r\nSet-Cookie: a=b", "{{7*7}}", "*", "(", "[", "a{0,1000}", "(a|b|c)*" * 20, ".*", "\\",
    "(?P<n>a)", "\\p{Nope}", "= a - b + a", "- - -", "1 * * 2", "99999999999 * a", "1e999 * a",
    '"', "'", "a + " * 40 + "a", "cosine", "euclidean", "session", "pca", "tsne", "umap", "given",
    "nothing", "dropped", "x.npy", "a.tsv",
)  # fmt: skip


class Raw(str):
    """JSON that no value of Python becomes."""


VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 15, 299, 300, 1.0, 1.5, -0.0, 5e-324, 1e308,
    *(2**n + by for n in (31, 32, 53, 63, 64) for by in (-1, 0)), -(2**63), -(2**63) - 1,
    Raw("1e999"), Raw("-1e999"), Raw("NaN"), Raw("Infinity"), Raw("-Infinity"), Raw("9" * 5000),
    Raw("01"), Raw("0." + "1" * 5000), Raw('"\\ud800"'), Raw('"\\udc00\\ud800"'), Raw('"\\x"'),
    Raw("[" * 5000), Raw("[" * 5000 + "]" * 5000), Raw('{"a":' * 5000 + "1" + "}" * 5000),
    Raw('"' + '\\"' * 5000), Raw('{"a": 1, "a": 2}'), Raw("'a'"), Raw(""),
    [], {}, [[]], [{}], {"": None}, [0], [0, 1], [0] * 2000, [-1], [True], [None], [1.5], ["a"],
    [2**63 - 1], [2**40], {"a": {"b": [1, {"c": None}]}}, "" , "a",
)  # fmt: skip


@dataclass(frozen=True)
class Hostile:
    """One request; `target` is what stands in the request's line."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Known:
    """What exists, so that requests come further than "unknown".

    Attributes
    ----------
    dataset, projection : str
        Their ids.
    n_points : int
    methods : mapping
        The names of each method's parameters.
    queries : mapping
        The names that each endpoint has read from a query so far.
    """

    dataset: str
    projection: str
    n_points: int
    methods: Mapping[str, tuple[str, ...]]
    queries: Mapping[str, set[str]]


#: By endpoint: a body that would be right.
BODIES: Mapping[str, Callable[[Known, Random], Any]] = {
    "api.columns.named": lambda known, rng: {"names": ["a", "b"]},
    "api.columns.texts": lambda known, rng: {"rows": [0, 1], "columns": [0], "n_letters": 9},
    "api.search.nearest_points": lambda known, rng: rng.choice(
        [
            {"points": [0, 3], "k": 5, "metric": "cosine"},
            {"expression": "a - b", "column": 0, "k": 5, "metric": "euclidean"},
        ]
    ),
    "api.projections.start": lambda known, rng: _start(known, rng),
    "api.projections.update": lambda known, rng: {"params": {"n_iter": 300}},
    # What is not JSON is spoiled byte by byte.
    "api.selection.save": lambda known, rng: (
        struct.pack("<IIIBBxx8s", 0, known.n_points, 2, 1, 1, bytes.fromhex(known.dataset))
        + struct.pack("<II", 1, 3)
    ),
    "api.tags.save": lambda known, rng: b"index\tgood\n0\tyes\n3\tno\n",
    "api.log.upload": lambda known, rng: b"1\t2\n3\t4\n",
}


def hostile_requests(routes: Map, known: Known, seed: int, count: int) -> Iterator[Hostile]:
    """Yield `count` requests, each route about as often as the others."""
    rng = Random(seed)
    rules = sorted(routes.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ())))
    for i in range(count):
        yield _request(rules[i % len(rules)], known, rng)


def json_text(value: Any) -> str:
    """Return JSON, with what is `Raw` as it is."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        pairs = (f"{json.dumps(str(name))}: {json_text(each)}" for name, each in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(json_text, value)) + "]"
    return json.dumps(value)


def environ_of(asked: Hostile) -> dict[str, Any]:
    """Return a request as a server would hand it over, whatever is in it."""
    environ = EnvironBuilder(method=asked.method, data=asked.body or None).get_environ()
    path, _, query = asked.target.partition("?")
    environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
    environ["QUERY_STRING"] = query.encode("utf-8").decode("latin-1")
    environ["HTTP_HOST"] = "localhost"
    for name, value in asked.headers:
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ


@dataclass(frozen=True)
class Answer:
    """What came back; of a stream, its first piece."""

    status: int
    kind: str
    body: bytes


def ask(app: Flask, asked: Hostile) -> Answer:
    """Send a request to an application, without a server."""
    pieces, status, headers = run_wsgi_app(app.wsgi_app, environ_of(asked))
    kind = headers.get("Content-Type", "")
    try:
        is_stream = kind.startswith("text/event-stream")
        body = next(iter(pieces), b"") if is_stream else b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    return Answer(int(status.split()[0]), kind, body)


def fault_of(asked: Hostile, answer: Answer) -> str:
    """Return what is wrong with an answer, whatever the request was; "" if nothing is."""
    told = f": {str(asked)[:1000]} -> {answer.status} {answer.body[:300]!r}"
    if answer.status < 400 or asked.method == "HEAD":
        return "" if answer.status < 500 else "an error of the server's own" + told
    if answer.kind.startswith("text/html") and not asked.target.startswith("/api/"):
        return ""  # this checkout has no page
    if answer.status >= 500:
        return "an error of the server's own" + told
    if answer.kind != "application/json":
        return "an error in another form" + told
    error = json.loads(answer.body).get("error", {})
    if list(error) != ["type", "message"] or error["type"] == "InternalError":
        return "an error in another form" + told
    return "" if 0 < len(error["message"]) < 2000 else "no sentence" + told


def _request(rule: Rule, known: Known, rng: Random) -> Hostile:
    own = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    method = rng.choice(own) if own and rng.random() < 0.85 else rng.choice(METHODS)
    target = _path(rule, known, rng) + _query(rule, known, rng)
    headers = _headers(rng)
    if method == "PUT" and rng.random() < 0.8:
        headers = (("If-None-Match", "*"),)
    if method in ("GET", "HEAD", "OPTIONS", "DELETE") and rng.random() < 0.95:
        return Hostile(method, target, headers)
    body, kind = _body(rule, known, rng)
    return Hostile(method, target, (*headers, ("Content-Type", kind)), body)


def _path(rule: Rule, known: Known, rng: Random) -> str:
    pieces = []
    for is_variable, piece in rule._trace:
        if not is_variable:
            pieces.append(piece.removeprefix("|"))
            continue
        converter = type(rule._converters[piece]).__name__
        pieces.append(_variable(converter, piece, known, rng))
    return "".join(pieces)


def _variable(converter: str, name: str, known: Known, rng: Random) -> str:
    likely = rng.random() < 0.75
    if converter == "PathNumber":
        return rng.choice(("0", "1", "2")) if likely else quote(rng.choice(DIGITS), safe=",")
    if likely and name == "dataset_id":
        return known.dataset
    if likely and name == "key":
        return known.projection
    if likely and name in ("score", "action"):
        return rng.choice(("trustworthiness", "pause", "resume", "perturb"))
    safe = "/." if converter == "PathConverter" else ""
    return rng.choice((quote(rng.choice(TEXTS), safe=safe) or "x", "%ff", "%00", "%zz", "a" * 9000))


def _query(rule: Rule, known: Known, rng: Random) -> str:
    if rng.random() < 0.2:
        return ""
    if rng.random() < 0.1:
        return "?" + rng.choice(("%", "%zz", "%ff=1", "text=%ed%a0%80", "&&&", "=", "?", "k=1;k=2"))
    pairs = []
    names = [*sorted(known.queries.get(rule.endpoint, ())) * 3, "token", "unknown"]
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        value = rng.choice(rng.choice((DIGITS, TEXTS)))
        pairs.append(f"{rng.choice(names)}={quote(value, safe=rng.choice((',', '')))}")
        if rng.random() < 0.1:
            pairs.append(pairs[-1])
    return "?" + "&".join(pairs)


def _headers(rng: Random) -> tuple[tuple[str, str], ...]:
    if rng.random() < 0.5:
        return ()
    garbage = ("", "*", '"x"', "W/", '"' * 50, "a, b", "bytes=5-1", "bytes=-", "\xff", "x" * 5000,
               "bytes=0-0,1-1", "99999999999999999999", "none", "gzip, *;q=2")  # fmt: skip
    names = ("If-None-Match", "If-Match", "If-Modified-Since", "Range", "If-Range", "Accept",
             "Accept-Encoding", "Cookie", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded",
             "Content-Encoding", "Connection", "Authorization", "Sec-Fetch-Mode")  # fmt: skip
    return tuple((rng.choice(names), rng.choice(garbage)) for _ in range(rng.choice((1, 2, 3))))


def _start(known: Known, rng: Random) -> dict[str, Any]:
    method = rng.choice(sorted(known.methods))
    named = rng.sample(known.methods[method], k=rng.choice((1, 1, 1, 2)))
    params = {name: rng.choice(rng.choice((VALUES, TEXTS))) for name in named}
    return {"dataset": known.dataset, "method": method, "params": params}


def _body(rule: Rule, known: Known, rng: Random) -> tuple[bytes, str]:
    make = BODIES.get(rule.endpoint)
    content = {"x": 1} if make is None else make(known, rng)
    if isinstance(content, bytes):
        for _ in range(rng.choice((0, 1, 1, 2))):
            content = _spoiled_bytes(content, rng)
        return content, rng.choice(("application/octet-stream", "text/plain", "", "\xff"))
    for _ in range(rng.choice((0, 1, 1, 1, 2))):
        content = _spoiled(content, rng)
    body = json_text(content).encode()
    kind = "application/json"
    way = rng.random()
    if way < 0.03:
        body = body[: rng.randrange(len(body) + 1)]
    elif way < 0.06:
        body = json_text(content).encode(rng.choice(("utf-16", "utf-32", "utf-8-sig")))
    elif way < 0.09:
        body = _spoiled_bytes(body, rng)
    elif way < 0.12:
        body = gzip.compress(body)
    elif way < 0.15:
        body = rng.choice((b"", b" ", b"null", b"0", b'""', b"[]", b"x" * 70_000, b"[" * 9000))
    if rng.random() < 0.1:
        kind = rng.choice(("", "text/plain", "application/json; charset=utf-16", "a", "\xff",
                           "multipart/form-data; boundary=x", "text/plain;=;"))  # fmt: skip
    return body, kind


def _spoiled_bytes(content: bytes, rng: Random) -> bytes:
    at, width = rng.randrange(len(content) + 1), rng.choice((0, 1, 4, 9999))
    put = rng.choice((b"", b"\xff" * 4, b"\x00" * 9, bytes(rng.randrange(256) for _ in range(4)),
                      b"\xed\xa0\x80", b"9" * 5000, b"\t", b"\n"))  # fmt: skip
    return content[:at] + put + content[at + width :]


def _spoiled(content: Any, rng: Random) -> Any:
    """Return the content with one value, name or element replaced."""
    if isinstance(content, dict) and content and rng.random() < 0.9:
        name = rng.choice(sorted(content))
        if rng.random() < 0.1:
            return {each: value for each, value in content.items() if each != name}
        return {**content, name: _spoiled(content[name], rng)}
    if isinstance(content, list) and content and rng.random() < 0.5:
        at = rng.randrange(len(content))
        return [*content[:at], _spoiled(content[at], rng), *content[at + 1 :]]
    return rng.choice(rng.choice((VALUES, TEXTS)))

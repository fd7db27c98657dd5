"""Reads a formula such as ``price / rating > 2 and not (source == "web")`` into a tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from projector.errors import ParameterError

#: Letters of a formula, parts of it, and parts within each other.
MAX_LETTERS, MAX_PARTS, MAX_DEPTH = 2000, 300, 40

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
  | (?P<quoted>`[^`]+`)
  | (?P<name>[^\W\d]\w*)
  | (?P<sign>\*\*|==|!=|<=|>=|[-+*/%^=<>(),])
    )""",
    re.VERBOSE,
)
_WORDS = frozenset({"and", "or", "not", "in"})
_COMPARISONS = {"==": "==", "=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(frozen=True)
class Literal:
    """A number or a text."""

    value: float | str


@dataclass(frozen=True)
class Name:
    """A column, or something that every dataset has."""

    name: str


@dataclass(frozen=True)
class Call:
    """An operator or a function, with what it is applied to."""

    function: str
    arguments: tuple[Node, ...]


Node: TypeAlias = Literal | Name | Call


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


def parse_formula(text: str) -> Node:
    """Return the tree of a formula.

    Parameters
    ----------
    text : str
        Numbers, texts in quotes, names of columns (in backticks if they are not one word),
        functions, ``+ - * / % **``, ``== != < <= > >=``, ``in (…)``, ``and or not``, brackets.

    Raises
    ------
    ParameterError
        It cannot be read; the message says where.
    """
    if len(text) > MAX_LETTERS:
        raise ParameterError(f"A formula has at most {MAX_LETTERS:,} letters. Got {len(text):,}.")
    return _Reader(_tokens(text)).whole()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise ParameterError(
                f"The formula cannot be read at letter {at + 1}: {text[at : at + 20].strip()!r}."
            )
        kind = str(match.lastgroup)
        word, start = match[kind], match.start(kind)
        if kind == "name" and word.casefold() in _WORDS:
            kind, word = "word", word.casefold()
        found.append(_Token(kind, word, start))
        at = match.end()
        if len(found) > MAX_PARTS:
            raise ParameterError(f"A formula has at most {MAX_PARTS} parts.")
    return [*found, _Token("end", "", len(text))]


class _Reader:
    """Reads by descent: each method reads what binds at least as tightly as its name says."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at, self._depth = tokens, 0, 0

    def whole(self) -> Node:
        found = self._either()
        if self._now.kind != "end":
            raise self._unexpected()
        return found

    @property
    def _now(self) -> _Token:
        return self._tokens[self._at]

    def _take(self, *texts: str) -> str | None:
        """Take a sign or a word if it is one of these."""
        if self._now.kind in ("sign", "word") and self._now.text in texts:
            self._at += 1
            return self._tokens[self._at - 1].text
        return None

    def _expect(self, text: str) -> None:
        if self._take(text) is None:
            raise self._unexpected(f"{text!r}")

    def _unexpected(self, expected: str = "") -> ParameterError:
        now = self._now
        got = "its end" if now.kind == "end" else f"{now.text!r} at letter {now.at + 1}"
        return ParameterError(
            f"The formula goes wrong at {got}{f': {expected} is missing' if expected else ''}."
        )

    def _chain(self, read: Callable[[], Node], *signs: str) -> Node:
        found = read()
        while (sign := self._take(*signs)) is not None:
            found = Call(sign, (found, read()))
        return found

    def _either(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ParameterError(f"A formula has at most {MAX_DEPTH} brackets in each other.")
        found = self._chain(self._both, "or")
        self._depth -= 1
        return found

    def _both(self) -> Node:
        return self._chain(self._negated, "and")

    def _negated(self) -> Node:
        n = 0
        while self._take("not") is not None:
            n += 1
        found = self._compared()
        return Call("not", (found,)) if n % 2 else found

    def _compared(self) -> Node:
        found = self._sum()
        sign = self._take(*_COMPARISONS)
        if sign is not None:
            return Call(_COMPARISONS[sign], (found, self._sum()))
        is_not = self._now.text == "not" and self._take("not") is not None
        if self._take("in") is not None:
            self._expect("(")
            inside = Call("in", (found, *self._list()))
            return Call("not", (inside,)) if is_not else inside
        if is_not:
            raise self._unexpected("'in'")
        return found

    def _sum(self) -> Node:
        return self._chain(self._product, "+", "-")

    def _product(self) -> Node:
        return self._chain(self._signed, "*", "/", "%")

    def _signed(self) -> Node:
        is_negative = False
        while (sign := self._take("-", "+")) is not None:
            is_negative ^= sign == "-"
        base = self._atom()
        if self._take("**", "^") is not None:
            base = Call("**", (base, self._power()))
        return Call("negative", (base,)) if is_negative else base

    def _power(self) -> Node:
        """Return an exponent: a sign, and what binds as tightly."""
        is_negative = self._take("-") is not None
        found = self._atom()
        if self._take("**", "^") is not None:
            found = Call("**", (found, self._power()))
        return Call("negative", (found,)) if is_negative else found

    def _atom(self) -> Node:
        token = self._now
        if self._take("(") is not None:
            found = self._either()
            self._expect(")")
            return found
        if token.kind not in ("number", "text", "name", "quoted"):
            raise self._unexpected("a value")
        self._at += 1
        if token.kind == "number":
            return Literal(float(token.text))
        if token.kind == "text":
            return Literal(re.sub(r"\\(.)", r"\1", token.text[1:-1]))
        if token.kind == "quoted":
            return Name(token.text[1:-1])
        return Call(token.text, self._list()) if self._take("(") is not None else Name(token.text)

    def _list(self) -> tuple[Node, ...]:
        """Read values up to a closing bracket; the opening one is taken already."""
        found: list[Node] = []
        while True:
            found.append(self._either())
            if self._take(")") is not None:
                return tuple(found)
            self._expect(",")

"""Parses protocol buffers' text format (pbtxt); a mistake costs one top-level field.

The parser of the protobuf library loses everything at the first mistake, refuses unknown fields,
and recurses. This one uses an explicit stack, so depth costs no call frames, and continues after a
mistake at the next line that starts a top-level field.
Grammar: protobuf.dev/reference/protobuf/textformat-spec.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TypeAlias

Value: TypeAlias = "str | int | float | Word | Message"


class Word(str):
    """A value without quotes: the name of an enum value, true, false."""

    __slots__ = ()


@dataclass
class Message:
    """The fields of one message in order: name, value, line."""

    fields: list[tuple[str, Value, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Mistake:
    """A place where the text does not follow the grammar, and why.

    Nothing is read after the last one.
    """

    line: int
    column: int
    message: str
    is_last: bool = False


class _Syntax(Exception):
    def __init__(self, at: int, message: str, *, is_last: bool = False) -> None:
        super().__init__(message)
        self.at = at
        self.message = message
        self.is_last = is_last


#: What is skipped, and a token after it. The quantifiers with a plus give nothing back: otherwise
#: a string of two million escapes would take half a gigabyte of places to go back to.
_TOKEN = re.compile(
    r"""(?:\s++|\#[^\n]*+)*+(?:
    (?P<string>"(?:[^"\\\n]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+')
    |(?P<number>-?\s*(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[fF]?)(?![A-Za-z_.]))
    |(?P<word>-?[A-Za-z_][A-Za-z0-9_.\-]*)
    |(?P<extension>\[[A-Za-z_][\w./\-]*\](?=\s*[:{<]))
    |(?P<mark>[{}<>\[\]:;,])
    |(?P<end>\Z))""",
    re.VERBOSE | re.DOTALL,
)
_SKIPPED = re.compile(r"(?:\s++|\#[^\n]*+)*+")
#: Letters of a string, fields of a text and mistakes in it. Configs have names, paths and sizes.
_LONGEST_STRING, _MOST_FIELDS, _MOST_MISTAKES = 1 << 16, 1_000_000, 1000
_ESCAPE = re.compile(
    rb"\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL
)
_LETTERS = {
    b"n": b"\n",
    b"t": b"\t",
    b"r": b"\r",
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"v": b"\v",
}
_CLOSES = {"{": "}", "<": ">"}


def parse(
    text: str, *, top: frozenset[str], most: int = _MOST_FIELDS
) -> tuple[Message, list[Mistake]]:
    """Parse `text`; fields before and after a mistake are kept, the one around it is lost.

    Parameters
    ----------
    text : str
    top : frozenset of str
        Names of top-level fields: parsing continues at one of them after a mistake.
    most : int
        Top-level fields that are read; more of them are one mistake.

    Notes
    -----
    Time and memory are linear in the length of the text, whatever its depth.
    """
    starts = [0, *(hit.end() for hit in re.finditer("\n", text))]
    resume = re.compile(rf"^[ \t]*(?:{'|'.join(sorted(top))})\s*[:{{<\[]", re.MULTILINE)
    whole, mistakes, at = Message(), [], 0
    while at < len(text):
        try:
            _Reader(text, at, starts, len(whole.fields)).run(whole, most)
            break
        except _Syntax as error:
            line = bisect_right(starts, error.at)
            column = error.at - starts[line - 1] + 1
            mistakes.append(Mistake(line, column, error.message, error.is_last))
            if len(mistakes) >= _MOST_MISTAKES or error.is_last:
                break
            following = starts[line] if line < len(starts) else len(text)
            again = resume.search(text, following)
            at = again.start() if again else len(text)
    return whole, mistakes


class _Reader:
    """Reads top-level fields up to the end or the first mistake."""

    def __init__(self, text: str, at: int, starts: list[int], n_fields: int) -> None:
        self.text, self.at, self.starts = text, at, starts
        self.kind, self.token, self.where = "", "", at
        self.n_fields = n_fields
        self.next()

    def next(self) -> None:
        """Advance to the next token; `kind` is empty at the end of the text."""
        hit = _TOKEN.match(self.text, self.at)
        if hit is None:
            self.at = _SKIPPED.match(self.text, self.at).end()  # type: ignore[union-attr]
            first = self.text[self.at]
            found = "a string that does not end" if first in "\"'" else repr(first)
            raise _Syntax(self.at, f'found {found}, expected a field. Escape quotes as \\".')
        kind = str(hit.lastgroup)
        self.kind = "" if kind == "end" else kind
        self.token, self.where, self.at = hit[kind], hit.start(kind), hit.end()

    def run(self, whole: Message, most: int) -> None:
        """Add every field to `whole` as soon as it is complete, up to `most`."""
        # Each level: the outer message, the mark that closes it, whether it is in a list, the
        # field's name and line.
        stack: list[tuple[Message, str, bool, str, int]] = []
        message = whole
        while self.kind or stack:
            if not self.kind:
                raise _Syntax(self.where, f"the text ends, but {stack[-1][1]!r} is missing.")
            if stack and self.token == stack[-1][1] and self.kind == "mark":
                message = self._close(stack, message)
                continue
            if not stack and len(whole.fields) >= most:
                reason = f"there are more than {most:,} entries; the rest is ignored."
                raise _Syntax(self.where, reason, is_last=True)
            name, line = self._name(), bisect_right(self.starts, self.where)
            opened = self._value(message, name, line)
            self._count()
            if opened:
                stack.append((message, _CLOSES.get(opened[-1], ""), len(opened) > 1, name, line))
                message = Message()

    def _count(self) -> None:
        self.n_fields += 1
        if self.n_fields > _MOST_FIELDS:
            message = f"there are more than {_MOST_FIELDS:,} fields; the rest is ignored."
            raise _Syntax(self.where, message, is_last=True)

    def _name(self) -> str:
        if self.kind not in ("word", "extension"):
            raise _Syntax(self.where, f"found {self.token!r}, expected the name of a field.")
        name = self.token
        self.next()
        return name

    def _value(self, message: Message, name: str, line: int) -> str:
        """Read a field's value; if it is a message, return the marks that open it."""
        colon = self.token == ":" and self.kind == "mark"
        if colon:
            self.next()
        if self.kind == "mark" and self.token in _CLOSES:
            mark = self.token
            self.next()
            return mark
        if self.kind == "mark" and self.token == "[":
            return self._list(message, name, line)
        if not colon:
            raise _Syntax(self.where, f"found {self.token!r} after {name!r}, expected ':' or '{{'.")
        message.fields.append((name, self._scalar(), line))
        self._separator()
        return ""

    def _list(self, message: Message, name: str, line: int) -> str:
        self.next()
        while not (self.kind == "mark" and self.token == "]"):
            if self.kind == "mark" and self.token in _CLOSES:
                mark = self.token
                self.next()
                return "[" + mark
            message.fields.append((name, self._scalar(), line))
            self._count()
            if self.token == ",":
                self.next()
            elif self.token != "]":
                raise _Syntax(self.where, f"found {self.token!r} in a list, expected ',' or ']'.")
        self.next()
        self._separator()
        return ""

    def _close(self, stack: list[tuple[Message, str, bool, str, int]], done: Message) -> Message:
        outer, _, in_list, name, line = stack.pop()
        outer.fields.append((name, done, line))
        self.next()
        if not in_list:
            self._separator()
            return outer
        if self.token == ",":
            self.next()
            if self.token in _CLOSES and self.kind == "mark":
                stack.append((outer, _CLOSES[self.token], True, name, line))
                self.next()
                return Message()
        if self.token != "]":
            raise _Syntax(self.where, f"found {self.token!r} in a list, expected ',' or ']'.")
        self.next()
        self._separator()
        return outer

    def _separator(self) -> None:
        if self.kind == "mark" and self.token in (",", ";"):
            self.next()

    def _scalar(self) -> Value:
        kind, token, where = self.kind, self.token, self.where
        if kind == "string":
            parts, length = [], 0
            while self.kind == "string":
                length += len(self.token)
                if length > _LONGEST_STRING:
                    raise _Syntax(
                        where,
                        f"found a string of {length:,} letters; at most {_LONGEST_STRING:,} are "
                        "allowed.",
                    )
                parts.append(_unescape(self.token[1:-1]))
                self.next()
            return b"".join(parts).decode("utf-8", "surrogateescape")
        if kind == "number":
            self.next()
            return _number(token, where)
        if kind == "word":
            self.next()
            return Word(token)
        raise _Syntax(where, f"found {token or 'the end'!r}, expected a value.")


def _number(token: str, where: int) -> int | float:
    text = token.replace(" ", "").lower()
    digits = text.lstrip("-")
    if len(digits) > 400:
        raise _Syntax(where, f"found a number of {len(digits):,} digits; at most 400 are allowed.")
    if digits.startswith("0x"):
        value: int | float = int(digits, 16)
    elif digits.isdigit():
        octal = len(digits) > 1 and digits[0] == "0"
        if octal and not set(digits) <= set("01234567"):
            raise _Syntax(where, f"found {token!r}; a number that starts with 0 is octal.")
        value = int(digits, 8 if octal else 10)
    else:
        value = float(digits.rstrip("f"))
    return -value if text.startswith("-") else value


def _unescape(text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    return _ESCAPE.sub(_escaped, raw) if b"\\" in raw else raw


def _escaped(hit: re.Match[bytes]) -> bytes:
    octal, hexadecimal, short, long, letter = hit.groups()
    if octal:
        return bytes((int(octal, 8) & 0xFF,))
    if hexadecimal:
        return bytes((int(hexadecimal, 16),))
    if short or long:
        point = int(short or long, 16)
        return chr(point if point < 0x110000 else 0xFFFD).encode("utf-8", "replace")
    return _LETTERS.get(letter, letter)

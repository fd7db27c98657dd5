"""Parses JSON whose bulk is arrays of numbers: the arrays are set apart, the rest is small.

A parser of JSON makes one object of each number. Here each innermost array of numbers becomes a
short mark first; what is left is parsed as usual, and the numbers are read from the text by the
reader of tables. Depth and size are bounded before anything is parsed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.bounded_json import JsonBoundsError, check_nesting
from projector.model.narrowing import SAMPLE, dtype_needed

_STRING = rb'"(?:[^"\\]++|\\[\s\S])*+"'
#: A string, which may contain brackets, or an array with nothing but numbers in it.
_TOKEN = re.compile(_STRING + rb'|\[[^\[\]{}":]*+\]')
#: What remains of an array of numbers, NaN, Infinity and null when these are taken away.
_NUMERIC = b"0123456789+-.eE, \t\r\nNaInfityul"


class Number(str):
    """A number of a JSON text, as it is written there."""

    __slots__ = ()


@dataclass(frozen=True)
class JsonText:
    """A JSON text without its arrays of numbers.

    Attributes
    ----------
    data : bytes
        The whole text.
    rest : str
        The text, with a marked string in the place of each array of numbers.
    spans : list of tuple of int
        Where each array is in `data`, brackets included.
    mark : str
        What a marked string starts with; the array's index follows.
    """

    data: bytes
    rest: str
    spans: list[tuple[int, int]]
    mark: str

    def index(self, value: object) -> int | None:
        """Return which array a parsed value stands for; None if it is something else."""
        if not isinstance(value, str) or not value.startswith(self.mark):
            return None
        digits = value[len(self.mark) :]
        return int(digits) if digits.isdecimal() and int(digits) < len(self.spans) else None

    def length(self, index: int) -> int:
        """Return how many numbers an array has."""
        return self.data.count(b",", *self.spans[index]) + 1

    def text(self, index: int) -> str:
        """Return an array as it is written, on one line."""
        start, stop = self.spans[index]
        return " ".join(self.data[start:stop].decode("utf-8", "replace").split())

    def numbers(self, indices: Sequence[int]) -> NDArray[np.generic] | None:
        """Return the numbers of some arrays, one after the other; None if one cannot be read.

        Whole numbers are int64; others float32, or float64 where some of the arrays differ in
        digits that float32 does not hold; null becomes NaN.
        """
        import pyarrow as pa

        text = self._lines(indices)
        if not re.search(rb"[.eEnIN]", text):
            return _parsed(text, pa.int64())
        return _parsed(text, pa.from_numpy_dtype(self._kind(indices)))

    def _kind(self, indices: Sequence[int]) -> type[np.float32] | type[np.float64]:
        import pyarrow as pa

        some = indices[:: max(1, len(indices) // SAMPLE)]
        n_dims = self.length(some[0]) if some else 0
        if any(self.length(index) != n_dims for index in some):
            return np.float64
        sample = _parsed(self._lines(some), pa.float64())
        return np.float32 if sample is None else dtype_needed(sample.reshape(-1, max(1, n_dims)))

    def _lines(self, indices: Sequence[int]) -> bytes:
        """Return the numbers of some arrays, each on a line of its own."""
        pieces = (self.data[start + 1 : stop - 1] for start, stop in map(self._span, indices))
        return b",".join(pieces).translate(None, b" \t\r\n").replace(b",", b"\n")

    def _span(self, index: int) -> tuple[int, int]:
        return self.spans[index]


def _parsed(text: bytes, kind: Any) -> NDArray[Any] | None:
    import pyarrow as pa
    from pyarrow import csv

    try:
        table = csv.read_csv(
            pa.BufferReader(text),
            read_options=csv.ReadOptions(column_names=["v"]),
            parse_options=csv.ParseOptions(quote_char=False, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(column_types={"v": kind}, null_values=["null"]),
        )
    except pa.ArrowInvalid:
        return None
    return np.asarray(table.column("v").to_numpy())


def split_json(path: Path, data: bytes) -> JsonText:
    """Set the arrays of numbers of a JSON text apart.

    Parameters
    ----------
    path : Path
        For the error.
    data : bytes
        UTF-8 without a byte order mark.

    Raises
    ------
    LoadError
        It is nested deeper than any file of vectors.
    """
    number = 0
    while f"array {number}:".encode() in data:
        number += 1
    mark = f"array {number}:"
    spans: list[tuple[int, int]] = []

    def marked(hit: re.Match[bytes]) -> bytes:
        found = hit[0]
        if found[:1] == b'"' or b"," not in found or found[1:-1].translate(None, _NUMERIC):
            return found
        spans.append(hit.span())
        return f'"{mark}{len(spans) - 1}"'.encode()

    rest = _TOKEN.sub(marked, data)
    try:
        check_nesting(rest)
    except JsonBoundsError as error:
        raise LoadError(
            path, f"is JSON that is not read: {error}. Write the vectors as a list of records."
        ) from None
    return JsonText(data, rest.decode("utf-8", "replace"), spans, mark)


_DECODER = json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=Number)


def documents(text: JsonText) -> Iterator[tuple[Any, str | None]]:
    """Give the documents of a text, one on each line or one on many; and what is wrong with each.

    Yields
    ------
    document : object
        Numbers are `Number`; None where it cannot be parsed.
    fault : str or None
    """
    rest = text.rest.strip()
    try:
        yield _DECODER.decode(rest), None
        return
    except json.JSONDecodeError as error:
        whole = _fault(error)
    lines = [line for line in rest.split("\n") if line.strip()]
    parsed = [_line(line) for line in lines]
    if 2 * sum(fault is not None for _, fault in parsed) >= len(parsed):
        yield None, whole
        return
    yield from parsed


def _line(line: str) -> tuple[Any, str | None]:
    try:
        return _DECODER.decode(line.strip()), None
    except json.JSONDecodeError as error:
        return None, _fault(error)


def _fault(error: json.JSONDecodeError) -> str:
    return f"{error.msg} in line {error.lineno}"

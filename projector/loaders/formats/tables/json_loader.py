"""The loaders of JSON: one document, or one on each line."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

from projector.errors import LoadError
from projector.loaders.base import (
    File,
    FileProblem,
    Found,
    Loaded,
    NoVectorsError,
    Operations,
    Tensor,
)
from projector.loaders.formats.tables.arrow_call import reading_as
from projector.loaders.formats.tables.csv_table import read_whole
from projector.loaders.formats.tables.json_arrow import arrow_table, sample_table
from projector.loaders.formats.tables.json_tables import VECTOR, JsonTable, tables_in
from projector.loaders.formats.tables.json_text import JsonText, documents, split_json
from projector.loaders.formats.tables.table_tensors import listed, loaded
from projector.loaders.formats.text.lines import count_lines, decode, looks_like_text
from projector.loaders.safe_files import read_head

_START = 1 << 20
#: A larger document would be read as a whole to be listed.
_LARGEST = 1 << 31
_LINES = (".jsonl", ".ndjson")
_SUFFIX = re.compile(r"\.[a-z]\w*$", re.IGNORECASE)
#: Two numbers in brackets, or a long text in base64: without one there are no vectors.
_NUMBERS = re.compile(rb"\[\s*-?\d[^\[\]{}\"]*,|\"[A-Za-z0-9+/_-]{64,}={0,2}\"|\d\"?\s*:\s*-?\d")
_SAYS_SO = re.compile(r'"[^"]*(?:embed|vector|latent)[^"]*"\s*:', re.IGNORECASE)
#: Whole numbers are a setting of a program unless there are many.
_MANY_DIMS, _MANY_ROWS = 16, 8
#: As many numbers in as many arrays of one length are meant as vectors.
_EVIDENT = 8
_MOST_TABLES = 64


class Json:
    """A JSON document with vectors by name, in records or in columns."""

    name = "json"
    title = "JSON"
    gives = "each list of vectors or records with vectors"
    extensions = (".json",)
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Recognize it by an opening bracket, and numbers in brackets in the first megabyte."""
        name = file.name.lower()
        if not opens_as_json(file.head()) or name.endswith(_LINES):
            return False
        if not name.endswith(".json") and _SUFFIX.search(name):
            return False
        return _NUMBERS.search(_start(file)) is not None

    def list(self, file: File) -> Found:
        """Read the whole document; its numbers stay text."""
        if file.size > _LARGEST:
            raise LoadError(
                file.path,
                f"is a JSON document of {file.size:,} bytes; at most {_LARGEST:,} are read. Write "
                "one record on each line, or Parquet.",
            )
        text, value, _ = _parsed(file, read_whole(file)[0], lines=False)
        found = _found(file, text, tables_in(value, text))
        if not found.tensors and _has_vectors(text) and _SAYS_SO.search(text.rest):
            raise LoadError(
                file.path,
                f"is JSON with {len(text.spans):,} arrays of numbers in no form that is read. "
                "Write a list of records, {name: vector}, or columns of one length.",
            )
        return found

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read the document again, and the numbers of one of its tables."""
        return _load(file, tensor, lines=False)


class JsonLines:
    """One JSON object per line, with a vector in it at any depth."""

    name = "jsonl"
    title = "JSON lines"
    gives = "as from Parquet, one object a line"
    extensions = _LINES
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Recognize it by suffix and an opening bracket, or by two lines that are objects."""
        if not opens_as_json(file.head()):
            return False
        if file.name.lower().endswith(_LINES):
            return True
        if _SUFFIX.search(file.name) and not file.name.lower().endswith((".json", ".txt")):
            return False
        lines = _start(file).split(b"\n", 2)
        objects = [line.strip().startswith(b"{") and line.strip().endswith(b"}") for line in lines]
        return sum(objects[:2]) == 2 and _NUMBERS.search(lines[0]) is not None

    def list(self, file: File) -> Found:
        """Read the first megabyte and count the lines."""
        start = _start(file)
        if len(start) < file.size and b"\n" not in start:
            start = read_whole(file)[0]  # the first line alone is longer
        text, value, _ = _parsed(file, start, lines=True)
        tables = tables_in(value, text)
        if len(start) < file.size and len(tables) == 1 and tables[0].n_rows == len(value):
            n_rows = count_lines(file, blank=False)
            return _found(file, text, tables, n_rows)
        if len(start) < file.size:
            text, value, _ = _parsed(file, read_whole(file)[0], lines=True)
            tables = tables_in(value, text)
        found = _found(file, text, tables)
        if not found.tensors:
            raise NoVectorsError(
                file.path,
                "is JSON lines without a vector. Expected an object with a list of numbers, all of "
                "one length, on each line.",
            )
        return found

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read all lines."""
        return _load(file, tensor, lines=True)


def opens_as_json(head: bytes) -> bool:
    """Tell whether the first bytes of a file are those of a JSON document."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return head[:1] in (b"{", b"[") and looks_like_text(head)


def _start(file: File) -> bytes:
    """Return the first megabyte, up to the end of a line."""
    head = read_head(file.real, _START) if file.size > len(file.head()) else file.head()
    try:
        text, _ = decode(head)
    except UnicodeError:
        return b""
    return text if len(head) >= file.size else text[: text.rfind(b"\n") + 1] or text


def _parsed(file: File, data: bytes, *, lines: bool) -> tuple[JsonText, Any, list[str]]:
    """Return a text without its arrays, its document or the list of them, and its faults."""
    text = split_json(file.path, data)
    found = list(documents(text))
    faults = [fault for _, fault in found if fault is not None]
    if len(found) == 1 and faults and (lines or _has_vectors(text)):
        raise LoadError(
            file.path,
            f"cannot be read as JSON ({faults[0]}). It is truncated or damaged; save it again.",
        )
    values = [value for value, _ in found]
    return text, values if lines or len(values) > 1 else values[0], faults


def _has_vectors(text: JsonText) -> bool:
    lengths = Counter(text.length(index) for index in range(len(text.spans)))
    return any(length >= _EVIDENT and count >= 2 for length, count in lengths.items())


def _found(file: File, text: JsonText, tables: list[JsonTable], n_rows: int | None = None) -> Found:
    tensors: list[Tensor] = []
    problems: list[FileProblem] = []
    for table in tables[:_MOST_TABLES]:
        prefix = table.name if len(tables) > 1 else ""
        with reading_as(file, "JSON"):
            sample = sample_table(table, text)
            # A table without vectors is no fault of the others.
            found = listed(file, sample, n_rows or table.n_rows, prefix=prefix, expected=False)
        tensors += [tensor for tensor in found.tensors if _is_meant(tensor)]
        problems += found.problems
    named = [replace(tensor, name=_name(file, tensor, len(tables))) for tensor in tensors]
    if len(named) == 1 and tensors[0].name in (VECTOR, file.stem):
        named = [replace(named[0], name=file.stem, whole=True)]
    return Found(tuple(named), tuple(problems))


def _is_meant(tensor: Tensor) -> bool:
    """Tell whether arrays are vectors, not the sizes and boxes that settings are full of."""
    plan, _ = tensor.detail
    if not tensor.doubtful:
        return True
    many = tensor.shape[0] >= _MANY_ROWS and tensor.shape[1] >= _MANY_DIMS
    return plan.vector is not None and many


def _name(file: File, tensor: Tensor, n_tables: int) -> str:
    """Return a tensor's name without the name of a column that the document does not have."""
    name = tensor.name
    if n_tables > 1 and name.endswith(f".{VECTOR}"):
        return name.removesuffix(f".{VECTOR}")
    return name


def _load(file: File, tensor: Tensor, *, lines: bool) -> Loaded:
    data, guessed = read_whole(file)
    text, value, faults = _parsed(file, data, lines=lines)
    tables = tables_in(value, text)
    prefix = tensor.key.partition("\0")[0] if "\0" in tensor.key else None
    chosen = [table for table in tables if prefix is None or table.name == prefix]
    if not chosen:
        raise LoadError(file.path, "was rewritten after it was listed. Refresh the listing.")
    if faults and (lines or isinstance(value, list)):
        guessed.append(
            f"{len(faults):,} lines are no JSON ({faults[0]}). They are set aside, and the others "
            "are shown."
        )
    plan, _ = tensor.detail
    with reading_as(file, "JSON"):
        table = arrow_table(chosen[0], text, () if plan.vector else plan.columns)
        return loaded(file, table, tensor, tuple(guessed))

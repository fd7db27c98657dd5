"""Describes and reads files of labels: tables, lists and vocabularies that lie beside vectors."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace

from projector.errors import LoadError
from projector.loaders.base import UNEXPECTED_ERRORS, File, unexpected_error
from projector.loaders.companions.json_labels import (
    JsonLabels,
    added_tokens,
    may_have_labels,
    read_json_labels,
    read_numbering,
)
from projector.loaders.companions.metadata_tsv import read_metadata
from projector.loaders.formats.tables.label_table import MAX_TABLE, LabelTable
from projector.loaders.formats.text.lines import count_lines, decode, looks_like_text
from projector.loaders.in_reader import in_reader
from projector.loaders.safe_files import read_all
from projector.model.metadata import Column
from projector.model.training_log import is_index

_TSV = re.compile(r"\.(tsv|txt|tab|labels|vocab|names)$", re.IGNORECASE)
_CSV = re.compile(r"\.csv$", re.IGNORECASE)
_JSON = re.compile(r"\.json$", re.IGNORECASE)
_TABLE = re.compile(r"\.(parquet|pq|arrow|feather|ipc|jsonl|ndjson)$", re.IGNORECASE)
_SUFFIXES = frozenset(
    [
        ".tsv",
        ".txt",
        ".tab",
        ".labels",
        ".vocab",
        ".names",
        ".csv",
        ".parquet",
        ".pq",
        ".arrow",
        ".feather",
        ".ipc",
        ".jsonl",
        ".ndjson",
    ]
)
_TABLES = in_reader(LabelTable())
#: Files with one token per row of an embedding, in the order of the rows.
_VOCABULARY = re.compile(
    r"^(tokenizer\.json|(.*[-_.])?(vocab|vocabulary|tokens|itos|idx2word|id2word|index2word)"
    r"\.(json|txt)|.*\.vocab)$",
    re.IGNORECASE,
)
_ADDED = "added_tokens.json"
_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class LabelFile:
    """A file of labels, as far as a listing needs to know it.

    Attributes
    ----------
    file : File
    kind : {"tsv", "csv", "json", "table"}
    n_rows : int
        Without a header.
    maybe_header : bool
        Whether line 1 may be a header, so that there may be one row fewer.
    is_vocabulary : bool
        Whether row i belongs to row i of an embedding even if that has more rows.
    keyed : bool
        Whether the order of the rows means nothing.
    n_columns : int
        0 if that is not known before the file is read.
    """

    file: File
    kind: str
    n_rows: int
    maybe_header: bool = False
    is_vocabulary: bool = False
    keyed: bool = False
    n_columns: int = 0

    def fits(self, n_points: int) -> bool:
        """Tell whether it has one row per point."""
        return n_points == self.n_rows or (self.maybe_header and n_points == self.n_rows - 1)


def may_be_labels(file: File) -> bool:
    """Tell by its name whether a file may have labels."""
    if file.suffix == ".json":
        return may_have_labels(file)
    is_table = file.suffix in _SUFFIXES and 0 < file.size <= MAX_TABLE
    return is_table and not is_index(file.name, file.home)  # whose lines are steps


def describe(file: File) -> LabelFile | None:
    """Return what a file of labels has, or None if it has none or cannot be read.

    Notes
    -----
    Lines of text are counted, tables are listed by their headers, and JSON is read as a whole.
    """
    try:
        return _described(file)
    except (LoadError, *UNEXPECTED_ERRORS):
        return None  # reported where the file itself is listed


def _described(file: File) -> LabelFile | None:
    name = file.name
    is_vocabulary = _VOCABULARY.match(name) is not None
    if _TABLE.search(name):
        return _described_table(file)
    if _JSON.search(name):
        if name == _ADDED:
            return None  # goes with a vocabulary
        found = _json_labels(file)
        if found is None:
            return None
        kind = found.is_vocabulary or (is_vocabulary and len(found.columns) == 1)
        return LabelFile(file, "json", found.n_rows, False, kind, found.keyed, len(found.columns))
    if not looks_like_text(file.head()):
        return None
    if _CSV.search(name):
        return _described_csv(file)
    cells = file.head().partition(b"\n")[0].count(b"\t") + 1
    n_rows = count_lines(file, blank=True)
    added = _added(file) if is_vocabulary else {}
    if added:  # the vocabulary's own lines are counted from 0, so there is no header
        n_rows = max([n_rows, *(row + 1 for row in added.values() if row < 2 * n_rows)])
    return LabelFile(file, "tsv", n_rows, not is_vocabulary, is_vocabulary, False, cells)


def _described_csv(file: File) -> LabelFile:
    rows: int | None = None
    if b'"' in file.head():
        rows = len(_csv_rows(file))
    n_rows = count_lines(file, blank=False) if rows is None else rows
    first = file.head().partition(b"\n")[0]
    n_columns = 1 + max(first.count(each.encode()) for each in _DELIMITERS)
    return LabelFile(file, "csv", n_rows, True, False, False, n_columns)


def _described_table(file: File) -> LabelFile:
    (tensor,) = _TABLES.list(file).tensors
    return LabelFile(file, "table", tensor.shape[0], n_columns=tensor.shape[1])


def read_labels(labels: LabelFile, n_points: int | None) -> tuple[list[Column], list[str]]:
    """Read the columns of a file of labels, and warnings.

    Parameters
    ----------
    labels : LabelFile
    n_points : int or None
        How many rows to return, padded or cut with a warning; None for as many as there are.

    Raises
    ------
    LoadError
        The file cannot be read, or has changed since it was listed.
    """
    file = labels.file
    try:
        if labels.kind == "tsv":
            return _tsv_columns(labels, n_points)
        columns = _columns(labels, n_points)
    except UNEXPECTED_ERRORS as error:
        raise unexpected_error(file.path, error) from error
    if n_points is not None and any(len(column) != n_points for column in columns):
        raise LoadError(
            file.path, f"no longer has {n_points:,} rows. Refresh the listing.", place=None
        )
    return columns, []


def _tsv_columns(labels: LabelFile, n_points: int | None) -> tuple[list[Column], list[str]]:
    file = labels.file
    if n_points is None:
        n_points = labels.n_rows - (labels.n_columns > 1 and labels.maybe_header)
    added = _added(file) if labels.is_vocabulary else {}
    n_lines = count_lines(file, blank=True) if added else n_points
    table, warnings = read_metadata(file.real, min(n_lines, n_points) if added else n_points)
    columns = [_with_added(column, added, n_points) for column in table.columns]
    if len(columns) == 1 and columns[0].name == "label" and file.stem.lower() != "metadata":
        columns = [_renamed(columns[0], "token" if labels.is_vocabulary else "label")]
    return columns, warnings


def _with_added(column: Column, added: dict[str, int], n_points: int) -> Column:
    """Return a column of tokens with those that were added later, which no line has."""
    if not added:
        return column
    texts = added_tokens(column.text.to_list(), added)
    texts += [None] * (n_points - len(texts))
    return Column.from_values(column.name, texts[:n_points])


def _renamed(column: Column, name: str) -> Column:
    return Column(name, column.kind, column.text, column.numbers)


def _columns(labels: LabelFile, n_points: int | None) -> list[Column]:
    file = labels.file
    if labels.kind == "json":
        return _json_columns(labels)
    if labels.kind == "csv":
        return _csv_columns(file, n_points)
    (tensor,) = _TABLES.list(file).tensors
    return list(_TABLES.load(file, tensor).columns)


def _json_labels(file: File) -> JsonLabels | None:
    """Return the labels of a JSON file; tokens that were added later are in a file of their own."""
    found = read_json_labels(file)
    if found is None or not found.is_vocabulary or file.name == "tokenizer.json":
        return found
    rows = _added(file)
    columns = {name: added_tokens(values, rows) for name, values in found.columns.items()}
    return replace(found, columns=columns)


def _added(file: File) -> dict[str, int]:
    """Return the tokens that ``added_tokens.json`` beside a vocabulary has, with their rows."""
    more = file.folder.get(_ADDED)
    return read_numbering(more) if more is not None and may_have_labels(more) else {}


def _json_columns(labels: LabelFile) -> list[Column]:
    found = _json_labels(labels.file)
    if found is None:
        raise LoadError(labels.file.path, "no longer has labels. Refresh the listing.")
    return [Column.from_values(name, values) for name, values in found.columns.items()]


def _csv_rows(file: File) -> list[list[str]]:
    """Return the cells of a CSV file, without blank lines."""
    try:
        raw, _ = decode(read_all(file.real, limit=MAX_TABLE, what="a table of labels"))
    except UnicodeError:
        raise LoadError(file.path, "starts as UTF-16, but is not. Save it as UTF-8.") from None
    text = raw.decode("utf-8", "replace")
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        return [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except csv.Error as error:
        raise LoadError(
            file.path, f"cannot be read as CSV ({error}). Correct or save it again."
        ) from None


def _csv_columns(file: File, n_points: int | None) -> list[Column]:
    rows = _csv_rows(file)
    width = max(map(len, rows), default=0)
    has_header = n_points is None or len(rows) != n_points
    header = rows.pop(0) if has_header and rows else []
    names = [name.strip() for name in header] + [""] * (width - len(header))
    return [
        Column.from_values(
            name or ("label" if width == 1 else f"column {at + 1}"),
            [(row[at].strip() or None) if at < len(row) else None for row in rows],
        )
        for at, name in enumerate(names)
    ]

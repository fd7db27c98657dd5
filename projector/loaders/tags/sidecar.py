"""The file that tags are kept in, beside the data: text that a person can read, edit and compare.

The first line says what the rows are rows of, the second names the columns, and every further
line is a tagged row. Cells are separated by tabs; there is no quoting, because no cell may hold
a tab or a line end. A file with a line that can not be read is never written to.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from projector.errors import LoadError, ParameterError
from projector.loaders.base import File
from projector.loaders.safe_files import read_all
from projector.model.tags import MAX_COLUMNS, MAX_NAME, MAX_VALUE, Tags, check_text

SUFFIX = ".projector-tags.tsv"
#: A table of tags of a million rows and one short column has 20 MB.
LIMIT = 64 << 20
#: The first line of a file of tags is no longer.
MAX_HEADER = 1 << 16
_MAGIC = "# projector-tags "
_VERSION = 1
_ROW = re.compile(r"0|[1-9]\d{0,9}", re.ASCII)
#: Lines at fault that are told of one by one.
_TOLD = 3


@dataclass(frozen=True)
class Sidecar:
    """Tags as they are kept, in a file or for the session only.

    Attributes
    ----------
    file : Path or None
        None where they are kept in memory.
    tags : Tags or None
        None where nothing of the file can be used.
    revision : str
        16 hexadecimal digits of its content.
    problems : tuple of str
        What of the file can not be read. Such a file is not written to.
    replaced : Sidecar or None
        For tags in memory: the file that they replace, if any.
    """

    file: Path | None
    tags: Tags | None
    revision: str
    problems: tuple[str, ...] = ()
    replaced: Sidecar | None = None


def read_sidecar(file: File) -> Sidecar:
    """Read a file of tags; whatever is wrong with it becomes a problem, never an error."""
    try:
        raw = read_all(file.real, limit=LIMIT, what="tags")
    except LoadError as error:
        return Sidecar(file.path, None, "", (error.message,))
    tags, problems = parse_tags(raw)
    return Sidecar(file.path, tags, revision_of(raw), tuple(problems))


def revision_of(raw: bytes) -> str:
    """Return 16 hexadecimal digits that change with the content."""
    return hashlib.sha256(raw).hexdigest()[:16]


def tags_bytes(tags: Tags) -> bytes:
    """Return the file's content: rows ascending, so that two versions can be compared."""
    about = {"version": _VERSION, "tensor": tags.tensor, "n_points": tags.n_points}
    columns = tags.columns.values()
    lines = [_MAGIC + json.dumps(about, ensure_ascii=False), "\t".join(("row", *tags.columns))]
    for row in sorted(set().union(*columns)):
        lines.append("\t".join((str(row), *(values.get(row, "") for values in columns))))
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def parse_tags(raw: bytes) -> tuple[Tags | None, list[str]]:
    """Return what a file of tags says, and what of it can not be read.

    Notes
    -----
    About 4 s for a million rows.
    """
    try:
        text = raw.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, [f"line {line} is not UTF-8, so none of it is read. Save it as UTF-8."]
    lines = text.split("\n")
    about = about_tags(lines[0].removesuffix("\r"))
    if isinstance(about, str):
        return None, [about]
    names = lines[1].removesuffix("\r").split("\t") if len(lines) > 1 else []
    wrong = _wrong_names(names)
    if wrong:
        return None, [f"line 2: {wrong}"]
    reading = _Reading(names[1:], about[1])
    for number, each in enumerate(lines[2:], 3):
        reading.take(number, each.removesuffix("\r"))
    return Tags(*about, dict(zip(names[1:], reading.columns, strict=True))), reading.problems()


def about_tags(line: str) -> tuple[str, int] | str:
    """Return tensor and number of points from the first line, or what is wrong with it."""
    expected = f'{_MAGIC}{{"version": {_VERSION}, "tensor": "…", "n_points": …}}'
    try:
        if not line.startswith(_MAGIC) or len(line) > MAX_HEADER:
            raise ValueError
        about = json.loads(line.removeprefix(_MAGIC))
        version, tensor, n_points = about["version"], about["tensor"], about["n_points"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return f"line 1 is not {expected}, so none of it is read. Put that line back."
    if version != _VERSION:
        return f"it is of version {version!r:.20}, this projector reads {_VERSION}. Update it."
    whole = isinstance(n_points, int) and not isinstance(n_points, bool)
    if not isinstance(tensor, str) or not whole or not 0 < n_points < 1 << 32:
        return f"line 1 is not {expected}, so none of it is read. Put that line back."
    return tensor, n_points


def _wrong_names(names: list[str]) -> str:
    if not names or names[0] != "row":
        return "the first column is not called 'row', so none of it is read. Put that name back."
    if len(names) - 1 > MAX_COLUMNS:
        return f"{len(names) - 1:,} columns of tags; at most {MAX_COLUMNS} are read."
    twice = next((name for at, name in enumerate(names[1:], 1) if name in names[1:at]), None)
    if twice is not None:
        return f"two columns are called {twice[:40]!r}, so none of it is read. Rename one."
    try:
        for name in names[1:]:
            check_text(name, MAX_NAME, "The name of a column of tags")
    except ParameterError as error:
        return str(error)
    return ""


class _Reading:
    """The rows of a file, one line after the other, and the lines that are none."""

    def __init__(self, names: list[str], n_points: int) -> None:
        self.columns: list[dict[int, str]] = [{} for _ in names]
        self._n_points = n_points
        self._seen: set[int] = set()
        self._told: list[str] = []
        self._n_wrong = 0
        self._good = {""}

    def take(self, number: int, line: str) -> None:
        if not line:
            return
        row, *cells = line.split("\t")
        index = int(row) if _ROW.fullmatch(row) else -1
        wrong = self._wrong_row(row, index) or self._wrong_cells(cells)
        if wrong:
            self._n_wrong += 1
            if self._n_wrong <= _TOLD:
                self._told.append(f"line {number}: {wrong}")
            return
        self._seen.add(index)
        for column, cell in zip(self.columns, cells, strict=False):
            if cell:
                column[index] = cell

    def _wrong_row(self, row: str, index: int) -> str:
        if not 0 <= index < self._n_points:
            return f"{row[:40]!r} is no row number from 0 to {self._n_points - 1:,}"
        return f"row {row} is there a second time" if index in self._seen else ""

    def _wrong_cells(self, cells: list[str]) -> str:
        if self._good.issuperset(cells[: len(self.columns)]) and len(cells) <= len(self.columns):
            return ""
        if any(cells[len(self.columns) :]):
            return f"{len(cells):,} cells, expected at most {len(self.columns):,}"
        for cell in cells:
            if cell not in self._good:
                try:
                    check_text(cell, MAX_VALUE, "a tag")
                except ParameterError as error:
                    return str(error).rstrip(".")
                self._good.add(cell)
        return ""

    def problems(self) -> list[str]:
        if not self._n_wrong:
            return []
        more = self._n_wrong - len(self._told)
        told = "; ".join(self._told) + (f"; and {more:,} more lines" if more else "")
        return [
            f"{told}. What is wrong is left out, and the file is not written to until it is "
            "right. Correct it, or move it away."
        ]

"""The format of sidecar files: tags as text that people can read, edit and compare.

The first line says which tensor the rows belong to, the second names the columns, and every other
line is a tagged row. Cells are separated by tabs. There is no quoting, because no cell may contain
a tab or a line end. A file with a line that cannot be read is never written to.
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
from projector.loaders.bounded_json import parse_json
from projector.loaders.safe_files import read_all
from projector.model.tags import MAX_COLUMNS, MAX_NAME, MAX_VALUE, Tags, check_text

SUFFIX = ".projector-tags.tsv"
#: A file of tags with a million rows and one short column has 20 MB.
LIMIT = 64 << 20
#: The first line of a file of tags is at most this long.
MAX_HEADER = 1 << 16
_MAGIC = "# projector-tags "
_VERSION = 1
_ROW = re.compile(r"0|[1-9]\d{0,9}", re.ASCII)
#: Lines with mistakes that are listed one by one.
_LISTED = 3


@dataclass(frozen=True)
class Sidecar:
    """Tags as they are stored: in a file, or in memory only.

    Attributes
    ----------
    file : Path or None
        None for tags in memory.
    tags : Tags or None
        None if nothing in the file can be used.
    revision : str
        16 hexadecimal digits of a hash of the content; empty if there is no file.
    problems : tuple of str
        What in the file cannot be read. Such a file is not written to.
    replaced : Sidecar or None
        For tags in memory: the file that they replace, if any.
    """

    file: Path | None
    tags: Tags | None
    revision: str
    problems: tuple[str, ...] = ()
    replaced: Sidecar | None = None


def read_sidecar(file: File) -> Sidecar:
    """Read a file of tags. Never raises: whatever is wrong becomes one of the problems."""
    try:
        raw = read_all(file.real, limit=LIMIT, what="tags")
    except LoadError as error:
        return Sidecar(file.path, None, "", (error.message,))
    tags, problems = parse_tags(raw)
    return Sidecar(file.path, tags, revision_of(raw), tuple(problems))


def revision_of(raw: bytes) -> str:
    """Return 16 hexadecimal digits of a hash of a file's content."""
    return hashlib.sha256(raw).hexdigest()[:16]


def tags_bytes(tags: Tags) -> bytes:
    """Return the content of a file of tags, with the rows in ascending order."""
    header = {"version": _VERSION, "tensor": tags.tensor, "n_points": tags.n_points}
    columns = tags.columns.values()
    lines = [_MAGIC + json.dumps(header, ensure_ascii=False), "\t".join(("row", *tags.columns))]
    for row in sorted(set().union(*columns)):
        lines.append("\t".join((str(row), *(values.get(row, "") for values in columns))))
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def parse_tags(raw: bytes, *, n_points: int | None = None) -> tuple[Tags | None, list[str]]:
    """Parse the content of a file of tags.

    Parameters
    ----------
    raw : bytes
    n_points : int, optional
        If the tags are for so many points, and a table with more lines is not read.

    Returns
    -------
    tags : Tags or None
        None if nothing in it can be used.
    problems : list of str
        What cannot be read.

    Notes
    -----
    About 4 s for a million rows.
    """
    try:
        text = raw.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, [f"line {line} is not UTF-8, so the file is not read. Save it as UTF-8."]
    n_lines = raw.count(b"\n")
    if n_points is not None and n_lines > n_points + 2:
        return None, [f"there are {n_lines:,} lines for {n_points:,} points. Send each row once."]
    lines = text.split("\n")
    header = parse_header(lines[0].removesuffix("\r"))
    if isinstance(header, str):
        return None, [header]
    names = lines[1].removesuffix("\r").split("\t") if len(lines) > 1 else []
    mistake = _mistake_in_names(names)
    if mistake:
        return None, [f"line 2: {mistake}"]
    rows = _Rows(names[1:], header[1])
    for number, each in enumerate(lines[2:], 3):
        rows.add(number, each.removesuffix("\r"))
    return Tags(*header, dict(zip(names[1:], rows.columns, strict=True))), rows.problems()


def parse_header(line: str) -> tuple[str, int] | str:
    """Return the tensor and the number of points of the first line, or what is wrong with it."""
    expected = f'{_MAGIC}{{"version": {_VERSION}, "tensor": "…", "n_points": …}}'
    try:
        if not line.startswith(_MAGIC) or len(line) > MAX_HEADER:
            raise ValueError
        header = parse_json(line.removeprefix(_MAGIC).encode())
        version, tensor, n_points = header["version"], header["tensor"], header["n_points"]
    except (ValueError, LookupError, TypeError):
        return f"line 1 is not {expected}, so the file is not read. Restore that line."
    if version != _VERSION:
        return (
            f"has the format version {version!r:.20}, but this version of projector reads "
            f"{_VERSION}. Update projector."
        )
    whole = isinstance(n_points, int) and not isinstance(n_points, bool)
    if not isinstance(tensor, str) or not whole or not 0 < n_points < 1 << 32:
        return f"line 1 is not {expected}, so the file is not read. Restore that line."
    return tensor, n_points


def _mistake_in_names(names: list[str]) -> str:
    if not names or names[0] != "row":
        return "the first column is not called 'row', so the file is not read. Restore that name."
    if len(names) - 1 > MAX_COLUMNS:
        return (
            f"there are {len(names) - 1:,} columns of tags, but at most {MAX_COLUMNS} are allowed. "
            "Delete some."
        )
    twice = next((name for at, name in enumerate(names[1:], 1) if name in names[1:at]), None)
    if twice is not None:
        return f"two columns are called {twice[:40]!r}, so the file is not read. Rename one."
    try:
        for name in names[1:]:
            check_text(name, MAX_NAME, "The name of a column of tags")
    except ParameterError as error:
        return str(error)
    return ""


class _Rows:
    """Collects the rows of a file line by line, and the mistakes in them."""

    def __init__(self, names: list[str], n_points: int) -> None:
        self.columns: list[dict[int, str]] = [{} for _ in names]
        self._n_points = n_points
        self._seen: set[int] = set()
        self._mistakes: list[str] = []
        self._n_mistakes = 0
        self._checked = {""}

    def add(self, number: int, line: str) -> None:
        if not line:
            return
        row, *cells = line.split("\t")
        index = int(row) if _ROW.fullmatch(row) else -1
        mistake = self._mistake_in_row(row, index) or self._mistake_in_cells(cells)
        if mistake:
            self._n_mistakes += 1
            if self._n_mistakes <= _LISTED:
                self._mistakes.append(f"line {number}: {mistake}")
            return
        self._seen.add(index)
        for column, cell in zip(self.columns, cells, strict=False):
            if cell:
                column[index] = cell

    def _mistake_in_row(self, row: str, index: int) -> str:
        if not 0 <= index < self._n_points:
            return f"{row[:40]!r} is not a row number from 0 to {self._n_points - 1:,}"
        return f"row {row} occurs a second time" if index in self._seen else ""

    def _mistake_in_cells(self, cells: list[str]) -> str:
        n_columns = len(self.columns)
        if self._checked.issuperset(cells[:n_columns]) and len(cells) <= n_columns:
            return ""
        if any(cells[n_columns:]):
            return f"found {len(cells):,} cells, expected at most {n_columns:,}"
        for cell in cells:
            if cell not in self._checked:
                try:
                    check_text(cell, MAX_VALUE, "a tag")
                except ParameterError as error:
                    return str(error).rstrip(".")
                self._checked.add(cell)
        return ""

    def problems(self) -> list[str]:
        if not self._n_mistakes:
            return []
        n_more = self._n_mistakes - len(self._mistakes)
        more = f"; and {n_more:,} more {'line' if n_more == 1 else 'lines'}" if n_more else ""
        return [
            f"{'; '.join(self._mistakes)}{more}. These lines are ignored, and no tags are saved to "
            "the file until they are corrected. Correct them, or move the file away."
        ]

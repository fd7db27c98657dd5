"""Reads metadata TSV files: one line per point, cells separated by tabs, no quoting.

Whether the first line is a header cannot be seen from the file alone: the number of points
decides, and its text where that leaves a doubt.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeAlias

import numpy as np

from projector.errors import LoadError
from projector.loaders.companions.exact_lines import ExactLines
from projector.loaders.companions.regular_lines import RegularLines
from projector.loaders.formats.text.header_rule import FirstLine, first_line, shown
from projector.loaders.formats.text.lines import decode
from projector.loaders.naming import distinct_names
from projector.loaders.safe_files import read_all
from projector.model.metadata import Column, Metadata
from projector.model.spreadsheet_cells import guard_note, unguarded_columns

Lines: TypeAlias = ExactLines | RegularLines

_LIMIT = 1 << 32
#: Lines that are looked at to tell a header from a row.
_SAMPLE = 64
#: Rows below line 1 that must agree before it is a header where there are as many lines as points.
_AGREED = 3
#: What a single column is called.
_NAMED = re.compile(
    r"(?:labels?|names?|words?|tokens?|class(?:es)?|categor(?:y|ies)|ids?|index|texts?|titles?"
    r"|targets?|items?|entit(?:y|ies)|keys?|values?|digits?|letters?|characters?|sentences?"
    r"|doc(?:ument)?s?|file(?:name|path)?s?|paths?|images?|urls?|descriptions?|units?|columns?"
    r"|types?|kinds?|groups?|species|genes?|cells?|users?|products?|metadata)\b",
    re.IGNORECASE,
)
#: Tokens that stand for no word: they begin vocabularies, and name no column.
_SPECIAL = re.compile(r"<.*>|\[[A-Z_]+\]|</?s>|\W*")


def fits(n_lines: int, n_points: int) -> bool:
    """Tell whether a table of `n_lines` lines can be the metadata of `n_points` points."""
    return n_lines in (n_points, n_points + 1)


def read_metadata(path: Path, n_points: int) -> tuple[Metadata, list[str]]:
    """Read a metadata table.

    Parameters
    ----------
    path : Path
    n_points : int

    Returns
    -------
    metadata : Metadata
        Exactly `n_points` rows.
    warnings : list of str
        What was guessed, padded or dropped.

    Raises
    ------
    LoadError
        The file is missing, binary, empty or too large.

    Notes
    -----
    1,000,000 lines of two columns take about 0.1 s; memory is about four times the file. Lines of
    unequally many cells take four times as long.
    """
    raw = read_all(path, limit=_LIMIT, what="metadata")
    try:
        text, warnings = decode(raw)
    except UnicodeError:
        raise LoadError(path, "starts as UTF-16, but is not. Save it as UTF-8.") from None
    if warnings and b"\0" in raw[: 1 << 16]:
        raise LoadError(path, "is a binary file, not a table. Write one line of text per point.")
    if b"\n" not in text and b"\r" in text:
        text = text.replace(b"\r", b"\n")
        warnings.append("has carriage returns and no line feeds; they were read as line ends.")
    if not text[: 1 << 12].strip(b"\r\n") and not text.strip(b"\r\n"):
        raise LoadError(path, f"contains no rows, expected {n_points:,}. Write one line per point.")
    table: Lines = RegularLines.of(text) or ExactLines.of(np.frombuffer(text, np.uint8))
    header, more = _header(table, n_points)
    names = _names(table, header)
    rows = table.rows(int(header), int(header) + n_points)
    warnings += more + rows.ragged(len(names), first_line=1 + int(header))
    columns = [
        Column.from_text(name, rows.column(number, n_points)) for number, name in enumerate(names)
    ]
    found, n_unguarded = unguarded_columns(columns)
    warnings += [guard_note(n_unguarded)] if n_unguarded else []
    return Metadata(found), [f"{path.name}: {warning}" for warning in warnings]


def _header(table: Lines, n_points: int) -> tuple[bool, list[str]]:
    """Tell whether line 1 names the columns, and what is to be said about it."""
    n_lines = table.n_lines
    if n_lines > n_points + 1:
        n_lines = max(n_points, n_lines - table.trailing_blank_lines())
    sample = [table.line(number) for number in range(min(n_lines, _SAMPLE + 1))]
    decided = first_line(sample) if len(sample) > _AGREED else None
    certain = decided is not None and decided.is_header and not decided.doubt
    quoted = shown(", ".join(sample[0]))
    if n_lines == n_points:
        if not certain:
            return False, []
        return True, [
            f"has {n_lines:,} lines for {n_points:,} points, and line 1 ({quoted}) names columns "
            "of numbers: it is a header. The last point has no metadata."
        ]
    if n_lines == n_points + 1:
        return _one_line_more(sample, decided, n_points)
    header = certain or table.n_cells(0) > 1
    return header, [_other_number(n_lines - header, n_points, header, quoted)]


def _one_line_more(
    sample: list[list[str]], decided: FirstLine | None, n_points: int
) -> tuple[bool, list[str]]:
    """Decide by the text of line 1 where there is one line more than points."""
    name, quoted = sample[0][0].strip(), shown(", ".join(sample[0]))
    counts = f"has {n_points + 1:,} lines for {n_points:,} points. "
    if decided is None:
        if len(sample[0]) > 1 or _NAMED.match(name):
            return True, []
        is_header = not _SPECIAL.fullmatch(name) and name not in {line[0] for line in sample[1:]}
    else:
        if decided.is_header and not decided.doubt:
            return True, []
        # pandas calls a column without a name "0".
        is_header = decided.is_header or name == "0"
    if is_header:
        return True, [
            f"{counts}Line 1, {quoted}, was read as a header. If it is the first label, a label "
            "contains a line end, and all labels after that are one row off."
        ]
    return False, [
        f"{counts}Line 1, {quoted}, is like the lines below and was read as the first row, not as "
        "a header; the last line is ignored. Check that the labels belong to these vectors."
    ]


def _other_number(n_rows: int, n_points: int, header: bool, quoted: str) -> str:
    return (
        f"has {n_rows:,} rows for {n_points:,} points. "
        + (
            f"The last {n_points - n_rows:,} points have no metadata."
            if n_rows < n_points
            else f"The last {n_rows - n_points:,} rows are ignored."
        )
        + (f" Line 1 ({quoted}) was read as a header." if header else "")
    )


def _names(table: Lines, header: bool) -> list[str]:
    """Return one unique name per column."""
    if not header:
        n_columns = table.width
        return ["label"] if n_columns == 1 else [f"column {i + 1}" for i in range(n_columns)]
    given = enumerate(table.line(0), 1)
    return distinct_names(name or f"column {number}" for number, name in given)

"""Cells of delimited files that a spreadsheet would run: written as text, and read back.

A spreadsheet takes a cell for a formula by its first character, even where the cell is quoted. An
apostrophe before it makes it text. The page writes its files by the same rule
(static/src/model/data/spreadsheet-cells.ts).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from projector.model.metadata import Column

#: What spreadsheets skip before they look: spaces, marks without a width, and quotes, which are
#: skipped where a file was written without any.
_SKIPPED = r"[\s\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\"]*"
#: The wide forms are those of Japanese and Chinese keyboards.
_RUNS = re.compile(rf"[\t\r\n\0]|{_SKIPPED}[=+\-@\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(
    r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?|[+-]?(inf|infinity|nan)", re.ASCII | re.IGNORECASE
)
#: First characters of nearly all cells; these need no closer look.
_HARMLESS = re.compile(r"[^\W_]", re.ASCII)


def guarded(text: str) -> str:
    """Return a cell's text as it is written: with an apostrophe if a spreadsheet would run it.

    A number is none that would be run, whatever its sign. A text that begins with apostrophes
    before such a cell gets another one, so that every text can be read back.
    """
    return f"'{text}" if _would_run(text.lstrip("'")) else text


def unguarded_columns(columns: Sequence[Column]) -> tuple[tuple[Column, ...], int]:
    """Return columns as they were before `guarded`, and how many cells and names changed.

    Only where every cell that a spreadsheet would run has its apostrophe: a table with one that has
    none was not written for spreadsheets, and its apostrophes are its own.

    Parameters
    ----------
    columns : sequence of Column
        All texts of a file.
    """
    if not any(_begins_with_apostrophe(column) for column in columns):
        return tuple(columns), 0
    n_changed = 0
    found = []
    for column in columns:
        texts = column.text.to_list()
        rows = [i for i, text in enumerate(texts) if text and _would_run(text.lstrip("'"))]
        named = _would_run(column.name.lstrip("'"))
        marked = [texts[row] or "" for row in rows] + [column.name] * named
        if not all(text.startswith("'") for text in marked):
            return tuple(columns), 0
        n_changed += len(marked)
        found.append(_without_apostrophes(column, rows, named=named))
    return tuple(found), n_changed


def guard_note(n_changed: int) -> str:
    """Return what is said of cells that were read back."""
    what = "1 cell begins" if n_changed == 1 else f"{n_changed:,} cells begin"
    it = "it was" if n_changed == 1 else "they were"
    return f"{what} with an apostrophe that keeps spreadsheets from running them; {it} removed."


def _would_run(text: str) -> bool:
    if not text or _HARMLESS.match(text):
        return False
    return _RUNS.match(text) is not None and _NUMBER.fullmatch(text.strip(" ")) is None


def _begins_with_apostrophe(column: Column) -> bool:
    text = column.text
    begins = text.offsets[:-1][np.diff(text.offsets) > 0]
    return column.name.startswith("'") or bool((text.data[begins] == ord("'")).any())


def _without_apostrophes(column: Column, rows: list[int], *, named: bool) -> Column:
    name = column.name[1:] if named else column.name
    if not rows:
        return column if not named else Column(name, column.kind, column.text, column.numbers)
    texts = [(column.text[row] or "")[1:] for row in rows]
    return Column.from_text(name, column.text.replaced(rows, texts))

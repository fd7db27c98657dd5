"""How a text of numbers is laid out: its separator, its header and its columns, from its content.

A suffix says little: word vectors are called ``.emb``, matrices ``.dat``, tables ``.data`` or
nothing at all. The first lines say it all, and every loader of text asks here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from projector.loaders.base import HEAD, File
from projector.loaders.formats.text.header_rule import first_line
from projector.loaders.formats.text.lines import decode, looks_like_text
from projector.loaders.formats.text.number_matrix import is_number
from projector.loaders.formats.text.separators import BLANKS, Split, best_split, split_at, usual
from projector.loaders.safe_files import read_head

Kind: TypeAlias = Literal["matrix", "words", "table"]

_SIZES = re.compile(r"\s*(\d{1,18})[ \t,;]+(\d{1,18})\s*", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
#: Lines that are looked at, and bytes that they are looked for in where lines are long.
_LINES = 64
_LONG = 1 << 20
#: The share of lines that must have as many numbers as most.
_SAME = 0.6
#: Rows that must agree before a first column without a single point counts as names.
_AGREED = 8


@dataclass(frozen=True)
class Layout:
    """How a text is laid out.

    Attributes
    ----------
    kind : {"matrix", "words", "table"}
        Numbers alone; a word and its numbers on every line; or columns of several kinds.
    separator : str
        One character, or `BLANKS`.
    n_numbers : int
        Numbers in a row of a matrix, or after a word; for a table, its columns.
    skip : int
        Lines before the first row, blank ones included: comments, two counts, a header.
    n_skipped : int
        How many of them are not blank.
    header : tuple of str
        The names of the columns; empty where no line names them.
    sizes : tuple of int or None
        The number of rows and of numbers that a line before them states.
    decimal : str
        The decimal separator.
    quoted : bool
        Whether there are quotes, which may contain line ends.
    rows : list of list of str
        The first rows, without a header.
    numeric, lists : tuple of int
        For a table: its columns of numbers, and of lists of numbers.
    notes : tuple of str
        What was decided without certainty, as sentences.
    """

    kind: Kind
    separator: str
    n_numbers: int
    skip: int = 0
    n_skipped: int = 0
    header: tuple[str, ...] = ()
    sizes: tuple[int, int] | None = None
    decimal: str = "."
    quoted: bool = False
    rows: list[list[str]] = field(default_factory=list, repr=False)
    numeric: tuple[int, ...] = ()
    lists: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Sample:
    """The first lines of a text that are not blank, with their numbers, and all of it after."""

    numbers: list[int]
    lines: list[str]
    text: str
    complete: bool

    @classmethod
    def of(cls, text: str, complete: bool) -> _Sample:
        every = enumerate(text.split("\n", 4 * _LINES)[: 4 * _LINES], 1)
        found = [(number, line) for number, line in every if line.strip()][:_LINES]
        return cls([number for number, _ in found], [line for _, line in found], text, complete)

    def after(self, count: int) -> _Sample:
        """Return it without its first lines."""
        if not count:
            return self
        if count >= len(self.numbers):
            return replace(self, numbers=[], lines=[], text="")
        gone = self.numbers[count] - self.numbers[0]
        first = self.numbers[0] - 1 if self.text.startswith("\n") else 0
        text = self.text.split("\n", first + gone)[-1]
        return replace(self, numbers=self.numbers[count:], lines=self.lines[count:], text=text)


def layout_of(file: File) -> Layout | None:
    """Return how a file of text is laid out; None if it is not rows of cells.

    Only the first lines are looked at, once.

    Raises
    ------
    LoadError
        The file cannot be read.
    """
    kept = file.__dict__.get("_layout", ())
    if kept == ():
        kept = _layout(file)
        object.__setattr__(file, "_layout", kept)
    found: Layout | None = kept
    return found


def start_of(file: File, count: int = HEAD) -> tuple[str, bool]:
    """Return the first bytes of a text up to the end of a line, and whether they are all of it."""
    raw = file.head() if count <= HEAD else read_head(file.real, count)
    complete = len(raw) >= file.size
    try:
        text = decode(raw if complete else raw[: len(raw) & ~3])[0].decode("utf-8", "replace")
    except UnicodeError:
        return "", complete
    text = text.replace("\r\n", "\n") if "\n" in text else text.replace("\r", "\n")
    return (text if complete else text[: text.rfind("\n") + 1]), complete


def may_be_rows(head: bytes) -> bool:
    """Tell from the first bytes of a text whether it may be rows of cells at all."""
    try:
        text = decode(head[: len(head) & ~3])[0].decode("utf-8", "replace")
    except UnicodeError:
        return False
    text = text.replace("\r\n", "\n")
    return text.count("\n") < _AGREED or _of(text[: text.rfind("\n") + 1], False) is not None


def _layout(file: File) -> Layout | None:
    if not looks_like_text(file.head()):
        return None
    text, complete = start_of(file)
    plain = _plain_matrix(text)
    if plain is not None:
        return plain
    found = None if not complete and text.count("\n") < _AGREED else _of(text, complete)
    if found is not None or complete:
        return found
    # Rows of many numbers are long, and cells may contain line ends.
    return _of(*start_of(file, _LONG))


def _plain_matrix(text: str) -> Layout | None:
    """Recognize the most frequent text soon: fractions between tabs."""
    lines = text.split("\n", 4)[:3]
    width = lines[0].count("\t") + 1
    if len(lines) < 3 or width < 2 or any(line.count("\t") + 1 != width for line in lines[1:]):
        return None
    rows = [line.split("\t") for line in lines]
    if "." not in rows[0][0] or not all(is_number(cell) for row in rows for cell in row):
        return None
    return Layout("matrix", "\t", width, rows=rows)


def _of(text: str, complete: bool) -> Layout | None:
    sample = _Sample.of(text, complete)
    n_comments = _n_comments(sample.lines)
    comments, sample = sample.lines[:n_comments], sample.after(n_comments)
    sizes = _sizes(sample.lines)
    rows = sample.after(1) if sizes else sample
    found = _found(rows, sizes) if rows.lines else None
    if found is None:
        return None
    if not found.header:
        found = replace(found, header=_named(comments, found))
    return replace(
        found,
        sizes=sizes,
        skip=rows.numbers[0] - 1 + found.skip,
        n_skipped=n_comments + (sizes is not None) + found.n_skipped,
        quoted='"' in rows.text,
    )


def _n_comments(lines: list[str]) -> int:
    """Return how many lines at the start are comments; ``# 0.5 1.5`` may be a word's vector."""
    for at, line in enumerate(lines[:-1]):
        if line.lstrip()[:1] not in ("#", "%"):
            return at
        numbers, below = _n_trailing(line), lines[at + 1]
        if numbers > 1 and numbers == _n_trailing(below) and not _is_all_numbers(below):
            return at
    return 0


def _sizes(lines: list[str]) -> tuple[int, int] | None:
    """Return the counts of rows and of numbers that line 1 states, as word2vec writes them."""
    hit = _SIZES.fullmatch(lines[0]) if len(lines) > 1 else None
    if hit is None:
        return None
    cells = re.split(r"[ \t,;]+", lines[1].strip())
    # Two numbers above two numbers are a matrix.
    if len(cells) < 2 or (len(cells) == 2 and all(map(is_number, cells))):
        return None
    return int(hit[1]), int(hit[2])


def _named(comments: list[str], found: Layout) -> tuple[str, ...]:
    """Return the names in the last comment, if there is one for every column."""
    if not comments:
        return ()
    text = comments[-1].lstrip().lstrip("#%").strip()
    names = text.split() if found.separator == BLANKS else text.split(found.separator)
    n_columns = found.n_numbers + (found.kind == "words")
    return tuple(name.strip() for name in names) if len(names) == n_columns else ()


def _n_trailing(line: str) -> int:
    """Return how many numbers a line ends in, between blanks; its first cell does not count."""
    cells = line.split()
    count = 0
    while count < len(cells) - 1 and is_number(cells[-1 - count]):
        count += 1
    return count


def _is_all_numbers(line: str) -> bool:
    return all(map(is_number, line.split()))


def _found(rows: _Sample, sizes: tuple[int, int] | None) -> Layout | None:
    """Choose between blanks of any width and one separator: what gives more numbers."""
    spaced = _spaced(rows.lines, sizes)
    split = best_split(rows.text, complete=rows.complete)
    if split is None:
        between = None if sizes else _between_blanks(rows)
        # Where names stand above all columns, a row of several texts is no word with blanks in it.
        several = (
            between is not None and between.header and len(between.numeric) < between.n_numbers - 1
        )
        return between if spaced is None or several else spaced
    if spaced is None or split.worth > spaced.n_numbers:
        # Between tabs, decimal commas alone are more likely a mistake than a language.
        is_mistake = split.separator == "\t" and split.decimal == "," and split.is_numeric
        return None if is_mistake else _table(split)
    if split.separator == "\t" and split.worth == spaced.n_numbers:
        # A row of several texts and the numbers is no word with tabs in it.
        n_texts = split.width - spaced.n_numbers
        return _table(split) if n_texts > 1 else replace(spaced, separator="\t")
    return spaced


def _spaced(lines: list[str], sizes: tuple[int, int] | None) -> Layout | None:
    """Read lines as numbers between blanks, or as a word and its numbers."""
    later = lines[1:] or lines
    n_numeric = sum(map(_is_all_numbers, later))
    if n_numeric >= _SAME * len(later) and not (sizes and _has_words(later, sizes)):
        width = usual([len(line.split()) for line in lines])
        return _matrix([line.split() for line in lines], width)
    counts = [_n_trailing(line) for line in later]
    count = usual(counts)
    if sizes and (count >= sizes[1] or n_numeric == len(later)):
        count = sizes[1]
    if count < (1 if sizes else 2) or sum(c >= count for c in counts) < _SAME * len(later):
        return None
    rows = [line.rsplit(None, count) for line in lines]
    return _with_first_line(Layout("words", BLANKS, count), rows)


def _has_words(lines: list[str], sizes: tuple[int, int]) -> bool:
    """Tell whether lines of numbers have one more than line 1 states: words that are numbers."""
    return usual([len(line.split()) for line in lines]) == sizes[1] + 1


def _matrix(rows: list[list[str]], width: int) -> Layout | None:
    layout = _with_first_line(Layout("matrix", BLANKS, width), rows)
    if layout.header and len(rows[0]) != width:
        return None
    note = _names_first([row for row in layout.rows if len(row) == width])
    if note:
        return replace(layout, kind="words", n_numbers=width - 1, notes=(*layout.notes, note))
    return layout


def _names_first(rows: list[list[str]]) -> str:
    """Say why the first of the columns of numbers names the rows; empty where it does not."""
    if len(rows) < 3 or len(rows[0]) < 3:
        return ""
    first = [row[0] for row in rows]
    if not all(_WHOLE.fullmatch(cell) for cell in first):
        return ""
    if not all("." in cell or "e" in cell for row in rows for cell in row[1:]):
        return ""
    if first[0] in ("0", "1") and first == [str(int(first[0]) + i) for i in range(len(first))]:
        return f"the first column counts from {first[0]}: it is read as row numbers."
    if len(rows) < _AGREED or len(set(first)) < 2:
        return ""
    return (
        "the first column has whole numbers and all others have fractions: it is read as labels, "
        "not as a dimension."
    )


def _with_first_line(layout: Layout, rows: list[list[str]]) -> Layout:
    decided = first_line(rows)
    if decided is None or len(rows) < 2:
        return replace(layout, rows=rows)
    if not decided.is_header:
        notes = (f"{decided.doubt} It is read as data.",) if decided.doubt else ()
        return replace(layout, rows=rows, notes=notes)
    note = decided.doubt
    if not note and layout.kind == "matrix":
        note = f"line 1 is not a row of numbers: {_quoted(rows[0])}."
    notes = (f"{note} It is read as a header.",) if note else ()
    header = tuple(rows[0])
    return replace(layout, rows=rows[1:], header=header, skip=1, n_skipped=1, notes=notes)


def _quoted(names: list[str]) -> str:
    text = ", ".join(names)
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def _between_blanks(rows: _Sample) -> Layout | None:
    split = split_at(rows.text, BLANKS, rows.complete)
    return None if split is None or len(split.numeric) < 3 else _table(split)


def _table(split: Split) -> Layout:
    layout = Layout(
        "table",
        split.separator,
        split.width,
        decimal=split.decimal,
        numeric=split.numeric,
        lists=split.lists,
    )
    rows = split.rows
    if len(rows[0]) == split.width - 1:  # R does not name the column of the rows' names
        rows = [["", *rows[0]], *rows[1:]]
    decided = first_line(rows)
    is_header = len(rows) > 1 if decided is None else decided.is_header
    notes = (
        (f"{decided.doubt} It is read as {'a header' if is_header else 'data'}.",)
        if decided and decided.doubt
        else ()
    )
    if not is_header:
        return replace(layout, rows=rows, notes=notes)
    header = tuple(rows[0])
    return replace(layout, rows=rows[1:], header=header, skip=split.first, n_skipped=1, notes=notes)

"""The loader of delimited text: CSV, TSV and tables of other names."""

from __future__ import annotations

from dataclasses import replace

from projector.loaders.base import File, Found, Loaded, Operations, Tensor
from projector.loaders.formats.tables.arrow_call import reading_as
from projector.loaders.formats.tables.csv_table import (
    csv_rows,
    odd_rows,
    parse_csv,
    read_whole,
    start_of_table,
    with_numbers,
)
from projector.loaders.formats.tables.number_texts import text_form
from projector.loaders.formats.tables.table_tensors import (
    listed,
    loaded,
    sample_of,
)
from projector.loaders.formats.text.evidence import (
    LOG_NAME,
    is_metadata_name,
    may_be_vectors,
    rows_of,
)
from projector.loaders.formats.text.layout import Layout, layout_of, start_of
from projector.loaders.formats.text.lines import looks_like_text
from projector.loaders.formats.text.separators import SEPARATORS
from projector.model.spreadsheet_cells import guard_note, unguarded_columns

#: Columns of fractions that a table needs to be one of vectors, where its suffix does not say so.
_FEWEST = 3


class Csv:
    """Values separated by commas, semicolons, tabs, bars or blanks, with or without a header."""

    name = "csv"
    title = "CSV and TSV tables"
    gives = "each column of vectors, or all columns of numbers; the others as metadata"
    extensions = (".csv", ".tsv", ".data")
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Recognize it by a column of lists, columns of fractions, or by suffix."""
        if not looks_like_text(file.head()):
            return False
        layout = rows_of(file)
        if file.name.lower().endswith(".csv") and not is_metadata_name(file.name):
            return True
        if layout is None or layout.kind != "table":
            return False
        if _has_lists(layout) and not file.name.lower().endswith((".json", ".jsonl", ".ndjson")):
            return True
        return may_be_vectors(file, layout) and _n_fractions(layout) >= _FEWEST

    def list(self, file: File) -> Found:
        """Guess the columns from the first megabyte and count the lines."""
        import pyarrow as pa

        layout = _layout(file)
        with reading_as(file, "CSV"):
            start = start_of_table(file)
            complete = len(start) >= file.size
            try:
                sample = parse_csv(start, layout, complete=complete)
            except pa.ArrowInvalid:
                sample = parse_csv(start, layout, complete=complete, odd=[])
            return listed(
                file,
                sample_of(sample),
                csv_rows(file, layout, start),
                named=bool(layout.header),
                doubtful=LOG_NAME.search(file.stem) is not None,
            )

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read the numbers; every other cell stays text as it was written."""
        import pyarrow as pa

        layout = _layout(file)
        data, guessed = read_whole(file)
        plan, _ = tensor.detail
        with reading_as(file, "CSV"):
            numbers = () if plan.vector else plan.columns
            aside: list[str] = []
            try:
                table = parse_csv(data, layout, numbers=numbers)
            except pa.ArrowInvalid:  # a row has other cells, or a cell is no number
                odd: list[int] = []
                table = parse_csv(data, layout, numbers=(), odd=odd)
                table, aside = with_numbers(table, numbers, layout.decimal)
                aside += odd_rows(odd, layout.n_numbers)
            found = loaded(file, table, tensor, (*guessed, *layout.notes, *aside))
        columns, n_unguarded = unguarded_columns(found.columns)
        notes = (guard_note(n_unguarded),) if n_unguarded else ()
        return replace(found, columns=columns, warnings=(*found.warnings, *notes))


def _layout(file: File) -> Layout:
    """Return the layout of a table; rows of a word and numbers, or of numbers alone, are one."""
    layout = layout_of(file)
    if layout is None:
        return _by_first_line(file)
    if layout.kind == "table":
        return layout
    return replace(layout, kind="table", n_numbers=layout.n_numbers + (layout.kind == "words"))


def _by_first_line(file: File) -> Layout:
    """Return the layout of a table whose lines differ so much that only the first one tells."""
    names = start_of(file)[0].lstrip("\n").partition("\n")[0]
    separator = max(SEPARATORS, key=names.count)
    header = tuple(names.split(separator))
    return Layout("table", separator, len(header), 1, 1, header, quoted='"' in names)


def _has_lists(layout: Layout) -> bool:
    """Tell whether a column has lists of numbers, not of anything else in brackets."""
    for column in layout.lists:
        form = text_form([row[column] for row in layout.rows if column < len(row)])
        if form is not None and form.n_dims >= _FEWEST:
            return True
    return False


def _n_fractions(layout: Layout) -> int:
    row = layout.rows[0] if layout.rows else []
    return sum("." in row[column] for column in layout.numeric if column < len(row))

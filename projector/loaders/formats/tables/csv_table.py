"""Parses CSV, TSV and other delimited text to Arrow tables."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.formats.text.header_rule import is_missing, shown
from projector.loaders.formats.text.layout import Layout, start_of
from projector.loaders.formats.text.lines import MAX_TEXT, count_lines, decode
from projector.loaders.formats.text.number_matrix import is_number
from projector.loaders.formats.text.separators import BLANKS
from projector.loaders.naming import distinct_names
from projector.loaders.safe_files import read_all

if TYPE_CHECKING:
    import pyarrow as pa

_START = 1 << 20
_LARGEST_BLOCK = 1 << 28
#: The share of rows that may have another number of cells than the others.
_MOST_ODD = 0.1


def names_of(layout: Layout) -> tuple[str, ...]:
    """Return one unique name for each column of a table."""
    given = layout.header or ("",) * layout.n_numbers
    given = (*given[: layout.n_numbers], *[""] * (layout.n_numbers - len(given)))
    plain = (text.strip() or f"column {number}" for number, text in enumerate(given, 1))
    return tuple(distinct_names(plain))


def start_of_table(file: File) -> bytes:
    """Return the first megabyte of a text as UTF-8, up to the end of a line."""
    return start_of(file, _START)[0].encode()


def read_whole(file: File) -> tuple[bytes, list[str]]:
    """Return the whole text as UTF-8, and warnings of what was guessed.

    Raises
    ------
    LoadError
        It cannot be read, is too large, or starts as UTF-16 but is not.
    """
    try:
        return decode(read_all(file.real, limit=MAX_TEXT, what="a text file"))
    except UnicodeError:
        raise LoadError(file.path, "starts as UTF-16, but is not. Save it as UTF-8.") from None


def parse_csv(
    data: bytes,
    layout: Layout,
    *,
    numbers: Iterable[str] | None = None,
    complete: bool = True,
    odd: list[int] | None = None,
) -> pa.Table:
    """Parse delimited text.

    Parameters
    ----------
    data : bytes
        UTF-8, with everything before the first row.
    layout : Layout
    numbers : iterable of str, optional
        Columns to read as numbers; all others stay text as written. Types are guessed if left out.
    complete : bool
        Whether `data` is the whole text; otherwise it may end inside a quoted cell.
    odd : list of int, optional
        Filled with the rows that have another number of cells: they stay empty. If left out, they
        are an error.

    Raises
    ------
    pyarrow.ArrowInvalid
        A row does not fit the layout.
    """
    import pyarrow as pa
    from pyarrow import csv

    rows = _rows(data, layout)
    quoted = b'"' in rows
    if not complete and quoted:
        rows = _without_open_quote(rows)
    names = names_of(layout)
    # A delimiter at the end of every line makes a column of nothing.
    n_open = 1 if _ends_open(rows, layout) else 0
    convert: dict[str, Any] = {"decimal_point": layout.decimal, "include_columns": list(names)}
    if numbers is not None:
        wanted = set(numbers)
        convert["column_types"] = {
            name: pa.float64() if name in wanted else pa.string() for name in names
        }

    def pass_over(row: csv.InvalidRow) -> str:
        if odd is None:
            return "error"
        odd.append(row.number - 1)
        return "skip"

    table = csv.read_csv(
        pa.BufferReader(rows),
        read_options=csv.ReadOptions(
            column_names=[*names, *["\0"] * n_open],
            block_size=min(max(1 << 20, len(rows) + 1), _block(quoted)),
            use_threads=not quoted and odd is None,  # or rows have no numbers
        ),
        parse_options=csv.ParseOptions(
            delimiter="\t" if layout.separator == BLANKS else layout.separator,
            newlines_in_values=quoted,
            invalid_row_handler=pass_over,
        ),
        convert_options=csv.ConvertOptions(**convert),
    )
    return _with_gaps(table, odd) if odd else table


def _block(quoted: bool) -> int:
    """Return the size of the pieces that Arrow parses: a row must fit into one."""
    return _LARGEST_BLOCK if quoted else 1 << 24


def _with_gaps(table: pa.Table, odd: list[int]) -> pa.Table:
    """Return a table with empty rows where some were passed over.

    Raises
    ------
    pyarrow.ArrowInvalid
        So many were that the layout is wrong.
    """
    import numpy as np
    import pyarrow as pa

    n_rows = table.num_rows + len(odd)
    if len(odd) > _MOST_ODD * n_rows:
        raise pa.ArrowInvalid(
            f"{len(odd):,} of {n_rows:,} rows have another number of cells than "
            f"{table.num_columns}, starting with row {odd[0]:,}"
        )
    at = np.full(n_rows, -1, np.int64)
    good = np.ones(n_rows, np.bool_)
    good[odd] = False
    at[good] = np.arange(table.num_rows)
    return table.take(pa.array(at, mask=~good))


def odd_rows(odd: list[int], n_columns: int) -> list[str]:
    """Return a warning of rows that have another number of cells than the table."""
    if not odd:
        return []
    some = "1 row has" if len(odd) == 1 else f"{len(odd):,} rows have"
    return [
        f"{some} another number of cells than {n_columns}, starting with row {odd[0]:,}. They are "
        "set aside, and the others are shown."
    ]


def _rows(data: bytes, layout: Layout) -> bytes:
    """Return the text from the first row on, its cells between single characters."""
    end = b"\n" if b"\n" in data else b"\r"
    at = 0
    for _ in range(layout.skip):
        at = data.find(end, at) + 1
    rows = data[at:]
    if layout.separator != BLANKS:
        return rows
    if b'"' in rows:
        return _quoted_between_tabs(rows)
    lines = (b"\t".join(line.split()) for line in rows.split(end))
    return b"\n".join(line for line in lines if line)


def _quoted_between_tabs(rows: bytes) -> bytes:
    import csv

    text = io.StringIO(rows.decode("utf-8", "replace"), newline="")
    out = io.StringIO(newline="")
    write = csv.writer(out, delimiter="\t", lineterminator="\n")
    write.writerows(
        row for row in csv.reader(text, delimiter=" ", skipinitialspace=True) if any(row)
    )
    return out.getvalue().encode()


def _ends_open(rows: bytes, layout: Layout) -> bool:
    import csv

    first = io.StringIO(rows[: 1 << 20].decode("utf-8", "replace").lstrip("\r\n"), newline="")
    delimiter = "\t" if layout.separator == BLANKS else layout.separator
    row = next(csv.reader(first, delimiter=delimiter), [])
    return len(row) == layout.n_numbers + 1 and not row[-1].strip()


def _without_open_quote(rows: bytes) -> bytes:
    """Return rows without a last one that ends inside quotes."""
    while rows and rows.count(b'"') % 2:
        rows = rows[: rows.rfind(b"\n", 0, len(rows) - 1) + 1]
    return rows


def csv_rows(file: File, layout: Layout, start: bytes) -> int:
    """Return how many rows a CSV file has; one with quotes is parsed, since they may hide lines."""
    if b'"' not in start:
        return count_lines(file, blank=False) - layout.n_skipped
    import pyarrow as pa

    data = start if len(start) >= file.size else read_whole(file)[0]
    try:
        return int(parse_csv(data, layout, numbers=(), odd=[]).num_rows)
    except pa.ArrowInvalid as error:
        raise LoadError(
            file.path, f"cannot be read as CSV ({error}). Correct or save it again."
        ) from None


def with_numbers(
    table: pa.Table, columns: Iterable[str], decimal: str
) -> tuple[pa.Table, list[str]]:
    """Return a table of texts with some columns as numbers, and warnings of cells that are none."""
    import numpy as np
    import pyarrow as pa

    warnings = []
    for name in columns:
        at = table.schema.names.index(name)
        cells = table.column(at).to_pylist()
        texts = [(cell or "").strip().replace(decimal, ".") for cell in cells]
        good = [is_number(text) for text in texts]
        odd = [row for row, text in enumerate(texts) if not good[row] and not is_missing(text)]
        values = [float(text) if good[row] else np.nan for row, text in enumerate(texts)]
        table = table.set_column(at, name, pa.array(values, pa.float64()))
        if odd:
            warnings.append(
                f"{len(odd):,} cells of {name!r} are no numbers, as {shown(texts[odd[0]])} in row "
                f"{odd[0]:,}. They became NaN; their rows cannot be projected."
            )
    return table, warnings

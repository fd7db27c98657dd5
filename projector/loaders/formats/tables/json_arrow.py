"""Converts a table of a JSON document to an Arrow table: arrays to lists, the rest to texts."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np

from projector.loaders.formats.tables.json_tables import JsonTable, as_text
from projector.loaders.formats.tables.json_text import JsonText, Number
from projector.loaders.formats.tables.table_tensors import SAMPLE

if TYPE_CHECKING:
    import pyarrow as pa


def sample_table(table: JsonTable, text: JsonText) -> pa.Table:
    """Return the first values of each column, missing ones last, with numbers as numbers."""
    import pyarrow as pa

    n_rows = min(table.n_rows, SAMPLE)
    columns = {}
    for name, values in table.columns.items():
        present = [value for value in values if value is not None][:SAMPLE]
        columns[name] = _column(present + [None] * (n_rows - len(present)), text, typed=True)
    return pa.table(columns)


def arrow_table(table: JsonTable, text: JsonText, numbers: Collection[str]) -> pa.Table:
    """Return a whole table; only the columns `numbers` have numbers, others stay as written."""
    import pyarrow as pa

    return pa.table(
        {
            name: _column(values, text, typed=name in numbers)
            for name, values in table.columns.items()
        }
    )


def _column(values: list[Any], text: JsonText, *, typed: bool) -> Any:
    import pyarrow as pa

    present = [value for value in values if value is not None]
    arrays = [index for value in present if (index := text.index(value)) is not None]
    if arrays and 2 * len(arrays) >= len(present):
        made = _lists(values, arrays, text)
        if made is not None:
            return made
    if typed and present and all(isinstance(value, Number) for value in present):
        whole = all(value.lstrip("-").isdecimal() and len(value) < 18 for value in present)
        kind, read = (pa.int64(), int) if whole else (pa.float64(), float)
        return pa.array([None if value is None else read(value) for value in values], kind)
    return pa.array([as_text(value, text) for value in values], pa.large_string())


def _lists(values: list[Any], arrays: list[int], text: JsonText) -> Any:
    """Return a column of lists; what is no array of numbers becomes missing."""
    import pyarrow as pa

    numbers = text.numbers(arrays)
    lengths = np.array([text.length(index) for index in arrays], np.int64)
    if numbers is None or len(numbers) != lengths.sum():
        return None
    there = np.array([text.index(value) is not None for value in values], np.bool_)
    sizes = np.zeros(len(values), np.int64)
    sizes[there] = lengths
    ends = np.concatenate(([0], np.cumsum(sizes)))
    # A missing offset is a missing list.
    offsets = pa.array(ends, pa.int64(), mask=np.append(~there, False))
    return pa.LargeListArray.from_arrays(offsets, pa.array(numbers))

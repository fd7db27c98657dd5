"""Reads AnnData's table of observations: the metadata of every matrix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.loaders.formats.anndata.nodes import (
    ArrayNode,
    GroupNode,
    array_in,
    member,
    values_of,
)
from projector.loaders.safe_files import printable
from projector.model.metadata import Column
from projector.typing import AnyArray

ERRORS = (LoadError, KeyError, ValueError, TypeError, IndexError)


def observations(root: GroupNode, n_rows: int, warnings: list[str]) -> list[Column]:
    """Return the columns of a file; what cannot be read costs a warning."""
    table = root.get("obs")
    reason = table.refusal() if isinstance(table, ArrayNode) else ""
    if table is None or reason:
        warnings += [f"the table of observations {reason} It was ignored."] if reason else []
        return []
    columns: list[Column] = []
    for name, read in _columns(root, table):
        shown = printable(name)
        try:
            values = read()
        except ERRORS as error:
            reason = error.message if isinstance(error, LoadError) else str(error)
            warnings.append(f"the column {shown!r} cannot be read ({reason}) and was ignored.")
            continue
        if len(values) != n_rows:
            warnings.append(
                f"the column {shown!r} has {len(values):,} rows, expected {n_rows:,}. It was "
                "ignored."
            )
            continue
        columns.append(Column.from_values(shown, values))
    return columns


def _columns(root: GroupNode, table: Any) -> Iterator[tuple[str, Any]]:
    """Yield the name of each column and a function that reads it, the index first."""
    if isinstance(table, ArrayNode):  # before 0.7: one table of records
        rows = values_of(table) if table.dtype.names else np.zeros(0)
        for name in table.dtype.names or ():
            yield name, lambda name=name: _old_column(root, rows, name)
        return
    index = str(_text(table.attrs.get("_index", "_index")))
    order = [_text(name) for name in table.attrs.get("column-order", ())]
    if not order:
        order = [name for name in table.names() if name not in (index, "__categories")]
    for name in dict.fromkeys([index, *order]):
        yield name, lambda name=name: column(table, name)


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def column(table: GroupNode, name: str) -> AnyArray:
    """Return the values of one column of a table; missing ones are None.

    Raises
    ------
    KeyError, ValueError, TypeError, IndexError, LoadError
        It does not exist, or does not hold together.
    """
    found = member(table, name)
    if isinstance(found, ArrayNode):
        named = table.get(f"__categories/{name}")  # before 0.8
        return _plain(values_of(found)) if named is None else _named(named, found)
    if found.get("codes") is not None:
        return _named(array_in(found, "categories"), array_in(found, "codes"))
    if found.get("levels") is not None:  # factors as R's SeuratDisk writes them, from 1
        names = _plain(values_of(array_in(found, "levels"))).tolist()
        codes = values_of(array_in(found, "values")).astype(np.int64)
        return np.array([None, *names], object)[np.where(codes < 0, 0, codes)]
    mask = values_of(array_in(found, "mask")).astype(bool)  # numbers that may be missing
    values = values_of(array_in(found, "values")).astype(object)
    values[mask] = None
    return values


def _named(categories: ArrayNode, codes: ArrayNode) -> AnyArray:
    names = [*_plain(values_of(categories)).tolist(), None]  # code -1 is a missing value
    return np.array(names, object)[values_of(codes)]


def _plain(values: AnyArray) -> AnyArray:
    """Return texts as an array of objects, and numbers as they are."""
    if values.dtype.kind in "OS":
        return np.array([_text(value) for value in values], object)
    return values.astype(object) if values.dtype.kind == "U" else values


def _old_column(root: GroupNode, rows: AnyArray, name: str) -> AnyArray:
    """Return a column of a table of records; its categories are named elsewhere."""
    values = rows[name]
    for path in (f"uns/{name}_categories", f"uns/{name}_levels"):
        named = root.get(path)
        if isinstance(named, ArrayNode) and values.dtype.kind in "iu":
            return _named_values(values_of(named), values)
    return _plain(values)


def _named_values(categories: AnyArray, codes: AnyArray) -> AnyArray:
    names = [*_plain(np.atleast_1d(categories)).tolist(), None]
    return np.array(names, object)[codes]

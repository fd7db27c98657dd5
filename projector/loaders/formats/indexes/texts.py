"""Finds the texts of an index in the pickle that LangChain and others write beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from projector.loaders.base import File
from projector.loaders.decoders.pickles.placeholders import Refused, Shell
from projector.loaders.decoders.pickles.reader import ERRORS, is_pickle, read_pickle
from projector.loaders.decoders.pickles.stream import Stream
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.pickles.tables import tables_of
from projector.loaders.safe_files import printable
from projector.model.metadata import Column
from projector.typing import AnyArray

_SCALARS = (str, int, float, bool)


def texts_beside(file: File, n_rows: int) -> tuple[File | None, list[Column]]:
    """Return the pickle beside an index, and its columns; none if it has no value for each row.

    A pickle that cannot be read is not returned: it is reported where it is listed itself.
    """
    for suffix in (".pkl", ".pickle"):
        beside = file.folder.get(f"{file.stem}{suffix}")
        if beside is None or not is_pickle(beside.head()):
            continue
        try:
            value = read_pickle(Stream(FileBytes(beside.real)))
            columns = _documents(value, n_rows) or _lists(value, n_rows)
        except (Refused, *ERRORS):
            continue
        return beside, columns
    return None, []


def _documents(value: Any, n_rows: int) -> list[Column]:
    """Return the fields of LangChain's documents: a store of them, and the row of each."""
    if not isinstance(value, tuple) or len(value) != 2 or not isinstance(value[0], Shell):
        return []
    store, rows = _fields(value[0]).get("_dict"), value[1]
    if not isinstance(store, dict) or not isinstance(rows, dict):
        return []
    documents = [_fields(store.get(rows.get(row))) for row in range(n_rows)]
    flat = [{**_inner(each.get("metadata")), **_scalars(each)} for each in documents]
    names = list(dict.fromkeys(name for each in flat for name in reversed(each)))
    columns = [Column.from_values(printable(n), [each.get(n) for each in flat]) for n in names]
    return [column for column in columns if column.n_missing < n_rows]


def _fields(value: Any) -> dict[Any, Any]:
    """Return the attributes of an object; pydantic keeps them one level down."""
    state = value.state if isinstance(value, Shell) else None
    inner = state.get("__dict__") if isinstance(state, dict) else None
    fields = inner if isinstance(inner, dict) else state
    return fields if isinstance(fields, dict) else {}


def _inner(value: Any) -> dict[str, Any]:
    return _scalars(value) if isinstance(value, dict) else {}


def _scalars(fields: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): each for key, each in fields.items() if isinstance(each, _SCALARS)}


def _lists(value: Any, n_rows: int) -> list[Column]:
    """Return the lists that have a value for each row."""
    found = tables_of(value).others
    columns: list[Column] = []
    for other in found:
        if other.shape == (n_rows,):
            name = printable(other.name.rpartition(".")[2]) or "text"
            columns.append(Column.from_values(name, _plain(other.take())))
    return columns


def _plain(values: AnyArray) -> Sequence[Any] | AnyArray:
    return list(values.tolist()) if values.dtype.kind in "USO" else values

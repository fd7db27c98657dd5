"""Reads the vectors of sqlite-vec, which keeps those of a virtual table in pieces of many rows.

Source: sqlite-vec.c: each piece has the numbers of its rows, a bit for each that is used, and the
vectors one after the other.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, Loaded, Tensor
from projector.loaders.formats.databases.sqlite_file import count, quoted, tables
from projector.loaders.safe_files import printable
from projector.model.metadata import Column
from projector.typing import AnyArray

_MODULE = re.compile(r"USING\s+vec0\b", re.IGNORECASE)
_COLUMN = re.compile(r"[(,]\s*[\"'`\[]?(\w+)[\"'`\]]?\s+(float|f32|int8|bit)\s*\[(\d{1,6})\]", re.I)
_BESIDE = re.compile(r"[(,]\s*\+\s*[\"'`\[]?(\w+)")
KEY = "vec0 "


def list_vectors(connection: sqlite3.Connection) -> Iterator[Tensor]:
    """Yield the columns of vectors of all virtual tables of sqlite-vec."""
    known = tables(connection)
    for name, sql in known.items():
        if not _MODULE.search(sql):
            continue
        for place, (column, kind, size) in enumerate(_COLUMN.findall(sql)):
            if (
                kind.lower() not in ("float", "f32")
                or f"{name}_vector_chunks{place:02}" not in known
            ):
                continue
            n_rows = count(connection, f"SELECT count(*) FROM {quoted(f'{name}_rowids')}")
            label = printable(f"{name}.{column}")
            shape = (n_rows, int(size))
            yield Tensor(
                f"{KEY}{place} {name}", label, shape, "float32", role="embedding", labeled=True
            )


def load_vectors(file: File, connection: sqlite3.Connection, tensor: Tensor) -> Loaded:
    """Read one column of vectors; the numbers of the rows become metadata.

    Raises
    ------
    LoadError
        The pieces do not fit together.
    """
    place, _, name = tensor.key.removeprefix(KEY).partition(" ")
    chunks, vectors = quoted(f"{name}_chunks"), quoted(f"{name}_vector_chunks{int(place):02}")
    query = (
        f"SELECT c.validity, c.rowids, v.vectors FROM {chunks} c JOIN {vectors} v "
        "ON v.rowid = c.chunk_id ORDER BY c.chunk_id"
    )
    numbers, rows = [], []
    width = 4 * tensor.shape[1]
    for valid, places, raw in connection.execute(query):
        if not all(isinstance(each, bytes) for each in (valid, places, raw)):
            raise _damaged(file, name)
        size = len(places) // 8
        if len(valid) * 8 < size or len(raw) != size * width:
            raise _damaged(file, name)
        used = np.unpackbits(np.frombuffer(valid, np.uint8), bitorder="little")[:size].astype(bool)
        numbers.append(np.frombuffer(places, "<i8", size)[used])
        rows.append(np.frombuffer(raw, "<f4").reshape(size, -1)[used])
    found = np.concatenate(numbers) if numbers else np.zeros(0, np.int64)
    if len(found) != tensor.shape[0] or not len(found):
        raise _damaged(file, name)
    order = np.argsort(found, kind="stable")
    values = np.concatenate(rows)[order]
    columns = [Column.from_values("rowid", found[order])]
    return Loaded(values, (*columns, *_texts(connection, name, found[order])))


def _texts(connection: sqlite3.Connection, name: str, numbers: AnyArray) -> Iterator[Column]:
    """Yield the columns that a table keeps beside the vectors: ``+text``."""
    sql = tables(connection).get(name, "")
    if f"{name}_auxiliary" not in tables(connection):
        return
    for place, column in enumerate(_BESIDE.findall(sql)):
        query = f"SELECT rowid, value{place:02} FROM {quoted(f'{name}_auxiliary')}"
        cells = dict(connection.execute(query).fetchall())
        values = [cells.get(number) for number in numbers.tolist()]
        plain = [None if isinstance(value, bytes) else value for value in values]
        yield Column.from_values(printable(column), plain)


def _damaged(file: File, name: str) -> LoadError:
    return LoadError(
        file.path,
        f"the pieces of the table {printable(name)!r} of sqlite-vec do not fit together. Copy the "
        "file again.",
    )

"""Converts positions and neighbor graphs to the bytes of table and array files."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath
from typing import Any

import numpy as np

from projector.errors import ParameterError
from projector.model.metadata import Metadata
from projector.model.spreadsheet_cells import guarded
from projector.model.text import well_formed
from projector.typing import AnyArray

#: The columns of the positions, and that of the neighbors of each point.
AXES = ("x", "y", "z")
NEIGHBORS = "neighbors"
#: Extensions of tables that may have that column.
NESTED = (".parquet", ".arrow", ".feather")


def table_bytes(
    name: str,
    positions: AnyArray,
    *,
    about: dict[str, Any],
    metadata: Metadata | None,
    neighbors: tuple[AnyArray, AnyArray] | None = None,
) -> bytes:
    """Return `positions`, and the columns of `metadata`, in the format that a file name selects.

    Parameters
    ----------
    name : str
        The file's name; its extension selects the format.
    positions : ndarray of shape (n_points, 2 or 3), float32
    about : dict
        JSON that is kept with the table where the format has room for it.
    metadata : Metadata or None
        One row per point.
    neighbors : tuple of ndarray, optional
        Indices and distances, (n_points, k) each: a column ``neighbors``, as Embedding Atlas reads
        it.

    Raises
    ------
    ParameterError
        An unknown extension, or one that has no such column.
    """
    check_extension(name)
    suffix = extension(name)
    if neighbors is None:
        return _WRITERS[suffix](positions, about, metadata)
    if suffix not in NESTED:
        raise ParameterError(f"{name}: a column of neighbors needs one of {', '.join(NESTED)}.")
    table = _arrow_table(positions, about, metadata, neighbors)
    out = io.BytesIO()
    _PAIR_WRITERS[suffix](table, out)
    return out.getvalue()


def columns_bytes(name: str, columns: Metadata, *, about: dict[str, Any]) -> bytes:
    """Return columns alone, in the table format that a file name selects.

    Raises
    ------
    ParameterError
        An unknown extension, or that of an array.
    """
    check_extension(name, is_table=True)
    return table_bytes(
        name, np.empty((columns.n_rows, 0), np.float32), about=about, metadata=columns
    )


def neighbors_bytes(
    name: str,
    indices: AnyArray,
    distances: AnyArray,
    *,
    about: dict[str, Any],
    rows: Sequence[int] | None = None,
) -> bytes:
    """Return a neighbor graph, (n_points, k) each, in the format that a file name selects.

    ``.npz`` contains the arrays, ``.npy`` the indices alone, every other format one row per pair.
    With `rows` the graph is of these points alone, and ``.npz`` has them, too.

    Raises
    ------
    ParameterError
        An unknown extension.
    """
    suffix = extension(name)
    out = io.BytesIO()
    if suffix == ".npy":
        np.save(out, indices, allow_pickle=False)
    elif suffix == ".npz":
        text = np.array(json.dumps(about))
        arrays: dict[str, Any] = {"indices": indices, "distances": distances, "about": text}
        if rows is not None:
            arrays["rows"] = np.array(rows, np.int64)
        np.savez_compressed(out, **arrays)
    elif suffix in _PAIR_WRITERS:
        _PAIR_WRITERS[suffix](_pairs(indices, distances, about, rows), out)
    else:
        raise _unknown_extension(name, (".npz", ".npy", *_PAIR_WRITERS))
    return out.getvalue()


def check_extension(name: str, *, is_table: bool = False) -> None:
    """Raise ParameterError if no file can be written under a name, before it is computed.

    Parameters
    ----------
    name : str
    is_table : bool
        Whether columns are written, which arrays cannot hold.
    """
    known = _PAIR_WRITERS if is_table else _WRITERS
    if extension(name) not in known:
        raise _unknown_extension(name, known)


def extension(name: str) -> str:
    """Return a file name's extension in lower case, with its dot; empty if it has none."""
    return PurePath(name).suffix.lower()


def _unknown_extension(name: str, known: Iterable[str]) -> ParameterError:
    return ParameterError(
        f"{name}: unknown file extension {extension(name)!r}. Use one of {', '.join(known)}."
    )


def _pairs(
    indices: AnyArray, distances: AnyArray, about: dict[str, Any], rows: Sequence[int] | None
) -> Any:
    import pyarrow as pa

    n_points, k = indices.shape
    own = np.arange(n_points, dtype=np.int32) if rows is None else np.array(rows, np.int64)
    columns = {
        "index": np.repeat(own, k),
        "rank": np.tile(np.arange(k, dtype=np.int32), n_points),
        "neighbor": indices.ravel(),
        "distance": distances.ravel(),
    }
    return pa.table(columns).replace_schema_metadata({"projector": json.dumps(about)})


def _write_parquet(table: Any, out: io.BytesIO) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, out, compression="zstd")


def _write_arrow(table: Any, out: io.BytesIO) -> None:
    from pyarrow import feather

    feather.write_feather(table, out, compression="lz4")


def _write_delimited(delimiter: str) -> Callable[[Any, io.BytesIO], None]:
    def write(table: Any, out: io.BytesIO) -> None:
        from pyarrow import csv

        options = csv.WriteOptions(delimiter=delimiter, quoting_style="none")
        csv.write_csv(table, out, options)

    return write


_PAIR_WRITERS: dict[str, Callable[[Any, io.BytesIO], None]] = {
    ".parquet": _write_parquet,
    ".arrow": _write_arrow,
    ".feather": _write_arrow,
    ".csv": _write_delimited(","),
    ".tsv": _write_delimited("\t"),
}


def _arrow_table(
    positions: AnyArray,
    about: dict[str, Any],
    metadata: Metadata | None,
    neighbors: tuple[AnyArray, AnyArray] | None = None,
) -> Any:
    import pyarrow as pa

    columns = [pa.array(np.ascontiguousarray(column)) for column in positions.T]
    names = list(AXES[: positions.shape[1]])
    if neighbors is not None:
        columns.append(_neighbors_column(*neighbors))
        names.append(NEIGHBORS)
    if metadata is not None and metadata.columns:
        table = metadata.to_arrow()
        columns += table.columns
        names += _unique(table.column_names, taken=names)
    return pa.table(columns, names=names).replace_schema_metadata({"projector": json.dumps(about)})


def _neighbors_column(indices: AnyArray, distances: AnyArray) -> Any:
    """Return one struct of two lists for each point: itself, then the others, nearest first.

    ``ids`` are rows from 0. All lists are equally long, as Embedding Atlas stacks them: a point
    without neighbors, whose indices are -1, has itself in their place.
    """
    import pyarrow as pa

    own = np.arange(len(indices), dtype=np.int64)[:, np.newaxis]
    ids = np.hstack([own, np.where(indices >= 0, indices, own)])
    values = np.hstack([np.zeros_like(own), np.where(indices >= 0, distances, 0)])
    offsets = pa.array(np.arange(len(ids) + 1, dtype=np.int32) * ids.shape[1])
    lists = [
        pa.ListArray.from_arrays(offsets, pa.array(each.ravel()))
        for each in (ids, values.astype(np.float64))
    ]
    return pa.StructArray.from_arrays(lists, names=["ids", "distances"])


def _unique(names: list[str], taken: list[str]) -> list[str]:
    """Add numbers to column names that repeat: in a file, every name must be different."""
    used, result = set(taken), []
    for name in names:
        new, count = name, 2
        while new in used:
            new, count = f"{name}_{count}", count + 1
        used.add(new)
        result.append(new)
    return result


def _parquet(positions: AnyArray, about: dict[str, Any], metadata: Metadata | None) -> bytes:
    out = io.BytesIO()
    _write_parquet(_arrow_table(positions, about, metadata), out)
    return out.getvalue()


def _arrow(positions: AnyArray, about: dict[str, Any], metadata: Metadata | None) -> bytes:
    out = io.BytesIO()
    _write_arrow(_arrow_table(positions, about, metadata), out)
    return out.getvalue()


def _delimited(delimiter: str) -> Callable[[AnyArray, dict[str, Any], Metadata | None], bytes]:
    # Any line end in a cell, also one that this system would not write, ends a row for somebody.
    special = re.compile(rf'["\r\n{delimiter}]')

    def quoted(text: str | None) -> str:
        cell = guarded(text or "")
        return '"' + cell.replace('"', '""') + '"' if special.search(cell) else cell

    def write(positions: AnyArray, about: dict[str, Any], metadata: Metadata | None) -> bytes:
        table = _arrow_table(positions, about, metadata)
        # repr of a float32 is the shortest text that reads back as the same float32.
        columns: list[Iterable[str]] = [
            [repr(float(str(v))) for v in column] for column in positions.T
        ]
        columns += [map(quoted, c.text) for c in (() if metadata is None else metadata.columns)]
        rows = [map(quoted, table.column_names), *zip(*columns, strict=True)]
        return "".join(delimiter.join(row) + "\n" for row in rows).encode()

    return write


def _npy(positions: AnyArray, about: dict[str, Any], metadata: Metadata | None) -> bytes:
    out = io.BytesIO()
    np.save(out, positions, allow_pickle=False)
    return out.getvalue()


def _npz(positions: AnyArray, about: dict[str, Any], metadata: Metadata | None) -> bytes:
    out = io.BytesIO()
    columns = {} if metadata is None else {well_formed(c.name): c for c in metadata.columns}
    np.savez_compressed(
        out,
        allow_pickle=False,
        positions=positions,
        about=np.array(json.dumps(about)),
        **{
            f"metadata/{name}": np.array([text or "" for text in column.text], dtype=np.str_)
            for name, column in columns.items()
        },
    )
    return out.getvalue()


_WRITERS: dict[str, Callable[[AnyArray, dict[str, Any], Metadata | None], bytes]] = {
    ".parquet": _parquet,
    ".arrow": _arrow,
    ".feather": _arrow,
    ".csv": _delimited(","),
    ".tsv": _delimited("\t"),
    ".npy": _npy,
    ".npz": _npz,
}

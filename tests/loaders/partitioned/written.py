"""Writes parts for tests, with the libraries that people write them with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
from numpy.typing import NDArray


def vectors_of(seed: int, n_rows: int, n_dims: int = 8) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(n_rows, n_dims)).astype(np.float32)


def fixed(values: NDArray[Any]) -> pa.Array:
    return pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), values.shape[1])


def table_of(values: NDArray[Any], start: int = 0, **columns: Any) -> pa.Table:
    n_rows = len(values)
    texts = [f"text {start + row}" for row in range(n_rows)]
    numbers = pa.array(np.arange(start, start + n_rows))
    return pa.table(
        {"id": numbers, "text": pa.array(texts, pa.string()), **columns, "vector": fixed(values)}
    )


def write_table(path: Path, table: pa.Table, group: int = 100) -> None:
    if path.suffix == ".parquet":
        pq.write_table(table, path, row_group_size=group)
    elif path.suffix == ".feather":
        pyarrow.feather.write_feather(table, str(path), chunksize=group)
    else:
        opener = pa.ipc.new_stream if path.suffix == ".arrows" else pa.ipc.new_file
        with pa.OSFile(str(path), "wb") as sink, opener(sink, table.schema) as writer:
            writer.write_table(table, max_chunksize=group)


def write_parts(
    folder: Path, counts: Sequence[int], suffix: str = ".parquet", name: str = "part-{}"
) -> NDArray[np.float32]:
    """Write parts of so many rows, and return all of their vectors."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = vectors_of(7, sum(counts))
    at = 0
    for number, count in enumerate(counts):
        values = whole[at : at + count]
        path = folder / f"{name.format(number)}{suffix}"
        if suffix == ".npy":
            np.save(path, values)
        else:
            write_table(path, table_of(values, at))
        at += count
    return whole

"""The headers of Arrow's batches are read without their bodies, and damaged ones refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather, ipc

from projector.loaders.decoders.arrow_messages import batch_headers
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.tables.arrow_columns import list_widths

N = 1000
VALUES = np.arange(N * 8, dtype=np.float32)


def columns() -> dict[str, Any]:
    return {
        "id": pa.array(range(N)),
        "kind": pa.array(["a", "b"] * (N // 2)).dictionary_encode(),
        "nested": pa.array([{"x": 1, "y": [1, 2, 3]}] * N),
        "v": pa.ListArray.from_arrays(np.arange(0, 8 * N + 1, 8, dtype=np.int32), VALUES),
        "name": pa.array([None, "b"] * (N // 2)),
        "fixed": pa.FixedSizeListArray.from_arrays(VALUES, 8),
    }


def written(path: Path, kind: str, table: pa.Table, chunk: int = 300) -> FileBytes:
    if kind == "feather":
        feather.write_feather(table, path, chunksize=300)
    elif kind == "plain feather":
        feather.write_feather(table, path, compression="uncompressed")
    else:
        new = ipc.new_stream if kind == "stream" else ipc.new_file
        with new(path, table.schema) as writer:
            writer.write_table(table, max_chunksize=chunk)
    return FileBytes(path)


@pytest.mark.parametrize("kind", ["feather", "plain feather", "stream", "file"])
def test_rows_and_widths_are_known_from_headers(tmp_path: Path, kind: str) -> None:
    table = pa.table(columns())
    raw = written(tmp_path / "t", kind, table)
    batches = list(batch_headers(raw))
    assert sum(batch.n_rows for batch in batches) == N
    assert len(batches) == (1 if kind == "plain feather" else 4)
    assert list_widths(table.schema, batches) == {"v": 8, "fixed": 8}


def test_bodies_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    big = np.zeros(3_000_000, np.float32)
    table = pa.table({"v": pa.FixedSizeListArray.from_arrays(big, 3)})
    raw = written(tmp_path / "t", "file", table, chunk=1_000_000)
    read: list[int] = []
    really = FileBytes.read_into

    def counting(self: FileBytes, buffer: memoryview, at: int) -> int:
        read.append(len(buffer))
        return really(self, buffer, at)

    monkeypatch.setattr(FileBytes, "read_into", counting)
    assert sum(batch.n_rows for batch in batch_headers(raw)) == 1_000_000
    assert len(raw) > 12_000_000 > 50 * sum(read) > 0


def test_missing_lists_do_not_count(tmp_path: Path) -> None:
    table = pa.table({"v": [[1.0, 2.0], None, [3.0, 4.0]]})
    raw = written(tmp_path / "t", "file", table)
    assert list_widths(table.schema, list(batch_headers(raw))) == {"v": 2}


def test_an_empty_table_has_no_rows(tmp_path: Path) -> None:
    table = pa.table({"v": pa.array([], pa.list_(pa.float32()))})
    raw = written(tmp_path / "t", "stream", table)
    assert list_widths(table.schema, list(batch_headers(raw))) == {"v": 0}


def test_damage_is_an_error_and_never_anything_else(tmp_path: Path) -> None:
    written(tmp_path / "t", "file", pa.table(columns()))
    content = (tmp_path / "t").read_bytes()
    rng = np.random.default_rng(0)
    refused = 0
    for _ in range(300):
        damaged = bytearray(content[: rng.integers(1, len(content))])
        for at in rng.integers(0, min(len(damaged), 4000), 3):
            damaged[at] = rng.integers(0, 256)
        (tmp_path / "d").write_bytes(damaged)
        try:
            list(batch_headers(FileBytes(tmp_path / "d")))
        except ValueError:
            refused += 1
    assert refused > 100

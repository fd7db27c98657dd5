"""Rows beyond 2^31, and the memory that reading takes: pieces, never a whole part."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.lib import format as npy

import projector
from projector.errors import ParameterError, ShapeError
from projector.loaders.partitioned.reading import chunks, take, take_columns
from projector.model.partitioned import Part, PartitionedDataset
from tests.loaders.partitioned.written import fixed, vectors_of, write_parts

FAR = 5_000_000_000


def test_rows_beyond_32_bits_are_found(tmp_path: Path) -> None:
    whole = write_parts(tmp_path / "d", [40, 30])
    parts = projector.open_parts(tmp_path / "d").parts
    far = Part("/nowhere/part.parquet", 0, FAR, 8, "none")
    moved = [replace(part, first_row=part.first_row + FAR) for part in parts]
    data = PartitionedDataset((far, *moved), columns=("id",))
    assert data.n_points == FAR + 70
    rows = np.array([FAR + 69, FAR, FAR + 40])
    np.testing.assert_array_equal(take(data, rows), whole[[69, 0, 40]])
    (numbers,) = take_columns(data, rows)
    assert numbers.numbers is not None
    assert numbers.numbers.tolist() == [69, 0, 40]
    assert [first for first, _ in chunks(moved[1], most_rows=20)] == [FAR + 40, FAR + 60]
    with pytest.raises(ParameterError, match="5,000,000,069"):
        take(data, [FAR + 70])


def test_an_array_of_more_rows_than_32_bits_count_is_read_where_it_is_asked(
    tmp_path: Path,
) -> None:
    n_rows = (1 << 31) + 10
    path = tmp_path / "part-0.npy"
    about = {"descr": "|i1", "fortran_order": False, "shape": (n_rows, 2)}
    with path.open("wb") as file:
        npy.write_array_header_2_0(file, about)
        start = file.tell()
        file.truncate(start + 2 * n_rows)  # zeros that take no room
        file.seek(start + 2 * (n_rows - 1))
        file.write(bytes([3, 253]))
    data = projector.open_parts(tmp_path)
    assert data.n_points == n_rows
    found = take(data, [n_rows - 1, 5])
    np.testing.assert_array_equal(found, [[3, -3], [0, 0]])
    assert len(next(iter(chunks(data.parts[0], most_rows=1000)))[1]) == 1000


def test_parts_must_follow_each_other() -> None:
    one, two = Part("a", 0, 5, 3, ""), Part("b", 5, 5, 3, "")
    assert PartitionedDataset((one, two)).part_numbers(np.array([0, 4, 5, 9])).tolist() == [
        0,
        0,
        1,
        1,
    ]
    for wrong in ((), (two,), (one, replace(two, first_row=6)), (one, replace(two, n_dims=4))):
        with pytest.raises(ShapeError):
            PartitionedDataset(wrong)
    with pytest.raises(ShapeError):
        PartitionedDataset((replace(one, n_rows=0),))


def test_a_dataset_of_many_parts_has_a_short_name_of_itself() -> None:
    parts = tuple(Part("a", 5 * n, 5, 3, "") for n in range(1000))
    assert (
        repr(PartitionedDataset(parts, "x")) == "PartitionedDataset('x', 5,000 x 3 in 1,000 parts)"
    )


@contextmanager
def counted_memory() -> Iterator[pa.MemoryPool]:
    """Count what Arrow takes meanwhile."""
    before = pa.default_memory_pool()
    counted = pa.proxy_memory_pool(before)
    pa.set_memory_pool(counted)
    try:
        yield counted
    finally:
        pa.set_memory_pool(before)


def peak_of_chunks(part: Part, most_rows: int) -> int:
    tracemalloc.start()
    for _, rows in chunks(part, most_rows=most_rows, in_process=True):
        assert len(rows) <= most_rows
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_reading_a_table_takes_one_row_group(tmp_path: Path) -> None:
    table = pa.table({"vector": fixed(vectors_of(1, 200_000, 64))})  # 51 MB in 20 row groups
    pq.write_table(table, tmp_path / "part-0.parquet", row_group_size=10_000, compression="none")
    (part,) = projector.open_parts(tmp_path).parts
    with counted_memory() as pool:
        assert peak_of_chunks(part, 1000) < 10_000_000
    assert 0 < pool.max_memory() < 10_000_000


def test_reading_an_array_takes_one_piece(tmp_path: Path) -> None:
    np.save(tmp_path / "part-0.npy", vectors_of(1, 200_000, 64))
    data = projector.open_parts(tmp_path)
    assert peak_of_chunks(data.parts[0], 1000) < 5_000_000
    tracemalloc.start()
    take(data, np.arange(0, 200_000, 500))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 25_000_000  # of 51 MB: a piece as stored, and as float32

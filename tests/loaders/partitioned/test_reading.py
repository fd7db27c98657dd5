"""Rows of partitioned datasets: all of them in pieces, some by their global index."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

import projector
from projector.errors import FileChangedError, LoadError, ParameterError, UnknownNameError
from projector.loaders.partitioned.reading import chunks, take, take_columns
from projector.model.partitioned import PartitionedDataset
from tests.loaders.partitioned.written import fixed, table_of, vectors_of, write_parts, write_table

SUFFIXES = [".parquet", ".arrow", ".arrows", ".feather", ".npy"]
PLACES = [False, True]


def everything(data: PartitionedDataset, **how: Any) -> NDArray[np.float32]:
    rows, at = [], 0
    for part in data.parts:
        for first, found in chunks(part, **how):
            assert first == at
            assert found.dtype == np.float32
            rows.append(found)
            at += len(found)
    return np.concatenate(rows)


@pytest.mark.parametrize("in_process", PLACES)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_chunks_are_all_rows_in_order(tmp_path: Path, suffix: str, in_process: bool) -> None:
    whole = write_parts(tmp_path / "d", [250, 1, 333], suffix)
    data = projector.open_parts(tmp_path / "d")
    assert (data.n_points, data.n_dims, data.n_parts, data.problems) == (584, 8, 3, ())
    for most in (1, 70, 65_536):
        found = everything(data, most_rows=most, in_process=in_process)
        np.testing.assert_array_equal(found, whole)


@pytest.mark.parametrize("most", [1, 90, 250])
def test_no_chunk_has_more_rows_than_asked(tmp_path: Path, most: int) -> None:
    write_parts(tmp_path / "d", [333])
    (part,) = projector.open_parts(tmp_path / "d").parts
    assert max(len(rows) for _, rows in chunks(part, most_rows=most)) <= most


@pytest.mark.parametrize("in_process", PLACES)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_rows_are_taken_in_the_order_asked(tmp_path: Path, suffix: str, in_process: bool) -> None:
    whole = write_parts(tmp_path / "d", [250, 1, 333], suffix)
    data = projector.open_parts(tmp_path / "d")
    for rows in ([583, 0, 250, 249, 251, 0], np.random.default_rng(1).permutation(584), [5]):
        found = take(data, rows, in_process=in_process)
        np.testing.assert_array_equal(found, whole[rows])


def test_rows_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    write_parts(tmp_path / "d", [3])
    data = projector.open_parts(tmp_path / "d")
    for rows in ([3], [-1], [], [0.5]):
        with pytest.raises(ParameterError):
            take(data, rows)


def test_a_part_travels_to_another_process(tmp_path: Path) -> None:
    whole = write_parts(tmp_path / "d", [40])
    (part,) = projector.open_parts(tmp_path / "d").parts
    packed = pickle.dumps(part)
    assert len(packed) < 2_000
    ((first, found),) = chunks(pickle.loads(packed))
    assert first == 0
    np.testing.assert_array_equal(found, whole)


@pytest.mark.parametrize("suffix", SUFFIXES[:-1])
def test_only_asked_columns_are_read(tmp_path: Path, suffix: str) -> None:
    write_parts(tmp_path / "d", [250, 333], suffix)
    data = projector.open_parts(tmp_path / "d")
    assert data.columns == ("id", "text")
    (text,) = take_columns(data, [582, 3, 3, 260], ["text"])
    assert [text.text[row] for row in range(4)] == ["text 582", "text 3", "text 3", "text 260"]
    numbers, _ = take_columns(data, [582, 3])
    assert numbers.numbers is not None
    assert numbers.numbers.tolist() == [582, 3]
    with pytest.raises(UnknownNameError, match="txt"):
        take_columns(data, [0], ["txt"])


@pytest.mark.parametrize("kind", ["float64", "float16", "int8", "uint8", "int64"])
@pytest.mark.parametrize("suffix", [".parquet", ".npy"])
def test_other_types_are_read_as_float32(tmp_path: Path, kind: str, suffix: str) -> None:
    values = (vectors_of(1, 90) * 20).astype(kind)
    if suffix == ".npy":
        np.save(tmp_path / "a-0.npy", values)
    else:
        write_table(tmp_path / "a-0.parquet", pa.table({"vector": fixed(values)}))
    data = projector.open_parts(tmp_path)
    np.testing.assert_array_equal(everything(data), values.astype(np.float32))
    narrowed = kind in ("float64", "int64")
    assert any("read as float32" in each for each in data.warnings) == narrowed


def test_fortran_and_big_endian_arrays_are_read_by_rows(tmp_path: Path) -> None:
    values = vectors_of(1, 70)
    np.save(tmp_path / "a-0.npy", np.asfortranarray(values))
    np.save(tmp_path / "a-1.npy", values.astype(">f4"))
    data = projector.open_parts(tmp_path)
    np.testing.assert_array_equal(everything(data, most_rows=9), np.concatenate([values] * 2))
    np.testing.assert_array_equal(take(data, [139, 0]), values[[69, 0]])


@pytest.mark.parametrize("in_process", PLACES)
def test_rows_without_a_vector_are_nan(tmp_path: Path, in_process: bool) -> None:
    rows: list[list[float] | None] = [[1.0, 2.0, 3.0]] * 100
    rows[70], rows[71] = None, [1.0, 2.0]
    for number in range(2):
        table = pa.table({"v": pa.array(rows, pa.list_(pa.float32()))})
        write_table(tmp_path / f"p-{number}.parquet", table, group=2)
    data = projector.open_parts(tmp_path)
    found = everything(data, in_process=in_process, most_rows=2)
    lost = np.flatnonzero(np.isnan(found).all(axis=1))
    assert lost.tolist() == [70, 71, 170, 171]
    assert np.isnan(take(data, [170, 0])).all(axis=1).tolist() == [True, False]


def test_a_part_whose_first_rows_have_no_vector_is_a_part(tmp_path: Path) -> None:
    kind = pa.list_(pa.float32())
    write_table(tmp_path / "p-0.parquet", pa.table({"v": pa.array([[1.0, 2.0]] * 9, kind)}))
    none: list[list[float] | None] = [None] * 9
    write_table(tmp_path / "p-1.parquet", pa.table({"v": pa.array(none, kind)}))
    data = projector.open_parts(tmp_path)
    assert (data.n_points, data.problems) == (18, ())
    assert np.isnan(everything(data)).all(axis=1).sum() == 9


def test_columns_of_numbers_are_a_vector(tmp_path: Path) -> None:
    values = vectors_of(2, 60, 5)
    for number in range(3):
        own = values[20 * number : 20 * number + 20]
        columns = {f"dim_{at}": own[:, at] for at in range(5)}
        write_table(tmp_path / f"p{number}.parquet", pa.table({"id": np.arange(20), **columns}))
    data = projector.open_parts(tmp_path)
    assert data.parts[0].column == tuple(f"dim_{at}" for at in range(5))
    assert data.columns == ("id",)
    np.testing.assert_array_equal(everything(data), values)


@pytest.mark.parametrize("in_process", PLACES)
@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".npy"])
def test_a_part_that_was_rewritten_is_refused(
    tmp_path: Path, suffix: str, in_process: bool
) -> None:
    write_parts(tmp_path / "d", [50, 50], suffix)
    data = projector.open_parts(tmp_path / "d")
    write_parts(tmp_path / "e", [20, 50], suffix)
    (tmp_path / "e" / f"part-1{suffix}").replace(tmp_path / "d" / f"part-1{suffix}")
    assert len(next(iter(chunks(data.parts[0])))[1]) == 50
    with pytest.raises(FileChangedError, match="part-1"):
        next(iter(chunks(data.parts[1], in_process=in_process)))
    with pytest.raises(FileChangedError, match="part-1"):
        take(data, [99], in_process=in_process)
    assert len(take(data, [49])) == 1


@pytest.mark.parametrize("suffix", [".parquet", ".npy"])
def test_a_part_that_changes_between_two_chunks_is_refused(tmp_path: Path, suffix: str) -> None:
    write_parts(tmp_path / "d", [300], suffix)
    (part,) = projector.open_parts(tmp_path / "d").parts
    given = chunks(part, most_rows=100)
    if suffix == ".npy":
        given = chunks(part, most_rows=100, in_process=True)
    next(given)
    write_parts(tmp_path / "e", [300], suffix)
    (tmp_path / "e" / f"part-0{suffix}").replace(tmp_path / "d" / f"part-0{suffix}")
    with pytest.raises(FileChangedError):
        list(given)


def test_a_part_that_is_gone_is_named(tmp_path: Path) -> None:
    write_parts(tmp_path / "d", [50, 50])
    data = projector.open_parts(tmp_path / "d")
    (tmp_path / "d" / "part-0.parquet").unlink()
    with pytest.raises(LoadError, match=r"part-0.*does not exist any more"):
        next(iter(chunks(data.parts[0])))


def test_damage_below_a_sound_footer_costs_an_error_with_the_name(tmp_path: Path) -> None:
    write_parts(tmp_path / "d", [3000])
    path = tmp_path / "d" / "part-0.parquet"
    raw = bytearray(path.read_bytes())
    raw[200:60_000] = bytes(59_800)
    path.write_bytes(raw)
    with pytest.raises(LoadError, match="part-0"):
        everything(projector.open_parts(tmp_path / "d"))


def test_metadata_of_structs_and_missing_columns(tmp_path: Path) -> None:
    values = vectors_of(3, 4)
    meta = pa.array([{"lang": "en", "n": 1}] * 4)
    write_table(tmp_path / "p-0.parquet", table_of(values, meta=meta))
    write_table(tmp_path / "p-1.parquet", table_of(values, start=4))
    data = projector.open_parts(tmp_path)
    found = {each.name: each for each in take_columns(data, [7, 0], ["meta", "id"])}
    assert set(found) == {"meta", "id"}
    first = found["meta"].text[1]
    assert found["meta"].text[0] is None
    assert first is not None
    assert "en" in first

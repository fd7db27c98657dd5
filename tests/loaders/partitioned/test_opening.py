"""Which files are parts of one dataset, in which order, and what is said of the others."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import projector
from projector.errors import LoadError, ParameterError, UnknownNameError
from projector.loaders.partitioned.reading import chunks, take, take_columns
from projector.model.partitioned import PartitionedDataset
from tests.loaders.partitioned.written import (
    fixed,
    table_of,
    vectors_of,
    write_parts,
    write_table,
)


def said_of(data: PartitionedDataset, name: str) -> str:
    (problem,) = [each for each in data.problems if each.path == name]
    return problem.message


@pytest.mark.parametrize("name", ["part-{}", "part.{}", "x_{}", "{}", "train-{:05}-of-00016"])
def test_parts_are_in_natural_order(tmp_path: Path, name: str) -> None:
    whole = write_parts(tmp_path / "d", [3] * 16, name=name)
    data = projector.open_parts(tmp_path / "d")
    np.testing.assert_array_equal(take(data, np.arange(48)), whole)


@pytest.mark.parametrize(
    ("name", "called"),
    [("train-{:05}-of-00002", "train"), ("part-{}", "d"), ("{}", "d"), ("emb.{}", "emb")],
)
def test_the_name_is_what_the_files_have_in_common(tmp_path: Path, name: str, called: str) -> None:
    write_parts(tmp_path / "d", [3, 3], name=name)
    assert projector.open_parts(tmp_path / "d").name == called


def test_a_pattern_a_folder_and_a_list_are_the_same(tmp_path: Path) -> None:
    write_parts(tmp_path / "d", [3, 4, 5])
    folder = tmp_path / "d"
    one = projector.open_parts(folder)
    other = projector.open_parts(str(folder / "*.parquet"))
    third = projector.open_parts([folder / f"part-{number}.parquet" for number in range(3)])
    assert one.content_hash == other.content_hash == third.content_hash
    alone = projector.open_parts(folder / "part-1.parquet")
    assert (alone.n_points, alone.n_parts) == (4, 1)
    assert alone.content_hash != one.content_hash


def test_a_list_keeps_its_order(tmp_path: Path) -> None:
    whole = write_parts(tmp_path / "d", [2, 3])
    data = projector.open_parts([tmp_path / "d" / f"part-{n}.parquet" for n in (1, 0)])
    np.testing.assert_array_equal(take(data, [0, 4]), whole[[2, 1]])


def test_folders_of_keys_are_columns(tmp_path: Path) -> None:
    for number, keys in enumerate(
        ["year=2024/lang=en", "year=2024/lang=a%2Fb", "year=2023/lang=__HIVE_DEFAULT_PARTITION__"]
    ):
        write_parts(tmp_path / "d" / keys, [number + 1], name="part-0000{}")
    (tmp_path / "d" / "_SUCCESS").touch()
    (tmp_path / "d" / "year=2024" / ".part-0.parquet.crc").write_text("x")
    for given in (tmp_path / "d", tmp_path / "d" / "**" / "*.parquet", tmp_path / "d" / "**"):
        data = projector.open_parts(given)
        assert (data.n_points, data.problems) == (6, ())
        assert data.columns[:2] == ("year", "lang")
        found = take_columns(data, [0, 3, 5], ["lang", "year"])
        assert [each.name for each in found] == ["lang", "year"]
        assert [found[0].text[row] for row in range(3)] == [None, "a/b", "en"]
        assert found[1].numbers is not None
        assert found[1].numbers.tolist() == [2023, 2024, 2024]


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".npy"])
def test_one_damaged_part_hides_no_other(tmp_path: Path, suffix: str) -> None:
    whole = write_parts(tmp_path / "d", [10] * 5, suffix)
    path = tmp_path / "d" / f"part-2{suffix}"
    path.write_bytes(path.read_bytes()[:-30])
    data = projector.open_parts(tmp_path / "d")
    assert data.n_points == 40
    assert "save it again" in said_of(data, path.name).lower() or "copy it" in said_of(
        data, path.name
    )
    np.testing.assert_array_equal(take(data, np.arange(40)), np.delete(whole, range(20, 30), 0))


def test_empty_and_differing_parts_are_named(tmp_path: Path) -> None:
    values = vectors_of(1, 10)
    for number in range(4):
        write_table(tmp_path / f"p{number}.parquet", table_of(values))
    write_table(tmp_path / "p4.parquet", table_of(values[:0]))
    write_table(tmp_path / "p5.parquet", pa.table({"vector": fixed(values.astype(np.float64))}))
    write_table(tmp_path / "p6.parquet", pa.table({"vector": fixed(vectors_of(1, 10, 6))}))
    write_table(tmp_path / "p7.parquet", pa.table({"other": fixed(values)}))
    (tmp_path / "p8.parquet").write_bytes(b"")
    (tmp_path / "p9.parquet").write_bytes(b"not a table" * 99)
    np.save(tmp_path / "labels.npy", np.arange(3))
    data = projector.open_parts(tmp_path)
    assert (data.n_points, data.n_parts) == (40, 4)
    assert "no rows" in said_of(data, "p4.parquet")
    assert "float64" in said_of(data, "p5.parquet")
    assert "6 float32" in said_of(data, "p6.parquet")
    assert "'vector'" in said_of(data, "p7.parquet")
    assert said_of(data, "p8.parquet")
    assert said_of(data, "p9.parquet")
    assert "most others are parquet" in said_of(data, "labels.npy")


def test_nothing_readable_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="No file has such a name"):
        projector.open_parts(str(tmp_path / "*.parquet"))
    with pytest.raises(LoadError, match="No such file"):
        projector.open_parts(tmp_path / "gone")
    with pytest.raises(LoadError, match="no parts"):
        projector.open_parts(tmp_path)
    for shape in ((3, 0), (3,)):
        np.save(tmp_path / "x.npy", np.ones(shape, np.float32))
        with pytest.raises(LoadError, match=r"x\.npy: is a float32 array of shape .*not a matrix"):
            projector.open_parts(tmp_path)
    (tmp_path / "x.npy").unlink()
    write_table(tmp_path / "a.parquet", table_of(vectors_of(1, 0)))
    with pytest.raises(LoadError, match=r"none of 1 files.*a\.parquet.*no rows"):
        projector.open_parts(tmp_path)
    with pytest.raises(ParameterError):
        projector.open_parts([])
    with pytest.raises(ParameterError):
        projector.open_parts(7)  # type: ignore[arg-type]


def test_one_of_several_columns_is_chosen(tmp_path: Path) -> None:
    title, body = vectors_of(1, 10, 4), vectors_of(2, 10, 6)
    for number in range(2):
        table = pa.table({"title": fixed(title), "body": fixed(body), "n": np.arange(10)})
        write_table(tmp_path / f"p{number}.parquet", table)
    with pytest.raises(ParameterError, match="'title', 'body'"):
        projector.open_parts(tmp_path)
    with pytest.raises(UnknownNameError, match="bdy"):
        projector.open_parts(tmp_path, column="bdy")
    data = projector.open_parts(tmp_path, column="body")
    assert (data.n_dims, data.columns) == (6, ("n",))
    np.testing.assert_array_equal(take(data, [12]), body[[2]])


@pytest.mark.parametrize(
    "name", ["a [1] {}", "ünï çødé {}", "100% #{}", "q'uote\" {}", "star* {}", "new\nline {}"]
)
def test_odd_names_are_names(tmp_path: Path, name: str) -> None:
    whole = write_parts(tmp_path / name.format("d"), [3, 3], name=name)
    data = projector.open_parts(tmp_path / name.format("d"))
    np.testing.assert_array_equal(take(data, np.arange(6)), whole)
    alone = projector.open_parts(tmp_path / name.format("d") / f"{name.format(1)}.parquet")
    assert alone.n_points == 3


def test_links_that_lead_out_of_a_folder_are_refused(tmp_path: Path) -> None:
    write_parts(tmp_path / "d", [3, 3])
    write_parts(tmp_path / "elsewhere", [3])
    (tmp_path / "d" / "part-2.parquet").symlink_to(tmp_path / "elsewhere" / "part-0.parquet")
    data = projector.open_parts(tmp_path / "d")
    assert data.n_points == 6
    assert "outside" in said_of(data, "part-2.parquet")
    # A pattern names the files themselves, such as those of a cache of links.
    assert projector.open_parts(str(tmp_path / "d" / "*.parquet")).n_points == 9


def test_what_is_no_regular_file_is_never_opened(tmp_path: Path) -> None:
    write_parts(tmp_path / "d", [3])
    os.mkfifo(tmp_path / "d" / "part-1.parquet")
    data = projector.open_parts(tmp_path / "d")
    assert data.n_points == 3
    assert "pipe" in said_of(data, "part-1.parquet")
    assert "pipe" in said_of(projector.open_parts(str(tmp_path / "d" / "*")), "part-1.parquet")


@pytest.mark.slow
def test_a_thousand_parts_are_one_dataset(tmp_path: Path) -> None:
    whole = write_parts(tmp_path / "d", [2] * 1000)
    data = projector.open_parts(tmp_path / "d")
    assert (data.n_points, data.n_parts) == (2000, 1000)
    np.testing.assert_array_equal(take(data, [0, 1999, 1000]), whole[[0, 1999, 1000]])
    ((first, rows),) = chunks(data.parts[999])
    assert first == 1998
    np.testing.assert_array_equal(rows, whole[1998:])

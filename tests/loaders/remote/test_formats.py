"""Every format is read elsewhere as it is here: nobody opens a file but through the one door.

What stands for an object is a hole of its size: who opened it by itself would read zeros.
"""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

import projector
from projector.errors import ProjectorError
from projector.loaders.logdir.log import Log
from tests.conftest import DEMO
from tests.loaders.remote.counting import CountingFileSystem, numbers, put

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
Counted = type[CountingFileSystem]


def upload(folder: Path) -> int:
    """Put all files of a folder into the bucket; return their bytes."""
    total = 0
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            put(f"runs/{path.relative_to(folder).as_posix()}", path.read_bytes())
            total += path.stat().st_size
    return total


def told(log: Log) -> list[Any]:
    return [
        (e.run, e.name, e.step, e.shape, e.dtype, e.format, e.path, e.has_metadata, e.has_sprite)
        for e in log.entries
    ]


def content(log: Log, at: int) -> Any:
    try:
        data = log.load(log.entries[at])
    except ProjectorError as error:
        return type(error), str(error)
    columns = [(column.name, column.text.to_list()) for column in data.metadata.columns]
    return data.content_hash, columns, data.sprite is None, data.warnings


def check_as_here(folder: Path) -> None:
    here, there = projector.open_logdir(folder), projector.open_logdir("counted://bucket/runs")
    assert told(there) == told(here)
    assert [(each.path, each.message) for each in there.problems] == [
        (each.path, each.message) for each in here.problems
    ]
    assert there.entries
    for at in range(len(here.entries)):
        assert content(there, at) == content(here, at), here.entries[at]


@pytest.mark.parametrize(
    "name", ["formats", "stores", pytest.param("demo", marks=pytest.mark.slow)]
)
def test_the_fixtures(counted: Counted, tmp_path: Path, name: str) -> None:
    folder = {"formats": FIXTURES / "formats", "demo": DEMO}.get(name, tmp_path)
    if name == "stores":
        with zipfile.ZipFile(FIXTURES / "stores.zip") as archive:
            archive.extractall(tmp_path)
    upload(folder)
    check_as_here(folder)


@pytest.mark.slow
def test_real_logs(counted: Counted, real_logs: Path, tmp_path: Path) -> None:
    """Some of those whose folders have no links, which no server of objects knows."""
    folders = sorted({path.parent for path in real_logs.rglob("*") if path.is_file()})
    for folder in folders[::40]:
        if not any(path.is_symlink() for path in folder.rglob("*")):
            name = str(folder.relative_to(real_logs)).replace("/", "-")
            shutil.copytree(folder, tmp_path / "logs" / name)
    upload(tmp_path / "logs")
    check_as_here(tmp_path / "logs")


def test_large_files_that_libraries_read(counted: Counted, tmp_path: Path) -> None:
    """Larger than what is got ahead: Parquet, Arrow, HDF5, archives, SQLite, compressed text."""
    values = numbers(20_000, 32)
    texts = [f"word {at}" for at in range(len(values))]
    table = pa.table({"vector": list(values), "text": texts})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=2000)
    feather.write_feather(table, tmp_path / "b.feather", compression="lz4")
    with h5py.File(tmp_path / "c.h5", "w") as file:
        file["plain"] = values
        file.create_dataset("packed", data=values, chunks=(1000, 32), compression="gzip")
    np.savez(tmp_path / "d.npz", one=values, two=values[:50])
    np.savez_compressed(tmp_path / "e.npz", one=values, two=values[:50])
    with sqlite3.connect(tmp_path / "f.db") as database:
        database.execute("CREATE TABLE vectors (id INTEGER PRIMARY KEY, embedding BLOB, text TEXT)")
        database.executemany(
            "INSERT INTO vectors VALUES (?, ?, ?)",
            [(at, row.tobytes(), texts[at]) for at, row in enumerate(values[:3000])],
        )
    database.close()
    total = upload(tmp_path)
    here, there = projector.open_logdir(tmp_path), projector.open_logdir("counted://bucket/runs")
    assert told(there) == told(here)
    assert {entry.format for entry in there.entries} >= {"parquet", "arrow", "hdf5", "npz"}
    database_size = (tmp_path / "f.db").stat().st_size
    assert counted.n_bytes - database_size < total / 3
    for at in range(len(here.entries)):
        assert content(there, at) == content(here, at), here.entries[at]


@pytest.mark.parametrize("name", ["a.parquet", "c.h5", "d.npz"])
def test_a_footer_or_a_directory_is_not_the_whole_file(
    counted: Counted, tmp_path: Path, name: str
) -> None:
    values = numbers(200_000, 32)
    if name == "a.parquet":
        table = pa.table({"vector": pa.FixedSizeListArray.from_arrays(values.reshape(-1), 32)})
        pq.write_table(table, tmp_path / name, compression="none", use_dictionary=False)
    elif name == "c.h5":
        with h5py.File(tmp_path / name, "w") as file:
            for at in range(8):
                file[f"group{at}/values"] = values[at * 20_000 : (at + 1) * 20_000]
    else:
        np.savez(tmp_path / name, first=values, second=values[:100])
    total = upload(tmp_path)
    log = projector.open_logdir("counted://bucket/runs")
    assert log.entries
    assert total > 20_000_000
    assert counted.n_bytes < 0.1 * total, counted.calls

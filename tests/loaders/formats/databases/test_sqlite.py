"""SQLite files: tables with vectors, sqlite-vec, Chroma, and files that lie."""

from __future__ import annotations

import json
import pickle
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.formats.databases.hnsw_file import HnswError, read_vectors
from projector.loaders.formats.databases.sqlite import Sqlite
from projector.loaders.logdir.log import open_logdir
from tests.fixtures.make_formats import table, words
from tests.loaders.formats.fixture_files import FILES, columns, listed, loaded
from tests.loaders.writers import file_at, file_with, write

X = table(9, 4)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        yield connection


def fill(connection: sqlite3.Connection, sql: str, rows: list[tuple[Any, ...]]) -> None:
    """Make a table and fill it."""
    connection.execute(sql)
    name = sql.split()[2].partition("(")[0]
    marks = ", ".join("?" * len(rows[0]))
    connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
    connection.commit()


def test_vectors_in_blobs_and_texts_are_found(database: sqlite3.Connection, tmp_path: Path) -> None:
    blobs = [(f"k{row}", X[row].tobytes(), word, row) for row, word in enumerate(words(9))]
    fill(database, "CREATE TABLE notes(id TEXT, vec BLOB, text TEXT, n INTEGER)", blobs)
    texts = [(row, json.dumps(X[row].tolist())) for row in range(9)]
    fill(database, "CREATE TABLE texts(id INTEGER PRIMARY KEY, vec TEXT)", texts)
    fill(
        database,
        "CREATE TABLE runs(a INTEGER, b REAL, c REAL)",
        [(n, n / 2, n / 3) for n in range(9)],
    )
    file = file_at(tmp_path / "store.db")
    assert Sqlite().sniff(file)
    assert [each.name for each in listed(file).tensors] == ["notes.vec", "texts.vec"]
    data = loaded(file, "notes.vec")
    np.testing.assert_array_equal(data.values, X)
    assert columns(data) == {
        "id": [f"k{row}" for row in range(9)],
        "text": words(9),
        "n": list(map(str, range(9))),
    }
    np.testing.assert_array_equal(loaded(file, "texts.vec").values, X)


def test_names_with_quotes_are_read(database: sqlite3.Connection, tmp_path: Path) -> None:
    database.execute('CREATE TABLE "a""; DROP TABLE x; --"("v v" BLOB, "select" TEXT)')
    database.executemany(
        'INSERT INTO "a""; DROP TABLE x; --" VALUES (?, ?)', [(row.tobytes(), "t") for row in X]
    )
    database.commit()
    file = file_at(tmp_path / "store.db")
    (tensor,) = listed(file).tensors
    np.testing.assert_array_equal(Sqlite().load(file, tensor).values, X)


def test_a_file_without_vectors_is_a_warning(database: sqlite3.Connection, tmp_path: Path) -> None:
    fill(database, "CREATE TABLE runs(name TEXT, loss REAL)", [("a", 0.5), ("b", 0.25)])
    (problem,) = listed(file_at(tmp_path / "store.db")).problems
    assert (problem.severity, "no table has a column" in problem.message) == ("warning", True)


def test_views_and_the_schema_run_nothing(database: sqlite3.Connection, tmp_path: Path) -> None:
    fill(database, "CREATE TABLE t(vec BLOB, n INTEGER)", [(row.tobytes(), 1) for row in X])
    database.execute("CREATE VIEW v AS SELECT writefile('/tmp/fixtures/PWNED', vec) FROM t")
    database.execute("CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END")
    database.commit()
    file = file_at(tmp_path / "store.db")
    before = file.path.read_bytes()
    assert [each.name for each in listed(file).tensors] == ["t.vec"]
    assert file.path.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"store.db"}


def test_a_journal_that_is_not_written_back_is_told(
    database: sqlite3.Connection, tmp_path: Path
) -> None:
    fill(database, "CREATE TABLE t(vec BLOB, n INTEGER)", [(row.tobytes(), 1) for row in X])
    write(tmp_path / "store.db-wal", b"something")
    file = file_at(tmp_path / "store.db")
    assert "store.db-wal has changes" in listed(file).problems[0].message
    assert "store.db-wal has changes" in loaded(file, "t.vec").warnings[-1]


def vec_store(connection: sqlite3.Connection, size: int = 8) -> None:
    """Write the tables in which sqlite-vec keeps nine rows, of which row 4 was deleted."""
    sql = "CREATE VIRTUAL TABLE items USING vec0(id integer primary key, emb float[4], +text text)"
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("INSERT INTO sqlite_master VALUES ('table', 'items', 'items', 0, ?)", (sql,))
    chunks, vectors = [], []
    for chunk in range(2):
        rows = range(chunk * size, chunk * size + size)
        used = [row < 9 and row != 4 for row in rows]
        bits = np.packbits(used, bitorder="little").tobytes()
        numbers = struct.pack(f"<{size}q", *(100 - row for row in rows))
        raw = b"".join(X[row].tobytes() if row < 9 else bytes(16) for row in rows)
        chunks.append((chunk + 1, size, bits, numbers))
        vectors.append((chunk + 1, raw))
    fill(
        connection,
        "CREATE TABLE items_chunks(chunk_id INTEGER, size INTEGER, validity BLOB, rowids BLOB)",
        chunks,
    )
    fill(connection, "CREATE TABLE items_vector_chunks00(rowid PRIMARY KEY, vectors BLOB)", vectors)
    kept = [row for row in range(9) if row != 4]
    fill(
        connection,
        "CREATE TABLE items_rowids(rowid INTEGER PRIMARY KEY)",
        [(100 - r,) for r in kept],
    )
    texts = [(100 - row, words(9)[row]) for row in kept]
    fill(connection, "CREATE TABLE items_auxiliary(rowid INTEGER PRIMARY KEY, value00)", texts)


def test_virtual_tables_of_sqlite_vec_are_put_together(
    database: sqlite3.Connection, tmp_path: Path
) -> None:
    vec_store(database)
    file = file_at(tmp_path / "store.db")
    assert [each.name for each in listed(file).tensors] == ["items.emb"]
    data = loaded(file, "items.emb")
    kept = [row for row in reversed(range(9)) if row != 4]
    np.testing.assert_array_equal(data.values, X[kept])
    assert columns(data) == {
        "rowid": [str(100 - row) for row in kept],
        "text": [words(9)[row] for row in kept],
    }


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE items_vector_chunks00 SET vectors = x'00'",
        "UPDATE items_chunks SET rowids = NULL",
        "UPDATE items_chunks SET validity = x''",
        "UPDATE items_chunks SET validity = x'01'",
        "DELETE FROM items_chunks",
    ],
)
def test_pieces_that_do_not_fit_are_told(
    database: sqlite3.Connection, tmp_path: Path, harm: str
) -> None:
    vec_store(database)
    file = file_at(tmp_path / "store.db")
    (tensor,) = listed(file).tensors
    database.execute(harm)
    database.commit()
    with pytest.raises(LoadError, match="do not fit together"):
        Sqlite().load(file_at(tmp_path / "store.db"), tensor)


SEGMENT = "0a1b"
SCHEMA = """
    CREATE TABLE collections(id TEXT, name TEXT, dimension INTEGER);
    CREATE TABLE segments(id TEXT, type TEXT, scope TEXT, collection TEXT);
    CREATE TABLE embeddings(id INTEGER PRIMARY KEY, segment_id TEXT, embedding_id TEXT);
    CREATE TABLE embedding_metadata(id INTEGER, key TEXT, string_value TEXT, int_value INTEGER,
        float_value REAL, bool_value INTEGER);
    CREATE TABLE embeddings_queue(seq_id INTEGER PRIMARY KEY, operation INTEGER, topic TEXT,
        id TEXT, vector BLOB, encoding TEXT);
"""


def chroma(folder: Path, *, moved: bool) -> File:
    """Write a store of nine documents: those up to the fifth in the index's files if `moved`."""
    with closing(sqlite3.connect(folder / "chroma.sqlite3")) as connection:
        connection.executescript(SCHEMA)
        rows = [("c1", "papers", 4), ("c2", "empty", None)]
        connection.executemany("INSERT INTO collections VALUES (?, ?, ?)", rows)
        segments = [(SEGMENT, "hnsw", "VECTOR", "c1"), ("m1", "sqlite", "METADATA", "c1")]
        connection.executemany("INSERT INTO segments VALUES (?, ?, ?, ?)", segments)
        for row, word in enumerate(words(9)):
            connection.execute("INSERT INTO embeddings VALUES (?, 'm1', ?)", (row + 1, word))
            cells: list[tuple[Any, ...]] = [("chroma:document", f"text {row}", None, None, None)]
            cells += [("page", None, row, None, None), ("ok", None, None, None, row % 2)]
            connection.executemany(
                f"INSERT INTO embedding_metadata VALUES ({row + 1}, ?, ?, ?, ?, ?)", cells
            )
            if row >= 5 or not moved:
                queue(connection, 0, word, X[row])
        queue(connection, 1, words(9)[8], X[8] * 2)
        queue(connection, 0, "gone", X[0])
        queue(connection, 3, "gone", None)
        connection.commit()
    if moved:
        index(folder / SEGMENT)
    return file_at(folder / "chroma.sqlite3")


def queue(connection: sqlite3.Connection, operation: int, name: str, vector: Any) -> None:
    raw = None if vector is None else vector.tobytes()
    connection.execute(
        "INSERT INTO embeddings_queue(operation, topic, id, vector, encoding) "
        "VALUES (?, 'persistent://default/default/c1', ?, ?, 'FLOAT32')",
        (operation, name, raw),
    )


def index(folder: Path) -> None:
    """Write the first five vectors as hnswlib does, the last one first."""
    width, vector_at = 4 + 8 * 4 + 16 + 8, 36
    header = struct.pack("<i6Q", 1, 0, 100, 5, width, vector_at + 16, vector_at)
    rows = [
        bytes(vector_at) + X[row].tobytes() + struct.pack("<q", row + 7)
        for row in reversed(range(5))
    ]
    write(folder / "header.bin", header + bytes(48))
    write(folder / "data_level0.bin", b"".join(rows) + bytes(width))
    write(folder / "length.bin", bytes(20))
    write(folder / "link_lists.bin")
    ids = {"id_to_label": {word: row + 7 for row, word in enumerate(words(5))}, "dimensionality": 4}
    write(folder / "index_metadata.pickle", pickle.dumps(ids))


@pytest.mark.parametrize("moved", [False, True])
def test_chroma_stores_are_read_from_queue_and_index(tmp_path: Path, moved: bool) -> None:
    file = chroma(tmp_path, moved=moved)
    (tensor,) = listed(file).tensors
    assert (tensor.name, tensor.shape) == ("papers", (9, 4))
    data = loaded(file, "papers")
    expected = X.copy()
    expected[8] *= 2  # it was changed later
    np.testing.assert_array_equal(data.values, expected)
    assert data.warnings == ()
    assert columns(data) == {
        "id": words(9),
        "document": [f"text {row}" for row in range(9)],
        "ok": [str(row % 2 == 1) for row in range(9)],
        "page": list(map(str, range(9))),
    }
    assert not open_logdir(tmp_path).problems


def test_a_store_without_its_index_shows_the_rest(tmp_path: Path) -> None:
    file = chroma(tmp_path, moved=True)
    (tmp_path / SEGMENT / "data_level0.bin").write_bytes(b"short")
    (tensor,) = listed(file).tensors
    data = Sqlite().load(file, tensor)
    np.testing.assert_array_equal(data.values[:3], X[5:8])
    assert "cannot be read: 5 vectors of" in data.warnings[0]
    assert data.warnings[1] == "5 of 9 entries have no vector and were left out."


def test_a_store_without_vectors_names_the_export(tmp_path: Path) -> None:
    file = chroma(tmp_path, moved=False)
    with closing(sqlite3.connect(file.path)) as connection:
        connection.execute("DELETE FROM embeddings_queue")
        connection.commit()
    with pytest.raises(LoadError, match=r"collection\.get\(include="):
        loaded(file_at(file.path), "papers")


@pytest.mark.parametrize("header", [b"", struct.pack("<i6Q", 1, 0, 9, 1 << 60, 64, 40, 0)])
def test_indexes_that_lie_are_refused(header: bytes) -> None:
    with pytest.raises(HnswError):
        read_vectors(header, bytes(640), 4)


@pytest.mark.parametrize("content", [b"SQLite format 3\0", b"SQLite format 3\0" + b"\xff" * 4096])
def test_damaged_files_say_so(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(LoadError, match="cannot be read as an SQLite file"):
        Sqlite().list(file_with(tmp_path / "bad.db", content))


def test_files_of_a_log_directory_are_found_by_content(
    database: sqlite3.Connection, tmp_path: Path
) -> None:
    fill(database, "CREATE TABLE t(vec BLOB, n INTEGER)", [(row.tobytes(), 1) for row in X])
    write(tmp_path / "thumbs.db", b"something else")
    (entry,) = open_logdir(tmp_path).entries
    assert (entry.name, entry.format) == ("t.vec", "sqlite")


@pytest.mark.parametrize("seed", range(40))
def test_random_damages_give_our_errors_only(tmp_path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    raw = bytearray((FILES / "databases" / "notes.sqlite3").read_bytes())
    for at in random.integers(16, len(raw), 6):
        raw[at] = random.integers(256)
    file = file_with(tmp_path / "bad.db", bytes(raw[: random.integers(600, len(raw) + 1)]))
    with suppress(LoadError):
        for tensor in Sqlite().list(file).tensors:
            Sqlite().load(file, tensor)

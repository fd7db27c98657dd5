"""Reads Chroma's stores: new vectors are in a queue in SQLite, older ones in hnswlib's files.

Source: local_persistent_hnsw.py and embeddings_queue.py of chromadb.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, Loaded, Tensor
from projector.loaders.decoders.pickles.placeholders import Refused, Shell
from projector.loaders.decoders.pickles.reader import read_pickle
from projector.loaders.decoders.pickles.stream import Stream
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.databases.hnsw_file import (
    DATA,
    HEADER,
    IDS,
    HnswError,
    read_vectors,
)
from projector.loaders.formats.databases.sqlite_file import count, tables
from projector.loaders.safe_files import printable, resolve_inside
from projector.model.metadata import Column

KEY = "chroma "
_TABLES = frozenset(
    ("collections", "segments", "embeddings", "embedding_metadata", "embeddings_queue")
)
_DELETE = 3
#: How Chroma names its own keys: `chroma:document`.
_OWN = "chroma:"
_MAX_KEYS = 1000


def is_chroma(connection: sqlite3.Connection) -> bool:
    """Recognize a store by its tables."""
    return tables(connection).keys() >= _TABLES


def list_collections(connection: sqlite3.Connection) -> Iterator[Tensor]:
    """Yield the collections that have vectors."""
    rows = connection.execute("SELECT id, name, dimension FROM collections ORDER BY name")
    for key, name, n_dims in rows.fetchall():
        n_rows = count(
            connection,
            "SELECT count(*) FROM embeddings WHERE segment_id IN "
            "(SELECT id FROM segments WHERE collection = ? AND scope = 'METADATA')",
            key,
        )
        if n_rows and type(n_dims) is int and n_dims > 0:
            shape = (n_rows, n_dims)
            yield Tensor(
                f"{KEY}{key}",
                printable(str(name)),
                shape,
                "float32",
                role="embedding",
                labeled=True,
            )


def load_collection(file: File, connection: sqlite3.Connection, tensor: Tensor) -> Loaded:
    """Read one collection: the vectors of its ids, documents and metadata.

    Raises
    ------
    LoadError
        None of its vectors is found.
    """
    key, n_dims = tensor.key.removeprefix(KEY), tensor.shape[1]
    places = connection.execute(
        "SELECT e.id, e.embedding_id FROM embeddings e JOIN segments s ON s.id = e.segment_id "
        "WHERE s.collection = ? AND s.scope = 'METADATA' ORDER BY e.id",
        (key,),
    ).fetchall()
    warnings: list[str] = []
    vectors = _from_files(file, connection, key, n_dims, warnings)
    _from_queue(connection, key, n_dims, vectors)
    kept = [(number, name) for number, name in places if name in vectors]
    if not kept:
        raise LoadError(
            file.path,
            f"the vectors of the collection {tensor.name!r} are not in the store. Copy the whole "
            f"folder, or export them: collection.get(include=['embeddings', 'documents'])",
        )
    if len(kept) < len(places):
        lost = len(places) - len(kept)
        warnings.append(f"{lost:,} of {len(places):,} entries have no vector and were left out.")
    values = np.stack([vectors[name] for _, name in kept])
    columns = _columns(connection, key, kept)
    return Loaded(values, tuple(columns), tuple(warnings))


def _from_files(
    file: File, connection: sqlite3.Connection, key: str, n_dims: int, warnings: list[str]
) -> dict[str, Any]:
    """Return the vectors that Chroma has moved from the queue to files, by id."""
    row = connection.execute(
        "SELECT id FROM segments WHERE collection = ? AND scope = 'VECTOR'", (key,)
    ).fetchone()
    folder = str(row[0]) if row is not None else ""
    try:
        header, data, about = (_beside(file, f"{folder}/{name}") for name in (HEADER, DATA, IDS))
    except LoadError:
        return {}  # nothing was moved yet
    try:
        labels = _labels(about)
        read = read_vectors(FileBytes(header)[:], FileBytes(data)[:], n_dims)
    except (HnswError, Refused, LoadError) as error:
        reason = error.message if isinstance(error, LoadError) else str(error)
        warnings.append(f"the index in {printable(folder)!r} cannot be read: {reason}.")
        return {}
    rows = {int(label): place for place, label in enumerate(read.labels)}
    return {name: read.values[rows[label]] for name, label in labels.items() if label in rows}


def _beside(file: File, name: str) -> Path:
    return resolve_inside(file.root, file.path.parent, name, by=file.path)


def _labels(about: Path) -> dict[str, int]:
    """Return the number of each id in the index."""
    found = read_pickle(Stream(FileBytes(about)))
    labels = found.get("id_to_label") if isinstance(found, dict) else None
    if isinstance(found, Shell):
        labels = found.attribute("id_to_label")
    if not isinstance(labels, dict):
        raise HnswError("its ids are missing")
    return {str(name): number for name, number in labels.items() if type(number) is int}


def _from_queue(
    connection: sqlite3.Connection, key: str, n_dims: int, vectors: dict[str, Any]
) -> None:
    """Apply what was added, changed and deleted since."""
    rows = connection.execute(
        "SELECT operation, id, vector, encoding FROM embeddings_queue "
        "WHERE topic LIKE ? ORDER BY seq_id",
        (f"%/{key}",),
    )
    for operation, name, raw, encoding in rows:
        if operation == _DELETE:
            vectors.pop(name, None)
        elif isinstance(raw, bytes) and len(raw) == 4 * n_dims:
            kind = "<i4" if encoding == "INT32" else "<f4"
            vectors[name] = np.frombuffer(raw, kind).astype(np.float32)


def _columns(connection: sqlite3.Connection, key: str, kept: list[tuple[int, str]]) -> list[Column]:
    rows = {number: place for place, (number, _) in enumerate(kept)}
    columns: dict[str, list[Any]] = {}
    typed = {row[1] for row in connection.execute("PRAGMA table_info(embedding_metadata)")}
    values = ["string_value", "int_value", "float_value"]
    values += ["bool_value"] if "bool_value" in typed else []
    found = connection.execute(
        f"SELECT m.id, m.key, {', '.join(f'm.{value}' for value in values)} "
        "FROM embedding_metadata m JOIN embeddings e ON e.id = m.id "
        "JOIN segments s ON s.id = e.segment_id WHERE s.collection = ?",
        (key,),
    )
    for number, name, *cells in found:
        place = rows.get(number)
        if place is None or (name not in columns and len(columns) >= _MAX_KEYS):
            continue
        value = next((cell for cell in cells if cell is not None), None)
        if len(cells) == 4 and cells[3] is not None:
            value = str(bool(cells[3]))
        columns.setdefault(str(name), [None] * len(kept))[place] = value
    ordered = sorted(columns, key=lambda name: (not name.startswith(_OWN), name))
    made = [Column.from_values("id", [name for _, name in kept])]
    return made + [
        Column.from_values(printable(name.removeprefix(_OWN)), columns[name]) for name in ordered
    ]

"""Opens SQLite files for reading only: no lock, no journal, no code of the file's schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.file_bytes import FileBytes
from projector.loaders.safe_files import printable, reason_of, resolve_inside, whole_path

MAGIC = b"SQLite format 3\0"
#: The largest value: a text or a vector, or a piece of many vectors.
_MAX_VALUE = 1 << 29
_MAX_TABLES = 1000
_READ_ONLY = (
    "PRAGMA query_only = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA mmap_size = 0",
    "PRAGMA temp_store = MEMORY",
)


@contextmanager
def opened(file: File) -> Iterator[sqlite3.Connection]:
    """Open a file; what goes wrong while it is read becomes a LoadError.

    Raises
    ------
    LoadError
        It is damaged, encrypted, or no SQLite file.
    """
    with ExitStack() as stack:
        try:
            path = stack.enter_context(whole_path(file.real))
            # Immutable: another program may hold the file locked, and nothing is written beside it.
            uri = f"file:{quote(path)}?mode=ro&immutable=1"
            connection = sqlite3.connect(uri, uri=True, isolation_level=None)
            stack.callback(connection.close)
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE)
            connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            connection.text_factory = lambda text: text.decode("utf-8", "replace")
            for line in _READ_ONLY:
                connection.execute(line)
            yield connection
        except (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeError) as error:
            raise LoadError(
                file.path,
                f"cannot be read as an SQLite file ({reason_of(error, 100)}). It is damaged or "
                "encrypted; copy it again.",
            ) from None


def tables(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the tables by name, each with how it was created; views are left out."""
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    found = {str(name): str(sql or "") for name, sql in rows.fetchmany(_MAX_TABLES)}
    return dict(sorted(found.items()))


def is_virtual(sql: str) -> bool:
    """Tell whether a module computes a table, rather than it being stored."""
    return sql.lstrip().upper().startswith("CREATE VIRTUAL")


def quoted(name: str) -> str:
    """Return a name as part of a query."""
    return '"' + name.replace('"', '""') + '"'


def count(connection: sqlite3.Connection, query: str, *values: object) -> int:
    """Return the one whole number that a query has as its answer; 0 if it has none."""
    row = connection.execute(query, values).fetchone()
    return row[0] if row is not None and type(row[0]) is int else 0


def pending(file: File) -> str:
    """Return that a program has not written all changes into the file yet, or nothing."""
    name = f"{file.name}-wal"
    try:
        journal = resolve_inside(file.root, file.path.parent, name, by=file.path)
    except LoadError:
        return ""
    if not len(FileBytes(journal)):
        return ""
    return (
        f"{printable(name)} has changes that are not in the file yet and are not shown. Close the "
        "program that writes it."
    )

"""Reads SQLite files: tables with a column of vectors, Chroma's stores, sqlite-vec."""

from __future__ import annotations

from dataclasses import replace

from projector.loaders.base import File, FileProblem, Found, Loaded, Operations, Tensor
from projector.loaders.formats.databases import chroma, stored_tables, vec_tables
from projector.loaders.formats.databases.sqlite_file import MAGIC, opened, pending


class Sqlite:
    """A database in one file, and the folders of Chroma beside it."""

    name = "sqlite"
    title = "SQLite file and Chroma store"
    gives = "each column of vectors, or collection, with what stands beside it"
    extensions = (".sqlite3", ".sqlite", ".db")
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Recognize it by the magic string."""
        return file.head().startswith(MAGIC)

    def list(self, file: File) -> Found:
        """Look at the first rows of every table."""
        with opened(file) as connection:
            if chroma.is_chroma(connection):
                tensors = list(chroma.list_collections(connection))
            else:
                tensors = [
                    *stored_tables.list_tables(file, connection),
                    *vec_tables.list_vectors(connection),
                ]
        problems = [FileProblem(pending(file), "warning")] if pending(file) else []
        if not tensors:
            message = "is an SQLite file in which no table has a column of vectors."
            problems.append(FileProblem(message, "warning"))
        return Found(tuple(tensors), tuple(problems))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one column of vectors, with what stands beside it."""
        with opened(file) as connection:
            if tensor.key.startswith(chroma.KEY):
                found = chroma.load_collection(file, connection, tensor)
            elif tensor.key.startswith(vec_tables.KEY):
                found = vec_tables.load_vectors(file, connection, tensor)
            else:
                found = stored_tables.load_table(file, connection, tensor)
        waiting = pending(file)
        return replace(found, warnings=(*found.warnings, waiting)) if waiting else found

"""Bounds on tables, checked from their headers before anything is unpacked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projector.errors import LoadError
from projector.loaders.base import File

if TYPE_CHECKING:
    import pyarrow as pa

#: How much larger than the file its content may be; dictionary encoding compresses a lot.
MAX_RATIO = 1000
#: What any file may unpack to, in bytes.
SMALL = 1 << 26
#: A row of more columns is a vector, and belongs in a list column.
MAX_COLUMNS = 100_000


def check_columns(file: File, n_columns: int) -> None:
    """Raise LoadError if a table has more columns than `MAX_COLUMNS`."""
    if n_columns > MAX_COLUMNS:
        raise LoadError(
            file.path,
            f"has {n_columns:,} columns, but at most {MAX_COLUMNS:,} are read. Write each vector "
            "as a list in one column.",
        )


def check_unpacked(file: File, n_bytes: int, *, place: str | None = None) -> None:
    """Raise LoadError if a file claims to unpack to an implausible number of bytes."""
    if n_bytes > max(SMALL, MAX_RATIO * file.size):
        raise LoadError(
            file.path,
            f"claims to unpack from {file.size:,} to {n_bytes:,} bytes, which is not plausible. "
            "Save it again, or convert it to .npy if you trust it.",
            place=place,
        )


def check_dictionaries(file: File, table: pa.Table) -> None:
    """Raise LoadError if texts that are stored once each are implausibly many when written out.

    A text of a megabyte that a million rows refer to takes a few kilobytes in a file, and a
    terabyte as a column of texts.
    """
    import pyarrow as pa

    for field, column in zip(table.schema, table.columns, strict=True):
        if pa.types.is_dictionary(field.type):
            n_bytes = sum(_written_out(chunk) for chunk in column.chunks)
            check_unpacked(file, n_bytes, place=f"column {field.name!r}")


def _written_out(chunk: pa.DictionaryArray) -> int:
    """Return the bytes of a dictionary's texts when each row has its own; 0 if it has none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = chunk.dictionary.type
    if not (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
    ):
        return 0
    lengths = pc.binary_length(chunk.dictionary).cast(pa.int64()).take(chunk.indices)
    return int(pc.sum(lengths).as_py() or 0)

"""Opens Parquet files within the bounds of tables."""

from __future__ import annotations

from typing import Any

from projector.loaders.base import File
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.tables.table_bounds import check_columns, check_unpacked

_PIECE = 1 << 16


def open_parquet(file: File) -> Any:
    """Return a pyarrow ParquetFile; texts stay stored once each (see `check_dictionaries`).

    Raises
    ------
    LoadError
        It has too many columns, or claims to unpack to an implausible size.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    source = pa.PythonFile(FileBytes(file.real).stream(), "r")
    about = pq.read_metadata(source)
    check_columns(file, about.num_columns)
    check_unpacked(
        file, sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))
    )
    # Texts stay stored once each until it is known how much they are.
    texts = [
        field.name
        for field in about.schema.to_arrow_schema()
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
    ]
    return pq.ParquetFile(
        source,
        metadata=about,
        read_dictionary=texts,
        # Without both, the first rows of a column cost reading all of it.
        buffer_size=_PIECE,
        pre_buffer=False,
    )

"""The file of positions of one part: a Parquet table with index, x, y and z, written whole.

It is on the way to every projection, so that pyarrow is imported where it is needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.machine.atomic_write import atomic_write
from projector.machine.shortages import saving
from projector.typing import AnyArray, Positions

_KEY, _UNPLACED = b"projector", b"projector.n_unplaced"
_NAME = "part-{:06d}.parquet"


@dataclass(frozen=True)
class PartAbout:
    """What a file of positions says of itself: equal for files with equal content.

    Attributes
    ----------
    projection : str
        The key of the projection that it is a part of.
    number : int
    first_row, n_rows : int
    fingerprint : str
        Of the part of the data.
    """

    projection: str
    number: int
    first_row: int
    n_rows: int
    fingerprint: str


def part_path(folder: Path, number: int) -> Path:
    """Return where the positions of a part are written."""
    return folder / _NAME.format(number)


def write_part(
    path: Path, about: PartAbout, pieces: Iterator[tuple[int, Positions]], n_components: int
) -> None:
    """Write positions as they come; the file is there when all of them are, or not at all.

    Parameters
    ----------
    path : Path
    about : PartAbout
    pieces : iterator of (int, ndarray of shape (n, n_components))
        The index of the first point, and positions.
    n_components : int

    Raises
    ------
    SaveError
        It cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields = [("index", pa.int64()), *((axis, pa.float32()) for axis in "xyz"[:n_components])]
    schema = pa.schema(fields, metadata={_KEY: json.dumps(asdict(about)).encode()})
    n_without = 0
    with (
        saving(path),
        atomic_write(path, sweep=False) as file,
        pq.ParquetWriter(file, schema) as writer,
    ):
        for first, positions in pieces:
            n_without += int(np.isnan(positions[:, 0]).sum())
            index = np.arange(first, first + len(positions), dtype=np.int64)
            columns = [pa.array(np.ascontiguousarray(each)) for each in positions.T]
            writer.write_table(pa.table([pa.array(index), *columns], schema=schema))
        writer.add_key_value_metadata({_UNPLACED: str(n_without)})


def is_written(path: Path, about: PartAbout) -> bool:
    """Return whether a file has just these positions; False where it is damaged or missing."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            said = json.loads((file.schema_arrow.metadata or {}).get(_KEY, b"null"))
            return bool(said == asdict(about) and file.metadata.num_rows == about.n_rows)
    except (OSError, pa.ArrowException, ValueError):
        return False


def n_unplaced(path: Path) -> int:
    """Return how many points of a file that `is_written` have no position, by its footer."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        return int((file.metadata.metadata or {}).get(_UNPLACED, 0))


def read_positions(path: Path) -> tuple[AnyArray, Positions]:
    """Return the indices, int64, and the positions in a file of positions.

    Raises
    ------
    LoadError
        It is none, or damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            table: Any = file.read()
        columns = [table.column(name).to_numpy() for name in table.column_names]
    except (OSError, pa.ArrowException) as error:
        raise LoadError(path, f"cannot be read as positions of a part: {error}") from None
    if len(columns) < 3 or table.column_names[0] != "index":
        raise LoadError(path, f"has the columns {table.column_names}. Expected index, x and y.")
    return columns[0], np.stack(columns[1:], axis=1)

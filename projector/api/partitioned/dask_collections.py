"""Partitions of Dask arrays and dataframes as parts, without importing Dask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.api.partitioned.sources import Sources
from projector.errors import ParameterError, ShapeError
from projector.typing import AnyArray


@dataclass(frozen=True)
class DelayedPart:
    """One partition, computed where and when its rows are needed, each time.

    Attributes
    ----------
    value : dask.delayed.Delayed
        An array, or a dataframe whose columns are numbers.
    first_row, n_rows, n_dims : int
    """

    value: Any
    first_row: int
    n_rows: int
    n_dims: int

    @property
    def name(self) -> str:
        """The key of the partition."""
        return str(self.value.key)

    @property
    def fingerprint(self) -> str:
        """The key, which Dask makes from the content of its graph."""
        return self.name

    def chunks(self, most_rows: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Compute the partition; see `PartSource.chunks`."""
        rows = self._computed()
        if rows.shape != (self.n_rows, self.n_dims):
            raise ShapeError(
                f"Partition {self.name} has the shape {rows.shape}. Expected "
                f"{(self.n_rows, self.n_dims)}, as before."
            )
        for start in range(0, len(rows), most_rows):
            some = rows[start : start + most_rows]
            yield self.first_row + start, np.ascontiguousarray(some, np.float32)

    def shape(self) -> tuple[int, int]:
        """Compute the partition, and return its numbers of rows and columns."""
        n_rows, n_dims = self._computed().shape
        return int(n_rows), int(n_dims)

    def _computed(self) -> AnyArray:
        # Inside of a task there is one thread, and no other task may be waited for.
        value = self.value.compute(scheduler="synchronous")
        rows = np.asarray(value)
        if rows.ndim != 2 or rows.dtype.kind not in "fiub":
            raise ShapeError(
                f"Partition {self.name} is of dtype {rows.dtype} and shape {rows.shape}. Expected "
                "rows of numbers: select the columns that are the vectors."
            )
        return rows


def sources_of_collection(data: Any) -> Sources:
    """Return the partitions of a Dask array or dataframe.

    Parameters
    ----------
    data : dask.array.Array of shape (n_points, n_dims), or dask.dataframe.DataFrame
        Of numbers. Each partition must fit in the memory of a task.

    Raises
    ------
    ParameterError
        It is kept on a cluster (`persist`), or has another shape.

    Notes
    -----
    Partitions whose lengths Dask does not know are computed once to count their rows.
    """
    shape: tuple[Any, ...] = getattr(data, "shape", ())
    if len(shape) != 2:
        raise ParameterError(f"A Dask collection must have rows and columns. Got shape {shape}.")
    if hasattr(data, "rechunk") and data.numblocks[1] > 1:
        data = data.rechunk({1: -1})
    graph = data.__dask_graph__()
    if any(type(each).__name__ == "Future" for each in dict(graph).values()):
        raise ParameterError(
            "This Dask collection is kept on a cluster by persist(). Give it before it is "
            "persisted, or write it as Parquet and use projector.open_parts."
        )
    values = np.asarray(data.to_delayed(), dtype=object).ravel()
    known = _known_lengths(data, len(values))
    parts, at, n_dims = [], 0, int(shape[1])
    for value, length in zip(values, known, strict=True):
        part = DelayedPart(value, at, -1 if length is None else length, n_dims)
        if length is None:
            n_rows, found = part.shape()
            if found != n_dims:
                raise ShapeError(f"{part.name} has {found:,} columns. Expected {n_dims:,}.")
            part = replace(part, n_rows=n_rows)
        parts.append(part)
        at += part.n_rows
    return Sources.of(parts, n_dims)


def _known_lengths(data: Any, count: int) -> list[int | None]:
    lengths = data.chunks[0] if hasattr(data, "chunks") else ()
    if len(lengths) != count or any(np.isnan(each) for each in lengths):
        return [None] * count
    return [int(each) for each in lengths]

"""What callers give as data in parts."""

from __future__ import annotations

from typing import Any

from projector.api.partitioned.dask_collections import sources_of_collection
from projector.api.partitioned.sources import FilePart, Sources
from projector.errors import ParameterError
from projector.model.arguments import shown
from projector.model.partitioned import PartitionedDataset


def is_partitioned(data: Any) -> bool:
    """Return whether data comes in parts: of a folder, of a Dask collection, or made elsewhere."""
    return isinstance(data, PartitionedDataset | Sources) or hasattr(data, "to_delayed")


def sources_of(data: Any, *, in_process: bool) -> Sources:
    """Return the parts of a dataset.

    Parameters
    ----------
    data : PartitionedDataset, dask.array.Array, dask.dataframe.DataFrame, or Sources
    in_process : bool
        Whether a damaged file may end the process that reads it.

    Raises
    ------
    ParameterError
        It is something else.
    """
    if isinstance(data, Sources):
        return data
    if isinstance(data, PartitionedDataset):
        parts = tuple(FilePart(part, in_process) for part in data.parts)
        content = data.content_hash
        return Sources(parts, data.n_points, data.n_dims, content, tuple(data.warnings))
    if hasattr(data, "to_delayed"):
        return sources_of_collection(data)
    raise ParameterError(
        "The data must be what projector.open_parts returns, or a Dask array or dataframe. Got "
        f"{shown(data)}."
    )

"""Looks up a column or a point of a dataset by its number."""

from __future__ import annotations

from projector.errors import ParameterError, UnknownNameError
from projector.model.dataset import Dataset
from projector.model.metadata import Column


def column_at(data: Dataset, index: int) -> Column:
    """Return a column by its number, from 0; or raise UnknownNameError."""
    if not 0 <= index < len(data.metadata.columns):
        raise UnknownNameError("column", str(index), data.metadata.names)
    return data.metadata.columns[index]


def check_point(data: Dataset, index: int) -> int:
    """Return `index` if it is a row of `data`, or raise ParameterError."""
    if not 0 <= index < data.n_points:
        raise ParameterError(
            f"A point is a row number from 0 to {data.n_points - 1:,}. Got {index:,}."
        )
    return index

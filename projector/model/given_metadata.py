"""Turns what a caller gives as metadata into a table of columns, or says why it cannot be one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

import numpy as np

from projector.errors import ShapeError
from projector.model.arguments import shown
from projector.model.frames import is_frame, mapping_of, plain_values
from projector.model.metadata import Metadata


def as_metadata(given: Any, n_points: int) -> Metadata:
    """Return the columns of a mapping, a data frame, an Arrow table or an array of records.

    No more than `n_points` + 1 values are taken from an iterator, which may be endless.

    Raises
    ------
    ShapeError
        It has no column names, or a column is not one value per point.
    """
    if is_frame(given):
        return Metadata.from_mapping(mapping_of(given))
    if isinstance(given, np.ndarray) and given.dtype.names is not None:
        given = {name: given[name] for name in given.dtype.names}
    if not isinstance(given, Mapping):
        raise ShapeError(
            "Metadata must be columns by name, such as {'label': ['a', 'b']}, or a data frame. "
            f"Got a {type(given).__name__}."
        )
    return Metadata.from_mapping(
        {name: _values(str(name), given[name], n_points) for name in given}
    )


def _values(name: str, given: Any, n_points: int) -> Iterable[Any]:
    """Return one value per point; a column of another library as a list or a numpy array."""
    if isinstance(given, np.ma.MaskedArray):
        return [None if value is np.ma.masked else value for value in given]
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise _error(name, given)
    shape = getattr(given, "shape", None)
    if isinstance(shape, tuple) and len(shape) != 1:
        raise _error(name, given)
    if hasattr(given, "__next__"):
        return list(islice(given, n_points + 1))
    if hasattr(given, "iloc") or hasattr(given, "to_pylist"):
        return plain_values(given)
    return given


def _error(name: str, given: Any) -> ShapeError:
    shape = getattr(given, "shape", None)
    what = f"the shape {tuple(shape)}" if isinstance(shape, tuple) else shown(given)
    return ShapeError(
        f"The metadata column {name!r} must be a sequence with one value per point. Got {what}."
    )

"""Reads tables of other libraries: data frames of pandas and polars, Arrow tables and arrays.

Each is known by its protocol, so that nothing is imported that the caller does not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from projector.errors import ShapeError
from projector.typing import AnyArray

if TYPE_CHECKING:
    import pyarrow as pa

#: Columns that a message names.
_SHOWN = 5


def is_frame(given: object) -> bool:
    """Tell whether an object is a table with named columns."""
    return _is_like_pandas(given) or _is_arrow_table(given)


def is_arrow_array(given: object) -> bool:
    """Tell whether an object is an Arrow array, such as a column of vectors."""
    if isinstance(given, np.ndarray) or is_frame(given) or _is_like_pandas_series(given):
        return False
    return hasattr(given, "__arrow_c_array__") or hasattr(given, "__arrow_c_stream__")


def columns_of(frame: Any) -> Iterator[tuple[str, Any]]:
    """Yield the name and the values of every column of a table.

    The values of an Arrow table are those that `numbers_of` takes.
    """
    if _is_like_pandas(frame):
        for at, name in enumerate(frame.columns):
            yield str(name), frame.iloc[:, at]
        return
    table = _arrow_table(frame)
    for at, name in enumerate(table.column_names):
        yield str(name), table.column(at)


def plain_values(column: Any) -> Iterable[Any]:
    """Return the values of a column of a table as Python or numpy values; None is missing."""
    if hasattr(column, "to_pylist"):
        found: list[Any] = column.to_pylist()
        return found
    values = np.asarray(column)
    if values.dtype.kind != "O":
        return values
    return [None if _is_missing(value) else value for value in values.tolist()]


def vectors_of_frame(frame: Any) -> AnyArray:
    """Return the columns of a table as vectors, or its one column of vectors.

    Missing numbers are NaN.

    Raises
    ------
    ShapeError
        A column is not numeric, or there is none.
    """
    columns = list(columns_of(frame))
    if len(columns) == 1:
        stacked = _stacked(columns[0][1])
        if stacked is not None:
            return stacked
    numbers = [(name, numbers_of(values)) for name, values in columns]
    bad = [name for name, found in numbers if found is None]
    if bad:
        more = f" and {len(bad) - _SHOWN:,} more" if len(bad) > _SHOWN else ""
        names = ", ".join(repr(name) for name in bad[:_SHOWN])
        noun, verb, them = ("Column", "does", "it") if len(bad) == 1 else ("Columns", "do", "them")
        raise ShapeError(
            f"{noun} {names}{more} of the table {verb} not hold numbers. Drop {them} from the "
            f"vectors, or give {them} as metadata."
        )
    found = [each for _, each in numbers if each is not None]
    if not found:
        raise ShapeError("The table has no columns. Expected one column for each dimension.")
    return np.column_stack(found)


def sparse_of_frame(frame: Any) -> Any | None:
    """Return a data frame of pandas whose columns are all sparse as scipy's matrix, else None.

    Columns whose usual value is not 0 are not sparse in that sense.
    """
    if not _is_like_pandas(frame) or not hasattr(frame, "sparse"):
        return None
    kinds = list(frame.dtypes)
    if not kinds or any(getattr(kind, "fill_value", None) != 0 for kind in kinds):
        return None
    return frame.sparse.to_coo()


def vectors_of_arrow(given: Any) -> AnyArray:
    """Return an Arrow array of numbers or of equally long lists as an array.

    Raises
    ------
    ShapeError
        It holds something else.
    """
    import pyarrow as pa

    if hasattr(given, "__arrow_c_stream__"):
        array = pa.chunked_array(given)
    else:
        array = pa.chunked_array([pa.array(given)])
    found = _stacked(array)
    found = numbers_of(array) if found is None else found
    if found is None:
        raise ShapeError(
            f"The Arrow array holds {array.type}. Expected numbers, or lists of numbers that are "
            "all of one length."
        )
    return found


def numbers_of(column: Any) -> AnyArray | None:
    """Return the values of a column as numbers, NaN where one is missing; None if there are none.

    Whole numbers and truth values without a missing one keep their type.
    """
    if hasattr(column, "to_pylist"):
        return _arrow_numbers(column)
    values = np.asarray(column)
    if values.dtype.kind in "iufb":
        return values
    if values.dtype.kind != "O":
        return None
    cells = values.tolist()
    found = np.empty(len(cells))
    for at, cell in enumerate(cells):
        if _is_missing(cell):
            found[at] = np.nan
        elif hasattr(type(cell), "__float__") and not isinstance(cell, np.complexfloating):
            found[at] = float(cell)
        else:
            return None
    return found


def mapping_of(frame: Any) -> Mapping[str, Iterable[Any]]:
    """Return the columns of a table by name, the first of those with the same name."""
    found: dict[str, Iterable[Any]] = {}
    for name, column in columns_of(frame):
        found.setdefault(name, plain_values(column))
    return found


def _is_missing(cell: object) -> bool:
    # pandas.NA is neither equal to itself nor different from itself.
    return cell is None or type(cell).__name__ in ("NAType", "NaTType")


def _is_like_pandas(given: object) -> bool:
    return all(hasattr(given, name) for name in ("iloc", "columns", "dtypes"))


def _is_like_pandas_series(given: object) -> bool:
    return hasattr(given, "iloc") and not hasattr(given, "columns")


def _is_arrow_table(given: object) -> bool:
    if not hasattr(given, "__arrow_c_stream__"):
        return hasattr(given, "__dataframe__")
    return any(hasattr(given, name) for name in ("column_names", "columns", "schema"))


def _arrow_table(frame: Any) -> pa.Table:
    import pyarrow as pa

    if hasattr(frame, "__arrow_c_stream__"):
        return pa.table(frame)
    from pyarrow.interchange import from_dataframe

    return from_dataframe(frame)


def _arrow_numbers(column: Any) -> AnyArray | None:
    import pyarrow as pa

    kind = column.type
    if pa.types.is_null(kind):
        return np.full(len(column), np.nan)
    if pa.types.is_decimal(kind):
        column, kind = column.cast(pa.float64()), pa.float64()
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)):
        return None
    if column.null_count:
        if pa.types.is_boolean(kind):
            column = column.cast(pa.int8())
        column = column.cast(pa.float64())
    return np.asarray(column.to_numpy())


def _stacked(column: Any) -> AnyArray | None:
    """Return a column of equally long vectors as one array, or None if it is something else."""
    if not hasattr(column, "to_pylist"):
        values = np.asarray(column)
        return _stacked_objects(values) if values.dtype.kind == "O" else None
    import pyarrow as pa

    kind = column.type
    is_list = (
        pa.types.is_fixed_size_list(kind) or pa.types.is_list(kind) or pa.types.is_large_list(kind)
    )
    if not is_list or column.null_count or len(column) == 0:
        return None
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    whole = pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
    n_points, flat = len(whole), whole.flatten()
    numbers = _arrow_numbers(flat)
    if numbers is None:
        return None
    if not pa.types.is_fixed_size_list(kind):
        lengths = np.diff(np.asarray(whole.offsets))
        odd = np.flatnonzero(lengths != lengths[0])
        if len(odd):
            raise ShapeError(
                f"Row {odd[0]:,} has {lengths[odd[0]]:,} numbers, but row 0 has {lengths[0]:,}. "
                "All vectors must be of one length."
            )
    return numbers.reshape(n_points, -1)


def _stacked_objects(values: AnyArray) -> AnyArray | None:
    cells = values.tolist()
    if not cells or not all(isinstance(cell, list | tuple | np.ndarray) for cell in cells):
        return None
    rows = [np.asarray(cell) for cell in cells]
    if any(row.ndim != 1 or row.dtype.kind not in "iufb" for row in rows):
        return None
    odd = next((at for at, row in enumerate(rows) if len(row) != len(rows[0])), None)
    if odd is not None:
        raise ShapeError(
            f"Row {odd:,} has {len(rows[odd]):,} numbers, but row 0 has {len(rows[0]):,}. All "
            "vectors must be of one length."
        )
    return np.stack(rows)

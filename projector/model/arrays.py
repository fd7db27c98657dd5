"""Turns whatever a caller gives as numbers into an array, or says why it cannot be one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from projector.errors import ShapeError
from projector.model.arguments import shown
from projector.model.frames import (
    is_arrow_array,
    is_frame,
    numbers_of,
    sparse_of_frame,
    vectors_of_arrow,
    vectors_of_frame,
)
from projector.model.given_sparse import dense_of_sparse, vectors_of_sparse
from projector.model.sparse_rows import is_sparse, sparse_of
from projector.typing import AnyArray


def as_numbers(given: Any, *, what: str = "An embedding") -> tuple[AnyArray, tuple[str, ...]]:
    """Return what a caller gives as an array of real numbers.

    Parameters
    ----------
    given : array-like
        An array or memory map, of any library that shares arrays by protocol (`__array__`,
        `__dlpack__`); a masked array, a data frame, an Arrow table or array; lists of numbers; an
        array of arrays of one length.
    what : str
        What it is, for messages: ``"An embedding"``.

    Returns
    -------
    array : ndarray
        Of a real dtype, which is not changed: narrowing it is another step. A memory map stays
        one.
    notes : tuple of str
        What the caller should know: masked or missing values that became NaN.

    Raises
    ------
    ShapeError
        It is not numbers; where, and what to do.
    """
    if isinstance(given, np.ma.MaskedArray):
        return _unmasked(given, what)
    if type(given) in (np.ndarray, np.memmap):
        return _checked(given, what)
    if is_sparse(given):
        return dense_of_sparse(given, what), ()
    _refuse_what_is_no_array(given, what)
    if is_frame(given):
        vectors = vectors_of_frame(given)
        return vectors, _missing_notes(vectors)
    if is_arrow_array(given):
        return vectors_of_arrow(given), ()
    return _checked(_converted(given, what), what)


def as_vectors(given: Any) -> tuple[AnyArray, tuple[str, ...]]:
    """Return vectors, (n_points, n_dims), as `as_numbers` does.

    A large sparse matrix, or a data frame of sparse columns, becomes `SparseRows`.

    Raises
    ------
    ShapeError
        Not numbers in two dimensions, or empty.
    """
    if sparse_of(given) is not None:
        return given, ()
    matrix = sparse_of_frame(given) if is_frame(given) else given
    vectors, notes = vectors_of_sparse(matrix) if is_sparse(matrix) else as_numbers(given)
    if vectors.ndim != 2:
        raise ShapeError(
            f"An embedding must have the shape (n_points, n_dims). Got {vectors.shape}."
            f"{_way_to_two_dimensions(vectors.shape)}"
        )
    if 0 in vectors.shape:
        raise ShapeError(f"An embedding must not be empty. Got the shape {vectors.shape}.")
    return vectors, notes


def as_positions(given: Any, *, what: str) -> AnyArray:
    """Return positions, (n_points, n_components) float32, as `as_numbers` does.

    Points without a position are NaN.

    Raises
    ------
    ShapeError
        Not numbers in two dimensions.
    """
    positions, _ = as_numbers(given, what=what)
    if positions.ndim != 2 or 0 in positions.shape:
        raise ShapeError(f"{what} must have the shape (n_points, 2 or 3). Got {positions.shape}.")
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(positions, np.float32)


def _way_to_two_dimensions(shape: tuple[int, ...]) -> str:
    if len(shape) == 1 and shape[0]:
        return " Use .reshape(-1, 1) for points of one dimension, or [vector] for one point."
    if len(shape) > 2:
        return " Use .reshape(len(array), -1) to make one vector of each item."
    return ""


def _refuse_what_is_no_array(given: Any, what: str) -> None:
    if given is None:
        raise ShapeError(f"{what} must be an array of numbers. Got None.")
    if isinstance(given, str | bytes) or hasattr(given, "__fspath__"):
        raise ShapeError(
            f"{what} must be an array of numbers. Got {shown(given)}. Use projector.load for a "
            "file."
        )
    if isinstance(given, Mapping | set | frozenset):
        raise ShapeError(
            f"{what} must be an array of numbers. Got a {type(given).__name__}. Use a data frame, "
            "or np.column_stack(list(given.values())) for columns by name."
        )


def _unmasked(given: Any, what: str) -> tuple[AnyArray, tuple[str, ...]]:
    plain, notes = _checked(np.asarray(given.data), what)
    mask = np.broadcast_to(np.ma.getmaskarray(given), plain.shape)
    n_masked = int(mask.sum())
    if not n_masked:
        return plain, notes
    filled = plain.astype(plain.dtype if plain.dtype.kind == "f" else np.float64)
    filled[mask] = np.nan
    verb = "value is" if n_masked == 1 else "values are"
    return filled, (*notes, f"{n_masked:,} masked {verb} missing and became NaN.")


def _missing_notes(numbers: AnyArray) -> tuple[str, ...]:
    n_missing = int(np.isnan(numbers).sum()) if numbers.dtype.kind == "f" else 0
    if not n_missing:
        return ()
    return (f"{n_missing:,} {'value is' if n_missing == 1 else 'values are'} missing (NaN).",)


def _converted(given: Any, what: str) -> AnyArray:
    """Return the array behind an object, whatever its library raises where there is none."""
    try:
        if isinstance(given, Sequence) and not isinstance(given, range):
            return _from_sequence(given, what)
        if hasattr(given, "__dlpack__") and not hasattr(given, "__array__"):
            return np.from_dlpack(given)
        return np.asarray(given)
    except (ShapeError, MemoryError):
        raise
    except Exception as error:
        raise ShapeError(_refused(given, error, what)) from error


def _refused(given: Any, error: Exception, what: str) -> str:
    lines = str(error).strip().splitlines()
    reason = (lines[0] if lines else type(error).__name__)[:200].rstrip(".")
    name = type(given).__name__
    hint = "Convert it to a numpy array first."
    if hasattr(given, "requires_grad") or "requires grad" in reason or "detach" in reason:
        hint = "Use tensor.detach().cpu().float().numpy()."
    elif hasattr(given, "get") and hasattr(given, "device"):
        hint = "Use .get() to copy it from the device."
    return f"{what} cannot be read from a {name}: {reason}. {hint}"


def _from_sequence(given: Sequence[Any], what: str) -> AnyArray:
    """Return the array of a list; of rows of unequal lengths, say which."""
    try:
        found = np.asarray(given)
    except (ValueError, TypeError, RuntimeError):
        found = np.zeros(0, object)  # rows of unequal lengths, or of arrays that refuse
    if found.dtype.kind in "iufbcmM":
        return found
    if found.dtype.kind in "US":
        # Numbers beside a text became texts, too.
        return _from_objects(np.array(given, object), what)
    rows = [_converted(row, what) if _is_row(row) else row for row in given]
    lengths = {np.shape(row) for row in rows}
    if len(lengths) > 1:
        first = np.shape(rows[0])
        odd = next(at for at, row in enumerate(rows) if np.shape(row) != first)
        raise ShapeError(
            f"All vectors must be of one length. Row {odd:,} has {_length(rows[odd])}, but row 0 "
            f"has {_length(rows[0])}."
        )
    return np.asarray(rows)


def _is_row(row: object) -> bool:
    is_list = isinstance(row, Sequence | np.ndarray) and not isinstance(row, str | bytes)
    return is_list or hasattr(row, "__array__") or hasattr(row, "__dlpack__")


def _length(row: Any) -> str:
    shape = np.shape(row)
    if len(shape) == 0:
        return "a single value"
    return f"{shape[0]:,} numbers" if len(shape) == 1 else f"the shape {shape}"


def _checked(array: AnyArray, what: str) -> tuple[AnyArray, tuple[str, ...]]:
    kind = array.dtype.kind
    if kind in "iufb":
        return array, ()
    if kind == "c":
        raise ShapeError("Complex vectors are not supported. Use the real or imaginary part.")
    if kind == "O":
        found = _from_objects(array, what)
        return found, _missing_notes(found)
    if kind in "mM":
        raise ShapeError(
            f"{what} must be numbers. Got times ({array.dtype}). Use .astype('int64') or a "
            "difference in seconds."
        )
    if kind == "V" and array.dtype.names is None:
        return _from_small_floats(array, what), ()
    if array.dtype.names is not None:
        names = ", ".join(repr(name) for name in array.dtype.names[:5])
        raise ShapeError(
            f"{what} must be numbers. Got records with the fields {names}. Use "
            "numpy.lib.recfunctions.structured_to_unstructured."
        )
    first = f": {_place(array, 0)} is {shown(str(array.flat[0]))}" if array.size else ""
    raise ShapeError(
        f"Vectors must be numbers. Got dtype {array.dtype}{first}. Convert text with "
        ".astype(float), or give it as metadata."
    )


def _from_small_floats(array: AnyArray, what: str) -> AnyArray:
    """Return bfloat16 and float8, which numpy knows by their packages only, as float32."""
    try:
        return array.astype(np.float32)
    except (TypeError, ValueError):
        raise ShapeError(f"Vectors must be numbers. Got dtype {array.dtype}.") from None


def _from_objects(array: AnyArray, what: str) -> AnyArray:
    """Return an array of objects as numbers: of arrays of one length, or of single numbers."""
    if array.ndim == 0:
        cell: Any = array.item()
        name = type(cell).__name__
        hint = " Use list(…) first." if hasattr(cell, "__next__") else ""
        raise ShapeError(f"{what} must be an array of numbers. Got a {name}.{hint}")
    if array.ndim == 1 and len(array) and _is_row(array[0]):
        stacked = _from_sequence(list(array), what)
        return _checked(stacked, what)[0]
    found = numbers_of(array.ravel())
    if found is not None:
        return found.reshape(array.shape)
    cells = array.ravel().tolist()
    at = next(at for at, each in enumerate(cells) if numbers_of(_single(each)) is None)
    raise ShapeError(
        f"Vectors must be numbers. Got dtype object: {_place(array, at)} is a "
        f"{type(cells[at]).__name__}, {shown(str(cells[at]))}. Drop that column, or give it as "
        "metadata."
    )


def _single(cell: Any) -> AnyArray:
    found = np.empty(1, object)
    found[0] = cell
    return found


def _place(array: AnyArray, at: int) -> str:
    if array.ndim != 2:
        return f"item {at:,}"
    row, column = divmod(at, array.shape[1])
    return f"row {row:,}, column {column:,}"

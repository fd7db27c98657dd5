"""What the values of a pickle are for a table: vectors, matrices, and sequences of plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from projector.loaders.decoders.dtypes import dtype_of, to_float32
from projector.loaders.decoders.pickles.arrays import Array
from projector.loaders.formats.pickles.torch_storage import HeldStorage
from projector.loaders.formats.torch.values import View
from projector.typing import AnyArray

#: Kinds of numpy's types that are coordinates; bfloat16 and float8 have the kind V.
_NUMBERS = "fiuV"
_SCALARS = frozenset((str, int, float, bool, type(None)))

#: The values of a column, one a row.
Cells: TypeAlias = "Sequence[Any] | AnyArray"


@dataclass(frozen=True)
class Matrix:
    """Vectors of equal length.

    Attributes
    ----------
    shape : tuple of int
        (n_rows, n_dims).
    dtype : str
    take : callable
        Returns the numbers.
    rows : list of int or None
        Which rows of the sequence have a vector, where not all have.
    total : int
        The rows of the sequence.
    """

    shape: tuple[int, int]
    dtype: str
    take: Callable[[], AnyArray]
    rows: list[int] | None = None
    total: int = 0

    @property
    def is_fractional(self) -> bool:
        """Whether its numbers are more than whole numbers by their type."""
        return dtype_of(self.dtype).kind in "fV"


def array_of(value: Any) -> Array | View | None:
    """Return an array or tensor of numbers whose bytes are there, or None."""
    if isinstance(value, Array) and value.dtype and dtype_of(value.dtype).kind in _NUMBERS:
        return value
    held = isinstance(value, View) and isinstance(value.storage, HeldStorage)
    return value if held and not value.dtype.startswith("complex") else None


def numbers_in(value: Array | View) -> AnyArray:
    """Return the numbers of an array or tensor."""
    if isinstance(value, Array):
        return to_float32(value.take())
    storage = value.storage
    assert isinstance(storage, HeldStorage)
    return to_float32(value.take(storage.raw, storage.big_endian))


def elements_of(value: Any) -> Sequence[Any] | None:
    """Return the elements of a list, a tuple or an array of objects of one dimension."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, Array) and value.objects is not None and len(value.shape) == 1:
        return value.objects
    return None


def vector_length(value: Any) -> int:
    """Return the length of a vector: an array, tensor or list of numbers; 0 if it is none."""
    array = array_of(value)
    if array is not None:
        long = [size for size in array.shape if size != 1]
        return max(array.shape, default=0) if len(long) <= 1 and array.shape else 0
    if (
        isinstance(value, (list, tuple))
        and len(value) > 1
        and set(map(type, value)) <= {int, float}
    ):
        return len(value)
    return 0


def _vector(value: Any) -> AnyArray:
    array = array_of(value)
    return np.asarray(value, np.float64) if array is None else numbers_in(array).reshape(-1)


def vector_kind(value: Any) -> str:
    """Return the type of a vector's numbers."""
    array = array_of(value)
    if array is not None:
        return dtype_of(array.dtype).name
    return "float64" if float in set(map(type, value)) else "int64"


def matrix_of(value: Any) -> Matrix | None:
    """Return what can be read as a matrix: an array, or a sequence of vectors.

    A sequence may have elements without a vector, if they are fewer than the others.
    """
    array = array_of(value)
    if array is not None:
        if len(array.shape) != 2 or 0 in array.shape:
            return None
        rows, width = array.shape
        return Matrix((rows, width), dtype_of(array.dtype).name, lambda: numbers_in(array))
    elements = elements_of(value)
    return None if elements is None else stacked(elements)


def stacked(elements: Sequence[Any]) -> Matrix | None:
    """Return the vectors of a sequence as a matrix; None if most elements are no such vectors."""
    if len(elements) < 2 or isinstance(elements[0], str):
        return None
    lengths = list(map(vector_length, elements))
    (width, count), *_ = Counter(lengths).most_common(1)
    if not width or count < 2 or 2 * count <= len(elements):
        return None
    rows = [index for index, length in enumerate(lengths) if length == width]
    kinds = {vector_kind(elements[index]) for index in rows}
    kind = kinds.pop() if len(kinds) == 1 else "float64"

    def take() -> AnyArray:
        return np.stack([_vector(elements[index]) for index in rows])

    some = None if count == len(elements) else rows
    return Matrix((count, width), kind, take, some, len(elements))


def column_of(value: Any) -> Cells | None:
    """Return a sequence of plain values, one a row; None if it is something else.

    An array that was taken out of a table already is its column.
    """
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, Array) and value.dtype:
        kind = dtype_of(value.dtype).kind
        if len(value.shape) != 1:
            flat = len(value.shape) == 2 and value.shape[1] == 1
            return value.take().reshape(-1) if flat and kind in "biufSU" else None
        taken = value.take()
        return taken.astype(str) if kind == "U" else _decoded(taken) if kind == "S" else taken
    array = array_of(value)
    if array is not None:
        return numbers_in(array) if len(array.shape) == 1 else None
    elements = elements_of(value)
    if not elements:
        return None
    kinds = set(map(type, elements))
    if kinds <= _SCALARS:
        return elements
    if kinds <= _SCALARS | {bytes}:
        return [e.decode("utf-8", "replace") if type(e) is bytes else e for e in elements]
    return None


def _decoded(texts: AnyArray) -> list[str]:
    return [text.decode("utf-8", "replace") for text in texts.tolist()]

"""Finds the tables of vectors in a pickle's value, as people arrange them.

A matrix; one vector a key; a list of vectors, of pairs, of records; vectors and their labels side
by side in a dict or a tuple; a pandas table. Whatever else is inside is looked through.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from projector.loaders.decoders.dtypes import dtype_of
from projector.loaders.decoders.pickles.arrays import Array
from projector.loaders.decoders.pickles.placeholders import Refused, Shell
from projector.loaders.decoders.pickles.standard_names import PLAIN_VALUES
from projector.loaders.formats.pickles.data_frames import (
    columns_of_frame,
    columns_of_series,
    is_frame,
    is_series,
)
from projector.loaders.formats.pickles.values import (
    Cells,
    Matrix,
    array_of,
    column_of,
    elements_of,
    matrix_of,
    numbers_in,
    stacked,
    vector_length,
)
from projector.loaders.formats.torch.values import View
from projector.typing import AnyArray

_MAX_DEPTH = 100
#: Tuples with more places than this are no record.
_FEW = 8
#: What may have vectors inside.
_OPEN = (dict, list, tuple, Array, View, Shell)
#: How many vectors a dict must have to be one vector a key, where they are only lists of numbers:
#: a training's history has a few lists of equal length, too.
_FEWEST_LISTS, _FEWEST_ARRAYS = 8, 3
_CURVES = re.compile(r"loss|acc|rate|lr$|epoch|step|time|metric|score|error|history", re.IGNORECASE)


@dataclass(frozen=True)
class VectorTable:
    """One matrix of a pickle, with the columns that belong to its rows."""

    name: str
    matrix: Matrix
    columns: Mapping[str, Cells] = field(default_factory=dict)


@dataclass(frozen=True)
class Other:
    """An array or a list of plain values that belongs to no matrix, such as a vocabulary."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    take: Callable[[], AnyArray]


@dataclass(frozen=True)
class Frame:
    """A table of pandas: its columns by name."""

    name: str
    columns: Mapping[str, Cells]


@dataclass
class Tables:
    """What was found in a pickle.

    Attributes
    ----------
    found : list of VectorTable
    frames : list of Frame
    others : list of Other
    left_out : Counter of str
        How many objects of other libraries hold no vectors, by class.
    """

    found: list[VectorTable] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def tables_of(value: Any) -> Tables:
    """Return the tables of vectors inside a value; uses no recursion.

    Raises
    ------
    Refused
        Values are nested too deeply, or a table has an unknown layout.
    """
    result = Tables()
    seen: set[int] = set()
    waiting: list[tuple[str, int, Any]] = [("", 0, value)]
    while waiting:
        name, depth, each = waiting.pop()
        if id(each) in seen and not isinstance(each, (str, int, float, type(None))):
            continue
        seen.add(id(each))
        if depth > _MAX_DEPTH:
            raise Refused(f"it is nested more than {_MAX_DEPTH} deep")
        before = len(result.found) + len(result.frames)
        children = _look(name, each, result)
        empty = len(result.found) + len(result.frames) == before and not children
        if isinstance(each, Shell) and empty and each.kind not in PLAIN_VALUES:
            result.left_out[each.kind] += 1
        waiting += [(_joined(name, key), depth + 1, child) for key, child in reversed(children)]
    return result


def _look(name: str, value: Any, result: Tables) -> Sequence[tuple[Any, Any]]:
    """Add the tables that a value is, and return what inside of it is still to be looked at."""
    if is_frame(value) or is_series(value):
        columns, lost = columns_of_frame(value) if is_frame(value) else columns_of_series(value)
        if lost:
            result.left_out["columns of pandas with times or of other types"] += lost
        result.frames.append(Frame(name, columns))
        return ()
    if isinstance(value, Shell):
        return _inside(value)
    matrix = matrix_of(value)
    if matrix is not None:
        result.found.append(VectorTable(name, matrix))
        return ()
    if isinstance(value, dict):
        return _look_at_dict(name, value, result)
    elements = elements_of(value)
    if elements is not None:
        return _look_at_list(name, elements, result)
    return _look_at_array(name, value, result)


def _look_at_array(name: str, value: Any, result: Tables) -> list[tuple[Any, Any]]:
    if isinstance(value, Array) and value.objects is not None and value.shape == ():
        return [("", value.objects[0])]
    array = array_of(value)
    if array is not None:
        kind = dtype_of(array.dtype).name
        result.others.append(Other(name, array.shape, kind, lambda: numbers_in(array)))
    elif (cells := column_of(value)) is not None:
        result.others.append(_column(name, cells))
    elif isinstance(value, Array):
        result.left_out[value.left_out or "an array of objects"] += 1
    return []


def _inside(shell: Shell) -> list[tuple[Any, Any]]:
    if shell.kind.startswith(("pandas.", "scipy.sparse", "numpy.random")):
        return []
    inside: list[Any] = [*shell.args, shell.items, shell.entries, shell.state]
    if isinstance(shell.state, tuple) and len(shell.state) == 2:
        inside = [*inside[:-1], *shell.state]
    return [("", each) for each in inside if isinstance(each, _OPEN)]


def _look_at_dict(name: str, value: dict[Any, Any], result: Tables) -> list[tuple[Any, Any]]:
    keyed = _one_vector_a_key(name, value) or _one_record_a_key(name, value)
    if keyed:
        result.found += keyed
        return []
    tables = _side_by_side(name, value)
    result.found += tables
    used = {table.name for table in tables}
    return [
        (key, child)
        for key, child in value.items()
        if _joined(name, key) not in used
        and isinstance(child, _OPEN)
        # Plain values are columns, or nothing.
        and (not tables or column_of(child) is None)
    ]


def _one_record_a_key(name: str, value: dict[Any, Any]) -> list[VectorTable]:
    records = _records(list(value.values()))
    return _side_by_side(name, {"key": list(map(str, value)), **records}) if records else []


def _one_vector_a_key(name: str, value: dict[Any, Any]) -> list[VectorTable]:
    matrix = stacked(list(value.values()))
    if matrix is None:
        return []
    keys = [str(key) for key in value]
    lists = not any(array_of(each) is not None for each in value.values())
    if len(value) < (_FEWEST_LISTS if lists else _FEWEST_ARRAYS):
        return []
    if any(_CURVES.search(key) for key in keys) and len(value) < 2 * _FEWEST_LISTS:
        return []
    if not matrix.is_fractional and lists:
        return []  # lists of whole numbers are labels rather than vectors
    return [VectorTable(name, matrix, {"key": keys})]


def _side_by_side(name: str, columns: Mapping[Any, Any]) -> list[VectorTable]:
    """Return the matrices among the columns of a table, each with the plain columns beside it."""
    matrices = {key: matrix for key, each in columns.items() if (matrix := matrix_of(each))}
    if not matrices:
        return []
    cells = {str(k): c for k, each in columns.items() if (c := column_of(each)) is not None}
    found = []
    for key, matrix in matrices.items():
        rows = matrix.total or matrix.shape[0]
        fitting = {k: column for k, column in cells.items() if len(column) == rows}
        found.append(VectorTable(_joined(name, key), matrix, fitting))
    return found


def _look_at_list(name: str, elements: Sequence[Any], result: Tables) -> list[tuple[Any, Any]]:
    columns = _records(elements) or _pairs(elements)
    tables = _side_by_side(name, columns) if columns else []
    if not tables and len(elements) <= _FEW:
        tables = _in_a_row(name, elements)
    result.found += tables
    if tables:
        return []
    cells = column_of(elements)
    if cells is not None:
        result.others.append(_column(name, cells))
        return []
    return [(place, child) for place, child in enumerate(elements) if isinstance(child, _OPEN)]


def _column(name: str, cells: Cells) -> Other:
    if isinstance(cells, np.ndarray):
        kind = "str" if cells.dtype.kind in "US" else cells.dtype.name
        return Other(name, (len(cells),), kind, lambda: cells)
    if set(map(type, cells)) <= {int, float, bool}:
        return Other(name, (len(cells),), "float64", lambda: np.asarray(cells, np.float64))
    texts = ["" if cell is None else str(cell) for cell in cells]
    return Other(name, (len(cells),), "str", lambda: np.array(texts))


def _records(elements: Sequence[Any]) -> dict[str, Any] | None:
    """Return the columns of a list of dicts."""
    if len(elements) < 2 or not all(isinstance(each, dict) for each in elements):
        return None
    keys = list(dict.fromkeys(key for each in elements[:16] for key in each))
    return {str(key): [each.get(key) for each in elements] for key in keys}


def _pairs(elements: Sequence[Any]) -> dict[str, Any] | None:
    """Return the columns of a list of tuples, of which one place holds vectors."""
    first = elements[0] if elements else None
    if len(elements) < 2 or not isinstance(first, (tuple, list)) or not 2 <= len(first) <= _FEW:
        return None
    if not all(isinstance(each, (tuple, list)) and len(each) == len(first) for each in elements):
        return None
    columns = {place: [each[place] for each in elements] for place in range(len(first))}
    vectors = [place for place in columns if vector_length(columns[place][0])]
    if not vectors:
        return None
    return {
        ("vectors" if place in vectors[:1] else f"column {place}"): column
        for place, column in columns.items()
    }


def _in_a_row(name: str, elements: Sequence[Any]) -> list[VectorTable]:
    """Return the tables of a tuple such as (words, matrix)."""
    found = _side_by_side(name, dict(enumerate(elements)))
    if not any(table.columns for table in found):
        return []
    return [
        VectorTable(
            name if len(found) == 1 else table.name,
            table.matrix,
            {f"column {key}": cells for key, cells in table.columns.items()},
        )
        for table in found
    ]


def _joined(name: str, key: Any) -> str:
    return f"{name}.{key}" if name and key != "" else name or str(key)

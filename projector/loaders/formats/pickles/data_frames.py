"""pandas' tables in a pickle: their columns, as Python values.

pandas keeps the columns of one type as the rows of one array, a block, and says which columns they
are. Source: pandas/core/internals/managers.py and pandas/_libs/internals.pyx.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from projector.loaders.decoders.pickles.arrays import Array, raw_bytes
from projector.loaders.decoders.pickles.placeholders import Refused, Shell
from projector.loaders.decoders.pickles.stream import Span
from projector.loaders.formats.pickles.values import Cells, array_of, column_of, numbers_in

_BLOCK = "pandas._libs.internals._unpickle_block"
#: No table that fits in memory has more columns.
_MAX_COLUMNS = 1 << 20


def is_frame(value: Any) -> bool:
    """Recognize a DataFrame."""
    return _is_called(value, "DataFrame")


def is_series(value: Any) -> bool:
    """Recognize a Series."""
    return _is_called(value, "Series")


def _is_called(value: Any, name: str) -> bool:
    if not isinstance(value, Shell) or not value.kind.startswith("pandas."):
        return False
    return value.kind.rpartition(".")[2] == name


def columns_of_frame(frame: Shell) -> tuple[dict[str, Cells], int]:
    """Return the columns of a DataFrame by name, and how many could not be read.

    The index comes first if it has names.

    Raises
    ------
    Refused
        It has a layout of another version of pandas.
    """
    manager = frame.attribute("_mgr") or frame.attribute("_data")
    blocks, axes = _parts(manager)
    if blocks is None or len(axes) != 2:
        raise Refused("a pandas DataFrame has an unknown layout")
    names, index = _index(axes[0]), _index(axes[1])
    found: dict[int, Cells] = {}
    for values, places in blocks:
        for place, column in zip(places, _block_columns(values), strict=False):
            found[place] = column
    columns: dict[str, Cells] = {}
    if index is not None and not isinstance(index, range):
        columns[_index_name(axes[1])] = index
    for place in sorted(found):
        label = names[place] if names is not None and place < len(names) else place
        columns[str(label)] = found[place]
    n_columns = sum(len(places) for _, places in blocks)
    return columns, n_columns - len(found)


def columns_of_series(series: Shell) -> tuple[dict[str, Cells], int]:
    """Return the values of a Series and its index, if it has names, as `columns_of_frame` does.

    Raises
    ------
    Refused
        It has a layout of another version of pandas.
    """
    blocks, axes = _parts(series.attribute("_mgr") or series.attribute("_data"))
    if not blocks or len(axes) != 1:
        raise Refused("a pandas Series has an unknown layout")
    columns: dict[str, Cells] = {}
    index = _index(axes[0])
    if index is not None and not isinstance(index, range):
        columns[_index_name(axes[0])] = index
    values = _values(blocks[0][0])
    if values is not None:
        columns[str(series.attribute("_name") or series.attribute("name") or "values")] = values
    return columns, int(values is None)


def _parts(manager: Any) -> tuple[list[tuple[Any, list[int]]] | None, list[Any]]:
    """Return the blocks with the places of their columns, and the axes of a table."""
    if not isinstance(manager, Shell):
        return None, []
    if len(manager.args) >= 2 and isinstance(manager.args[1], list):
        blocks = [_block(block) for block in manager.args[0]]
        return [block for block in blocks if block is not None], manager.args[1]
    state = manager.state
    more = state[3] if isinstance(state, tuple) and len(state) > 3 else None
    inner = more.get("0.14.1") if isinstance(more, dict) else None
    if not isinstance(inner, dict):
        return None, []
    listed = [(b["values"], _places(b["mgr_locs"])) for b in inner["blocks"]]
    return listed, inner["axes"]


def _block(block: Any) -> tuple[Any, list[int]] | None:
    if isinstance(block, Shell) and block.kind == _BLOCK and len(block.args) >= 2:
        return block.args[0], _places(block.args[1])
    return None


def _places(value: Any) -> list[int]:
    if isinstance(value, Shell) and value.kind == "builtins.slice":
        start, stop, step = value.args
        places = range(start or 0, stop, step or 1)
    else:
        array = array_of(value)
        places = numbers_in(array).tolist() if array is not None else value
    if len(places) > _MAX_COLUMNS:
        raise Refused(f"a pandas DataFrame has {len(places):,} columns")
    return list(places)


def _block_columns(values: Any) -> list[Cells]:
    """Return the columns of a block, one after the other."""
    if isinstance(values, Array) and values.objects is not None and len(values.shape) == 2:
        count, length = values.shape
        return [values.objects[i * length : (i + 1) * length] for i in range(count)]
    array = array_of(values) or (values if isinstance(values, Array) and values.dtype else None)
    if array is not None and len(array.shape) == 2:
        return list(array.take() if isinstance(array, Array) else numbers_in(array))
    single = _values(values)
    return [] if single is None else [single]


def _values(values: Any) -> Cells | None:
    """Return the values of one column or index."""
    if isinstance(values, Array) and values.objects is not None:
        return values.objects
    column = column_of(values)
    if column is not None:
        return column
    if not isinstance(values, Shell):
        return None
    if values.attribute("_pa_array") is not None:
        return _arrow_texts(values.attribute("_pa_array"))
    if values.attribute("_ndarray") is not None:
        return _values(values.attribute("_ndarray"))
    if isinstance(values.state, tuple) and len(values.state) >= 2:
        return _categories(values.state[0], values.state[1])
    return None


def _categories(kind: Any, codes: Any) -> Cells | None:
    """Return the names of a categorical column."""
    named = kind.attribute("categories") if isinstance(kind, Shell) else None
    names, numbers = _index(named) if named is not None else None, array_of(codes)
    if names is None or numbers is None:
        return None
    texts = [*names, None]  # code -1 is a missing value
    return [texts[code] if -1 <= code < len(names) else None for code in numbers_in(numbers)]


def _index(index: Any) -> Cells | None:
    """Return the labels of rows or columns; a range if they only count."""
    if not isinstance(index, Shell) or len(index.args) < 2 or not isinstance(index.args[1], dict):
        return None
    about = index.args[1]
    if {"start", "stop", "step"} <= about.keys():
        counted = range(about["start"], about["stop"], about["step"] or 1)
        return counted if len(counted) < 1 << 40 else None
    return _values(about.get("data"))


def _index_name(index: Shell) -> str:
    return str(index.args[1].get("name") or "index")


def _arrow_texts(array: Any) -> list[str | None] | None:
    """Return the texts of an Arrow array, or of its pieces."""
    if not isinstance(array, Shell) or not array.args:
        return None
    if array.kind.endswith("chunked_array"):
        pieces = [_arrow_texts(piece) for piece in array.args[0]]
        if any(piece is None for piece in pieces):
            return None
        return [text for piece in pieces for text in piece or ()]
    about = array.args[0]
    if not array.kind.endswith("_restore_array") or len(about) < 5:
        return None
    kind, length, _, offset, buffers = about[:5]
    alias = kind.args[0] if isinstance(kind, Shell) and kind.args else ""
    raws = [_buffer(each) for each in buffers]
    if alias not in ("string", "large_string") or len(raws) != 3 or raws[1] is None:
        return None
    wide = np.dtype("<i8" if alias == "large_string" else "<i4")
    starts = np.frombuffer(raws[1], wide, length + 1, offset * wide.itemsize).tolist()
    data = raws[2] or b""
    present = _present(raws[0], offset, length)
    texts = zip(starts[:-1], starts[1:], present, strict=True)
    return [data[a:b].decode("utf-8", "replace") if here else None for a, b, here in texts]


def _buffer(value: Any) -> bytes | None:
    raw = raw_bytes(value.args[0]) if isinstance(value, Shell) and value.args else None
    return raw.tobytes() if isinstance(raw, Span) else raw


def _present(bitmap: Any, offset: int, length: int) -> list[bool]:
    if bitmap is None:
        return [True] * length
    whole = np.frombuffer(bitmap, np.uint8, math.ceil((offset + length) / 8))
    bits = np.unpackbits(whole, bitorder="little")[offset : offset + length]
    return [bool(bit) for bit in bits]

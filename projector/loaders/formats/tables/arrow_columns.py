"""Converts Arrow columns: lists or several numeric columns to vectors, others to metadata."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from projector.errors import LoadError
from projector.loaders.decoders.arrow_messages import Batch
from projector.loaders.formats.text.word_lines import packed
from projector.machine.handover import empty_array
from projector.model.metadata import Column
from projector.model.text import PackedText
from projector.typing import AnyArray, Vectors

if TYPE_CHECKING:
    import pyarrow as pa

#: A column of whole numbers with such a name is a property, not a coordinate.
_PROPERTY = re.compile(
    r"(^|[_ .])(id|ids|idx|index|label|labels|class|target|cluster|group|year|count|rank|age|"
    r"row|number|no|num|time|date|step|epoch|seed|split|fold)$|^y$|^unnamed",
    re.IGNORECASE,
)
_SERIES = re.compile(r"^(?P<stem>.*?)[_ .-]?\d+$")
_PLACE = re.compile(r"^(?P<stem>.*?[_ .-])?(?P<axis>[xyz])$", re.IGNORECASE)


@dataclass(frozen=True)
class Plan:
    """One embedding of a table.

    Attributes
    ----------
    name : str
        The name of the column, or empty where all of the table's numbers are the embedding.
    columns : tuple of str
        One list column, or several numeric ones.
    is_list : bool
        Whether `columns` is a list column.
    dtype : str
    """

    name: str
    columns: tuple[str, ...]
    is_list: bool
    dtype: str


def plans(schema: pa.Schema) -> list[Plan]:
    """Return a table's embeddings: its list columns, or else its numeric columns.

    Columns called x, y (and z) are embeddings as well: positions of an earlier projection.
    """
    import pyarrow as pa

    counts = Counter(schema.names)
    lists = [f for f in schema if _is_vector(f.type) and counts[f.name] == 1]
    found = [Plan(f.name, (f.name,), True, str(f.type.value_type)) for f in lists]
    unique = [f for f in schema if counts[f.name] == 1]
    floats = [f.name for f in unique if pa.types.is_floating(f.type)]
    whole = [f.name for f in unique if pa.types.is_integer(f.type)]
    places = _places(floats + whole)
    if not found:
        wide = _wide(floats, whole) or list(next(iter(places), ()))
        if wide:
            kind = "float64" if floats else "int64"
            types = {str(schema.field(name).type) for name in wide}
            found.append(Plan("", tuple(wide), False, types.pop() if len(types) == 1 else kind))
    known = {frozenset(plan.columns) for plan in found}
    for columns in places:
        if frozenset(columns) not in known:
            found.append(Plan(", ".join(columns), columns, False, "float64"))
    return [Plan(p.name, p.columns, p.is_list, _dtype(p.dtype)) for p in found]


def list_widths(schema: pa.Schema, batches: Sequence[Batch]) -> dict[str, int]:
    """Return the length of a list column's vectors by name, from the headers of its batches.

    If they have several lengths it is about their mean; reading them says which row is wrong.
    """
    found: dict[str, int] = {}
    node = 0
    for field in schema:
        if _is_vector(field.type):
            own = [batch.nodes[node : node + 2] for batch in batches]
            n_vectors = sum(nodes[0][0] - nodes[0][1] for nodes in own if len(nodes) == 2)
            n_numbers = sum(nodes[1][0] for nodes in own if len(nodes) == 2)
            fixed = getattr(field.type, "list_size", 0)
            found[field.name] = fixed or -(-n_numbers // max(1, n_vectors))
        node += _n_nodes(field.type)
    return found


def _n_nodes(kind: pa.DataType) -> int:
    """Return how many nodes a column has in the header of a batch."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return 1  # its categories are in a batch of their own
    kind = getattr(kind, "storage_type", kind)  # of an extension
    return 1 + sum(_n_nodes(kind.field(number).type) for number in range(kind.num_fields))


def _dtype(name: str) -> str:
    return {"float": "float32", "double": "float64", "halffloat": "float16"}.get(name, name)


def _is_vector(kind: pa.DataType) -> bool:
    import pyarrow as pa

    types = pa.types
    is_list = types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)
    if not is_list:
        return False
    return bool(types.is_floating(kind.value_type) or types.is_integer(kind.value_type))


def _wide(floats: list[str], whole: list[str]) -> list[str]:
    """Return the columns that are coordinates: floats, and integers of the same series."""
    if not floats:
        wide = [name for name in whole if not _PROPERTY.search(name)]
        return wide if len(wide) > 1 else []
    stems = {hit["stem"] for name in floats if (hit := _SERIES.match(name))}
    series = {name for name in whole if (hit := _SERIES.match(name)) and hit["stem"] in stems}
    chosen = set(floats) | series
    return [name for name in floats + whole if name in chosen] if len(chosen) > 1 else []


def _places(names: list[str]) -> list[tuple[str, ...]]:
    """Return pairs and triples of columns such as ``umap_x``, ``umap_y``."""
    groups: dict[str, dict[str, str]] = {}
    for name in names:
        hit = _PLACE.match(name)
        if hit:
            groups.setdefault(hit["stem"] or "", {})[hit["axis"].lower()] = name
    return [
        tuple(axes[axis] for axis in "xyz" if axis in axes)
        for axes in groups.values()
        if "x" in axes and "y" in axes
    ]


def vectors(path: Path, table: pa.Table, plan: Plan) -> tuple[AnyArray, list[str]]:
    """Return an embedding's numbers, (n_rows, n_dims), and warnings.

    Raises
    ------
    LoadError
        A row has no vector, or one of another length; the message gives the row.
    """
    if plan.is_list:
        return _from_lists(path, table.column(plan.columns[0]), plan.name), []
    values = empty_array((table.num_rows, len(plan.columns)), np.float32)
    missing = 0
    for number, name in enumerate(plan.columns):
        column = table.column(name)
        missing += column.null_count
        values[:, number] = column.to_numpy()
    warning = f"{missing:,} cells have no number and became NaN. Their rows cannot be projected."
    return values, [warning] if missing else []


def _from_lists(path: Path, column: pa.ChunkedArray, name: str) -> Vectors:
    import pyarrow.compute as pc

    lengths = np.asarray(pc.fill_null(pc.list_value_length(column), -1).to_numpy())
    n_dims = int(lengths.max(initial=0))
    uneven = np.flatnonzero(lengths != n_dims)
    if n_dims < 1 or len(uneven):
        row = int(uneven[0]) if len(uneven) else 0
        found = f"{lengths[row]} numbers" if len(lengths) and lengths[row] >= 0 else "no vector"
        raise LoadError(
            path,
            f"{len(uneven):,} of {len(lengths):,} rows do not have {n_dims} numbers, starting with "
            f"row {row}, which has {found}. All vectors must have the same length.",
            place=f"column {name!r}",
        )
    parts = [chunk.flatten() for chunk in column.chunks]
    lost = sum(part.null_count for part in parts)
    if lost:
        raise LoadError(
            path,
            f"{lost:,} numbers inside vectors are missing. Fill them in.",
            place=f"column {name!r}",
        )
    values = [part.to_numpy(zero_copy_only=False) for part in parts]
    if len(values) == 1:
        only: Vectors = values[0]
        return only.reshape(len(lengths), n_dims)
    whole: Vectors = empty_array((len(lengths) * n_dims,), values[0].dtype)
    np.concatenate(values, out=whole)
    return whole.reshape(len(lengths), n_dims)


def metadata(table: pa.Table, used: tuple[str, ...]) -> tuple[list[Column], list[str]]:
    """Return all columns that are not vectors, and warnings of what was left out."""
    columns: list[Column] = []
    left_out: list[str] = []
    for field, column in zip(table.schema, table.columns, strict=True):
        if field.name in used:
            continue
        if _is_vector(field.type):
            left_out.append(field.name)
        else:
            columns.append(column_of(field.name, column))
    warning = (
        f"the vector columns {', '.join(map(repr, left_out))} are separate embeddings and not part "
        "of the metadata."
    )
    return columns, [warning] if left_out else []


def column_of(name: str, column: pa.ChunkedArray) -> Column:
    """Return one Arrow column as metadata; its texts are as Arrow prints them."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        numbers = np.array(column.cast(pa.float64(), safe=False).to_numpy(), np.float64)
        return Column(name, "numeric", _text(column.cast(pa.string())), numbers)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return Column.from_text(name, _text(column))
    try:
        return Column.from_text(name, _text(column.cast(pa.string())))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        texts = (None if value is None else str(value) for value in column.to_pylist())
        return Column.from_text(name, PackedText.pack(texts))


def _text(column: pa.ChunkedArray) -> PackedText:
    whole: Any = column.combine_chunks()
    return packed(whole)

"""Converts Arrow columns to metadata: typed columns whose texts are as Arrow prints them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from projector.loaders.decoders.arrow_messages import Batch
from projector.loaders.formats.tables.plans import Plan
from projector.loaders.formats.tables.vector_columns import is_neighbors
from projector.loaders.formats.text.word_lines import packed
from projector.model.metadata import Column
from projector.model.text import PackedText

if TYPE_CHECKING:
    import pyarrow as pa


def metadata(
    table: pa.Table, used: Collection[str], found: Collection[Plan] = ()
) -> tuple[list[Column], list[str]]:
    """Return all columns that are not vectors, and warnings of what was left out.

    Parameters
    ----------
    table : pyarrow.Table
    used : collection of str
        The columns of the embedding, which are no metadata.
    found : collection of Plan
        All embeddings of the table; the other columns of vectors are no metadata, either.
    """
    import pyarrow as pa

    columns: list[Column] = []
    left_out: list[str] = []
    heavy: list[str] = []
    near: list[str] = []
    vectors = {each.vector.column: each for each in found if each.vector}
    nested = {column for column, each in vectors.items() if each.vector and each.vector.path}
    for field, column in zip(table.schema, table.columns, strict=True):
        if field.name in nested or (pa.types.is_struct(field.type) and _has_bytes(field.type)):
            columns += _fields(field.name, column)
        elif field.name in used:
            continue
        elif field.name in vectors:
            left_out.append(field.name)
        elif is_neighbors(field.type):
            near.append(field.name)
        elif _is_heavy(field.type):
            heavy.append(field.name)
        else:
            columns.append(column_of(field.name, column))
    warnings = []
    if left_out:
        warnings.append(
            f"the vector columns {', '.join(map(repr, left_out))} are separate embeddings and not "
            "part of the metadata."
        )
    if near:
        warnings.append(
            f"the columns {', '.join(map(repr, near))} hold the neighbors of each point, which "
            "projector finds by itself, and are not part of the metadata."
        )
    if heavy:
        warnings.append(
            f"the columns {', '.join(map(repr, heavy))} hold lists or bytes, which are no labels, "
            "and are not part of the metadata."
        )
    return columns, warnings


def list_widths(schema: pa.Schema, batches: Sequence[Batch]) -> dict[str, int]:
    """Return the length of a list column's vectors by name, from the headers of its batches.

    If they have several lengths it is about their mean; reading them says which row is wrong.
    """
    import pyarrow as pa

    found: dict[str, int] = {}
    node = 0
    for field in schema:
        if pa.types.is_list(field.type) or pa.types.is_large_list(field.type):
            own = [batch.nodes[node : node + 2] for batch in batches]
            n_vectors = sum(nodes[0][0] - nodes[0][1] for nodes in own if len(nodes) == 2)
            n_numbers = sum(nodes[1][0] for nodes in own if len(nodes) == 2)
            found[field.name] = -(-n_numbers // max(1, n_vectors))
        elif pa.types.is_fixed_size_list(field.type):
            found[field.name] = field.type.list_size
        node += _n_nodes(field.type)
    return found


def _n_nodes(kind: pa.DataType) -> int:
    """Return how many nodes a column has in the header of a batch."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return 1  # its categories are in a batch of their own
    kind = getattr(kind, "storage_type", kind)  # of an extension
    return 1 + sum(_n_nodes(kind.field(number).type) for number in range(kind.num_fields))


def _has_bytes(kind: pa.DataType) -> bool:
    return any(_is_bytes(kind.field(number).type) for number in range(kind.num_fields))


def _is_bytes(kind: pa.DataType) -> bool:
    import pyarrow as pa

    types = pa.types
    return bool(
        types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind)
    )


def _is_heavy(kind: pa.DataType) -> bool:
    """Tell whether a column holds bytes or lists of numbers of any length, which are no labels."""
    import pyarrow as pa

    types = pa.types
    if _is_bytes(kind):
        return True
    if not (types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)):
        return False
    return bool(
        types.is_floating(kind.value_type)
        or types.is_integer(kind.value_type)
        or types.is_nested(kind.value_type)
    )


def _fields(name: str, column: pa.ChunkedArray) -> Iterator[Column]:
    """Give the fields of structs that have no lists in them, at any depth, as columns."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_struct(column.type):
        if not (pa.types.is_nested(column.type) or _is_bytes(column.type)):
            yield column_of(name, column)
        return
    for number in range(column.type.num_fields):
        field = column.type.field(number).name
        yield from _fields(f"{name}.{field}", pc.struct_field(column, field))


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

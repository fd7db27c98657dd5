"""Decides which columns of a table are embeddings: vectors, numbered series, loose numbers last."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from projector.loaders.formats.tables.number_texts import TextForm
from projector.loaders.formats.tables.numeric_columns import (
    BOX_NAME,
    NumberColumn,
    Series,
    places_of,
    series_of,
    unnamed_series,
)
from projector.loaders.formats.tables.vector_columns import (
    VectorColumn,
    dtype_of,
    read_vectors,
    vector_columns,
)
from projector.machine.handover import empty_array
from projector.model.narrowing import SAMPLE, dtype_needed
from projector.typing import AnyArray

if TYPE_CHECKING:
    import pyarrow as pa

#: Columns of what a model reads, not of what it makes.
_TOKENS = re.compile(
    r"(?:^|[_.])(?:(?:input|position|token_type|token|segment|word|sep)_?ids?|masks?|offsets?"
    r"|offset_mapping|tokens?|labels?|shape|size|lengths?|counts?|indices|ranges?|spans?)$",
    re.IGNORECASE,
)
_VECTOR = re.compile(r"emb|vec|feat|repr|latent|hidden|encod|pooled|activation|logit", re.I)
#: Vectors as short as this are boxes, places or ranges as likely as embeddings.
_SHORT = 4


@dataclass(frozen=True)
class Plan:
    """One embedding of a table.

    Attributes
    ----------
    name : str
        The name of the column, or empty where the table has one vector of several columns.
    columns : tuple of str
        The column of vectors, or the columns of numbers.
    vector : VectorColumn or None
        How the column holds vectors; None for columns of numbers.
    n_dims : int
    dtype : str
    is_doubtful : bool
        Whether it is probably no embedding: token ids, boxes, loose numbers.
    notes : tuple of str
        What was decided without certainty.
    """

    name: str
    columns: tuple[str, ...]
    vector: VectorColumn | None
    n_dims: int
    dtype: str
    is_doubtful: bool = False
    notes: tuple[str, ...] = ()

    @property
    def elided(self) -> bool:
        """Whether its numbers were left out when they were printed."""
        how = self.vector.how if self.vector else None
        return isinstance(how, TextForm) and how.elided


def plans(sample: pa.Table, *, named: bool = True) -> list[Plan]:
    """Return the embeddings of a table, the likeliest first.

    Parameters
    ----------
    sample : pyarrow.Table
        Its first rows.
    named : bool
        Whether the table itself names its columns.
    """
    vectors = [_of_vector(found) for found in vector_columns(sample)]
    numbers = _number_columns(sample)
    series = series_of(numbers) if named else unnamed_series(numbers, sample.num_rows)
    rows = [_of_series(sample, each) for each in series]
    places = [_of_series(sample, each) for each in places_of(numbers)] if named else []
    if not vectors and not rows and places:
        rows = [replace(places[0], name="")]
    rows = [_as_place(plan, places) for plan in rows]
    if any(not plan.is_doubtful for plan in rows):
        # Beside a numbered series, a text such as "[1, 2, 3, 4]" is a box.
        vectors = [plan for plan in vectors if not (plan.is_doubtful and _is_text(plan))]
    if vectors:
        rows = [plan for plan in rows if not plan.is_doubtful]
    found = sorted(vectors, key=lambda plan: plan.is_doubtful) + rows
    taken = [set(plan.columns) for plan in found]
    loose = bool(found)
    found += [
        replace(plan, is_doubtful=plan.is_doubtful or loose)
        for plan in places
        if set(plan.columns) not in taken
    ]
    return found


def _as_place(plan: Plan, places: list[Plan]) -> Plan:
    """Return a plan without its doubt if its columns are the axes of a projection."""
    is_place = any(set(plan.columns) == set(p.columns) and not p.is_doubtful for p in places)
    return replace(plan, is_doubtful=False, notes=()) if is_place else plan


def _of_vector(found: VectorColumn) -> Plan:
    notes = (f"the column {found.name!r} is {found.note}.",) if found.note else ()
    return Plan(
        found.name,
        (found.column,),
        found,
        found.n_dims,
        found.dtype,
        _is_doubtful(found),
        notes,
    )


def _is_doubtful(found: VectorColumn) -> bool:
    last = found.path[-1] if found.path else found.column
    if BOX_NAME.search(last) or _TOKENS.search(last):
        return True
    if _VECTOR.search(found.name):
        return False
    return not found.fractional or (found.form == "text" and found.n_dims <= _SHORT)


def _is_text(plan: Plan) -> bool:
    return plan.vector is not None and plan.vector.form == "text"


def _number_columns(sample: pa.Table) -> list[NumberColumn]:
    import pyarrow as pa

    counts = Counter(sample.schema.names)
    found = []
    for field in sample.schema:
        is_float = pa.types.is_floating(field.type) or pa.types.is_decimal(field.type)
        if not (is_float or pa.types.is_integer(field.type)):
            continue
        if counts[field.name] == 1:
            n_distinct = len(set(sample.column(field.name).to_pylist())) if not is_float else 2
            found.append(NumberColumn(field.name, is_float, n_distinct))
    return found


def _of_series(sample: pa.Table, series: Series) -> Plan:
    kinds = {dtype_of(sample.schema.field(name).type) for name in series.columns}
    whole = all(kind.startswith(("int", "uint")) for kind in kinds)
    dtype = kinds.pop() if len(kinds) == 1 else "int64" if whole else "float64"
    notes = (series.note,) if series.note else ()
    return Plan(
        series.name, series.columns, None, len(series.columns), dtype, series.is_loose, notes
    )


def vectors(path: Path, table: pa.Table, plan: Plan) -> tuple[AnyArray, list[str]]:
    """Return an embedding's numbers, (n_rows, n_dims), and warnings.

    Raises
    ------
    LoadError
        Most rows have no vector of this length.
    """
    if plan.vector is not None:
        found = read_vectors(path, table, plan.vector)
        return found.values, [*plan.notes, *found.warnings(plan.name)]
    import pyarrow as pa

    columns = [
        column.cast(pa.float64()) if pa.types.is_decimal(column.type) else column
        for column in map(table.column, plan.columns)
    ]
    step = max(1, table.num_rows // SAMPLE)
    rows = pa.array(np.arange(0, table.num_rows, step))
    sample = np.array([column.take(rows).to_numpy().astype(np.float64) for column in columns])
    values = empty_array((table.num_rows, len(columns)), dtype_needed(sample.T))
    missing = 0
    for number, column in enumerate(columns):
        missing += column.null_count
        values[:, number] = column.to_numpy()
    warning = f"{missing:,} cells have no number and became NaN. Their rows cannot be projected."
    return values, [*plan.notes, *([warning] if missing else [])]

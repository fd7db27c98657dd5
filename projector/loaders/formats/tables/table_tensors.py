"""Lists the embeddings of a table as tensors, and reads one of them with its metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, NoVectorsError, Tensor
from projector.loaders.formats.tables.arrow_columns import metadata
from projector.loaders.formats.tables.number_texts import elided
from projector.loaders.formats.tables.plans import Plan, plans, vectors
from projector.loaders.formats.tables.table_bounds import (
    MAX_RATIO,
    SMALL,
    check_columns,
    check_dictionaries,
)

if TYPE_CHECKING:
    import pyarrow as pa

#: Values of each column that are looked at, and rows in which they are looked for.
SAMPLE = 64
LONG_SAMPLE = 1 << 16
_LISTED_COLUMNS = 8


def sample_of(table: pa.Table) -> pa.Table:
    """Return the first values of each column, missing ones last: a null says nothing of a type."""
    import pyarrow as pa

    columns = []
    n_rows = min(table.num_rows, SAMPLE)
    for column in table.columns:
        values = column[:SAMPLE].drop_null() if column[:SAMPLE].null_count else column[:SAMPLE]
        if not len(values) and len(column) > SAMPLE:
            values = column[:LONG_SAMPLE].drop_null()[:SAMPLE]
        array = values.combine_chunks()
        if isinstance(array, pa.ChunkedArray):
            array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
        if len(array) < n_rows:
            array = pa.concat_arrays([array, pa.nulls(n_rows - len(array), array.type)])
        columns.append(array)
    return pa.table(columns, schema=pa.schema(list(table.schema)))


def listed(
    file: File,
    sample: pa.Table,
    n_rows: int,
    *,
    named: bool = True,
    prefix: str = "",
    doubtful: bool = False,
    expected: bool = True,
) -> Found:
    """Return a table's embeddings as tensors.

    Parameters
    ----------
    file : File
    sample : pyarrow.Table
        The first values of each column, as `sample_of` gives them.
    n_rows : int
        Rows of the whole table.
    named : bool
        Whether the table itself names its columns.
    prefix : str
        The name of the table, where a file has several.
    doubtful : bool
        Whether the file is called like the log of a training.
    expected : bool
        Whether it is an error if there is none.

    Raises
    ------
    LoadError
        It has none, and some are expected; the message lists its columns. Or it claims more
        numbers than is plausible.
    """
    check_columns(file, len(sample.schema))
    found = plans(sample, named=named)
    tensors, problems = [], []
    for plan in found:
        if plan.elided:
            problems.append(FileProblem(f"column {plan.name!r}: {elided(plan.n_dims)}"))
            continue
        if 4 * n_rows * plan.n_dims > max(SMALL, MAX_RATIO * file.size):
            raise LoadError(
                file.path,
                f"claims {n_rows:,} rows of {plan.n_dims:,} numbers in {file.size:,} bytes, which "
                "is not plausible. Save it again, or convert it to .npy if you trust it.",
            )
        tensors.append(_tensor(file, sample, n_rows, plan, tuple(found), prefix, doubtful))
    if not found and expected:
        raise NoVectorsError(file.path, _no_vectors(sample))
    return Found(tuple(tensors), tuple(problems))


def _tensor(
    file: File,
    sample: pa.Table,
    n_rows: int,
    plan: Plan,
    found: tuple[Plan, ...],
    prefix: str,
    doubtful: bool,
) -> Tensor:
    is_vector = plan.vector is not None
    doubtful = plan.is_doubtful or (doubtful and not is_vector)
    name = ".".join(part for part in (prefix, plan.name) if part)
    return Tensor(
        f"{prefix}\0{plan.name}" if prefix else plan.name,
        name or file.stem,
        (n_rows, plan.n_dims),
        plan.dtype,
        role="weight" if doubtful else "embedding",
        labeled=len(sample.schema) > len(plan.columns),
        whole=not name,
        doubtful=doubtful,
        detail=(plan, found),
    )


def _no_vectors(sample: pa.Table) -> str:
    fields = list(sample.schema)
    names = ", ".join(f"{field.name} ({field.type})"[:60] for field in fields[:_LISTED_COLUMNS])
    more = f" and {len(fields) - _LISTED_COLUMNS:,} more" if len(fields) > _LISTED_COLUMNS else ""
    return (
        f"has neither a column of vectors of one length nor two numeric columns. Its columns are "
        f"{names}{more}. Write the vectors as a column of lists, all of the same length."
    )


def loaded(file: File, table: pa.Table, tensor: Tensor, more: tuple[str, ...] = ()) -> Loaded:
    """Read one of the embeddings that `listed` returned, with all other columns as metadata."""
    detail: Any = tensor.detail
    plan, found = detail
    check_dictionaries(file, table)
    values, warnings = vectors(file.path, table, plan)
    columns, left_out = metadata(table, plan.columns, found)
    return Loaded(values, tuple(columns), (*more, *warnings, *left_out))

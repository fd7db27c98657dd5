"""Lists and reads the matrices of AnnData: obsm, X, layers and raw, of every version."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Loaded, Tensor
from projector.loaders.decoders.dtypes import to_float32
from projector.loaders.decoders.sparse_parts import from_compressed, too_wide
from projector.loaders.formats.anndata.nodes import ArrayNode, GroupNode, array_in
from projector.loaders.formats.anndata.observations import ERRORS, column, observations
from projector.loaders.safe_files import printable
from projector.model.sparse_rows import DENSE_BYTES, sparse_of
from projector.typing import AnyArray

_SPARSE = ("csr_matrix", "csc_matrix", "csr", "csc")
_PARTS = ("data", "indices", "indptr")


@dataclass(frozen=True)
class Matrix:
    """One matrix with a row for each observation.

    Attributes
    ----------
    path : str
    shape : tuple of int
    dtype : dtype
    read : callable
        Returns the values.
    note : str
        What is said when it is loaded.
    """

    path: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    read: Callable[[], AnyArray]
    note: str = ""


def is_anndata(root: GroupNode) -> bool:
    """Recognize the layout of AnnData."""
    if str(root.attrs.get("encoding-type", "")) == "anndata":
        return True
    return root.get("obs") is not None and any(root.get(name) is not None for name in ("X", "obsm"))


def list_matrices(file: File, root: GroupNode) -> tuple[list[Tensor], list[FileProblem]]:
    """Return the matrices of a file as tensors, embeddings first, and what is not read.

    Raises
    ------
    LoadError
        There are none.
    """
    problems: list[FileProblem] = []
    found = list(_matrices(file, root, problems))
    has_embeddings = any(matrix.path.startswith("obsm/") for matrix in found)
    labeled = root.get("obs") is not None
    tensors = [
        Tensor(
            matrix.path,
            printable(matrix.path),
            matrix.shape,
            matrix.dtype.newbyteorder("=").name,
            role="embedding",
            real=matrix.dtype.kind in "biufV" and matrix.dtype.names is None,
            labeled=labeled,
            # Counts of genes are what an embedding was made of.
            doubtful=has_embeddings and not matrix.path.startswith("obsm/"),
        )
        for matrix in found
    ]
    if not tensors and not problems:
        raise LoadError(file.path, "contains no matrix X, layers or obsm. Save it with anndata.")
    return tensors, problems


def load_matrix(file: File, root: GroupNode, tensor: Tensor) -> Loaded:
    """Return one matrix and the observations.

    Raises
    ------
    LoadError
        It is no longer there, or is damaged.
    """
    matrix = next((m for m in _matrices(file, root, []) if m.path == tensor.key), None)
    if matrix is None or matrix.shape != tensor.shape:
        raise LoadError(file.path, "has changed. Refresh the listing.")
    values = matrix.read()
    if sparse_of(values) is None:
        values = to_float32(values)
    warnings = [matrix.note] if matrix.note else []
    columns = observations(root, len(values), warnings)
    return Loaded(values, tuple(columns), tuple(warnings))


def _matrices(file: File, root: GroupNode, problems: list[FileProblem]) -> Iterator[Matrix]:
    for path, item in _items(root):
        try:
            found = _matrix(file, path, item)
        except ERRORS as error:
            reason = error.message if isinstance(error, LoadError) else f"cannot be read: {error}."
            problems.append(FileProblem(f"{printable(path)!r} {reason}"))
            continue
        if isinstance(found, str):
            problems.append(FileProblem(f"{printable(path)!r} {found}"))
        elif found is not None:
            yield found


def _items(root: GroupNode) -> Iterator[tuple[str, Any]]:
    """Yield what may be matrices, with their paths."""
    for name in ("obsm", "X", "layers", "raw/X", "raw.X"):
        item = root.get(name)
        if item is None:
            continue
        if name in ("obsm", "layers") and isinstance(item, ArrayNode):
            for field in item.dtype.names or ():  # before 0.7: a table of records
                yield f"{name}/{field}", _Field(item, field)
        elif name in ("obsm", "layers"):
            for key in item.names():
                inner = item.get(key)
                if inner is not None:
                    yield f"{name}/{key}", inner
        else:
            yield name, item


class _Field:
    """One field of a table of records, as an array."""

    def __init__(self, table: ArrayNode, name: str) -> None:
        self._table = table
        self._name = name
        inner = table.dtype[name]
        self.shape = (*table.shape, *inner.shape)
        self.dtype = inner.base
        self.attrs: dict[str, Any] = {}

    def refusal(self) -> str:
        return self._table.refusal()

    def read(self) -> AnyArray:
        return np.ascontiguousarray(self._table.read()[self._name])


def _matrix(file: File, path: str, item: Any) -> Matrix | str | None:
    """Return a matrix, why it is not read, or None if it is none."""
    if isinstance(item, ArrayNode):
        reason = item.refusal()
        return reason or Matrix(path, tuple(item.shape), item.dtype, item.read)
    if _sparse_kind(item) in _SPARSE:
        return _sparse(file, path, item)
    if str(item.attrs.get("encoding-type", "")) == "dataframe" or "column-order" in item.attrs:
        return _frame(path, item)
    return None


def _sparse_kind(item: GroupNode) -> str:
    kind = item.attrs.get("encoding-type", item.attrs.get("h5sparse_format", ""))
    return kind.decode("ascii", "replace") if isinstance(kind, bytes) else str(kind)


def _sparse(file: File, path: str, item: GroupNode) -> Matrix | str:
    shape = tuple(int(n) for n in item.attrs.get("shape", item.attrs.get("h5sparse_shape", ())))
    parts = [array_in(item, name) for name in _PARTS]
    if len(shape) != 2 or min(shape) < 0:
        return f"is a sparse matrix of the shape {shape}. Save it again."
    if reason := too_wide(shape[1]):
        return reason
    reason = next((reason for part in parts if (reason := part.refusal())), "")
    if reason:
        return reason
    by_column = _sparse_kind(item).startswith("csc")
    note = ""
    if 4 * math.prod(shape) <= DENSE_BYTES:
        note = f"{printable(path)} is sparse and was converted to a dense matrix."
    dtype = parts[0].dtype
    return Matrix(path, shape, dtype, lambda: _read(file, path, shape, parts, by_column), note)


def _read(
    file: File, path: str, shape: tuple[int, ...], parts: list[ArrayNode], by_column: bool
) -> AnyArray:
    data, indices, starts = (part.read() for part in parts)
    kind = "csc" if by_column else "csr"
    return from_compressed(file.path, printable(path), (data, indices, starts), shape, kind=kind)


def _frame(path: str, item: GroupNode) -> Matrix | str | None:
    """Return the numeric columns of a data frame as a matrix."""
    order = [
        name.decode() if isinstance(name, bytes) else str(name)
        for name in item.attrs.get("column-order", ())
    ]
    arrays = {name: item.get(name) for name in order}
    numbers = {
        name: each
        for name, each in arrays.items()
        if isinstance(each, ArrayNode) and each.dtype.kind in "iuf" and len(each.shape) == 1
    }
    lengths = {each.shape[0] for each in numbers.values()}
    if not numbers or len(lengths) != 1:
        return "is a data frame without columns of numbers and is not read."
    reason = next((r for each in numbers.values() if (r := each.refusal())), "")
    if reason:
        return reason
    lost = [printable(name) for name in order if name not in numbers]
    note = (
        f"the columns {', '.join(lost[:3])} of {printable(path)} hold no numbers." if lost else ""
    )
    kind = np.result_type(*{each.dtype for each in numbers.values()})

    def read() -> AnyArray:
        return np.stack([np.asarray(column(item, name)) for name in numbers], axis=1).astype(kind)

    return Matrix(path, (lengths.pop(), len(numbers)), kind, read, note)

"""Chooses the vectors of many files: the layout that most have, which the others must share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from projector.errors import ParameterError, UnknownNameError
from projector.loaders.base import Tensor
from projector.loaders.formats.tables.plans import Plan
from projector.loaders.partitioned.headers import About
from projector.loaders.safe_files import printable
from projector.model.listing import Severity

#: What is said of a file without rows.
EMPTY = "has no rows and is passed over."
_LISTED = 8
#: Types that float32 holds exactly.
_NARROW = frozenset(
    {"float32", "float16", "bfloat16", "int8", "uint8", "int16", "uint16", "bool", "halffloat"}
)


class SeveralColumnsError(ParameterError):
    """Files have several columns of vectors, and none was chosen.

    Attributes
    ----------
    names : tuple of str
    """

    def __init__(self, root: Path, names: tuple[str, ...]) -> None:
        self.names = names
        some = ", ".join(map(repr, names[:_LISTED])) + (" …" if len(names) > _LISTED else "")
        super().__init__(
            f"The parts in {printable(root.name)} have {len(names):,} columns of vectors. Choose "
            f"one by its name: {some}."
        )


@dataclass(frozen=True)
class Layout:
    """How the vectors of all parts are stored.

    Attributes
    ----------
    key : str
        Of the tensor in each file.
    dtype : str
    n_dims : int
    types : dict of str to str
        The types of the columns that hold the vectors.
    how : tuple of Plan and tuple of Plan, or None
        As `table_tensors` lists it; None for arrays.
    """

    key: str
    dtype: str
    n_dims: int
    types: dict[str, str]
    how: Any = None

    @property
    def plan(self) -> Plan | None:
        """How a table holds the vectors; None for arrays."""
        plan: Plan | None = self.how[0] if self.how else None
        return plan

    @property
    def vector_columns(self) -> frozenset[str]:
        """The columns that hold these and other vectors, which are no metadata."""
        return columns_of_vectors(self.how)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was guessed, or is narrowed."""
        notes = self.plan.notes if self.plan else ()
        if self.dtype in _NARROW:
            return tuple(notes)
        return (*notes, f"the vectors are stored as {self.dtype} and read as float32.")

    def differs(self, about: About) -> tuple[str, Severity]:
        """Say why a file is no part, and how bad that is; nothing if it is one."""
        if not about.n_rows:
            return EMPTY, "warning"
        own = next((tensor for tensor in about.tensors if tensor.key == self.key), None)
        if own is None:
            types = dict(about.types)
            if self.types and all(types.get(name) == kind for name, kind in self.types.items()):
                return "", "warning"  # there is no vector among its first rows
            return (
                f"has no vectors in {self._column}, as the other parts have. {about.its_columns} "
                "Write it again as the others, or leave it out.",
                "error",
            )
        if (own.dtype, own.shape[1]) != (self.dtype, self.n_dims):
            return (
                f"has vectors of {own.shape[1]:,} {own.dtype} numbers; the other parts have "
                f"{self.n_dims:,} {self.dtype} numbers. Write it again as the others, or leave it "
                "out.",
                "error",
            )
        return "", "warning"

    @property
    def _column(self) -> str:
        columns = self.plan.columns if self.plan else ()
        return repr(columns[0]) if len(columns) == 1 else f"{len(columns):,} columns of numbers"


def columns_of_vectors(how: Any) -> frozenset[str]:
    """Return the columns that hold vectors and nothing else, given `Layout.how`."""
    if not how:
        return frozenset()
    plan, found = how
    others = (each.vector for each in found if each.vector is not None)
    flat = {vector.column for vector in others if not vector.path}
    is_nested = plan.vector is not None and plan.vector.path
    return frozenset(flat if is_nested else flat | set(plan.columns))


def common_layout(abouts: Sequence[About], column: str | None, root: Path) -> Layout | None:
    """Return the layout that most files have; None if none has vectors.

    Parameters
    ----------
    abouts : sequence of About
    column : str or None
        The column that was asked for.
    root : Path
        For errors.

    Raises
    ------
    UnknownNameError
        No file has vectors in that column.
    SeveralColumnsError
        The files have several columns of vectors, and none was asked for.
    """
    found = [(about, tensor) for about in abouts for tensor in about.tensors if tensor.is_matrix]
    if column is not None:
        asked = [(a, t) for a, t in found if column in (t.key, t.name, *t.aliases)]
        if not asked and found:
            raise UnknownNameError("column of vectors", column, sorted({t.name for _, t in found}))
        found = asked
    found = [(a, t) for a, t in found if t.role == "embedding"] or found
    if not found:
        return None
    counts = Counter(tensor.key for _, tensor in found)
    key = counts.most_common(1)[0][0]
    _check_unambiguous(found, key, root)
    alike = [(a, t) for a, t in found if t.key == key]
    kinds = Counter((tensor.dtype, tensor.shape[1]) for _, tensor in alike)
    dtype, n_dims = kinds.most_common(1)[0][0]
    about, tensor = next((a, t) for a, t in alike if (t.dtype, t.shape[1]) == (dtype, n_dims))
    if not isinstance(tensor.detail, tuple):
        return Layout(key, dtype, n_dims, {})
    columns = tensor.detail[0].columns
    types = {name: kind for name, kind in about.types if name in columns}
    return Layout(key, dtype, n_dims, types, tensor.detail)


def _check_unambiguous(found: Sequence[tuple[About, Tensor]], key: str, root: Path) -> None:
    """Raise an error if a file has other vectors beside those of `key`."""
    with_key = {id(about) for about, tensor in found if tensor.key == key}
    names = {tensor.key: tensor.name for about, tensor in found if id(about) in with_key}
    if len(names) > 1:
        raise SeveralColumnsError(root, tuple(names.values()))

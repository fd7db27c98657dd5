"""Reads MATLAB files of version 7.3, which are HDF5 with every array turned around."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from projector.loaders.base import File, FileProblem
from projector.loaders.formats.hdf5.hdf5 import read_dataset, refusal
from projector.loaders.formats.matlab.variables import Variable, texts_of
from projector.loaders.safe_files import printable
from projector.typing import AnyArray

#: Where MATLAB keeps what cells and objects point to.
_OWN = ("#refs#", "#subsystem#")
_DEEPEST = 4
#: The longest text of a cell, and the most cells.
_MAX_TEXT, _MAX_CELLS = 1 << 16, 10_000_000


def variables(file: File, handle: Any, problems: list[FileProblem]) -> Iterator[Variable]:
    """Yield the variables of an open file; arrays of numbers are not read."""
    for name in handle:
        if name not in _OWN:
            yield from _variables(file, handle, name, name, problems, 0)


def _variables(
    file: File, handle: Any, path: str, name: str, problems: list[FileProblem], depth: int
) -> Iterator[Variable]:
    import h5py

    if not isinstance(handle.get(path, getlink=True), h5py.HardLink) or depth > _DEEPEST:
        return
    item = handle[path]
    if isinstance(item, h5py.Group):
        if "MATLAB_sparse" in item.attrs:
            message = f"variable {printable(name)!r} is sparse and is not read. Save full(X)."
            problems.append(FileProblem(message, "warning"))
            return
        for field in item:
            yield from _variables(
                file, handle, f"{path}/{field}", f"{name}.{field}", problems, depth + 1
            )
        return
    reason = refusal(item)
    if reason:
        problems.append(FileProblem(f"variable {printable(name)!r} {reason}"))
    elif not item.attrs.get("MATLAB_empty", 0):
        yield from _dataset(file, handle, path, name)


def _dataset(file: File, handle: Any, path: str, name: str) -> Iterator[Variable]:
    item = handle[path]
    kind = item.attrs.get("MATLAB_class", b"")
    kind = kind.decode("ascii", "replace") if isinstance(kind, bytes) else str(kind)
    if kind == "char":
        yield _texts(name, _rows(item))
    elif kind == "cell":
        texts = _cells(handle, item)
        if texts is not None:
            yield _texts(name, texts)
    elif item.dtype.kind in "biuf" and item.shape:

        def take() -> AnyArray:
            return read_dataset(file, handle, path).T

        dtype = item.dtype.newbyteorder("=").name
        yield Variable(name, tuple(reversed(item.shape)), dtype, take)


def _rows(item: Any) -> list[str]:
    """Return the rows of an array of characters; each column of the file is one."""
    if len(item.shape) != 2 or item.size > _MAX_CELLS or item.dtype.kind != "u":
        return []
    letters = np.asarray(item[()], np.uint16).T
    return [row.tobytes().decode("utf-16-le", "replace").rstrip() for row in letters]


def _cells(handle: Any, item: Any) -> list[str] | None:
    """Return the texts of a cell array; None if one of its cells is no text."""
    import h5py

    if h5py.check_ref_dtype(item.dtype) is not h5py.Reference or item.size > _MAX_CELLS:
        return None
    texts = []
    for reference in np.asarray(item[()]).T.reshape(-1):
        cell = handle[reference] if reference else None
        if not isinstance(cell, h5py.Dataset) or refusal(cell) or cell.size > _MAX_TEXT:
            return None
        kind = cell.attrs.get("MATLAB_class", b"")
        if kind not in (b"char", "char"):
            return None
        texts.append("" if cell.attrs.get("MATLAB_empty", 0) else "".join(_rows(cell)))
    return texts


def _texts(name: str, rows: list[str]) -> Variable:
    return Variable(name, (len(rows),), "str", lambda: texts_of(rows))

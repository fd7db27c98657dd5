"""Reads AnnData files (``.h5ad``): X, layers and obsm as embeddings, obs as their metadata."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Operations, Tensor
from projector.loaders.formats.hdf5.hdf5 import MAGIC, member, opened, read_dataset, refusal
from projector.loaders.safe_files import printable
from projector.model.metadata import Column
from projector.typing import AnyArray

#: The largest sparse matrix that is converted, in bytes when dense.
_DENSE_LIMIT = 1 << 32
_SPARSE = ("csr_matrix", "csc_matrix")
_PARTS = ("data", "indices", "indptr")


class H5ad:
    """A table of observations with its matrices."""

    name = "h5ad"
    title = "AnnData"
    extensions = (".h5ad",)
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Recognize HDF5 by the magic string, and AnnData by suffix."""
        return file.name.lower().endswith(".h5ad") and file.head().startswith(MAGIC)

    def list(self, file: File) -> Found:
        """List the matrices with as many rows as there are observations."""
        tensors: list[Tensor] = []
        problems: list[FileProblem] = []
        with opened(file) as handle:
            for path in _matrices(handle):
                found = _tensor(handle, path, problems)
                if found is not None:
                    tensors.append(found)
        if not tensors and not problems:
            raise LoadError(
                file.path, "contains no matrix X, layers or obsm. Save it with anndata."
            )
        return Found(tuple(tensors), tuple(problems))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one matrix, converting a sparse one to dense, and the observations."""
        warnings: list[str] = []
        with opened(file) as handle:
            item = member(handle, tensor.key)
            sparse = _is_sparse(item)
            values = _dense(file, item) if sparse else read_dataset(file, handle, tensor.key)
            if sparse:
                warnings.append(f"{tensor.name} is sparse and was converted to a dense matrix.")
            columns = _observations(handle, len(values), warnings)
        return Loaded(values, tuple(columns), tuple(warnings))


def _matrices(handle: Any) -> list[str]:
    import h5py

    paths = []
    for group in ("obsm", "layers"):
        inner = handle.get(group, getlink=True)
        if isinstance(inner, h5py.HardLink) and isinstance(handle[group], h5py.Group):
            links = ((key, handle[group].get(key, getlink=True)) for key in handle[group])
            paths += [f"{group}/{key}" for key, link in links if isinstance(link, h5py.HardLink)]
    if isinstance(handle.get("X", getlink=True), h5py.HardLink):
        paths.insert(0, "X")
    return paths


def _is_sparse(item: Any) -> bool:
    return str(item.attrs.get("encoding-type", item.attrs.get("h5sparse_format", ""))) in (
        *_SPARSE,
        "csr",
        "csc",
    )


def _tensor(handle: Any, path: str, problems: list[FileProblem]) -> Tensor | None:
    import h5py

    item = member(handle, path)
    labeled = "obs" in handle
    if isinstance(item, h5py.Dataset):
        reason = refusal(item)
        if reason:
            problems.append(FileProblem(f"{path!r} {reason}"))
            return None
        shape, dtype = tuple(item.shape or ()), item.dtype
    elif _is_sparse(item):
        shape = tuple(int(n) for n in item.attrs.get("shape", item.attrs.get("h5sparse_shape", ())))
        parts = [member(item, key) for key in _PARTS]
        dtype = parts[0].dtype
        reason = next((reason for part in parts if (reason := refusal(part))), "")
        if 4 * math.prod(shape) > _DENSE_LIMIT:
            reason = (
                f"has {math.prod(shape):,} numbers as a dense matrix, which is too large. Reduce "
                "its dimensions first, for example by PCA."
            )
        if reason:
            problems.append(FileProblem(f"{path!r} {reason}"))
            return None
    else:
        return None  # a data frame, which is not a matrix
    name = dtype.newbyteorder("=").name
    real = dtype.kind in "biuf"
    return Tensor(path, printable(path), shape, name, role="embedding", real=real, labeled=labeled)


def _dense(file: File, item: Any) -> AnyArray:
    """Convert a sparse matrix to a dense one, after checking every index."""
    shape = tuple(int(n) for n in item.attrs.get("shape", item.attrs.get("h5sparse_shape", ())))
    data, indices, starts = (np.asarray(member(item, key)[()]) for key in _PARTS)
    kind = str(item.attrs.get("encoding-type", item.attrs.get("h5sparse_format", "")))
    by_column = kind.startswith("csc")
    major, minor = (shape[1], shape[0]) if by_column else shape
    ends = starts.astype(np.int64)
    counts = ends[1:] - ends[:-1]
    if (
        len(starts) != major + 1
        or len(data) != len(indices)
        or (counts < 0).any()
        or int(counts.sum()) != len(data)
        or (len(indices) and not 0 <= int(indices.min()) <= int(indices.max()) < minor)
    ):
        raise LoadError(
            file.path,
            f"the sparse matrix {item.name!r} has indices that do not fit its shape {shape}. "
            "Save it again.",
        )
    dense = np.zeros(shape, np.float32)
    rows = np.repeat(np.arange(major), counts)
    where = (indices, rows) if by_column else (rows, indices)
    np.add.at(dense, where, data.astype(np.float32))
    return dense


def _observations(handle: Any, n_rows: int, warnings: list[str]) -> list[Column]:
    import h5py

    if not isinstance(handle.get("obs", getlink=True), h5py.HardLink):
        return []
    table = handle["obs"]
    if not isinstance(table, h5py.Group):
        warnings.append(
            "obs has the layout of AnnData before 0.7 and was ignored. Save the file with a newer "
            "version."
        )
        return []
    index = str(table.attrs.get("_index", "_index"))
    order = [index, *(str(name) for name in table.attrs.get("column-order", ()))]
    columns = []
    for name in order:
        try:
            values = _column(table, name)
        except (KeyError, ValueError, TypeError, IndexError) as error:
            warnings.append(f"the column {name!r} cannot be read ({error}) and was ignored.")
            continue
        if len(values) != n_rows:
            warnings.append(
                f"the column {name!r} has {len(values):,} rows, expected {n_rows:,}. It was "
                "ignored."
            )
            continue
        columns.append(Column.from_values(name, values))
    return columns


def _column(table: Any, name: str) -> Any:
    import h5py

    item = member(table, name)
    if isinstance(item, h5py.Group):
        if "codes" in item:  # categorical
            return _named(member(item, "categories"), member(item, "codes"))
        mask = np.asarray(_values(member(item, "mask")), np.bool_)  # nullable numbers
        values = np.array(_values(member(item, "values")), object)
        values[mask] = None
        return values
    try:  # AnnData before 0.8
        names = member(table, f"__categories/{name}")
    except KeyError:
        return _texts(item)
    return _named(names, item)


def _named(categories: Any, codes: Any) -> Any:
    names = [*_texts(categories).tolist(), None]  # code -1 is a missing value
    return np.array(names, object)[np.asarray(_values(codes))]


def _values(dataset: Any) -> Any:
    reason = refusal(dataset)
    if reason:
        raise ValueError(f"it {reason}")
    return dataset[()]


def _texts(dataset: Any) -> Any:
    values = _values(dataset)
    if dataset.dtype.kind in "OS":
        decoded = [v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in values]
        return np.array(decoded, object)
    return np.asarray(values)

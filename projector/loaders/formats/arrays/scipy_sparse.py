"""Reads the sparse matrices that scipy saves: five arrays in a NumPy archive."""

from __future__ import annotations

from collections.abc import Callable, Collection

from projector.errors import LoadError
from projector.loaders.base import File, Loaded, Tensor
from projector.loaders.decoders.sparse_parts import from_compressed, too_wide
from projector.loaders.formats.arrays.object_members import MAX_MEMBER
from projector.machine.byte_size import byte_size
from projector.model.given_sparse import dense_bytes
from projector.model.sparse_rows import DENSE_BYTES, sparse_of
from projector.typing import AnyArray

#: The arrays of each form, after the numbers.
_PARTS = {"csr": ("indices", "indptr"), "csc": ("indices", "indptr"), "coo": ("row", "col")}
#: Reads an array of the archive, of at most so many bytes.
Read = Callable[[str, int], AnyArray]


def is_sparse_archive(names: Collection[str]) -> bool:
    """Recognize the arrays that `scipy.sparse.save_npz` writes."""
    held = {name.removesuffix(".npy") for name in names}
    return {"data", "shape", "format"} <= held and any(set(p) <= held for p in _PARTS.values())


def sparse_tensor(file: File, read: Read, dtype: str) -> Tensor:
    """Return the matrix of an archive; its numbers are of `dtype`.

    Raises
    ------
    LoadError
        Of another form, or of no usual shape.
    """
    _, shape = _about(file, read)
    return Tensor("", file.stem, shape, dtype, role="embedding", whole=True)


def load_sparse(file: File, read: Read, limit: int) -> Loaded:
    """Return the matrix: sparse rows, or a dense array if it is small."""
    kind, shape = _about(file, read)
    first, second = (read(name, limit) for name in _PARTS[kind])
    parts = (read("data", limit), first, second)
    values = from_compressed(file.path, file.name, parts, shape, kind=kind)
    if sparse_of(values) is not None:
        return Loaded(values)
    size = byte_size(min(DENSE_BYTES, dense_bytes(shape)))
    note = f"the matrix is sparse and was converted to a dense one of {size}."
    return Loaded(values, warnings=(note,))


def _about(file: File, read: Read) -> tuple[str, tuple[int, int]]:
    kind = read("format", MAX_MEMBER).reshape(-1)[:1].tolist()
    name = kind[0].decode("ascii", "replace") if kind and isinstance(kind[0], bytes) else ""
    name = str(kind[0]) if kind and isinstance(kind[0], str) else name
    if name not in _PARTS:
        raise LoadError(
            file.path,
            f"holds a sparse matrix of the form {name[:20]!r}, which is not read. Save "
            "matrix.tocsr().",
        )
    shape = [int(each) for each in read("shape", MAX_MEMBER).reshape(-1)[:3]]
    if len(shape) != 2 or min(shape) < 0:
        raise LoadError(file.path, f"is a sparse matrix of the shape {tuple(shape)}.")
    if reason := too_wide(shape[1]):
        raise LoadError(file.path, reason)
    return name, (shape[0], shape[1])

"""Vectors that are mostly zero: sparse rows, of which a block at a time is made dense.

What computes with vectors slices them, and calls numpy with the slice. A slice of `SparseRows` is
`SparseRows`, too, and becomes an array where numpy meets it, if it is a block; whatever would need
all of a large matrix at once is refused with a sentence, never done in silence.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from projector.errors import MemoryLimitError, ParameterError, ShapeError
from projector.machine.byte_size import byte_size
from projector.machine.hashing import content_hash
from projector.typing import AnyArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Sparse matrices of at most this size as dense float32 arrays are kept as these: 16 MB.
DENSE_BYTES = 1 << 24
#: The largest block that is made dense, in numbers: 64 MB as float32.
BLOCK_NUMBERS = 1 << 24


@dataclass(frozen=True, eq=False)
class SparseRows:
    """Vectors of which only the numbers that are not 0 are held, row by row.

    Attributes
    ----------
    starts : ndarray of shape (n_points + 1,), int64
        Row i has the numbers ``starts[i]`` to ``starts[i + 1]``.
    dims : ndarray of shape (n_numbers,), int32
        Their dimensions, ascending in each row, none twice.
    values : ndarray of shape (n_numbers,), float32
        In float64 where they are queries. None is 0; NaN and infinity may be among them.
    n_dims : int
    lost : tuple of str
        What float32 cannot hold of what was given, see `Narrowed`.
    """

    starts: NDArray[np.int64]
    dims: NDArray[np.int32]
    values: AnyArray
    n_dims: int
    lost: tuple[str, ...] = field(default=(), repr=False)

    #: As numpy has it.
    ndim = 2

    @classmethod
    def of(cls, matrix: Any, lost: tuple[str, ...] = ()) -> SparseRows:
        """Return the rows of a matrix of scipy's, which is not changed.

        The same numbers give the same arrays, in whatever order and however often a place was
        given: numbers of one place are added before they are narrowed.
        """
        canonical = canonical_rows(matrix)
        with np.errstate(over="ignore"):
            narrow = canonical.astype(np.float32)
        narrow.eliminate_zeros()
        arrays = (
            narrow.indptr.astype(np.int64),
            narrow.indices.astype(np.int32),
            np.asarray(narrow.data, np.float32),
        )
        for each in arrays:
            each.flags.writeable = False
        return cls(*arrays, int(canonical.shape[1]), lost)

    @property
    def shape(self) -> tuple[int, int]:
        """(n_points, n_dims)."""
        return len(self), self.n_dims

    @property
    def size(self) -> int:
        """Numbers of the dense array."""
        return len(self) * self.n_dims

    @property
    def nbytes(self) -> int:
        """Bytes that are held."""
        return int(self.starts.nbytes + self.dims.nbytes + self.values.nbytes)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the values."""
        return self.values.dtype

    @property
    def content_hash(self) -> str:
        """32 hexadecimal digits that change with any number, its place, and the shape."""
        parts = [content_hash(each) for each in (self.starts, self.dims, self.values)]
        about = repr(("sparse", self.shape, parts))
        return hashlib.sha256(about.encode()).hexdigest()[:32]

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.starts) - 1

    def __getitem__(self, key: Any) -> SparseRows:
        """Return some rows: a slice, a mask, row numbers, or these and dimensions."""
        if isinstance(key, tuple):
            rows, dims = (each if isinstance(each, slice) else np.ravel(each) for each in key)
            matrix: Any = self.matrix()
            return SparseRows.of(matrix[rows][:, dims])
        if isinstance(key, slice) and key.step in (None, 1):
            first, stop, _ = key.indices(len(self))
            stop = max(first, stop)
            starts = self.starts[first : stop + 1]
            some = slice(int(starts[0]), int(starts[-1]))
            return SparseRows(starts - starts[0], self.dims[some], self.values[some], self.n_dims)
        rows = np.arange(len(self))[key].ravel()
        counts = np.diff(self.starts)[rows]
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        at = np.arange(int(starts[-1])) + np.repeat(self.starts[rows] - starts[:-1], counts)
        return SparseRows(starts, self.dims[at], self.values[at], self.n_dims)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> AnyArray:
        """Return a block as a dense array.

        Raises
        ------
        MemoryLimitError
            It is larger than a block.
        """
        if self.size > max(BLOCK_NUMBERS, self.n_dims):
            raise MemoryLimitError(
                f"A sparse matrix of {len(self):,} x {self.n_dims:,} would take "
                f"{byte_size(4 * self.size)} as a dense array, which this needs whole. Reduce it "
                "first: pca_dims=50 in project, or projector.PCA(50)."
            )
        found = np.zeros(self.shape, np.float32 if dtype is None else dtype)
        found[np.repeat(np.arange(len(self)), np.diff(self.starts)), self.dims] = self.values
        return found

    def __matmul__(self, other: AnyArray) -> NDArray[np.float64]:
        """Return the product with a dense matrix, in float64."""
        return np.asarray(self.matrix(np.float64) @ np.asarray(other, np.float64))

    def matrix(self, dtype: Any = np.float32) -> csr_matrix:
        """Return scipy's matrix of the same numbers; of float32 it shares them."""
        from scipy.sparse import csr_matrix

        found: Any = csr_matrix(self.shape, dtype=dtype)
        found.indptr, found.indices = self.starts, self.dims
        found.data = self.values.astype(dtype, copy=False)
        found.has_sorted_indices = found.has_canonical_format = True
        return cast("csr_matrix", found)

    def mean(self, axis: int = 0, dtype: Any = np.float64) -> NDArray[np.float64]:
        """Return the mean of each dimension, (n_dims,) float64."""
        assert axis == 0
        return self.sums(self.values) / max(1, len(self))

    def sums(self, values: AnyArray) -> NDArray[np.float64]:
        """Return the sum over each dimension of `values`, one for each number held."""
        return np.asarray(
            np.bincount(self.dims, values.astype(np.float64), self.n_dims), np.float64
        )

    def row_sums(self, values: AnyArray) -> NDArray[np.float64]:
        """Return the sum over each row of `values`, one for each number held."""
        rows = np.repeat(np.arange(len(self)), np.diff(self.starts))
        return np.asarray(np.bincount(rows, values.astype(np.float64), len(self)), np.float64)

    def min(self, axis: int) -> NDArray[np.float32]:
        """Return the least of each dimension (axis 0) or row (1); NaN where one is."""
        return np.asarray(self.matrix().min(axis=axis).toarray(), np.float32).ravel()

    def max(self, axis: int) -> NDArray[np.float32]:
        """Return the largest of each dimension (axis 0) or row (1); NaN where one is."""
        return np.asarray(self.matrix().max(axis=axis).toarray(), np.float32).ravel()

    def times(self, of_rows: AnyArray | None = None, of_dims: AnyArray | None = None) -> SparseRows:
        """Return the rows with each row, each dimension, or both multiplied by a number."""
        values = self.values.astype(np.float64)
        if of_rows is not None:
            values *= np.repeat(of_rows, np.diff(self.starts))
        if of_dims is not None:
            values *= of_dims[self.dims]
        return SparseRows(self.starts, self.dims, values.astype(np.float32), self.n_dims)


def canonical_rows(matrix: Any) -> csr_matrix:
    """Return a sparse matrix by rows, places ascending and none twice, as a copy.

    Raises
    ------
    ShapeError
        Not in two dimensions, not real numbers, or with places that do not exist.
    """
    from scipy.sparse import csr_matrix

    if len(matrix.shape) != 2:
        raise ShapeError(
            f"An embedding must have the shape (n_points, n_dims). Got {tuple(matrix.shape)}."
        )
    if np.dtype(matrix.dtype).kind not in "iufb":
        raise ShapeError(
            f"Vectors must be real numbers. Got a sparse matrix of dtype {matrix.dtype}."
        )
    try:
        found = csr_matrix(matrix.tocsr(), copy=True)
        found.check_format(full_check=True)
    except (ValueError, IndexError) as error:
        raise ShapeError(
            f"The sparse matrix of shape {tuple(matrix.shape)} has places outside of it "
            f"({str(error).rstrip('.')}). Make it again, for example by .tocoo().tocsr()."
        ) from None
    if found.dtype.kind == "b":
        # Truth values of one place are not added up.
        found.sum_duplicates()
        found = found.astype(np.float32)
    found.sum_duplicates()
    return found


def is_sparse(given: Any) -> bool:
    """Tell whether an object is a sparse matrix or array of scipy, or one that becomes it."""
    return hasattr(given, "tocsr") and hasattr(given, "nnz")


def sparse_of(vectors: object) -> SparseRows | None:
    """Return vectors as `SparseRows` if they are, else None."""
    return vectors if isinstance(vectors, SparseRows) else None


def dense_vectors(vectors: AnyArray, what: str) -> AnyArray:
    """Return vectors that are not sparse.

    Raises
    ------
    ParameterError
        They are sparse; `what` is not done with these.
    """
    if sparse_of(vectors) is not None:
        n_points, n_dims = vectors.shape
        raise ParameterError(
            f"{what} takes dense vectors. Got a sparse matrix of {n_points:,} x {n_dims:,}, which "
            f"would take {byte_size(4 * n_points * n_dims)} as an array. Give "
            "projector.PCA(50).fit_transform(matrix) instead."
        )
    return vectors


def as_held(rows: SparseRows) -> AnyArray:
    """Return sparse rows under the type of dense ones, whose slices they have."""
    return cast("AnyArray", rows)


def sparse_rows(vectors: AnyArray) -> SparseRows:
    """Return dense vectors, such as some queries, as sparse rows of their dtype."""
    found = sparse_of(vectors)
    if found is not None:
        return found
    rows, dims = np.nonzero(vectors)
    starts = np.searchsorted(rows, np.arange(len(vectors) + 1)).astype(np.int64)
    return SparseRows(starts, dims.astype(np.int32), vectors[rows, dims], vectors.shape[1])

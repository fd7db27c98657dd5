"""A dataset: an embedding with its metadata and sprite, of checked lengths."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from projector.errors import ShapeError
from projector.machine.hashing import content_hash, lock_of
from projector.machine.lengths import squared_lengths
from projector.machine.ranges import column_ranges
from projector.model.arrays import as_vectors
from projector.model.given_metadata import as_metadata
from projector.model.metadata import Metadata, check_rows
from projector.model.missing_marks import marks_warning
from projector.model.narrowing import Narrowed, narrow
from projector.model.sparse_rows import sparse_of
from projector.model.sprite import Sprite
from projector.typing import AnyArray, Vectors

#: Metrics under which adding a constant to a dimension of all vectors changes nothing.
SHIFT_FREE = frozenset({"euclidean", "manhattan", "chebyshev"})


@dataclass(frozen=True)
class Embedding:
    """The input: one vector per point.

    Papers on t-SNE often call the *output* an embedding; here the output is a Projection.

    Attributes
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32, C order
        Or `SparseRows`, of a sparse matrix that would be large as an array. May be a read-only
        map of a private copy of the file. Never modified: an array that
        somebody could write to is copied.
    centered : ndarray of the same shape, float32, or None
        The vectors less a constant per dimension, where `vectors` in float32 have lost
        differences that numbers near 0 keep.
    center : ndarray of shape (n_dims,), float64, or None
        That constant.
    name, run : str
    step : int or None
    known_hash : str or None
        The content hash, if another process has computed it already.

    Raises
    ------
    ShapeError
        The vectors are not numbers in two dimensions, or empty.
    """

    vectors: Vectors = field(repr=False)
    name: str = ""
    run: str = "."
    step: int | None = None
    known_hash: str | None = field(default=None, repr=False)
    centered: Vectors | None = field(default=None, repr=False)
    center: AnyArray | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        vectors, _ = as_vectors(self.vectors)
        narrowed = narrow(vectors)
        object.__setattr__(self, "vectors", narrowed.vectors)
        if self.centered is None:
            object.__setattr__(self, "centered", narrowed.centered)
            object.__setattr__(self, "center", narrowed.center)

    @property
    def content_hash(self) -> str:
        """A hash of the vectors: 32 hexadecimal digits that change with any bit.

        Of `centered`, too, as results are computed from either.
        """
        if self.known_hash is not None:
            return self.known_hash
        with lock_of(self):  # of two threads that ask at once, one computes it
            return self._hash

    @cached_property
    def _hash(self) -> str:
        sparse = sparse_of(self.vectors)
        if sparse is not None:
            return sparse.content_hash
        if self.centered is None:
            return content_hash(self.vectors)
        both = content_hash(self.vectors) + content_hash(self.centered)
        return hashlib.sha256(both.encode()).hexdigest()[:32]


@dataclass(frozen=True, init=False)
class Dataset:
    """An embedding with its metadata and sprite.

    Parameters
    ----------
    vectors : array-like of shape (n_points, n_dims), or Embedding
        An array of any library that shares arrays with numpy, a data frame of numeric columns,
        an Arrow table or array, a sparse matrix (one of at most 16 MB becomes dense), or lists.
        Masked and missing values become NaN and are counted in
        `warnings`. Any real dtype; kept as float32. What float32 cannot hold is reported in
        `warnings`: values beyond its range become infinite; of numbers far from 0 that differ
        little, such as times, the differences are kept (`Embedding.centered`). Copied unless
        nobody can write to it, so that later changes do not reach the dataset.
    metadata : Metadata, mapping of str to sequence, data frame or Arrow table, optional
        One row per point.
    sprite : Sprite, optional
        One tile per point.
    name, run, step
        Where it comes from; `step` may be None.
    warnings : iterable of str
        What was dropped, padded or guessed when it was read, with counts.
    n_all : int, optional
        How many points these were drawn from.

    Attributes
    ----------
    embedding : Embedding
    metadata : Metadata
    sprite : Sprite or None
    n_all : int or None
        Of points that were drawn at random: from how many, as memory does not hold all. The
        column ``index`` then says which they are. None if these are all points.
    warnings : tuple of str
        With those about numbers (see `number_warnings`), which takes a pass over the vectors
        when they are first asked for.

    Raises
    ------
    ShapeError
        The vectors are not numbers in two dimensions, or metadata or sprite have another length
        or cannot be read.

    Examples
    --------
    >>> import projector
    >>> data = projector.Dataset([[0.0, 1.0], [2.0, 3.0]], metadata={"label": ["a", "b"]})
    >>> data.n_points, data.n_dims, data.metadata.names
    (2, 2, ('label',))
    """

    embedding: Embedding
    metadata: Metadata
    sprite: Sprite | None
    given_warnings: tuple[str, ...] = field(repr=False)
    narrowed: Narrowed | None = field(repr=False, compare=False)
    n_all: int | None

    def __init__(
        self,
        vectors: AnyArray | Embedding | Any,
        metadata: Metadata | Mapping[str, Iterable[Any]] | Any | None = None,
        sprite: Sprite | None = None,
        *,
        name: str = "",
        run: str = ".",
        step: int | None = None,
        warnings: Iterable[str] = (),
        n_all: int | None = None,
    ) -> None:
        narrowed = None
        told: tuple[str, ...] = ()
        if not isinstance(vectors, Embedding):
            given, told = as_vectors(vectors)
            narrowed = narrow(given)
            vectors = Embedding(
                narrowed.vectors,
                name,
                run,
                step,
                centered=narrowed.centered,
                center=narrowed.center,
            )
        n_points = vectors.vectors.shape[0]
        if metadata is None:
            metadata = Metadata(())
        elif not isinstance(metadata, Metadata):
            metadata = as_metadata(metadata, n_points)
        check_rows(metadata, n_points)
        if sprite is not None and sprite.n_points != n_points:
            raise ShapeError(
                f"The sprite has {sprite.n_points:,} tiles for {n_points:,} points. Expected one "
                "tile per point."
            )
        object.__setattr__(self, "embedding", vectors)
        object.__setattr__(self, "metadata", metadata)
        object.__setattr__(self, "sprite", sprite)
        object.__setattr__(self, "given_warnings", (*warnings, *told))
        object.__setattr__(self, "narrowed", narrowed)
        object.__setattr__(self, "n_all", n_all)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was dropped, padded, guessed or lost, and numbers that look odd."""
        rounded = self.narrowed.rounded if self.narrowed else ()
        drawn = (self.drawn,) if self.drawn else ()
        every = (*drawn, *self.given_warnings, *rounded, *self.number_warnings)
        return tuple(dict.fromkeys(every))

    def renamed(self, name: str) -> Dataset:
        """Return the same data under another name."""
        embedding = replace(self.embedding, name=name)
        return self.like(
            Dataset(embedding, self.metadata, self.sprite, warnings=self.given_warnings)
        )

    @property
    def vectors(self) -> Vectors:
        """The embedding's vectors, (n_points, n_dims) float32."""
        return self.embedding.vectors

    @property
    def n_points(self) -> int:
        """Number of points, the rows of the vectors."""
        return int(self.vectors.shape[0])

    @property
    def n_dims(self) -> int:
        """Number of dimensions, the columns of the vectors."""
        return int(self.vectors.shape[1])

    @property
    def held_dims(self) -> int:
        """Float32 numbers that are held for each point: `n_dims`, or those that are not 0."""
        return -(-self.vectors.nbytes // (self.vectors.dtype.itemsize * self.n_points))

    @property
    def content_hash(self) -> str:
        """A hash of the vectors (see `Embedding.content_hash`)."""
        return self.embedding.content_hash

    def with_metadata(self, metadata: Metadata, warnings: Iterable[str] = ()) -> Dataset:
        """Return the dataset with other metadata, and with `warnings` added."""
        told = (*self.given_warnings, *warnings)
        return self.like(Dataset(self.embedding, metadata, self.sprite, warnings=told))

    def with_warnings(self, warnings: Iterable[str]) -> Dataset:
        """Return the dataset with `warnings` added."""
        return self.with_metadata(self.metadata, warnings)

    def like(self, other: Dataset) -> Dataset:
        """Give `other`, of the same vectors, what took a pass over them, and what they are of."""
        object.__setattr__(other, "n_all", self.n_all)
        object.__setattr__(other, "narrowed", self.narrowed)
        for name in ("finite_rows", "marks", "_ranges"):
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        return other

    def known_finite(self) -> Dataset:
        """Return the dataset, of whose vectors it is known already that all are finite."""
        self.__dict__["finite_rows"] = np.ones(self.n_points, bool)
        return self

    @cached_property
    def finite_rows(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """(n_points,) bool: rows without NaN and infinity; no other row can be placed."""
        # Minimum and maximum are NaN or infinite exactly when one of the values is, and need no
        # temporary array of the same size.
        if all(np.isfinite(each).all() for each in self._ranges):
            return np.ones(self.n_points, bool)
        low, high = self.vectors.min(axis=1), self.vectors.max(axis=1)
        return np.asarray(np.isfinite(low) & np.isfinite(high))

    @cached_property
    def _ranges(self) -> tuple[AnyArray, AnyArray]:
        """The least and largest value of each dimension."""
        sparse = sparse_of(self.vectors)
        if sparse is not None:
            return sparse.min(axis=0), sparse.max(axis=0)
        return column_ranges(self.vectors)

    @cached_property
    def squared_lengths(self) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        """(n_points,) float32 of dense vectors, which each query by products needs; kept."""
        return squared_lengths(self.vectors)

    @cached_property
    def marks(self) -> str | None:
        """A sentence about values that look like a mark for missing, such as 1e20."""
        finite, (low, high) = self.finite_rows, self._ranges
        if not finite.any():
            return None
        if not finite.all() and sparse_of(self.vectors) is not None:
            placed = self.vectors[finite]
            low, high = placed.min(axis=0), placed.max(axis=0)
        elif not finite.all():
            low = self.vectors.min(axis=0, where=finite[:, None], initial=np.inf)
            high = self.vectors.max(axis=0, where=finite[:, None], initial=-np.inf)
        return marks_warning(self.vectors, finite, low, high)

    @property
    def drawn(self) -> str:
        """A sentence that these are some points of more; empty if they are all."""
        if self.n_all is None:
            return ""
        return f"{self.n_points:,} of {self.n_all:,} points, drawn at random."

    @property
    def number_warnings(self) -> tuple[str, ...]:
        """What results of these numbers should be read with: a sample, losses, missing marks."""
        lost = self.narrowed.lost if self.narrowed else ()
        lost = (self.drawn, *lost) if self.drawn else lost
        return (*lost, self.marks) if self.marks else lost

    def warnings_under(self, metric: str | None) -> tuple[str, ...]:
        """`number_warnings`, and what is rounded where `metric` cannot use differences."""
        if self.narrowed is None or metric in SHIFT_FREE:
            return self.number_warnings
        return (*self.narrowed.rounded, *self.number_warnings)

    def vectors_under(self, metric: str | None) -> Vectors:
        """Return the vectors to compute with: `Embedding.centered` if `metric` allows it.

        Parameters
        ----------
        metric : str or None
            None stands for whatever needs the values themselves.
        """
        centered = self.embedding.centered
        return self.vectors if centered is None or metric not in SHIFT_FREE else centered

    def center_under(self, metric: str | None) -> AnyArray:
        """Return what `vectors_under` are less than the vectors, (n_dims,) float64: mostly 0."""
        center = self.embedding.center
        if center is None or metric not in SHIFT_FREE:
            return np.zeros(self.n_dims)
        return center

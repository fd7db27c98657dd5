"""A dataset: an embedding with its metadata and sprite, of checked lengths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from projector.errors import ShapeError
from projector.machine.hashing import content_hash
from projector.model.arrays import as_vectors
from projector.model.given_metadata import as_metadata
from projector.model.metadata import Metadata, check_rows
from projector.model.sprite import Sprite
from projector.typing import AnyArray, Vectors


@dataclass(frozen=True)
class Embedding:
    """The input: one vector per point.

    Papers on t-SNE often call the *output* an embedding; here the output is a Projection.

    Attributes
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32, C order
        May be a read-only map of a private copy of the file. Never modified.
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

    def __post_init__(self) -> None:
        vectors, _ = as_vectors(self.vectors)
        object.__setattr__(self, "vectors", _as_float32(vectors))

    @cached_property
    def content_hash(self) -> str:
        """A hash of the vectors: 32 hexadecimal digits that change with any bit."""
        if self.known_hash is not None:
            return self.known_hash
        return content_hash(self.vectors)


@dataclass(frozen=True, init=False)
class Dataset:
    """An embedding with its metadata and sprite.

    Parameters
    ----------
    vectors : array-like of shape (n_points, n_dims), or Embedding
        An array of any library that shares arrays with numpy, a data frame of numeric columns,
        an Arrow table or array, or lists. Masked and missing values become NaN and are counted in
        `warnings`. Any real dtype; kept as float32. float64 values beyond float32's range become
        infinite and are reported in `warnings`.
    metadata : Metadata, mapping of str to sequence, data frame or Arrow table, optional
        One row per point.
    sprite : Sprite, optional
        One tile per point.
    name, run, step
        Where it comes from; `step` may be None.
    warnings : iterable of str
        What was dropped, padded or guessed when it was read, with counts.

    Attributes
    ----------
    embedding : Embedding
    metadata : Metadata
    sprite : Sprite or None
    warnings : tuple of str

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
    warnings: tuple[str, ...]

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
    ) -> None:
        found = list(warnings)
        if not isinstance(vectors, Embedding):
            given, told = as_vectors(vectors)
            found += told
            vectors = Embedding(given, name, run, step)
            found += _narrowing_warnings(given, vectors.vectors)
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
        object.__setattr__(self, "warnings", tuple(found))

    def renamed(self, name: str) -> Dataset:
        """Return the same data under another name."""
        embedding = replace(self.embedding, name=name)
        return Dataset(embedding, self.metadata, self.sprite, warnings=self.warnings)

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
    def content_hash(self) -> str:
        """A hash of the vectors (see `Embedding.content_hash`)."""
        return self.embedding.content_hash

    def with_metadata(self, metadata: Metadata, warnings: Iterable[str] = ()) -> Dataset:
        """Return the dataset with other metadata, and with `warnings` added."""
        other = Dataset(self.embedding, metadata, self.sprite, warnings=(*self.warnings, *warnings))
        if "finite_rows" in self.__dict__:  # it took a pass over all vectors
            other.__dict__["finite_rows"] = self.finite_rows
        return other

    @cached_property
    def finite_rows(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """(n_points,) bool: rows without NaN and infinity; no other row can be placed."""
        # The minimum and maximum of a row are NaN or infinite exactly when one of its values is,
        # and need no temporary array of the same size.
        low, high = self.vectors.min(axis=1), self.vectors.max(axis=1)
        return np.asarray(np.isfinite(low) & np.isfinite(high))


def _as_float32(vectors: AnyArray) -> Vectors:
    if vectors.dtype == np.float32 and vectors.flags.c_contiguous and vectors.dtype.isnative:
        return vectors
    if vectors.dtype.kind == "c":
        raise ShapeError("Complex vectors are not supported. Use the real or imaginary part.")
    try:
        with np.errstate(over="ignore"):
            return np.ascontiguousarray(vectors, dtype=np.float32)
    except (TypeError, ValueError):
        raise ShapeError(f"Vectors must be numbers. Got dtype {vectors.dtype}.") from None


def _narrowing_warnings(given: AnyArray, kept: Vectors) -> list[str]:
    if given.dtype.kind == "f" and given.dtype.itemsize > 4:
        lost = int(np.isfinite(given).sum()) - int(np.isfinite(kept).sum())
        if lost:
            return [f"{lost:,} values exceed the range of float32 and became infinite."]
    return []

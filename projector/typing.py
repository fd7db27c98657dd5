"""Names for the types of arrays. Their shapes are in the docstrings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from typing import Any

    import numpy as np
    from numpy.typing import NDArray

# As texts, so that the command line can name a metric without importing numpy.

#: (n_points, n_dims) float32, C order; may be a read-only memory map.
Vectors: TypeAlias = "NDArray[np.float32]"
#: (n_points, 2 or 3) float32.
Positions: TypeAlias = "NDArray[np.float32]"
#: Row numbers.
Indices: TypeAlias = "NDArray[np.int32]"
#: (n_points, k) float32, in the unit of the metric.
Distances: TypeAlias = "NDArray[np.float32]"
#: An array of any dtype.
AnyArray: TypeAlias = "NDArray[Any]"

Metric: TypeAlias = Literal[
    "euclidean",
    "cosine",
    "inner_product",
    "manhattan",
    "correlation",
    "chebyshev",
    "canberra",
    "braycurtis",
    "hamming",
    "jaccard",
    "haversine",
]

#: Values that JSON can represent.
Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

#: The bytes of a file, or a part of them.
Bytes: TypeAlias = bytes | memoryview

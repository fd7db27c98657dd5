"""Names for the arrays that travel through the house. Shapes stand in the docstrings."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: (n_points, n_dims) float32, C order; may be a read-only memory map.
Vectors: TypeAlias = NDArray[np.float32]
#: (n_points, 2 or 3) float32.
Positions: TypeAlias = NDArray[np.float32]
#: Row numbers, int32 or int64.
Indices: TypeAlias = NDArray[np.int32]
#: (n_points, k) float32, in the metric's own unit.
Distances: TypeAlias = NDArray[np.float32]
#: Any numeric array, where the dtype is part of what is being found out.
AnyArray: TypeAlias = NDArray[Any]

Metric: TypeAlias = Literal["euclidean", "cosine", "inner_product", "manhattan"]

#: What JSON can hold.
Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

#: A file's bytes or a piece of them.
Bytes: TypeAlias = bytes | memoryview

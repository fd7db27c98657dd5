"""Data whose neighbors are known for every version that a file ever has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

N_POINTS, N_DIMS, K = 12_000, 64, 5
#: Version v of a file has the base vectors times v: the same neighbors, at v times the distance.
MOST = 4096


class Known:
    """Base vectors, and the nearest neighbors of some of them by brute force in float64."""

    def __init__(self) -> None:
        rng = np.random.default_rng(7)
        self.base = rng.normal(size=(N_POINTS, N_DIMS)).astype(np.float32)
        self.rows = rng.choice(N_POINTS, 200, replace=False)
        exact = self.base.astype(np.float64)
        self.neighbors: dict[int, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}
        for row in self.rows.tolist():
            squares = ((exact - exact[row]) ** 2).sum(axis=1)
            squares[row] = np.inf
            nearest = np.argsort(squares)[:K]
            self.neighbors[row] = nearest, np.sqrt(squares[nearest])

    def version(self, number: int) -> NDArray[np.float32]:
        """Return the vectors of a version."""
        return self.base * np.float32(number)

    def fault(self, row: int, indices: list[int], distances: list[float]) -> str:
        """Return what is wrong with the neighbors of a row, or nothing."""
        expected, base = self.neighbors[row]
        if set(indices) != set(expected.tolist()):
            return f"row {row} has the neighbors {indices}, not {expected.tolist()}"
        ratios = np.asarray(distances) / base
        version = round(float(ratios[0]))
        if not 1 <= version <= MOST or np.abs(ratios / version - 1).max() > 1e-4:
            return f"row {row}: distances of no single version, {ratios.tolist()} times the base"
        return ""

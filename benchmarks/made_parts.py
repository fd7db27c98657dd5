"""Parts whose rows are made when they are read, the same each time: data of any size, unstored."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.api.partitioned.sources import Sources

#: Rows that are made at once; a part has the same rows however they are asked for.
BLOCK = 65_536
N_CLUSTERS = 20


@dataclass(frozen=True)
class MadePart:
    """Rows around 20 centers, stretched differently in each dimension.

    Attributes
    ----------
    number, first_row, n_rows, n_dims : int
    """

    number: int
    first_row: int
    n_rows: int
    n_dims: int

    @property
    def name(self) -> str:
        """For people."""
        return f"made part {self.number}"

    @property
    def fingerprint(self) -> str:
        """Of what its rows are made from."""
        return f"made {self.number} {self.first_row} {self.n_rows} {self.n_dims}"

    def chunks(self, most_rows: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Make the rows."""
        about = np.random.default_rng(0)
        centers = 3 * about.standard_normal((N_CLUSTERS, self.n_dims), np.float32)
        spread = (1 / np.sqrt(1 + np.arange(self.n_dims))).astype(np.float32)
        for number, start in enumerate(range(0, self.n_rows, BLOCK)):
            rng = np.random.default_rng([1, self.number, number])
            count = min(BLOCK, self.n_rows - start)
            rows = rng.standard_normal((count, self.n_dims), np.float32)
            rows *= spread
            rows += centers[rng.integers(0, N_CLUSTERS, count)]
            for at in range(0, count, most_rows):
                yield self.first_row + start + at, rows[at : at + most_rows]


def made_sources(n_points: int, n_dims: int, n_parts: int) -> Sources:
    """Return a dataset in parts of about the same size."""
    ends = np.linspace(0, n_points, n_parts + 1).astype(np.int64)
    parts = [
        MadePart(number, int(first), int(last - first), n_dims)
        for number, (first, last) in enumerate(itertools.pairwise(ends))
    ]
    return Sources.of(parts, n_dims)

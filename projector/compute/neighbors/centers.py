"""Centers of cells: k-means on a sample; many centers are searched through groups of them.

Every point against every center would cost n_points² / cell size. So the centers are grouped, and
a point looks at those of its group and of the groups around it, in each round of k-means and in
the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.exact import nearest_rows
from projector.machine.blas_threads import take_in_order
from projector.model.progress import Progress, ProgressCallback

#: Centers that every point is compared with; more are grouped, and the groups it looks at.
MANY_CENTERS, N_GROUPS = 3000, 24
#: k-means: points for each center, numbers in the sample at most, and rounds.
SAMPLE_PER_CENTER, SAMPLE_SIZE, ROUNDS = 40, 20_000_000, 5
#: The same for groups of centers, each time that these have moved.
ROUNDS_OF_GROUPS = 3
#: Points compared with centers at once.
_ROWS = 2048


@dataclass(frozen=True)
class Centers:
    """Centers in the order of their groups.

    Attributes
    ----------
    rows : ndarray of shape (n_centers, n_dims), float32
    first : ndarray of shape (n_groups + 1,), int
        The centers of group g are ``first[g]`` to ``first[g + 1]``.
    groups : ndarray of shape (n_groups, n_dims), float32
        The centers of the groups.
    """

    rows: NDArray[np.float32]
    first: NDArray[np.intp]
    groups: NDArray[np.float32]

    @classmethod
    def of(
        cls, rows: NDArray[np.float32], n_centers: int, seed: int, progress: ProgressCallback
    ) -> Centers:
        """Find `n_centers` of `rows` by Lloyd's k-means; one without points does not move."""
        rng = np.random.default_rng(seed)
        most = max(2 * n_centers, SAMPLE_SIZE // max(1, rows.shape[1]))
        n_sample = min(len(rows), most, SAMPLE_PER_CENTER * n_centers)
        sample = rows[np.sort(rng.choice(len(rows), n_sample, replace=False))]
        drawn = sample[rng.choice(n_sample, n_centers, replace=False)]
        found = cls._grouped(drawn, seed, progress)
        for round_ in range(ROUNDS):
            nearest = found.nearest(sample, 1, progress)[:, 0]
            found = cls._grouped(_moved(found.rows, sample, nearest), seed, progress)
            progress(Progress("cells", round_ + 1, ROUNDS))
        return found

    @classmethod
    def _grouped(
        cls, centers: NDArray[np.float32], seed: int, progress: ProgressCallback
    ) -> Centers:
        n_centers = len(centers)
        if n_centers <= MANY_CENTERS:
            return cls(centers, np.array([0, n_centers]), centers[:1])
        n_groups = round(n_centers**0.5)
        rng = np.random.default_rng(seed)
        groups = centers[rng.choice(n_centers, n_groups, replace=False)]
        for _ in range(ROUNDS_OF_GROUPS):
            groups = _moved(groups, centers, _nearest(centers, groups, 1, progress)[:, 0])
        nearest = _nearest(centers, groups, 1, progress)[:, 0]
        order = np.argsort(nearest, kind="stable")
        first = np.searchsorted(nearest[order], np.arange(n_groups + 1))
        return cls(centers[order], first, groups)

    def nearest(
        self, rows: NDArray[np.float32], n_near: int, progress: ProgressCallback
    ) -> NDArray[np.int32]:
        """Return the `n_near` centers nearest to each row, the nearest first.

        Returns
        -------
        ndarray of shape (n_rows, n_near), int32
            -1 where the groups nearest to a row have fewer.
        """
        if len(self.groups) == 1:
            return _nearest(rows, self.rows, n_near, progress)
        squares = np.einsum("ij,ij->i", self.rows, self.rows)
        # Several times as many centers as are wanted.
        n_groups = max(N_GROUPS, 3 * n_near * len(self.groups) // len(self.rows))
        around = _nearest(self.groups, self.groups, min(n_groups, len(self.groups)), progress)
        own = _nearest(rows, self.groups, 1, progress)[:, 0]
        order = np.argsort(own, kind="stable")
        bounds = np.searchsorted(own[order], np.arange(len(self.groups) + 1)).tolist()
        found = np.full((len(rows), n_near), -1, np.int32)

        def find(piece: tuple[int, int, int]) -> None:
            group, start, end = piece
            spans = [np.arange(self.first[g], self.first[g + 1]) for g in np.sort(around[group])]
            looked_at = np.concatenate(spans).astype(np.int32)
            n_found = min(n_near, len(looked_at))
            points, centers = order[start:end], self.rows[looked_at]
            places = nearest_rows(rows[points], centers, squares[looked_at], n_found, "euclidean")
            found[points, :n_found] = looked_at[places[1]]

        pieces = [
            (group, start, min(start + _ROWS, end))
            for group, (begin, end) in enumerate(pairwise(bounds))
            for start in range(begin, end, _ROWS)
        ]
        take_in_order(find, pieces, lambda _: progress(Progress("cells", ROUNDS, ROUNDS)))
        return found


def _moved(
    centers: NDArray[np.float32], rows: NDArray[np.float32], nearest: NDArray[np.int32]
) -> NDArray[np.float32]:
    """Return the means of the rows nearest to each center; one without any stays."""
    moved = centers.copy()
    ends = np.cumsum(np.bincount(nearest, minlength=len(centers)))[:-1]
    for center, members in enumerate(np.split(np.argsort(nearest, kind="stable"), ends)):
        if len(members):
            moved[center] = rows[members].mean(axis=0)
    return moved


def _nearest(
    rows: NDArray[np.float32],
    centers: NDArray[np.float32],
    n_near: int,
    progress: ProgressCallback,
) -> NDArray[np.int32]:
    squares = np.einsum("ij,ij->i", centers, centers)
    found = np.empty((len(rows), n_near), np.int32)

    def find(start: int) -> None:
        some = slice(start, start + _ROWS)
        found[some] = nearest_rows(rows[some], centers, squares, n_near, "euclidean")[1]

    def take(_: None) -> None:
        progress(Progress("cells", 0, ROUNDS))

    take_in_order(find, range(0, len(rows), _ROWS), take)
    return found

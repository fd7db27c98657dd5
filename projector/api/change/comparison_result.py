"""What a comparison returns: figures of every point of the first dataset, and of the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from projector.api.change.matching import Match
from projector.compute.change.comparison import Change, ChangeSummary
from projector.compute.change.groups import Group
from projector.compute.change.kept import reach
from projector.compute.change.states import NOT_SHARED, STATES
from projector.compute.neighbors.space import Space
from projector.errors import ParameterError
from projector.machine.saved_file import save_bytes
from projector.model.arguments import path_of, whole_number
from projector.model.export import columns_bytes
from projector.model.metadata import Metadata
from projector.typing import AnyArray, Vectors

#: The figures of every point, by their names on the wire.
FIGURES = ("kept", "shift", "radius", "state")


@dataclass(frozen=True)
class NeighborChange:
    """The neighbors of one point on both sides, nearest first.

    Attributes
    ----------
    kept, lost, gained : ndarray of shape (n,), int64
        Rows of the first dataset.
    kept_distances, lost_distances, gained_distances : ndarray of shape (n, 2), float32
        On the first and on the second side.
    """

    kept: NDArray[np.int64]
    lost: NDArray[np.int64]
    gained: NDArray[np.int64]
    kept_distances: NDArray[np.float32] = field(repr=False)
    lost_distances: NDArray[np.float32] = field(repr=False)
    gained_distances: NDArray[np.float32] = field(repr=False)


@dataclass(frozen=True)
class Comparison:
    """What changed between two datasets; returned by `projector.compare`.

    Attributes
    ----------
    match : Match
        Which rows are the same point.
    rows : ndarray of shape (n_compared,), int64
        Rows of the first dataset that were compared: shared, with finite vectors.
    change : Change
        The figures of those rows.
    n_points : int
        Rows of the first dataset.
    vectors : pair of ndarray
        What was compared.
    warnings : tuple of str
    """

    match: Match
    rows: NDArray[np.int64] = field(repr=False)
    change: Change = field(repr=False)
    n_points: int
    vectors: tuple[Vectors, Vectors] = field(repr=False)
    warnings: tuple[str, ...] = ()

    @property
    def n_shared(self) -> int:
        """Points that both datasets have."""
        return len(self.match.rows_a)

    @property
    def only_a(self) -> NDArray[np.int64]:
        """Rows that only the first dataset has."""
        return self.match.only_a

    @property
    def only_b(self) -> NDArray[np.int64]:
        """Rows that only the second dataset has."""
        return self.match.only_b

    @property
    def duplicated(self) -> NDArray[np.int64]:
        """Rows of the first dataset whose label occurs more than once on either side."""
        return self.match.duplicated_a

    @property
    def rows_b(self) -> NDArray[np.uint32]:
        """(n_points,) uint32: the row of each point in the second dataset, ``NO_ROW`` for none."""
        return self.match.rows_to_b()

    @property
    def kept(self) -> NDArray[np.float32]:
        """(n_points,) float32: share of its k neighbors that each point kept, NaN if not shared."""
        return self._over_all(self.change.kept)

    @property
    def shift(self) -> NDArray[np.float32]:
        """(n_points,) float32: how far each point moved, in sizes of the cloud."""
        return self._over_all(self.change.shift)

    @property
    def radius(self) -> NDArray[np.float32]:
        """(n_points,) float32: how far each neighborhood reaches, in the unit of `shift`."""
        return self._over_all(self.change.radius)

    @property
    def state(self) -> NDArray[np.uint8]:
        """(n_points,) uint8: a place in ``STATES``, 255 for points that are not shared."""
        found = np.full(self.n_points, NOT_SHARED, np.uint8)
        found[self.rows] = self.change.state
        return found

    @property
    def summary(self) -> ChangeSummary:
        """Means, similarities, scale and counts of the whole, with all warnings."""
        return replace(self.change.summary, warnings=self.warnings)

    @property
    def groups(self) -> tuple[Group, ...]:
        """Groups of points that moved alike; rows are those of the first dataset."""
        return tuple(replace(each, rows=self.rows[each.rows]) for each in self.change.groups)

    def columns(self) -> Mapping[str, AnyArray]:
        """Return the figures of each point as columns: kept, shift, radius and state."""
        return {name: getattr(self, name) for name in FIGURES}

    def neighbors(self, point: int) -> NeighborChange:
        """Return which neighbors a point kept, lost and gained.

        Parameters
        ----------
        point : int
            A row of the first dataset.

        Raises
        ------
        ParameterError
            No such row, or one that was not compared.
        """
        point = whole_number(point, name="point", low=0, high=self.n_points - 1)
        at = int(np.searchsorted(self.rows, point))
        if at == len(self.rows) or self.rows[at] != point:
            raise ParameterError(
                f"Point {point:,} was not compared: the other side does not have it, or a vector "
                "of it is not finite."
            )
        metric = self.summary.metric
        spaces = [Space(each, metric) for each in self.vectors]
        near = self.change.near_a[at], self.change.near_b[at]
        inside = [
            _is_near(space, at, mine, other)
            for space, mine, other in zip(spaces, near, near[::-1], strict=True)
        ]
        # Of the first side's neighbors those near in the second, and the other way round.
        kept = np.union1d(near[0][inside[1]], near[1][inside[0]])
        lost, gained = near[0][~inside[1]], near[1][~inside[0]]
        lists = [_ordered(spaces, at, each) for each in (kept, lost, gained)]
        rows = [self.rows[each] for each, _ in lists]
        far = [distances for _, distances in lists]
        return NeighborChange(rows[0], rows[1], rows[2], far[0], far[1], far[2])

    def save(self, path: str | Path, *, metadata: Metadata | None = None) -> Path:
        """Write the figures of every point to a table; see `Projection.save` for the formats.

        Parameters
        ----------
        path : str or Path
            ``.parquet``, ``.arrow``, ``.feather``, ``.csv`` or ``.tsv``.
        metadata : Metadata, optional
            Columns of the first dataset to write beside them.

        Raises
        ------
        ParameterError
            Another extension.
        """
        path = path_of(path)
        names = np.array([*STATES, None], object)
        place = np.minimum(self.state, len(STATES))
        figures = {**self.columns(), "state": names[place].tolist()}
        own = Metadata.from_mapping(figures)
        others = () if metadata is None else metadata.columns
        about = self.summary.as_json()
        content = columns_bytes(path.name, Metadata((*own.columns, *others)), about=about)
        save_bytes(path, content)
        return path

    def _over_all(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        found = np.full(self.n_points, np.nan, np.float32)
        found[self.rows] = values
        return found


def _is_near(space: Space, point: int, mine: AnyArray, other: AnyArray) -> AnyArray:
    """Tell which of `other` are as near to a point in this space as its own neighbors `mine`."""
    query = space.own_queries(np.array([point]))
    limit = reach(space, query, space.ranks(query, mine[None, -1:])[:, 0])[0]
    return np.asarray((space.ranks(query, other[None])[0] <= limit) | np.isin(other, mine))


def _ordered(spaces: list[Space], point: int, others: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Return points in the order of their distances on the first side, and both distances."""
    at = np.array([point])
    ranks = [space.ranks(space.own_queries(at), others[None])[0] for space in spaces]
    order = np.lexsort((others, ranks[0]))
    distances = [s.distances(r[:, None])[:, 0] for s, r in zip(spaces, ranks, strict=True)]
    return others[order], np.stack(distances, axis=1)[order]

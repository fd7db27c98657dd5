"""What is done with one part, wherever that is: each is a task of an executor.

A part is read in chunks of a number of rows that is decided once, so that sums, and the bytes of
results, do not depend on where or when a part is worked on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from projector.api.partitioned.part_file import PartAbout, write_part
from projector.api.partitioned.sources import PartSource, finite_rows, rows_within
from projector.compute.landmarks import Placing
from projector.compute.linear.components import PrincipalComponents
from projector.compute.linear.moments import Moments, power_sums
from projector.compute.neighbors.merging import Nearest, merge_nearest, nearest_in_piece
from projector.jobs.executors.protocol import Watch
from projector.typing import AnyArray, Metric, Positions, Vectors


def moments_of(watch: Watch, part: PartSource, n_dims: int, most_rows: int) -> Moments:
    """Return the moments of a part."""
    total = Moments.none(n_dims)
    for _, rows in part.chunks(most_rows):
        total = total + Moments.of(rows, done=watch.rows)
    return total


def added(watch: Watch, one: Moments, other: Moments) -> Moments:
    """Return the sum of two moments, or of two arrays."""
    return one + other


def power_of(
    watch: Watch, part: PartSource, mean: AnyArray, directions: AnyArray, most_rows: int
) -> AnyArray:
    """Return the product of directions with the scatter of a part."""
    total = np.zeros(directions.shape)
    for _, rows in part.chunks(most_rows):
        total += power_sums(rows, mean, directions, done=watch.rows)
    return total


def picked(
    watch: Watch, part: PartSource, wanted: NDArray[np.int64], most_rows: int
) -> tuple[NDArray[np.int64], Vectors]:
    """Return some rows of a part, ascending; those with NaN or infinity are left out."""
    found_rows: list[NDArray[np.int64]] = []
    found: list[Vectors] = []
    for first, rows in part.chunks(most_rows):
        own = wanted[rows_within(wanted, first, len(rows))]
        some = rows[own - first]
        finite = finite_rows(some)
        found_rows.append(own[finite])
        found.append(np.array(some[finite]))
        watch.rows(len(rows))
    return np.concatenate(found_rows), np.concatenate(found)


@dataclass(frozen=True)
class Queries:
    """What neighbors are searched for: vectors, and the rows of those that are points, or -1."""

    vectors: Vectors
    own: NDArray[np.int64]


@dataclass(frozen=True)
class Found:
    """The `k` points of some parts that are nearest to queries, and the rows that were left out."""

    nearest: Nearest
    k: int
    n_left_out: int


def nearest_of(
    watch: Watch, part: PartSource, queries: Queries, k: int, metric: Metric, most_rows: int
) -> Found:
    """Return the points of a part that are nearest to queries."""
    found = Nearest.none(len(queries.own))
    n_left_out = 0
    for first, rows in part.chunks(most_rows):
        finite = finite_rows(rows)
        n_left_out += int((~finite).sum())
        numbers = np.flatnonzero(finite) + first
        piece = nearest_in_piece(rows[finite], numbers, queries.vectors, queries.own, k, metric)
        found = merge_nearest([found, piece], k)
        watch.rows(len(rows))
    return Found(found, k, n_left_out)


def nearest_merged(watch: Watch, one: Found, other: Found) -> Found:
    """Return the nearest of both."""
    nearest = merge_nearest([one.nearest, other.nearest], one.k)
    return Found(nearest, one.k, one.n_left_out + other.n_left_out)


@dataclass(frozen=True)
class LaidOut:
    """Landmarks with their positions, as all tasks have them.

    Attributes
    ----------
    rows : ndarray of shape (n_landmarks,), int64
        In the whole dataset, ascending.
    vectors : ndarray of shape (n_landmarks, n_dims), float32
    positions : ndarray of shape (n_landmarks, n_components), float32
    metric : Metric
    """

    rows: NDArray[np.int64]
    vectors: Vectors
    positions: Positions
    metric: Metric

    @cached_property
    def placing(self) -> Placing:
        """Prepared once in each process, for all of its parts."""
        return Placing(self.vectors, self.positions, self.metric)


def write_scores(
    watch: Watch,
    part: PartSource,
    components: PrincipalComponents,
    n_components: int,
    most_rows: int,
    target: tuple[Path, PartAbout],
) -> None:
    """Project a part onto principal components, and write its positions."""

    def pieces() -> Iterator[tuple[int, Positions]]:
        for first, rows in part.chunks(most_rows):
            finite = finite_rows(rows)
            positions = np.full((len(rows), n_components), np.nan, np.float32)
            scores = components.scores(rows if finite.all() else rows[finite])
            # Where there are fewer dimensions than asked for, the last columns are 0.
            positions[finite] = 0
            positions[finite, : scores.shape[1]] = scores[:, :n_components]
            yield first, positions
            watch.rows(len(rows))

    path, about = target
    write_part(path, about, pieces(), n_components)


def write_placed(
    watch: Watch,
    part: PartSource,
    laid_out: LaidOut,
    most_rows: int,
    target: tuple[Path, PartAbout],
) -> None:
    """Place the points of a part among landmarks, and write their positions."""
    n_components = laid_out.positions.shape[1]
    placing = laid_out.placing

    def pieces() -> Iterator[tuple[int, Positions]]:
        for first, rows in part.chunks(most_rows):
            placing.check(rows)
            positions = np.full((len(rows), n_components), np.nan, np.float32)
            finite = np.flatnonzero(finite_rows(rows))
            for start in range(0, len(finite), placing.step):
                some = finite[start : start + placing.step]
                positions[some] = placing.of(rows[some])
                watch.rows(len(some))
            watch.rows(len(rows) - len(finite))
            landmarks = rows_within(laid_out.rows, first, len(rows))
            positions[laid_out.rows[landmarks] - first] = laid_out.positions[landmarks]
            yield first, positions

    path, about = target
    write_part(path, about, pieces(), n_components)

"""The density of all points where only some of them are shown: counted once, part by part."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.api.result_store import load_stored, part, result_key
from projector.compute.density_grid import Bounds, add_points, halved, squared, widened
from projector.errors import ProjectorError, UnknownNameError
from projector.jobs.cache import ResultCache
from projector.jobs.cache_entry import Stored
from projector.loaders.partitioned.reading import chunks
from projector.model.partitioned import PartitionedDataset

#: Rows and columns of the finest grid, and of the coarsest that is offered.
FINEST, COARSEST = 1024, 128
_VERSION = 1


@dataclass(frozen=True)
class Density:
    """The counts of all points on a grid.

    Attributes
    ----------
    counts : ndarray of shape (FINEST, FINEST), uint32
    bounds : tuple of float
        Low and high x, low and high y of the grid.
    n_points : int
    n_placed : int
        Those with a position.
    """

    counts: NDArray[np.uint32]
    bounds: Bounds
    n_points: int
    n_placed: int

    def level(self, side: int) -> NDArray[np.uint32]:
        """Return the counts on a grid of `side` rows and columns.

        Raises
        ------
        UnknownNameError
            No level has so many: they are powers of two from `COARSEST` to `FINEST`.
        """
        found = self.counts
        while len(found) > max(side, COARSEST):
            found = halved(found)
        if len(found) != side:
            raise UnknownNameError("level of a density", str(side), map(str, SIDES))
        return found


SIDES = tuple(COARSEST << n for n in range(FINEST.bit_length() - COARSEST.bit_length() + 1))


@dataclass
class _Counting:
    """A density that is being made."""

    total: int
    done: int = 0
    found: Density | None = None
    error: ProjectorError | None = None


class Densities:
    """The densities that were asked for. Safe from any thread.

    Parameters
    ----------
    cache : ResultCache
    """

    def __init__(self, cache: ResultCache) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._known: dict[str, _Counting] = {}

    def get(self, data: PartitionedDataset) -> tuple[Density | None, float]:
        """Return the density of a dataset, or how much of it is counted, from 0 to 1.

        The first question begins to count, in a thread of its own.

        Raises
        ------
        LoadError
            A part cannot be read; the next question begins again.
        """
        key = result_key("density", data.content_hash, {"side": FINEST, "version": _VERSION})
        with self._lock:
            known = self._known.get(key)
            if known is None:
                known = self._known[key] = _Counting(2 * data.n_points)
                stored = load_stored(self._cache, key, _rebuild)
                if stored is not None:
                    known.found = stored
                else:
                    threading.Thread(
                        target=self._count, args=(key, data, known), name="density", daemon=True
                    ).start()
            if known.error is not None:
                del self._known[key]
                raise known.error
        return known.found, known.done / known.total

    def _count(self, key: str, data: PartitionedDataset, known: _Counting) -> None:
        try:
            found = count_density(data, known)
            self._cache.put(key, {"counts": found.counts}, _about(found))
            known.found = found
        except ProjectorError as error:
            known.error = error
        except Exception as error:
            known.error = ProjectorError(f"The density was not made: {error}")
            raise


def count_density(data: PartitionedDataset, known: _Counting) -> Density:
    """Count all points of a dataset of two dimensions: in one pass the bounds, then the cells."""
    bounds: Bounds | None = None
    for each in data.parts:
        for _, positions in chunks(each):
            bounds = widened(bounds, positions)
            known.done += len(positions)
    square = squared(bounds or (0.0, 0.0, 0.0, 0.0))
    counts = np.zeros((FINEST, FINEST), np.uint32)
    n_placed = 0
    for each in data.parts:
        for _, positions in chunks(each):
            n_placed += add_points(counts, positions, square)
            known.done += len(positions)
    return Density(counts, square, data.n_points, n_placed)


def _about(found: Density) -> dict[str, Any]:
    return {
        "bounds": list(found.bounds),
        "n_points": found.n_points,
        "n_placed": found.n_placed,
    }


def _rebuild(stored: Stored) -> Density:
    about: Mapping[str, Any] = stored.about
    low_x, high_x, low_y, high_y = map(float, part(about, "bounds", list))
    counts = stored.arrays["counts"]
    if counts.shape != (FINEST, FINEST) or counts.dtype != np.uint32:
        raise ValueError("another grid")
    return Density(
        counts,
        (low_x, high_x, low_y, high_y),
        part(about, "n_points", int),
        part(about, "n_placed", int),
    )

"""The density of all points where only some of them are shown: counted once, part by part."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
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
from projector.model.listing import Entry
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
        #: By the id and the revision of an entry.
        self._known: dict[tuple[str, str], _Counting] = {}

    def get(
        self, entry: Entry, parts: Callable[[], PartitionedDataset | None]
    ) -> tuple[Density | None, float]:
        """Return the density of an entry, or how much of it is counted, from 0 to 1.

        The first question begins to count, in a thread of its own.

        Parameters
        ----------
        entry : Entry
        parts : callable
            Returns the entry's parts, at the cost of reading their headers; called once.

        Raises
        ------
        UnknownNameError
            It is not in parts, or has other than two dimensions.
        LoadError
            A part cannot be read; the next question begins again.
        """
        place = (entry.id, entry.revision)
        with self._lock:
            known = self._known.get(place)
            if known is None:
                known = self._begun(entry, parts())
                self._known[place] = known
            if known.error is not None:
                del self._known[place]
                raise known.error
        return known.found, known.done / known.total

    def _begun(self, entry: Entry, data: PartitionedDataset | None) -> _Counting:
        if data is None or data.n_dims != 2:
            raise UnknownNameError.missing("density of all points", repr(entry.name))
        key = result_key("density", data.content_hash, {"side": FINEST, "version": _VERSION})
        begun = _Counting(2 * data.n_points, found=load_stored(self._cache, key, _rebuild))
        if begun.found is None:
            arguments = (key, data, begun)
            threading.Thread(
                target=self._count, args=arguments, name="density", daemon=True
            ).start()
        return begun

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

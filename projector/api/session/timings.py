"""How long methods took on this machine, so that a page can say how long one will take."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np

from projector.api.methods import find_method
from projector.api.options import parameters_of
from projector.api.result_store import load_stored, result_key
from projector.api.session.computations import Computation
from projector.api.session.dataset_cache import DatasetCache
from projector.jobs.cache import ResultCache
from projector.jobs.cache_entry import Stored

#: Measurements that are kept of each method, and how far the sizes of two may be apart.
_KEPT, _FACTOR = 64, 3.0
_KEY = result_key("timings", "this machine", {"version": 1})


@dataclass(frozen=True)
class Estimate:
    """How long a method will take, by what was measured.

    Attributes
    ----------
    seconds : float
        In proportion to the number of points.
    n_points, n_dims : int
        Of the data that it was measured with.
    """

    seconds: float
    n_points: int
    n_dims: int


class Timings:
    """Measured times by method; kept with the results. Safe from any thread.

    Parameters
    ----------
    cache : ResultCache
    """

    def __init__(self, cache: ResultCache) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._known: dict[str, list[tuple[float, float, float]]] | None = None

    def note(self, method: str, n_points: int, n_dims: int, seconds: float) -> None:
        """Remember that a method with its default parameters took so long."""
        with self._lock:
            known = self._all()
            known[method] = [*known.get(method, []), (n_points, n_dims, seconds)][-_KEPT:]
            arrays = {name: np.array(rows, np.float64) for name, rows in known.items()}
            self._cache.put(_KEY, arrays, {})

    def note_ended(self, computation: Computation, datasets: DatasetCache) -> None:
        """Remember how long a projection by default parameters took; once, and in a thread."""
        is_done = computation.job is not None and computation.snapshot().state == "done"
        if not is_done or computation.is_timed or computation.is_modified:
            return
        computation.is_timed = True
        # The runner waits for this call, and writing a file takes its time.
        asked = (computation, datasets)
        threading.Thread(target=self._note_usual, args=asked, daemon=True).start()

    def _note_usual(self, computation: Computation, datasets: DatasetCache) -> None:
        found = computation.projection()
        seconds = None if found is None else found.details.get("seconds")
        opened = datasets.peek(computation.dataset_id)
        if opened is None or not isinstance(seconds, float) or seconds <= 0:
            return
        usual = {each.name: each.default for each in parameters_of(find_method(computation.method))}
        asked = {**computation.params, "n_components": usual.get("n_components")}
        if all(usual.get(name) == value for name, value in asked.items()):
            self.note(computation.method, opened.data.n_points, opened.data.n_dims, seconds)

    def estimate(self, method: str, n_points: int, n_dims: int) -> Estimate | None:
        """Return how long a method will take; None where nothing alike was measured."""
        with self._lock:
            rows = self._all().get(method, [])
        alike = [
            row
            for row in rows
            if max(row[0], n_points) <= _FACTOR * min(row[0], n_points)
            and max(row[1], n_dims) <= _FACTOR * min(row[1], n_dims)
        ]
        if not alike:
            return None
        # The nearest in size; of several of one size the newest.
        of = min(reversed(alike), key=lambda row: abs(np.log(row[0] / n_points)))
        return Estimate(of[2] * n_points / of[0], int(of[0]), int(of[1]))

    def _all(self) -> dict[str, list[tuple[float, float, float]]]:
        if self._known is None:
            self._known = load_stored(self._cache, _KEY, _rebuild) or {}
        return self._known


def _rebuild(stored: Stored) -> dict[str, list[tuple[float, float, float]]]:
    found: dict[str, list[tuple[float, float, float]]] = {}
    for name, rows in stored.arrays.items():
        if rows.ndim != 2 or rows.shape[1] != 3 or not (rows > 0).all():
            raise ValueError("no timings")
        found[name] = [(float(a), float(b), float(c)) for a, b, c in rows]
    return found

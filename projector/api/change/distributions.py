"""How the values of each dimension, and the lengths of the vectors, are distributed by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.api.change.similarity import datasets_of, name_of
from projector.api.memory_check import check_health_fits
from projector.api.result_store import default_cache, load_stored, result_key
from projector.compute.health.distribution import SHARES, value_summaries
from projector.errors import ShapeError
from projector.jobs.cache import ResultCache
from projector.loaders.logdir.log import Log
from projector.model.arguments import check_callable
from projector.model.dataset import Dataset
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.typing import AnyArray

#: Increased when other numbers are computed than before.
DISTRIBUTION_VERSION = 2


@dataclass(frozen=True)
class Distributions:
    """Quantiles by step; returned by `projector.distributions`.

    Attributes
    ----------
    values : ndarray of shape (n_steps, n_dims, n_quantiles), float32
        Of the values in each dimension, at `shares`; NaN for dimensions that a step lacks.
    lengths : ndarray of shape (n_steps, n_quantiles), float32
        Of the lengths of the vectors.
    shares : tuple of float
        0, 0.0668, 0.3085, 0.5, 0.6915, 0.9332, 1: the extremes, and 0.5 and 1.5 standard
        deviations of a normal distribution on either side of the median.
    names : tuple of str
    means, deviations : ndarray of shape (n_steps, n_dims), float32
        Mean and standard deviation of the values in each dimension; NaN for dimensions that a
        step lacks. The deviation of a dead dimension is 0.
    """

    values: NDArray[np.float32] = field(repr=False)
    lengths: NDArray[np.float32] = field(repr=False)
    shares: tuple[float, ...]
    names: tuple[str, ...]
    means: NDArray[np.float32] = field(repr=False)
    deviations: NDArray[np.float32] = field(repr=False)


def distributions(
    datasets: Sequence[Any],
    *,
    log: Log | None = None,
    progress: ProgressCallback | None = None,
    cache: ResultCache | None = None,
) -> Distributions:
    """Return how values and lengths are distributed at each step: where dead dimensions are seen.

    Parameters
    ----------
    datasets : sequence of Dataset, Entry or array-like of shape (n_points, n_dims)
    log : Log, optional
        Needed for entries of a listing.
    progress : callable, optional
        Called after each step; raise `Cancelled` in it to cancel.
    cache : ResultCache, optional

    Raises
    ------
    ParameterError
        There are no datasets.
    ShapeError
        A step without a finite row.
    MemoryLimitError
        It does not fit into the memory that is free.

    Examples
    --------
    >>> import numpy as np
    >>> import projector
    >>> found = projector.distributions([np.eye(4), 2 * np.eye(4)])
    >>> found.values.shape, found.lengths[:, 3].tolist()
    ((2, 4, 7), [1.0, 2.0])
    """
    check_callable(progress, name="progress")
    data = datasets_of(datasets, log)
    report, store = progress or ignore_progress, cache or default_cache()
    found = []
    for t, each in enumerate(data):
        found.append(_stored(each, t, store))
        report(Progress("distributions", t + 1, len(data)))
    n_dims = max(len(values) - 1 for values in found)
    every = np.full((len(found), n_dims, len(SHARES) + 2), np.nan, np.float32)
    for t, values in enumerate(found):
        every[t, : len(values) - 1] = values[:-1]
    n = len(SHARES)
    return Distributions(
        every[..., :n].copy(),
        np.stack([values[-1, :n] for values in found]),
        SHARES,
        tuple(map(name_of, data, range(len(data)))),
        every[..., n].copy(),
        every[..., n + 1].copy(),
    )


def _stored(data: Dataset, step: int, cache: ResultCache) -> AnyArray:
    """Return what is said of every dimension, and in the last row of the lengths."""
    key = result_key("distribution", data.content_hash, {"version": DISTRIBUTION_VERSION})
    found = load_stored(cache, key, lambda stored: stored.arrays["summaries"])
    if found is None:
        finite = data.finite_rows
        if not finite.any():
            raise ShapeError(
                f"None of the {data.n_points:,} vectors of {name_of(data, step)} is finite."
            )
        check_health_fits(int(finite.sum()), data.n_dims, what="distributions")
        vectors = data.vectors if finite.all() else data.vectors[finite]
        found = value_summaries(vectors)
        cache.put(key, {"summaries": found}, {})
    return found

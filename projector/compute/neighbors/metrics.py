"""The metrics that neighbors are searched under: their names, kinds, and the numbers they take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import get_args

import numpy as np

from projector.errors import ParameterError
from projector.typing import AnyArray, Metric, Vectors

METRICS: tuple[Metric, ...] = get_args(Metric)
#: Those that compare directions: they have none where a vector (less its mean) is zero.
ANGULAR: frozenset[Metric] = frozenset({"cosine", "correlation"})
#: Those of which no matrix product tells an estimate: every pair is compared as it is.
DIRECT: frozenset[Metric] = frozenset({"chebyshev", "canberra", "braycurtis", "hamming", "jaccard"})
#: Angles are in range up to the rounding of float32.
_ROUNDED = 1 + 1e-6
#: Numbers looked at together.
_CHUNK_SIZE = 200_000


def check_metric(metric: str) -> None:
    """Raise `ParameterError` for an unknown metric."""
    if metric not in METRICS:
        known = ", ".join(repr(each) for each in METRICS)
        raise ParameterError(f"The metric must be one of {known}. Got {metric!r}.")


def check_vectors(vectors: Vectors, metric: Metric) -> None:
    """Raise `ParameterError` if `vectors` are no input of `metric`: haversine takes two angles.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    metric : str
    """
    if metric != "haversine":
        return
    needs = (
        "The metric 'haversine' needs two columns: the latitude, from -π/2 to π/2, and the "
        "longitude, from -2π to 2π, in radians."
    )
    if vectors.shape[1] != 2:
        raise ParameterError(f"{needs} The vectors have {vectors.shape[1]:,}.")
    most = np.zeros(2)
    for part in _parts(vectors):
        finite = part[np.isfinite(part).all(axis=1)]
        most = np.maximum(most, np.abs(finite).max(axis=0, initial=0))
    for name, largest, limit in zip(
        ("latitude", "longitude"), most, (np.pi / 2, 2 * np.pi), strict=True
    ):
        if largest > limit * _ROUNDED:
            raise ParameterError(
                f"{needs} There is a {name} of {largest:g} (or its negative). If these are "
                "degrees, multiply them by π/180."
            )


def no_direction_warning(n_without: int, metric: Metric) -> str:
    """Return a warning about vectors without a direction."""
    noun = "vector is" if n_without == 1 else "vectors are"
    why = "zero" if metric == "cosine" else "constant"
    return (
        f"{n_without:,} {noun} {why} and have no direction: their {metric} distance is 0 to each "
        "other and 1 to every other point."
    )


def unusual_numbers(vectors: Vectors, metric: Metric) -> str | None:
    """Return a warning if `metric` counts numbers of another kind than `vectors` have.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    metric : str
    """
    kinds: dict[str, tuple[Callable[[AnyArray], AnyArray], str]] = {
        "hamming": (
            lambda part: part != np.rint(part),
            "{n:,} of {all:,} numbers are no whole numbers: hamming counts those that are not "
            "exactly equal, as of categories.",
        ),
        "jaccard": (
            lambda part: (part != 0) & (part != 1),
            "{n:,} of {all:,} numbers are neither 0 nor 1: jaccard counts which are not 0, and "
            "nothing else of them.",
        ),
        "braycurtis": (
            lambda part: part < 0,
            "{n:,} of {all:,} numbers are negative: braycurtis is made for counts, and its "
            "distances have no upper limit here.",
        ),
    }
    if metric not in kinds:
        return None
    is_unusual, text = kinds[metric]
    n_unusual = sum(int(np.count_nonzero(is_unusual(part))) for part in _parts(vectors))
    return text.format(n=n_unusual, all=vectors.size) if n_unusual else None


def _parts(vectors: Vectors) -> Iterator[AnyArray]:
    step = max(1, _CHUNK_SIZE // max(1, vectors.shape[1]))
    for start in range(0, len(vectors), step):
        yield np.asarray(vectors[start : start + step])

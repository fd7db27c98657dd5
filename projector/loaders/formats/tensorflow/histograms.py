"""Decodes histograms of event files, in TensorBoard's newer form and in that of other writers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from projector.loaders.decoders.protobuf import WireError, as_bytes, fields
from projector.loaders.formats.tensorflow.checkpoint_v1 import tensor_numbers
from projector.loaders.formats.tensorflow.events import shape_of
from projector.typing import AnyArray

#: The name of the plug-in of the newer form.
PLUGIN: Final = "histograms"
#: Buckets that are kept of one histogram; neighbors of more are joined.
MAX_BUCKETS: Final = 100
#: The shares of the distribution chart: the extremes, and 0.5, 1 and 1.5 standard deviations of a
#: normal distribution on either side of the median.
SHARES: Final = (0.0, 0.0668, 0.1587, 0.3085, 0.5, 0.6915, 0.8413, 0.9332, 1.0)


@dataclass(frozen=True)
class Histograms:
    """The histograms of one tag, in the order of steps.

    Attributes
    ----------
    steps : ndarray of shape (n,), int64
    wall_times : ndarray of shape (n,), float64
        Seconds since 1970 (UTC).
    buckets : tuple of ndarray of shape (n_buckets, 3), float64
        Left edge, right edge and count of each, at most `MAX_BUCKETS`.
    """

    steps: NDArray[np.int64]
    wall_times: NDArray[np.float64]
    buckets: tuple[NDArray[np.float64], ...] = field(repr=False)

    @property
    def quantiles(self) -> NDArray[np.float64]:
        """(n, 9): the values at `SHARES`, linear within a bucket; NaN for empty histograms."""
        found = [quantiles(each) for each in self.buckets]
        return np.array(found, np.float64).reshape(len(found), len(SHARES))


def tensor_histogram(tensor: bytes) -> NDArray[np.float64]:
    """Return the buckets of a tensor of shape (k, 3).

    Raises
    ------
    WireError
        It has another shape or dtype, or is no histogram.
    """
    dtype, shape = shape_of(tensor)
    if len(shape) != 2 or shape[1] != 3 or dtype not in ("float64", "float32"):
        raise WireError(f"a histogram has the shape {shape} and type {dtype}, expected (k, 3)")
    if shape[0] == 0:
        return np.zeros((0, 3))
    return _checked(np.asarray(tensor_numbers(tensor, dtype, shape), np.float64))


def old_histogram(data: bytes) -> NDArray[np.float64]:
    """Return the buckets of a HistogramProto, as torch, tensorboardX and TensorFlow 1 write it.

    Empty buckets at both ends are dropped; the outer edges are the least and the largest value.
    """
    ends = {1: 0.0, 2: 0.0}
    limits: list[NDArray[np.float64]] = []
    counts: list[NDArray[np.float64]] = []
    for number, kind, value in fields(data):
        if number in ends:
            ends[number] = float(_doubles(kind, value)[0])
        elif number in (6, 7):
            (limits if number == 6 else counts).append(_doubles(kind, value))
    edges = np.concatenate([np.zeros(0), *limits])
    held = np.concatenate([np.zeros(0), *counts])
    if len(edges) != len(held):
        raise WireError(f"a histogram has {len(edges):,} limits for {len(held):,} buckets")
    full = np.flatnonzero(held > 0)
    if not len(full):
        return np.zeros((0, 3))
    first, last = int(full[0]), int(full[-1])
    inner = edges[first:last]
    left, right = np.append(ends[1], inner), np.append(inner, ends[2])
    return _checked(np.stack([left, right, held[first : last + 1]], axis=1))


def quantiles(buckets: AnyArray) -> AnyArray:
    """Return the values at `SHARES` of one histogram, linear within a bucket."""
    total = np.concatenate([[0.0], np.cumsum(buckets[:, 2])])
    if total[-1] <= 0:
        return np.full(len(SHARES), np.nan)
    edges = np.concatenate([buckets[:1, 0], buckets[:, 1]])
    return np.asarray(np.interp(np.array(SHARES) * total[-1], total, edges))


def _doubles(kind: int, value: int | bytes) -> NDArray[np.float64]:
    data = as_bytes(value)
    if kind not in (1, 2) or len(data) % 8 or not data:
        raise WireError(f"found a field of wire type {kind} and {len(data):,} bytes, not doubles")
    return np.frombuffer(data, "<f8")


def _checked(buckets: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return at most `MAX_BUCKETS` buckets, or raise WireError for what is no histogram."""
    left, right, count = buckets.T
    ordered = (left <= right).all() and (right[:-1] <= right[1:]).all()
    if not np.isfinite(buckets).all() or (count < 0).any() or not ordered:
        raise WireError("a histogram has edges that do not ascend, or counts that are no numbers")
    if len(buckets) <= MAX_BUCKETS:
        return buckets
    starts = np.unique(np.linspace(0, len(buckets), MAX_BUCKETS + 1)[:-1].astype(int))
    stops = np.append(starts[1:], len(buckets))
    counts = np.add.reduceat(count, starts)
    return np.stack([left[starts], right[stops - 1], counts], axis=1)

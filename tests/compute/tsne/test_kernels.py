"""Kernels of t-SNE against sums in float64."""

from __future__ import annotations

import numpy as np
import pytest

from projector.compute.tsne.kernels import attract


@pytest.mark.parametrize("n_components", [2, 3])
@pytest.mark.parametrize("start", [0, 7])
def test_the_attraction_is_the_sum_over_the_edges(n_components: int, start: int) -> None:
    rng = np.random.default_rng(start)
    n_points = 300
    # Fewer edges than are fetched at once, as many, one more, many times as many, and none.
    counts = rng.choice([0, 1, 2, 90, 255, 256, 257, 512, 1000], n_points)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    ends = rng.integers(0, n_points, starts[-1]).astype(np.int32)
    weights = rng.random(starts[-1]).astype(np.float32)
    positions = rng.normal(size=(n_points, n_components)).astype(np.float32)
    found = np.full((n_points - start, n_components), np.nan, np.float32)
    attract(positions, start, starts, ends, weights, found)
    sources = np.repeat(np.arange(n_points), counts)
    apart = (positions[sources] - positions[ends]).astype(np.float64)
    pulls = weights[:, None] / (1 + (apart**2).sum(axis=1, keepdims=True)) * apart
    wanted = np.zeros((n_points, n_components))
    np.add.at(wanted, sources, pulls)
    np.testing.assert_allclose(found, wanted[start:], rtol=1e-4, atol=1e-4)

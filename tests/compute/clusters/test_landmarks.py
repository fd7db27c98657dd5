"""Clusters by landmarks: planted hierarchies, noise, determinism, and what all levels promise."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from projector.compute.clusters.landmarks import FoundByLandmarks, find_by_landmarks
from projector.typing import Metric, Vectors

N, N_LANDMARKS = 12_000, 2400


def planted(seed: int) -> tuple[Vectors, NDArray[np.int64], NDArray[np.int64]]:
    """Return 20 clusters in 5 groups."""
    rng = np.random.default_rng(seed)
    above = rng.normal(size=(5, 16)) * 10
    inside = np.repeat(above, 4, axis=0) + rng.normal(size=(20, 16)) * 2.5
    small = rng.integers(0, 20, N)
    vectors = inside[small] + rng.normal(size=(N, 16)) * 0.5
    return vectors.astype(np.float32), small, small // 4


def found_in(
    vectors: Vectors, seed: int = 0, least: int = 160, metric: Metric = "euclidean"
) -> FoundByLandmarks:
    return find_by_landmarks(
        vectors,
        metric=metric,
        n_landmarks=N_LANDMARKS,
        n_neighbors=15,
        min_cluster_size=least,
        min_samples=5,
        n_levels=4,
        random_state=seed,
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_hierarchy_is_found_level_by_level(seed: int) -> None:
    vectors, small, large = planted(seed)
    levels = found_in(vectors, seed).found.levels
    scores = [
        [adjusted_rand_score(truth, level.labels) for level in levels] for truth in (large, small)
    ]
    assert max(scores[0]) >= 0.95
    assert max(scores[1]) >= 0.95
    assert int(np.argmax(scores[0])) < int(np.argmax(scores[1]))


def test_cosine_finds_directions() -> None:
    vectors, small, _ = planted(1)
    lengths = np.random.default_rng(0).uniform(0.5, 2, (N, 1)).astype(np.float32)
    levels = found_in(vectors * lengths, metric="cosine").found.levels
    assert max(adjusted_rand_score(small, level.labels) for level in levels) >= 0.95


@pytest.mark.parametrize("seed", range(3))
def test_noise_stays_noise(seed: int) -> None:
    vectors, small, _ = planted(seed)
    rng = np.random.default_rng(seed)
    far = rng.random(N) < 0.2
    vectors[far] = rng.uniform(-60, 60, (int(far.sum()), 16))
    labels = found_in(vectors, seed).found.levels[-1].labels
    # Of the landmarks themselves some 6 % are in a cluster: fewer points show less of a gap.
    assert (labels[far] < 0).mean() > 0.9
    assert (labels[~far] >= 0).mean() > 0.95
    assert adjusted_rand_score(small[~far], labels[~far]) >= 0.95


def test_levels_keep_their_promises() -> None:
    vectors = np.concatenate([planted(3)[0], planted(4)[0] * 0.5])
    by_landmarks = found_in(vectors, 3, 60)
    found = by_landmarks.found
    assert len(found.levels) > 1
    for at, level in enumerate(found.levels):
        sizes = np.bincount(level.labels[level.labels >= 0], minlength=level.n_clusters)
        assert (np.diff(sizes) <= 0).all()
        assert sizes.min() >= level.min_cluster_size
        for cluster, middle in enumerate(found.central[at]):
            assert (level.labels[middle[middle >= 0]] == cluster).all()
        if at == 0:
            assert (found.parents[0] == -1).all()
            continue
        above = found.levels[at - 1].labels
        for cluster, parent in enumerate(found.parents[at]):
            assert set(above[level.labels == cluster].tolist()) == {int(parent)}
    # Only landmarks have a degree.
    assert np.count_nonzero(found.degree) <= N_LANDMARKS
    assert by_landmarks.n_landmarks == N_LANDMARKS


def test_the_smallest_cluster_has_enough_landmarks() -> None:
    # 5 of 2,400 landmarks stand for 25 of 12,000 points.
    assert found_in(planted(0)[0], least=5).found.levels[-1].min_cluster_size == 25


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads() -> None:
    vectors = planted(0)[0]
    first = found_in(vectors, 7)
    n_threads = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        again = found_in(vectors, 7)
    finally:
        numba.set_num_threads(n_threads)
    for one, other in zip(first.found.levels, again.found.levels, strict=True):
        assert one.labels.tobytes() == other.labels.tobytes()
    assert first.found.degree.tobytes() == again.found.degree.tobytes()
    other_sample = found_in(vectors, 8).found
    assert other_sample.degree.tobytes() != first.found.degree.tobytes()


def test_as_many_landmarks_as_points_leave_nothing_to_join() -> None:
    vectors = planted(0)[0][:600]
    found = find_by_landmarks(
        vectors,
        metric="euclidean",
        n_landmarks=600,
        n_neighbors=15,
        min_cluster_size=20,
        min_samples=1,
        n_levels=1,
    ).found
    assert adjusted_rand_score(planted(0)[1][:600], found.levels[0].labels) >= 0.95

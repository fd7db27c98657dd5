from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector import Dataset
from projector.api.change.nearness import Nearness, nearness
from projector.jobs.cache import ResultCache
from projector.model.progress import ignore_progress


def near(vectors: object, cache: Path, k: int = 1) -> Nearness:
    return nearness(Dataset(vectors), k, "euclidean", ResultCache(cache), ignore_progress)


def test_distances_are_those_one_measures_by_hand(tmp_path: Path) -> None:
    found = near([[0.0], [1.0], [3.0], [3.0], [10.0]], tmp_path, k=2)
    # To the two nearest: 1 and 3; 1 and 2; 0 and 2; 0 and 2; 7 and 7.
    assert found.distance.tolist() == [2, 1.5, 1, 1, 7]
    assert found.nearest_distance.tolist() == [1, 1, 0, 0, 7]
    assert found.outliers(2) == [4, 0]
    assert found.pairs()[:2] == [(2, 3), (0, 1)]
    about = found.as_json()
    assert (about["n_identical"], about["median"]) == (2, 1.5)
    assert about["outliers"] == [[4, 7.0], [0, 2.0], [1, 1.5], [2, 1.0], [3, 1.0]]


def test_planted_outliers_and_duplicates_come_first(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(500, 6))
    vectors[77] += 30
    vectors[400] = vectors[12]
    found = near(vectors, tmp_path, k=5)
    assert found.outliers(1) == [77]
    assert found.pairs(1) == [(12, 400)]
    assert found.is_identical.sum() == 2


def test_points_without_a_vector_are_no_outliers(tmp_path: Path) -> None:
    found = near([[0.0], [1.0], [np.nan], [5.0]], tmp_path)
    assert found.outliers() == [3, 0, 1]
    assert all(2 not in pair for pair in found.pairs())
    assert found.as_json()["median"] == pytest.approx(1.0)
    assert "1 of 4 points have no neighbors" in " ".join(found.warnings)

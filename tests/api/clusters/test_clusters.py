"""Clusters of datasets: parameters, odd rows, the picture as the space, columns, the cache."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

import projector
from projector.api.clusters import search
from projector.api.neighbors import neighbors_in
from projector.jobs.cache import ResultCache
from projector.typing import Vectors


def groups(n: int = 60) -> Vectors:
    rng = np.random.default_rng(0)
    middles = [0, 1, 9]
    return np.concatenate([rng.normal(at, 0.1, (n, 3)) for at in middles]).astype(np.float32)


def uncached() -> ResultCache:
    return ResultCache(Path(), 0)


def test_labels_are_found_and_stored(tmp_path: Path) -> None:
    seen: list[str] = []
    store = ResultCache(tmp_path, 1 << 26)
    vectors = groups()
    first = projector.clusters(
        vectors, min_cluster_size=20, cache=store, progress=lambda now: seen.append(now.phase)
    )
    assert adjusted_rand_score(first.labels, np.repeat(range(3), 60)) == 1.0
    assert "hierarchy" in seen
    seen.clear()
    again = projector.clusters(
        vectors, min_cluster_size=20, cache=store, progress=lambda now: seen.append(now.phase)
    )
    assert set(seen) == {"names"}
    assert again.as_json() == first.as_json()
    for one, other in zip(first.levels, again.levels, strict=True):
        assert (one.labels == other.labels).all()
    assert (again.degree == first.degree).all()


def test_rows_without_a_vector_are_in_no_cluster() -> None:
    vectors = groups()
    vectors[[3, 70]] = np.nan
    found = projector.clusters(vectors, min_cluster_size=20, cache=uncached())
    assert found.labels[[3, 70]].tolist() == [-1, -1]
    assert found.degree[[3, 70]].tolist() == [0, 0]
    assert any("2 of 180 points" in said for said in found.warnings)
    for name in found.names:
        assert not {3, 70} & set(name.central)
        assert (found.labels[list(name.central)] == found.names.index(name)).all()


def test_a_picture_is_another_space() -> None:
    flat = np.concatenate([np.zeros((90, 2)), np.ones((90, 2))]).astype(np.float32)
    flat += np.random.default_rng(0).normal(size=flat.shape) * 0.02
    found = projector.clusters(groups(), space=flat, min_cluster_size=20, cache=uncached())
    assert found.space == "projection"
    assert adjusted_rand_score(found.labels, np.repeat([0, 1], 90)) == 1.0
    picture = projector.project(groups(), "pca", n_components=2)
    other = projector.clusters(groups(), space=picture, min_cluster_size=20, cache=uncached())
    assert adjusted_rand_score(other.labels, np.repeat(range(3), 60)) == 1.0


@pytest.mark.parametrize("n_points", [1, 2, 4])
def test_a_few_points_are_noise(n_points: int) -> None:
    found = projector.clusters(np.eye(n_points, 3), cache=uncached())
    assert (found.labels == -1).all()
    assert found.names == ()
    assert found.columns()[0].n_missing == n_points


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"metric": "inner_product"}, "cosine"),
        ({"metric": "nearness"}, "metric"),
        ({"n_neighbors": 1}, "n_neighbors"),
        ({"min_samples": 17}, "min_samples"),
        ({"min_cluster_size": 1}, "min_cluster_size"),
        ({"n_levels": 0}, "n_levels"),
        ({"n_landmarks": 50}, "n_landmarks"),
        ({"random_state": -1}, "random_state"),
        ({"space": "picture"}, "space"),
        ({"space": np.zeros((3, 2))}, "3 positions for 180 points"),
        ({"text": "review"}, "review"),
        ({"progress": 3}, "progress"),
    ],
)
def test_what_cannot_be_is_said(given: dict[str, Any], says: str) -> None:
    with pytest.raises(projector.ProjectorError, match=says):
        projector.clusters(groups(), **given, cache=uncached())


def test_it_can_be_cancelled() -> None:
    def stop(now: projector.Progress) -> None:
        raise projector.Cancelled

    with pytest.raises(projector.Cancelled):
        projector.clusters(groups(), progress=stop, cache=uncached())


def test_without_a_finite_row_there_is_nothing_to_find() -> None:
    with pytest.raises(projector.ShapeError, match="None of the 4 points"):
        projector.clusters(np.full((4, 2), np.nan), cache=uncached())


def test_clusters_become_columns_of_names() -> None:
    found = projector.clusters(groups(), min_cluster_size=20, cache=uncached())
    columns = found.columns()
    assert columns[0].name == "cluster"
    assert len({column.name for column in columns}) == len(columns)
    codes, names, counts = columns[0].categories()
    assert sorted(names) == sorted(name.text for name in found.names)
    assert columns[0].text.missing.tolist() == (found.labels < 0).tolist()
    assert adjusted_rand_score(codes, found.labels) == 1.0
    assert counts.sum() == (found.labels >= 0).sum()


@pytest.mark.slow
def test_sparse_vectors_have_clusters_too() -> None:
    from scipy.sparse import csr_matrix

    rng = np.random.default_rng(0)
    which = rng.integers(0, 4, 240)
    rows = np.zeros((240, 40_000), np.float32)
    for row, part in enumerate(which):
        rows[row, part * 50 + rng.choice(50, 25, replace=False)] = 1
    found = projector.clusters(
        csr_matrix(rows), metric="cosine", min_cluster_size=30, cache=uncached()
    )
    assert adjusted_rand_score(found.labels, which) > 0.95


def test_many_points_are_clustered_by_landmarks_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_WITHOUT_GRAPH", 1000)
    monkeypatch.setattr(search, "N_LANDMARKS", 600)
    store = ResultCache(tmp_path, 1 << 26)
    vectors = groups(1000)
    vectors[5] = np.nan
    found = projector.clusters(vectors, min_cluster_size=100, cache=store)
    assert found.n_landmarks == 600
    assert found.as_json()["n_landmarks"] == 600
    assert any("600 of 2,999 points, drawn by chance" in said for said in found.warnings)
    truth = np.repeat(range(3), 1000)
    assert found.labels[5] == -1
    inside = found.labels >= 0
    assert inside.mean() > 0.95
    assert adjusted_rand_score(truth[inside], found.labels[inside]) == 1.0
    for name in found.names:
        assert (found.labels[list(name.central)] == found.names.index(name)).all()
    again = projector.clusters(vectors, min_cluster_size=100, cache=store)
    assert again.n_landmarks == 600
    assert (again.labels == found.labels).all()
    # Once the graph is there, nothing has to be left out.
    neighbors_in(store, projector.Dataset(vectors), 15, metric="euclidean")
    whole = projector.clusters(vectors, min_cluster_size=100, cache=store)
    assert whole.n_landmarks is None
    assert not any("landmarks" in said for said in whole.warnings)
    # A person's number holds.
    asked = projector.clusters(vectors, min_cluster_size=100, n_landmarks=300, cache=store)
    assert asked.n_landmarks == 300
    all_of_them = projector.clusters(
        vectors, min_cluster_size=100, n_landmarks=10_000, cache=uncached()
    )
    assert all_of_them.n_landmarks is None
    assert (all_of_them.labels == whole.labels).all()

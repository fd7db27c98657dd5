"""A supervised graph moves neighbors with a different label away, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.compute import METHODS, MethodInput
from projector.compute.neighbors.search import find_neighbors
from projector.compute.supervision import supervise
from projector.errors import ParameterError, ShapeError
from projector.model.parameters import resolve

LABELS = [["a", "b"][point % 2] for point in range(300)]


def cloud() -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(size=(300, 5)).astype(np.float32)


def test_neighbors_of_another_label_are_further_and_rows_stay_sorted() -> None:
    graph = find_neighbors(cloud(), 10)
    found = supervise(graph, LABELS, weight=1.0)
    assert (np.diff(found.distances, axis=1) >= 0).all()
    for point in (0, 7):
        for index, distance in zip(graph.indices[point], graph.distances[point], strict=True):
            at = found.indices[point].tolist().index(index)
            factor = 1 if index % 2 == point % 2 else 10
            assert found.distances[point, at] == pytest.approx(distance * factor, rel=1e-5)
    assert "a different label" in found.warnings[-1]


def test_no_weight_and_ignored_labels_change_nothing() -> None:
    graph = find_neighbors(cloud(), 10)
    np.testing.assert_array_equal(supervise(graph, LABELS, weight=0).indices, graph.indices)
    unknown = supervise(graph, ["?" if each == "b" else each for each in LABELS], ignored="?")
    np.testing.assert_array_equal(unknown.distances, graph.distances)


@pytest.mark.parametrize("name", ["tsne", "umap"])
def test_labels_come_apart_in_the_layout(name: str) -> None:
    method, vectors = METHODS[name], cloud()
    params = resolve(method.parameters, {}, owner=name)
    k, metric = method.neighbors_needed(params, 300) if method.neighbors_needed else (0, "cosine")
    graph = find_neighbors(vectors, k, metric=metric)
    mixed = []
    for neighbors in (graph, supervise(graph, LABELS, weight=1.0)):
        outcome = method.run(MethodInput(vectors, params, neighbors))
        near = find_neighbors(outcome.positions, 5).indices
        mixed.append((near % 2 != np.arange(300)[:, None] % 2).mean())
    # At most 0.02 of it over ten seeds.
    assert mixed[1] < 0.5 * mixed[0]


def test_what_does_not_fit_is_refused() -> None:
    graph = find_neighbors(cloud(), 10)
    with pytest.raises(ShapeError, match="2 labels for 300"):
        supervise(graph, ["a", "b"])
    with pytest.raises(ParameterError, match="from 0 to 1"):
        supervise(graph, LABELS, weight=2)

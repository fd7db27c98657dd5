"""What a metric does not take is said in one sentence, and what it counts otherwise, too."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.compute.neighbors.metrics import METRICS
from projector.compute.neighbors.query import nearest_to
from projector.compute.neighbors.search import find_neighbors
from projector.errors import ParameterError
from projector.typing import Metric

Vectors = NDArray[np.float32]


def of_rows(*rows: list[float]) -> Vectors:
    return np.array(rows, np.float32)


@pytest.mark.parametrize(
    ("vectors", "said"),
    [
        (of_rows([1], [2]), "needs two columns.* The vectors have 1"),
        (of_rows([1, 2, 3], [2, 3, 4]), "in radians. The vectors have 3"),
        (of_rows([48.1, 2], [1, 2]), "latitude of 48.1 .*multiply them by π/180"),
        (of_rows([1, 2], [-1.6, 2]), r"latitude of 1.6 \(or its negative\)"),
        (of_rows([1, -122], [1, 2]), "longitude of 122"),
    ],
)
def test_haversine_takes_two_angles_in_radians(vectors: Vectors, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        find_neighbors(vectors, 1, metric="haversine")
    with pytest.raises(ParameterError, match=said):
        nearest_to(vectors, vectors[0], 1, metric="haversine")


def test_poles_and_the_date_line_are_places_like_others() -> None:
    half = np.pi / 2
    vectors = of_rows([half, 0], [half, 3], [-half, 1], [0.1, np.pi], [0.1, -np.pi + 0.01], [0, 0])
    found = find_neighbors(vectors, 5, metric="haversine")
    assert found.indices[0, 0] == 1
    assert found.indices[3, 0] == 4
    assert found.distances[0, 0] < 1e-6
    assert found.distances[0, -1] == pytest.approx(np.pi)
    assert found.distances[3, 0] == pytest.approx(0.01 * np.cos(0.1), rel=1e-4)


@pytest.mark.parametrize(
    ("metric", "vectors", "said"),
    [
        ("hamming", of_rows([0.5, 1], [0.25, 2], [1, 2]), "2 of 6 numbers are no whole numbers"),
        ("jaccard", of_rows([0, 2], [1, 1], [0, -1]), "2 of 6 numbers are neither 0 nor 1"),
        ("braycurtis", of_rows([0, 2], [1, 1], [0, -1]), "1 of 6 numbers are negative"),
        ("correlation", of_rows([3, 3], [1, 2], [2, 1]), "1 vector is constant and have no"),
    ],
)
def test_numbers_of_another_kind_are_counted(metric: Metric, vectors: Vectors, said: str) -> None:
    (warning,) = find_neighbors(vectors, 1, metric=metric).warnings
    assert said in warning


@pytest.mark.parametrize("metric", [each for each in METRICS if each != "haversine"])
def test_ordinary_numbers_of_a_metric_are_not_warned_of(metric: Metric) -> None:
    vectors = of_rows([0, 1], [1, 0], [1, 0])
    assert find_neighbors(vectors, 1, metric=metric).warnings == ()


def test_distances_are_scipys_where_it_divides() -> None:
    vectors = of_rows([0, 0, 0], [0, 2, 5], [0, 2, -5], [7, 0, -5], [0, 0, 0])
    jaccard = find_neighbors(vectors, 4, metric="jaccard")
    assert jaccard.indices[0].tolist() == [4, 1, 2, 3]
    assert jaccard.distances[0].tolist() == [0, 1, 1, 1]
    assert jaccard.indices[3].tolist()[:2] == [1, 2]
    np.testing.assert_allclose(jaccard.distances[3], [2 / 3, 2 / 3, 1, 1], rtol=1e-6)
    canberra = find_neighbors(vectors, 4, metric="canberra")
    assert canberra.distances[1].tolist() == [1, 2, 2, 3]
    bray = find_neighbors(of_rows([1, 2], [-1, -2], [1, 3]), 2, metric="braycurtis")
    # The sum of the first two is 0: nothing is farther.
    assert bray.distances[0].tolist() == [pytest.approx(1 / 7), np.finfo(np.float32).max]

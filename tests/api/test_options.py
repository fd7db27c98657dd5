"""Shared parameters apply by a method's traits, and labels and points are those of the data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import projector
from projector.api.options import among_finite, labels_of, laid_out, parameters_of, with_points
from projector.errors import ParameterError, UnknownNameError
from projector.model.parameters import resolve

AXES, PCA, UMAP = (projector.METHODS[name] for name in ("axes", "pca", "umap"))
DATA = projector.Dataset(
    np.eye(6, dtype=np.float32), metadata={"label": ["a", "b", "a", "c", None, "b"]}
)


def settings(**given: Any) -> dict[str, Any]:
    return resolve(parameters_of(UMAP), given, owner="umap")


def test_which_parameters_apply_is_said_by_the_traits() -> None:
    def groups(method: projector.compute.Method) -> set[str]:
        return {parameter.group for parameter in parameters_of(method)}

    assert groups(UMAP) == {"", "labels", "scale", "preprocessing"}
    assert groups(PCA) == groups(AXES) == {"", "preprocessing"}
    for method in projector.METHODS.values():
        names = [parameter.name for parameter in parameters_of(method)]
        assert len(names) == len(set(names))
        assert {p.of for p in parameters_of(method)} - {""} <= set(names)


def test_choosing_a_column_is_enough() -> None:
    assert labels_of(DATA, settings()) is None
    labels = labels_of(DATA, settings(supervise_by="label"))
    assert labels is not None
    assert labels[0] == labels[2]
    assert labels[1] == labels[5]
    assert labels[4] == -1
    assert len(set(labels.tolist())) == 4
    assert labels_of(DATA, settings(supervise_by="label", supervise_weight=0)) is None


def test_an_ignored_label_is_unknown() -> None:
    labels = labels_of(DATA, settings(supervise_by="label", ignored_label="b"))
    assert labels is not None
    assert np.flatnonzero(labels == -1).tolist() == [1, 4, 5]


def test_a_column_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="column 'labels'"):
        labels_of(DATA, settings(supervise_by="labels"))


@pytest.mark.parametrize(("n_landmarks", "expected"), [(None, 6), (4, 4), (100, 6)])
def test_landmarks_are_no_more_than_the_points(n_landmarks: int | None, expected: int) -> None:
    assert laid_out(settings(n_landmarks=n_landmarks), 6) == expected


def test_a_word_is_read_as_the_search_reads_it() -> None:
    data = projector.Dataset(
        np.eye(3), metadata={"id": ["u1", "u2", "u3"], "word": ["king", "man", "king"]}
    )
    for text in ("king", " king", "= king", "KING"):
        assert with_points(data, AXES, {"x_to": text})["x_to"] == "0, 2", text
    with pytest.raises(UnknownNameError, match="'u1'"):
        with_points(data, AXES, {"x_to": "u1"})


def test_labels_are_written_as_rows() -> None:
    given = {"x_from": "= a + b", "x_to": "3-4", "y_from": None}
    assert with_points(DATA, AXES, given) == {**given, "x_from": "0, 1, 2, 5"}
    assert given["x_from"] == "= a + b", "what was given is not changed"


def test_labels_are_those_of_the_chosen_column() -> None:
    data = projector.Dataset(np.eye(3), {"label": ["a", "b", "c"], "word": ["c", "a", "b"]})
    assert with_points(data, AXES, {"x_from": "a"})["x_from"] == "0"
    assert with_points(data, AXES, {"x_from": "a"}, 1)["x_from"] == "1"
    with pytest.raises(UnknownNameError):
        with_points(data, AXES, {"x_from": "a"}, 2)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("6", ParameterError, "'x_to' of axes names point 6, but the points are 0 to 5"),
        ("= a - b", ParameterError, "'x_to' of axes is a set of points"),
        ("= z", UnknownNameError, "'z'"),
    ],
)
def test_points_are_checked_before_anything_runs(
    text: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        with_points(DATA, AXES, {"x_to": text})


def test_rows_are_counted_among_the_finite_ones() -> None:
    finite = np.array([True, False, True, True, False, True])
    given = {"x_from": "0, 1, 5", "x_to": "3", "y_to": None, "n_components": 2}
    assert among_finite(AXES, given, finite) == {"x_from": "0, 3", "x_to": "2"}
    with pytest.raises(ParameterError, match="only points with NaN or infinity"):
        among_finite(AXES, {"x_from": "1, 4"}, finite)

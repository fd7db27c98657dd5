from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from projector.api.projection_request import ProjectionRequest
from projector.errors import ParameterError, ShapeError, UnknownNameError
from projector.model.dataset import Dataset

Array = np.ndarray[Any, np.dtype[np.float32]]
LABELS = {"label": [str(i % 6) for i in range(300)]}


def request(vectors: Array, **changes: Any) -> ProjectionRequest:
    options: dict[str, Any] = {"method": "umap", "params": {}, "metadata": LABELS, **changes}
    data = Dataset(vectors, metadata=options.pop("metadata"))
    return ProjectionRequest.of(data, options.pop("method"), options.pop("params"), **options)


def test_the_key_is_the_same_for_equal_requests(blobs: Array) -> None:
    key = request(blobs).key
    assert request(blobs.copy(), params={"n_neighbors": "15"}).key == key
    assert request(blobs, metadata={}).key == key, "metadata alone changes no result"


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "tsne"},
        {"params": {"n_neighbors": 16}},
        {"params": {"random_state": 1}},
        {"params": {"supervise_by": "label"}},
        {"initial": np.zeros((300, 2), np.float32)},
        {"align_to": np.zeros((300, 2), np.float32)},
    ],
)
def test_the_key_changes_with_everything_that_the_result_depends_on(
    blobs: Array, changes: dict[str, Any]
) -> None:
    keys = {request(blobs).key, request(blobs + 1).key, request(blobs, **changes).key}
    assert len(keys) == 3


def test_the_key_changes_with_labels_and_shared_rows(blobs: Array) -> None:
    by = {"supervise_by": "label"}
    other = {"label": [str(i % 5) for i in range(300)]}
    one = request(blobs, params=by)
    assert request(blobs, params=by, metadata=other).key != one.key
    align_to = np.zeros((10, 2), np.float32)
    rows = [np.arange(10), np.arange(10) + 1]
    shared = [request(blobs, align_to=align_to, shared=(own, np.arange(10))).key for own in rows]
    assert shared[0] != shared[1]


@pytest.mark.parametrize("change", ["update", "action"])
def test_an_update_or_an_action_modifies_it_but_not_its_key(blobs: Array, change: str) -> None:
    made = request(blobs)
    key = made.key
    before = made.is_modified
    if change == "update":
        made.modified["n_epochs"] = 3
    else:
        made.actions.append("perturb")
    assert (before, made.is_modified) == (False, True)
    assert made.key == key


def pair(own: Any, other: Any) -> dict[str, Any]:
    align_to = np.zeros((10, 2), np.float32)
    return {"align_to": align_to, "shared": (np.asarray(own), np.asarray(other))}


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        (lambda: {"method": "umapp"}, UnknownNameError, "Did you mean 'umap'"),
        (lambda: {"params": {"n_neighbours": 3}}, UnknownNameError, "n_neighbors"),
        (lambda: {"params": {"n_neighbors": 1}}, ParameterError, "n_neighbors"),
        (lambda: {"initial": np.zeros((3, 2))}, ShapeError, "'initial' has 3 positions, but"),
        (lambda: {"align_to": np.zeros((3, 2))}, ShapeError, "'align_to' has 3 positions, but"),
        (lambda: pair([], []), ParameterError, "at least 1 whole number"),
        (lambda: pair([1], [1, 2]), ParameterError, "Got 1 and 2"),
        (lambda: pair([300], [0]), ParameterError, "from 0 to 299"),
        (lambda: pair([0], [10]), ParameterError, "from 0 to 9"),
        (lambda: pair([-1], [0]), ParameterError, "from 0 to 299"),
    ],
)
def test_invalid_requests_are_refused(
    blobs: Array, changes: Callable[[], dict[str, Any]], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        request(blobs, **changes())
    assert message in str(caught.value)

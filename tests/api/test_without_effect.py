from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import projector

VECTORS = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
DATA = projector.Dataset(
    VECTORS,
    {"label": list("abc") * 10, "same": ["x"] * 30, "each": [f"p{i}" for i in range(30)]},
)


def warnings_of(method: str, **params: Any) -> list[str]:
    quick = {"umap": {"n_epochs": 2, "n_neighbors": 5}, "tsne": {"n_iter": 2, "perplexity": 5}}
    found = projector.project(DATA, method, **{**quick.get(method, {}), **params})
    listed = found.details["warnings"]
    assert isinstance(listed, list)
    return [str(each) for each in listed]


@pytest.mark.parametrize("method", ["umap", "tsne"])
@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"supervise_by": "label", "supervise_weight": 0}, "supervise_weight is 0"),
        ({"supervise_weight": 0.7}, "supervise_weight has no effect without supervise_by"),
        ({"ignored_label": "a"}, "ignored_label has no effect without supervise_by"),
        ({"supervise_by": "same"}, "all values of 'same' are the same"),
        ({"supervise_by": "each"}, "30 of 30 values of 'each' differ"),
        ({"n_landmarks": 30}, "all 30 points are laid out"),
        ({"shared": ([0, 1], [0, 1])}, "without 'align_to'"),
    ],
)
def test_what_changes_nothing_is_told(method: str, params: dict[str, Any], sentence: str) -> None:
    assert any(sentence in each for each in warnings_of(method, **params))


def test_a_start_for_what_does_not_start_and_a_third_axis_of_two() -> None:
    assert "'initial' has no effect" in warnings_of("pca", initial=VECTORS[:, :3])[0]
    told = warnings_of("axes", n_components=2, z_from=[1, 2])
    assert any("z_from has no effect in 2D" in each for each in told)


def test_what_has_an_effect_is_not_mentioned() -> None:
    for params in (
        {},
        {"supervise_by": "label"},
        {"n_landmarks": 20},
        {"align_to": VECTORS[:, :2]},
    ):
        assert not any("effect" in each for each in warnings_of("umap", **params))


@pytest.mark.parametrize("weight", [0, 0.5])
def test_a_name_that_does_not_exist_is_an_error(weight: float) -> None:
    wrong: list[dict[str, Any]] = [
        {"supervise_by": "labels"},
        {"supervise_by": "label", "ignored_label": "z"},
    ]
    for params in wrong:
        with pytest.raises(projector.UnknownNameError):
            projector.project(DATA, "umap", supervise_weight=weight, **params)


def test_a_lowered_k_is_told() -> None:
    few = projector.quality(VECTORS[:7], VECTORS[:7, :2], k=5)
    assert few.k == 3
    assert "k was lowered from 5 to 3, less than half of the points." in few.warnings
    assert projector.nearest(VECTORS[:7], 0, k=10).warnings == (
        "Only 6 points were found, not 10: there are no others.",
    )


def test_points_as_masks_and_lists_are_the_text_that_names_them() -> None:
    mask = np.zeros(30, bool)
    mask[[3, 4, 7]] = True
    want = projector.project(DATA, "axes", x_to="3, 4, 7").positions
    for points in (mask, [3, 4, 7], np.array([3, 4, 7])):
        np.testing.assert_array_equal(projector.project(DATA, "axes", x_to=points).positions, want)

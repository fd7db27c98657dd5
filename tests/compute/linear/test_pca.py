"""PCA as a method: what is shown first, and how many scores are kept."""

from __future__ import annotations

import numpy as np
import pytest

from projector.compute.linear import pca
from projector.compute.linear.components import PrincipalComponents
from projector.compute.method import MethodInput
from projector.model.progress import Progress

VECTORS = np.random.default_rng(0).normal(size=(400, 12)).astype(np.float32)
PARAMS = {"n_components": 3, "random_state": 0}


@pytest.mark.parametrize(
    ("n_points", "n_dims", "n_components", "expected"),
    [
        (1_000, 300, 3, 50),
        (1_000, 20, 3, 20),
        (10, 300, 3, 10),
        (1_000, 300, 80, 80),
        (1_000_000, 128, 3, 50),
        (5_000_000, 64, 3, 13),
        (100_000_000, 64, 3, 10),
        (100_000_000, 64, 20, 20),
    ],
)
def test_scores_are_bounded(n_points: int, n_dims: int, n_components: int, expected: int) -> None:
    assert pca.n_scores(n_points, n_dims, n_components) == expected


def test_the_positions_are_shown_before_the_other_scores_are_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pca, "MANY_SCORES", 100)
    seen: list[object] = []
    original = PrincipalComponents.fill_scores

    def fill(self: PrincipalComponents, *args: object, **kwargs: object) -> None:
        seen.append(args[2:4])
        original(self, *args, **kwargs)  # type: ignore[arg-type]

    def note(progress: Progress) -> None:
        if progress.positions is not None:
            seen.append(progress.positions.copy())

    monkeypatch.setattr(PrincipalComponents, "fill_scores", fill)
    found = pca.run(MethodInput(VECTORS, PARAMS, progress=note))
    assert seen[0] == (0, 3)
    np.testing.assert_array_equal(seen[1], found.positions)
    assert seen[2] == (3, 12)
    assert found.scores is not None
    np.testing.assert_array_equal(found.scores[:, :3], found.positions)


def test_in_two_parts_the_scores_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = pca.run(MethodInput(VECTORS, PARAMS)).scores
    monkeypatch.setattr(pca, "MANY_SCORES", 100)
    in_parts = pca.run(MethodInput(VECTORS, PARAMS)).scores
    assert at_once is not None
    assert in_parts is not None
    np.testing.assert_allclose(in_parts, at_once, rtol=1e-4, atol=1e-5)

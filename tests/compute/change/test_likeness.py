from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projector.compute.change.likeness import procrustes_similarity, sampled, unbiased_cka
from tests.compute.change.known import Array, turn


def cka_of_matrices(x: Array, y: Array) -> float:
    """Return the same from the n x n kernel matrices, as the papers write it."""
    n, grams = len(x), []
    for z in (x, y):
        gram = z @ z.T
        np.fill_diagonal(gram, 0)
        grams.append(gram)
    ones = np.ones(n)

    def hsic(p: Array, q: Array) -> float:
        middle = (ones @ p @ ones) * (ones @ q @ ones) / ((n - 1) * (n - 2))
        found = np.trace(p @ q) + middle - 2 / (n - 2) * (ones @ p @ q @ ones)
        return float(found / (n * (n - 3)))

    return hsic(*grams) / float(np.sqrt(hsic(grams[0], grams[0]) * hsic(grams[1], grams[1])))


@given(st.integers(5, 60), st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**16))
def test_cka_equals_the_form_with_matrices(n: int, d1: int, d2: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, d1))
    y = rng.standard_normal((n, d2)) + x[:, :1]
    found = unbiased_cka(x, y)
    if np.isnan(found):  # an unbiased estimate of a variance may be below 0
        return
    assert found == pytest.approx(cka_of_matrices(x, y), rel=1e-8, abs=1e-10)
    assert unbiased_cka(y, x) == pytest.approx(found, rel=1e-9, abs=1e-12)
    moved = 3 * x @ turn(d1, seed) + 7
    assert unbiased_cka(moved, y) == pytest.approx(found, rel=1e-7, abs=1e-9)


def test_unrelated_sets_are_not_alike() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((200, 384)), rng.standard_normal((200, 384))
    assert abs(unbiased_cka(x, y)) < 0.03
    assert np.isnan(procrustes_similarity(x, y))  # 0.87, were it not withheld
    assert abs(unbiased_cka(x[:100], 1e30 * y[:100])) < 0.1


def test_what_does_not_vary_has_no_likeness() -> None:
    x = np.random.default_rng(0).standard_normal((100, 4))
    same = np.full((100, 4), 0.1)
    assert np.isnan(unbiased_cka(x, same))
    assert np.isnan(procrustes_similarity(x, same))
    assert np.isnan(unbiased_cka(x[:3], x[:3]))


def test_a_sample_says_its_error() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((40_000, 3))
    y = x + rng.standard_normal((40_000, 3))
    whole = unbiased_cka(x, y)
    value, error, n_rows = sampled(unbiased_cka, x, y)
    assert (n_rows, sampled(unbiased_cka, x[:500], y[:500])[1]) == (10_000, 0.0)
    assert 0 < error < 0.05
    assert abs(value - whole) < 6 * error

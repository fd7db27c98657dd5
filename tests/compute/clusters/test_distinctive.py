"""What is distinctive of a cluster: planted terms, hand-computed weights, shares and lifts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.compute.clusters.distinctive import distinctive_categories, distinctive_terms


def packed(texts: list[list[int]]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    offsets = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    return np.array([code for text in texts for code in text], np.int32), offsets


def test_the_weight_is_that_of_the_formula() -> None:
    # Term 0 is everywhere; 1 and 2 are each in one cluster.
    texts = [[0, 1]] * 4 + [[0, 2]] * 6
    labels = np.repeat([0, 1], [4, 6]).astype(np.int32)
    first, second = distinctive_terms(*packed(texts), labels)
    assert [said.code for said in first] == [1]
    assert [said.code for said in second] == [2]
    # 8 and 12 terms: the mean is 10. Term 1 stands 4 times, half of its cluster's terms.
    assert first[0].weight == pytest.approx(1000 * 0.5 * math.log(1 + 10 / 4))
    assert second[0].weight == pytest.approx(1000 * 0.5 * math.log(1 + 10 / 6))
    assert first[0].share == 1.0
    assert first[0].lift == pytest.approx((4.5 / 5) / (0.5 / 7))


def test_planted_terms_come_first_and_stop_words_do_not_come() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(-1, 6, 4000).astype(np.int32)
    texts = []
    for label in labels:
        usual = {int(code) for code in np.flatnonzero(rng.random(30) < 0.5)}
        rare = {int(code) for code in rng.integers(100, 4000, 5)}
        own = {30 + int(label)} if label >= 0 and rng.random() < 0.7 else set()
        texts.append(sorted(usual | rare | own))
    found = distinctive_terms(*packed(texts), labels)
    assert [said[0].code for said in found] == [30 + label for label in range(6)]
    assert not any(one.code < 30 for said in found for one in said)


def test_a_term_of_one_text_is_not_distinctive() -> None:
    texts = [[0]] + [[]] * 4 + [[1]] * 5
    found = distinctive_terms(*packed(texts), np.repeat([0, 1], [5, 5]).astype(np.int32))
    assert [[one.code for one in said] for said in found] == [[], [1]]


def test_nothing_is_said_without_texts_or_clusters() -> None:
    codes, offsets = packed([[], [], []])
    assert distinctive_terms(codes, offsets, np.zeros(3, np.int32)) == [[]]
    assert distinctive_terms(codes, offsets, np.full(3, -1, np.int32)) == []


def test_shares_and_lifts_of_categories_are_computed_by_hand() -> None:
    labels = np.array([0] * 10 + [1] * 10 + [-1] * 20, np.int32)
    codes = np.array([3] * 8 + [1] * 2 + [3] * 1 + [1] * 9 + [-1] * 20, np.int32)
    first, second = distinctive_categories(codes, labels)
    assert [(said.code, said.share) for said in first] == [(3, 0.8), (1, 0.2)]
    assert first[0].lift == pytest.approx((8.5 / 11) / (1.5 / 31))
    assert second[0].code == 1
    assert second[0].share == 0.9

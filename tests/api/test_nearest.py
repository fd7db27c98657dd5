from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import projector
from projector.errors import Cancelled, ParameterError, UnknownNameError
from projector.model.metadata import Column

WORDS = ["king", "man", "woman", "queen", "New York", "well-known", "man", "King"]
VECTORS = np.array(
    [[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [1, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0.1, 1],
     [0, 1, 0, 0], [0.5, 0.5, 0.5, 0.5]],
    np.float32,
)  # fmt: skip
DATA = projector.Dataset(VECTORS, metadata={"word": WORDS, "n": list(range(8))})


def words(query: Any, **options: Any) -> list[str]:
    return [WORDS[i] for i in projector.nearest(DATA, query, **options).indices]


def test_king_minus_man_plus_woman() -> None:
    answer = projector.nearest(DATA, "king - man + woman", k=1)
    assert WORDS[answer.indices[0]] == "queen"
    assert [(t.weight, t.label, len(t.rows)) for t in answer.terms] == [
        (1, "king", 1),
        (-1, "man", 2),
        (1, "woman", 1),
    ]


def test_what_was_asked_about_is_not_the_answer() -> None:
    assert "king" not in words("king")
    assert "man" not in words("man", k=20)
    assert 3 not in projector.nearest(DATA, [3, 4]).indices


@pytest.mark.parametrize(
    ("expression", "terms"),
    [
        ("-  man +woman", None),
        ("- man + woman", [(-1, "man"), (1, "woman")]),
        ("2 * king - 0.5*man", [(2, "king"), (-0.5, "man")]),
        ("'New York' + well-known", [(1, "New York"), (1, "well-known")]),
        ("New York - man", [(1, "New York"), (-1, "man")]),
        ("QUEEN", [(1, "QUEEN")]),
    ],
)
def test_expressions(expression: str, terms: list[tuple[float, str]] | None) -> None:
    if terms is None:
        with pytest.raises(UnknownNameError):
            projector.nearest(DATA, expression)
        return
    found = projector.nearest(DATA, expression).terms
    assert [(term.weight, term.label) for term in found] == terms


@pytest.mark.parametrize("expression", ["", "  ", "king +", "king - - man", "+", "king 'man'"])
def test_what_is_no_expression_says_so(expression: str) -> None:
    with pytest.raises((ParameterError, UnknownNameError)):
        projector.nearest(DATA, expression)


def test_an_unknown_label_names_the_close_ones() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'queen'"):
        projector.nearest(DATA, "king - quean")


@pytest.mark.parametrize(
    "metric",
    [
        *("euclidean", "cosine", "inner_product", "manhattan"),
        *("correlation", "chebyshev", "canberra", "braycurtis"),
    ],
)
def test_points_and_vectors_and_any_metric(metric: str) -> None:
    answer = projector.nearest(DATA, 4, k=1, metric=metric)
    assert WORDS[answer.indices[0]] == "well-known"
    assert WORDS[projector.nearest(DATA, VECTORS[4], k=1, metric=metric).indices[0]] in (
        "New York",
        "well-known",
    )


def test_bad_questions_are_refused() -> None:
    for wrong in ([99], [], [-1]):
        with pytest.raises(ParameterError, match="0 to 7"):
            projector.nearest(DATA, wrong)
    with pytest.raises(ParameterError, match="'k'"):
        projector.nearest(DATA, 1, k=0)
    with pytest.raises(UnknownNameError, match="column"):
        projector.nearest(DATA, "king", column="wort")


def test_points_that_are_not_finite_are_left_out() -> None:
    broken = VECTORS.copy()
    broken[5] = np.nan
    found = projector.nearest(broken, 4, k=20).indices
    assert 5 not in found
    assert len(found) == 6
    assert len(projector.nearest(broken, 5).indices) == 0
    assert 5 not in projector.nearest(broken, [4, 5]).indices
    same = projector.nearest(broken, [4], k=20).indices
    np.testing.assert_array_equal(projector.nearest(broken, [4, 5], k=20).indices, same)


def test_an_unknown_metric_is_refused() -> None:
    for query in (1, "king", VECTORS[0]):
        with pytest.raises(ParameterError, match="metric"):
            projector.nearest(DATA, query, metric="minkowski")


def test_an_expression_has_a_bound_and_its_cost_does_not_grow_with_its_terms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    n_looks = 0
    categories = Column.categories

    def counted(column: Column) -> Any:
        nonlocal n_looks
        n_looks += 1
        return categories(column)

    monkeypatch.setattr(Column, "categories", counted)
    many = " + ".join(["king", "man", "woman", "QUEEN"] * 250)
    answer = projector.nearest(DATA, many)
    assert (len(answer.terms), n_looks) == (1000, 1)
    assert [len(term.rows) for term in answer.terms[:4]] == [1, 2, 1, 1]
    same = projector.nearest(DATA, "250 * king + 250 * man + 250 * woman + 250 * queen")
    assert answer.indices.tolist() == same.indices.tolist()
    with pytest.raises(ParameterError, match="more than 1,000 terms"):
        projector.nearest(DATA, f"{many} + king")
    with pytest.raises(ParameterError, match="more than 1,000 terms"):
        projector.nearest(DATA, " + ".join(["king"] * 20_000))


def test_a_label_may_be_spelled_in_several_ways() -> None:
    terms = projector.nearest(DATA, "KING + king + King").terms
    assert [term.rows.tolist() for term in terms] == [[0, 7], [0], [7]]


def test_missing_labels_belong_to_no_term() -> None:
    data = projector.Dataset(VECTORS[:3], metadata={"word": ["a", None, "b"]})
    answer = projector.nearest(data, "b", k=5)
    assert answer.terms[0].rows.tolist() == [2]
    assert sorted(answer.indices.tolist()) == [0, 1]


def test_an_unknown_label_that_is_long_is_told_shortly() -> None:
    rows = [f"{'word ' * 200}{i}" for i in range(8)]
    data = projector.Dataset(VECTORS, metadata={"text": rows})
    with pytest.raises(UnknownNameError) as caught:
        projector.nearest(data, "word " * 20_000 + "x")
    assert len(str(caught.value)) < 10_000


def test_a_search_ends_when_nobody_waits_for_it() -> None:
    def leave() -> None:
        raise Cancelled

    for query in (0, [1, 2], "king"):
        with pytest.raises(Cancelled):
            projector.nearest(DATA, query, check=leave)


def test_differences_that_float32_cannot_hold_are_searched() -> None:
    plain = np.random.default_rng(3).normal(size=(60, 4))
    labels = {"name": [f"p{i}" for i in range(60)]}
    far = projector.Dataset(plain + 1e9, metadata=labels)
    near = projector.Dataset(plain, metadata=labels)
    for query in (3, [3, 17], "p3", "p3 - p4 + p5", "0.5 * p7 + 0.5 * p9"):
        for metric in ("euclidean", "manhattan"):
            found = projector.nearest(far, query, k=5, metric=metric)
            expected = projector.nearest(near, query, k=5, metric=metric)
            assert found.indices.tolist() == expected.indices.tolist()
            np.testing.assert_allclose(found.distances, expected.distances, rtol=1e-3)
    vector = plain[7] + 0.01
    found = projector.nearest(far, vector + 1e9, k=3, metric="euclidean")
    assert (
        found.indices.tolist()
        == projector.nearest(near, vector, 3, metric="euclidean").indices.tolist()
    )
    assert "float32 rounds" in str(projector.nearest(far, 3).warnings)

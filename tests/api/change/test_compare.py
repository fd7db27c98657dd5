from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import projector
from projector.compute.change.states import STATES
from projector.errors import Cancelled, ParameterError, ShapeError, UnknownNameError
from projector.jobs.cache import ResultCache
from tests.compute.change.known import clusters, turn

X, LABEL = clusters(600, 16)
Y = 2 * X @ turn(16)
Y[LABEL == 3] += 30


@pytest.fixture
def cache(tmp_path: Path) -> ResultCache:
    return ResultCache(tmp_path)


def named(vectors: Any, labels: Any, **others: Any) -> projector.Dataset:
    return projector.Dataset(vectors, metadata={"label": labels, **others})


IDS = [f"p{i}" for i in range(600)]


def test_a_comparison_is_computed_once(cache: ResultCache, monkeypatch: Any) -> None:
    one = projector.compare(named(X, list(map(str, LABEL))), Y, cache=cache)
    monkeypatch.setattr("projector.api.change.compare.measure_change", None)
    again = projector.compare(named(X, list(map(str, LABEL))), Y, cache=cache)
    for name in ("kept", "shift", "radius", "state"):
        np.testing.assert_array_equal(getattr(one, name), getattr(again, name))
    assert again.summary == one.summary
    assert [(g.kind, g.words) for g in again.groups] == [(g.kind, g.words) for g in one.groups]
    assert (again.groups[0].rows == np.flatnonzero(LABEL == 3)).all()
    assert "100% have the label 3" in again.groups[0].words


def test_shuffled_rows_are_found_by_their_labels(cache: ResultCache) -> None:
    order = np.random.default_rng(0).permutation(600)
    straight = projector.compare(X, Y, cache=cache)
    for match in ("label", "id", (order, np.arange(600))):
        first = named(X, IDS, id=IDS)
        second = named(Y[order], [IDS[i] for i in order], id=[IDS[i] for i in order])
        found = projector.compare(first, second, match=match, cache=cache)
        np.testing.assert_array_equal(found.kept, straight.kept)
        np.testing.assert_allclose(found.shift, straight.shift, atol=1e-6)
        assert (len(found.only_a), len(found.only_b), found.n_shared) == (0, 0, 600)


def test_one_sided_and_doubled_points_are_counted(cache: ResultCache) -> None:
    labels_a: list[str | None] = [*IDS]
    labels_a[0], labels_a[1], labels_a[2] = None, "twice", "twice"
    labels_b = IDS[:500]
    labels_b[1], labels_b[2], labels_b[7] = "twice", "twice", "new"
    found = projector.compare(
        named(X, labels_a), named(Y[:500], labels_b), match="label", cache=cache
    )
    assert found.n_shared == 500 - 2
    assert found.only_a.tolist() == [0, 7, *range(500, 600)]
    assert found.only_b.tolist() == [0, 7]
    assert found.duplicated.tolist() == [1, 2]
    assert np.isnan(found.kept[found.only_a]).all()
    assert (found.state[found.only_a] == 255).all()
    assert np.isfinite(found.shift[[1, 2]]).all()
    said = " ".join(found.summary.warnings)
    assert "498 points are on both sides, 102 only on the first and 2 only on the second" in said
    assert "1 label occurs more than once" in said


def test_the_nth_of_equal_labels_is_the_nth(cache: ResultCache) -> None:
    found = projector.compare(
        named(X, [str(i // 2) for i in range(600)]),
        named(Y[:599], [str(i // 2) for i in range(599)]),
        match="label",
        cache=cache,
    )
    assert (found.n_shared, found.only_a.tolist(), len(found.only_b)) == (599, [599], 0)
    assert len(found.duplicated) == 600


def test_other_numbers_of_points_and_dimensions(cache: ResultCache) -> None:
    wide = np.hstack([Y, np.random.default_rng(0).normal(size=(600, 16)) / 100])
    found = projector.compare(
        named(X, IDS), named(wide[100:], IDS[100:]), match="label", cache=cache
    )
    assert (found.n_shared, len(found.only_a), len(found.only_b)) == (500, 100, 0)
    assert found.summary.kept > 0.9
    assert np.isfinite(found.kept[100:]).all()


def test_rows_that_are_not_finite_are_left_out(cache: ResultCache) -> None:
    broken = Y.copy()
    broken[5] = np.nan
    found = projector.compare(X, broken, cache=cache)
    assert np.isnan(found.kept[5])
    assert found.summary.n_compared == 599
    assert "1 shared points are left out: NaN or infinity." in found.summary.warnings


def test_lost_kept_and_gained_neighbors(cache: ResultCache) -> None:
    moved = X.copy()
    moved[17] = X[400] + 0.01
    found = projector.compare(X, moved, k=10, cache=cache)
    lists = found.neighbors(17)
    before = projector.neighbors(X, k=10).indices[17]
    after = projector.neighbors(moved, k=10).indices[17]
    assert set(lists.kept) | set(lists.lost) == set(before)
    assert set(lists.kept) | set(lists.gained) == set(after)
    assert 400 in lists.gained
    there = np.linalg.norm(X[17] - X[lists.gained], axis=1)
    here = np.linalg.norm(moved[17] - moved[lists.gained], axis=1)
    np.testing.assert_allclose(lists.gained_distances, np.stack([there, here], 1), rtol=1e-5)
    assert found.kept[17] == pytest.approx(len(lists.kept) / 10)


def test_a_comparison_is_saved_with_the_metadata(tmp_path: Path, cache: ResultCache) -> None:
    data = named(X, IDS)
    projector.compare(data, Y, cache=cache).save(tmp_path / "d.parquet", metadata=data.metadata)
    table = pq.read_table(tmp_path / "d.parquet")
    assert table.column_names == ["kept", "shift", "radius", "state", "label"]
    assert set(table["state"].to_pylist()) <= set(STATES)
    assert len(set(table["state"].to_pylist())) > 1
    with pytest.raises(ParameterError, match=r"\.npy"):
        projector.compare(data, Y, cache=cache).save(tmp_path / "d.npy")


def test_bad_input_is_one_sentence_with_numbers(cache: ResultCache) -> None:
    cases: list[tuple[Any, Any, dict[str, Any], type[Exception], str]] = [
        (X, Y[:400], {}, ShapeError, "600 and 400 points cannot be matched by row"),
        (X, Y, {"match": "label"}, UnknownNameError, "label"),
        (named(X, IDS), named(Y, IDS), {"match": "nope"}, UnknownNameError, "nope"),
        (
            named(X, IDS),
            named(Y, ["z"] * 600),
            {"match": "label"},
            ParameterError,
            "none in common",
        ),
        (X, Y, {"match": ([1, 2], [3])}, ParameterError, "2 rows with 1"),
        (X, Y, {"match": ([1, 1, 2], [3, 4, 5])}, ParameterError, "more than once"),
        (X, Y, {"match": 7}, ParameterError, "match"),
        (X, Y, {"metric": ("cosine", "euclidean")}, ParameterError, "one metric"),
        (X, Y, {"metric": "nope"}, ParameterError, "nope"),
        (X, Y, {"k": 0}, ParameterError, "'k'"),
        (X[:2], Y[:2], {}, ShapeError, "at least 3"),
        (X[:1], Y[:1], {}, ShapeError, "at least 3"),
        (X, np.full_like(Y, np.nan), {}, ShapeError, "0 of the 600"),
    ]
    for a, b, options, kind, words in cases:
        with pytest.raises(kind, match=words):
            projector.compare(a, b, cache=cache, **options)


def test_few_points_lower_k(cache: ResultCache) -> None:
    found = projector.compare(X[:9], Y[:9], cache=cache)
    assert found.summary.k == 4
    assert "k was lowered from 15 to 4, less than half of the points." in found.summary.warnings


def test_what_does_not_fit_is_refused(cache: ResultCache, monkeypatch: Any) -> None:
    from projector.api import memory_check
    from projector.machine.memory import FreeMemory

    monkeypatch.setattr(memory_check, "free_memory", lambda: FreeMemory(1 << 20, "a test"))
    with pytest.raises(projector.MemoryLimitError, match=r"600 points in 16 and 16 dimensions"):
        projector.compare(X, Y, cache=cache)


def test_it_can_be_cancelled(cache: ResultCache) -> None:
    def stop(progress: projector.Progress) -> None:
        if progress.phase == "shift":
            raise Cancelled

    with pytest.raises(Cancelled):
        projector.compare(X, Y, cache=cache, progress=stop)

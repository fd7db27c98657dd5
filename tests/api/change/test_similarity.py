from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.api.change import similarity as module
from projector.errors import Cancelled, ParameterError, ShapeError
from projector.jobs.cache import ResultCache
from tests.compute.change.known import clusters, turn
from tests.conftest import DEMO

X = clusters(500, 16)[0]
NOISY = X + np.random.default_rng(0).standard_normal(X.shape)


@pytest.fixture
def cache(tmp_path: Path) -> ResultCache:
    return ResultCache(tmp_path)


@pytest.mark.parametrize("figure", ["kept", "cka", "procrustes"])
def test_the_matrix_is_that_of_the_pairs(cache: ResultCache, figure: str) -> None:
    entries = [X, NOISY, 3 * X @ turn(16), X[::-1]]
    alike = projector.similarity(entries, figure, cache=cache)
    np.testing.assert_array_equal(alike.matrix, alike.matrix.T)
    assert alike.matrix[0, 2] == pytest.approx(1, abs=1e-6)
    assert alike.matrix[0, 3] < alike.matrix[0, 1] < 1
    for i, j in ((0, 1), (2, 1), (3, 0)):
        summary = projector.compare(entries[i], entries[j], cache=cache).summary
        assert alike.matrix[i, j] == pytest.approx(getattr(summary, figure), abs=1e-5)
    assert not alike.errors.any()
    back = projector.similarity(entries[::-1], figure, cache=ResultCache(cache.folder / "other"))
    np.testing.assert_array_equal(back.matrix, alike.matrix[::-1, ::-1])


def test_pairs_are_computed_once_and_in_either_order(cache: ResultCache, monkeypatch: Any) -> None:
    one = projector.similarity([X, NOISY], cache=cache)
    monkeypatch.setattr(module, "_measured", None)
    again = projector.similarity([NOISY, X], cache=cache)
    assert again.matrix[0, 1] == one.matrix[0, 1]
    with pytest.raises(TypeError):
        projector.similarity([NOISY, X], k=7, cache=cache)


def test_large_pairs_are_sampled_and_say_so(cache: ResultCache, monkeypatch: Any) -> None:
    whole = projector.similarity([X, NOISY], cache=cache).matrix[0, 1]
    monkeypatch.setattr(module, "WHOLE_POINTS", 100)
    monkeypatch.setattr(module, "QUERIES", 150)
    monkeypatch.setattr(module, "SIMILARITY_VERSION", -1)
    found = projector.similarity([X, NOISY], cache=cache)
    assert 0 < found.errors[0, 1] < 0.05
    assert abs(found.matrix[0, 1] - whole) < 5 * found.errors[0, 1]
    assert "150 points" in found.warnings[-1]


def test_what_has_no_figure_is_not_a_number_with_a_reason(cache: ResultCache) -> None:
    found = projector.similarity([X, np.ones_like(X)], cache=cache)
    assert np.isnan(found.matrix[0, 1])
    assert found.warnings == ("embedding 1 and embedding 2: all vectors of one are equal.",)
    same = np.full_like(X, 3)
    same[0] = np.nan
    alike = projector.similarity([X, same], "cka", cache=cache)
    assert np.isnan(alike.matrix).tolist() == [[False, True], [True, True]]
    few = projector.similarity([X[:100], X[:100] + 1], "procrustes", cache=cache)
    assert np.isnan(few.matrix[0, 1])
    assert "100 points in 16 dimensions" in few.warnings[0]


def test_bad_input_is_one_sentence(cache: ResultCache) -> None:
    log = projector.open_logdir(DEMO)
    cases: list[tuple[Any, dict[str, Any], type[Exception], str]] = [
        ([X], {"figure": "rbf"}, ParameterError, "'kept', 'cka', 'procrustes'"),
        ([], {}, ParameterError, "from 1 to 200"),
        (X, {}, ParameterError, "in a list"),
        ([X, X[:9]], {}, ShapeError, "500 and 9"),
        ([log.entries[0]], {}, ParameterError, "'log'"),
        ([X, X], {"metric": "nope"}, ParameterError, "nope"),
    ]
    for entries, options, kind, words in cases:
        with pytest.raises(kind, match=words):
            projector.similarity(entries, **{"cache": cache, **options})


def test_it_can_be_cancelled_and_keeps_what_is_done(cache: ResultCache) -> None:
    def stop(progress: projector.Progress) -> None:
        if (progress.phase, progress.done, progress.total) == ("similarity", 2, 3):
            raise Cancelled

    with pytest.raises(Cancelled):
        projector.similarity([X, NOISY, X + 1], cache=cache, progress=stop)


@pytest.mark.slow
def test_steps_of_the_demo_come_nearer_to_the_last(cache: ResultCache) -> None:
    log = projector.open_logdir(DEMO)
    steps = [entry for entry in log.entries if entry.run == "mlp-relu-16"]
    found = projector.similarity(steps, log=log, cache=cache)
    to_last = found.matrix[-1, :-1]
    assert (np.diff(to_last) > 0).all()
    assert found.names[0] == "mlp-relu-16 hidden step 0"
    alone = projector.similarity(steps[:1], log=log, cache=cache)
    assert alone.matrix.tolist() == [[1.0]]

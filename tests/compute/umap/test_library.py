"""umap-learn in place of our own layout: equal to the library, streamed, cancelled, refused."""

from __future__ import annotations

import itertools
import subprocess
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import projector
from projector.compute.umap import library_parameters
from projector.compute.umap.umap import UMAP
from projector.errors import Cancelled, ParameterError
from projector.jobs.cache import ResultCache
from projector.model.parameters import resolve
from projector.model.progress import Progress

LIBRARY = "umap-learn"
NOWHERE = ResultCache(Path(), 0)


def digits(n_points: int = 250) -> NDArray[np.float32]:
    from sklearn.datasets import load_digits

    return np.asarray(load_digits().data[:n_points], np.float32)


def library() -> Any:
    """Import umap-learn, which warns that it has no TensorFlow."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import umap
    return umap


def expected_positions(vectors: Any, labels: Any = None, **params: Any) -> NDArray[np.float32]:
    """Lay out with the library itself, which warns that a seed keeps it to one thread."""
    umap = library()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = umap.UMAP(**{"random_state": 0, "n_epochs": 15, **params})
        return np.asarray(found.fit_transform(vectors, labels))


def resolved(**given: Any) -> Mapping[str, Any]:
    return resolve(UMAP.parameters, given, owner="umap")


def project(vectors: Any, **given: Any) -> projector.Projection:
    params = {"implementation": LIBRARY, "n_epochs": 15, **given}
    found: projector.Projection = projector.project(vectors, "umap", cache=NOWHERE, **params)
    return found


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"densmap": True}, r"no effect unless implementation='umap-learn'"),
        ({"metric": "yule"}, r"metric='yule' .* unless implementation='umap-learn'"),
        ({"init": "tswspectral"}, r"init='tswspectral' .* unless implementation"),
    ],
)
def test_what_only_the_library_has_is_refused_without_it(
    given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ParameterError, match=message):
        resolved(**given)
    assert resolved(implementation=LIBRARY, **given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"min_dist": 2.0}, "min_dist of at most spread, 1. Got 2"),
        ({"a": 1.0}, "'a' and 'b' need each other"),
        ({"densmap": True, "output_metric": "haversine"}, "needs output_metric='euclidean'"),
        ({"metric_kwds": "p=3"}, "must be a JSON object"),
        ({"metric_kwds": "[" * 100_000}, "must be a JSON object"),
        ({"output_metric_kwds": "[3]"}, "must be a JSON object"),
        ({"metric": "dice", "n_landmarks": 10}, "cannot be combined with metric='dice'"),
    ],
)
def test_parameters_that_contradict_each_other_are_refused_at_once(
    given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ParameterError, match=message):
        project(digits(20), **given)


def test_the_graph_is_only_left_out_where_the_library_has_to_search() -> None:
    assert UMAP.neighbors_needed is not None
    for given, k in (
        ({}, 14),
        ({"metric": "cosine", "densmap": True}, 14),
        ({"metric": "hamming"}, 14),
        ({"metric": "dice"}, 0),
        ({"unique": True}, 0),
        ({"low_memory": False}, 0),
    ):
        params = resolved(implementation=LIBRARY, **given)
        assert UMAP.neighbors_needed(params, 100)[0] == k, given


def test_nothing_of_it_is_imported_before_it_is_asked_for() -> None:
    code = (
        "import sys, numpy as np, projector\n"
        "projector.project(np.eye(20), 'umap', n_epochs=1)\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('umap', 'pynndescent')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
@pytest.mark.parametrize(
    "given",
    [
        {},
        {"n_components": 3, "min_dist": 0.5, "metric": "cosine"},
        {"densmap": True, "dens_lambda": 1.0},
        {"set_op_mix_ratio": 0.3, "local_connectivity": 2.0, "random_state": 2**31 - 1},
        {"a": 1.2, "b": 0.9, "init": "random", "negative_sample_rate": 2},
        {"output_metric": "manhattan", "n_neighbors": 5},
    ],
)
def test_positions_equal_those_of_the_library_on_our_graph(given: dict[str, Any]) -> None:
    from projector.compute.umap.library import precomputed

    vectors = digits()
    found = project(vectors, **given)
    graph = projector.neighbors(
        vectors, given.get("n_neighbors", 15) - 1, metric=given.get("metric", "euclidean")
    )
    expected = expected_positions(vectors, precomputed_knn=precomputed(graph), **given)
    np.testing.assert_array_equal(found.positions, expected)
    assert str(found.details["implementation"]).startswith("umap-learn ")


@pytest.mark.slow
@pytest.mark.parametrize(
    "given", [{"metric": "hellinger"}, {"metric": "minkowski", "metric_kwds": '{"p": 3}'}]
)
def test_other_metrics_are_those_of_the_library(given: dict[str, Any]) -> None:
    vectors = digits()
    theirs = dict(given)
    if "metric_kwds" in theirs:
        theirs["metric_kwds"] = {"p": 3}
    expected = expected_positions(vectors, **theirs)
    np.testing.assert_array_equal(project(vectors, **given).positions, expected)


@pytest.mark.slow
def test_every_metric_that_is_offered_exists_in_the_library() -> None:
    umap = library()
    known = {*umap.distances.named_distances, *umap.umap_.pynn_named_distances}
    assert set(library_parameters.LIBRARY_METRICS) <= known
    followed = umap.distances.named_distances_with_gradients.keys() | {"hyperboloid"}
    assert set(library_parameters.OUTPUT_METRICS) <= followed


@pytest.mark.slow
def test_a_column_supervises_as_in_the_library() -> None:
    from sklearn.datasets import load_digits

    from projector.compute.umap.library import precomputed

    vectors, labels = digits(), load_digits().target[:250]
    data = projector.Dataset(vectors, metadata={"digit": [f"d{each}" for each in labels]})
    found = project(data, supervise_by="digit", supervise_weight=0.8)
    codes, _, _ = data.metadata["digit"].categories()
    graph = precomputed(projector.neighbors(vectors, 14))
    expected = expected_positions(vectors, codes, target_weight=0.8, precomputed_knn=graph)
    np.testing.assert_array_equal(found.positions, expected)

    scored = projector.Dataset(vectors, metadata={"score": labels.astype(float).tolist()})
    by_number = project(scored, supervise_by="score", target_metric="euclidean")
    numbers = labels.astype(float)
    expected = expected_positions(
        vectors, numbers, target_metric="euclidean", precomputed_knn=graph
    )
    np.testing.assert_array_equal(by_number.positions, expected)
    with pytest.raises(ParameterError, match="compares numbers, and the column 'digit' has other"):
        project(data, supervise_by="digit", target_metric="euclidean")


@pytest.mark.slow
def test_every_epoch_is_shown_and_any_can_be_the_last() -> None:
    seen: list[Progress] = []
    frames: list[NDArray[np.float32]] = []

    def watch(report: Progress) -> None:
        seen.append(report)
        if report.positions is not None:
            frames.append(report.positions.copy())
        if len(frames) == 10:
            raise Cancelled

    with pytest.raises(Cancelled):
        projector.project(
            digits(), "umap", implementation=LIBRARY, n_epochs=50, cache=NOWHERE, progress=watch
        )
    assert any(report.phase == "importing umap-learn" for report in seen)
    assert [report.done for report in seen if report.positions is not None] == list(range(10))
    # In the library's first epoch no edge pulls yet.
    assert all((one != other).any() for one, other in itertools.pairwise(frames[1:]))
    # The library is as it was.
    assert np.isfinite(project(digits()).positions).all()


@pytest.mark.slow
@pytest.mark.parametrize("n_points", [1, 2, 3, 4, 6, 16, 17])
def test_few_points_are_laid_out_or_refused_in_a_sentence(n_points: int) -> None:
    try:
        found = project(digits(n_points)).positions
    except ParameterError as error:
        found, told = np.zeros((n_points, 2), np.float32), str(error)
    else:
        told = ""
    assert np.isfinite(found).all()
    assert told == "" or "umap-learn cannot lay out these points" in told


@pytest.mark.slow
def test_what_the_library_refuses_is_a_sentence_with_its_words() -> None:
    vectors = np.random.default_rng(0).normal(size=(50, 4))
    with pytest.raises(ParameterError, match=r"does not support negative values.*implementation="):
        project(vectors, metric="hellinger")
    far = project(np.vstack([vectors, vectors[:1] + 1e6]), disconnection_distance=50.0)
    assert np.isnan(far.positions[-1]).all()
    told = far.details["warnings"]
    assert isinstance(told, list)
    assert any("1 point is connected with no other" in str(each) for each in told)


@pytest.mark.slow
def test_rows_without_a_place_stay_without_one() -> None:
    vectors = digits(60)
    vectors[3, 1] = np.nan
    found = project(vectors)
    assert np.isnan(found.positions[3]).all()
    assert np.isfinite(np.delete(found.positions, 3, axis=0)).all()

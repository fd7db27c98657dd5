from __future__ import annotations

import doctest
import inspect
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.decomposition import PCA as ReferencePCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

import projector
from projector.api.estimators import nearest_fitted, pca, tsne, umap
from projector.api.options import parameters_of
from projector.compute.neighbors.search import find_neighbors

Array = np.ndarray[Any, np.dtype[np.float32]]

#: The one argument that may be given by position, as in scikit-learn and in umap-learn.
FIRST = {"PCA": "n_components", "TSNE": "n_components", "UMAP": "n_neighbors"}
QUICK: dict[str, dict[str, Any]] = {
    "PCA": {"n_components": 2},
    "TSNE": {"n_iter": 20, "perplexity": 5.0},
    "UMAP": {"n_epochs": 10, "n_neighbors": 5},
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", QUICK)
def test_scikit_learns_own_checks(name: str) -> None:
    estimator = getattr(projector, name)(**QUICK[name])
    failed = []
    for instance, check in estimator_checks_generator(estimator, mark=None):
        title = getattr(check, "func", check).__name__
        try:
            check(instance)
        except Exception as error:  # noqa: BLE001 - every check is named, not only the first
            if type(error).__name__ not in ("SkipTest", "SkipTestWarning", "Skipped"):
                failed.append(f"{title}: {type(error).__name__}: {str(error)[:200]}")
    assert failed == []


def test_pca_equals_scikit_learns(blobs: Array) -> None:
    ours = projector.PCA(n_components=3).fit(blobs)
    theirs = ReferencePCA(n_components=3).fit(blobs)
    np.testing.assert_allclose(
        np.abs(ours.embedding_), np.abs(theirs.transform(blobs)), rtol=1e-3, atol=1e-3
    )
    np.testing.assert_allclose(
        ours.explained_variance_ratio_[:3], theirs.explained_variance_ratio_, rtol=1e-4
    )
    np.testing.assert_allclose(ours.transform(blobs[:7]), ours.embedding_[:7], atol=1e-4)


#: Parameters that only the estimators have, and those that they give by another way (y).
ONLY_HERE = {
    "PCA": {"whiten", "progress"},
    "TSNE": {"max_iter", "initialization", "align_to", "progress"},
    "UMAP": {"target_weight", "align_to", "progress"},
}
BY_Y = {"supervise_by", "supervise_weight", "ignored_label"}


@pytest.mark.parametrize(("name", "first"), FIRST.items())
def test_the_constructor_is_the_declaration(name: str, first: str) -> None:
    """An editor reads the signature and the docstring, so both are written out and compared."""
    estimator = getattr(projector, name)
    method = projector.METHODS[name.lower()]
    known = method.parameters if name == "PCA" else parameters_of(method)
    declared = {p.name: p for p in known if p.name not in BY_Y}
    signature = inspect.signature(estimator)
    assert {
        p.name: p.default for p in signature.parameters.values() if p.name not in ONLY_HERE[name]
    } == {name: p.default for name, p in declared.items()}
    documented = " ".join(estimator.__doc__.split())
    for parameter in declared.values():
        assert f"default={_in_python(parameter.default)} {parameter.help}" in documented
        choices = ", ".join(f'"{choice}"' for choice in parameter.choices)
        is_long = len(parameter.choices) > 4
        assert not choices or is_long or f"{parameter.name} : {{{choices}}}" in documented
    by_position = [
        p.name for p in signature.parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD
    ]
    assert by_position == [first]


def _in_python(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def test_the_first_argument_is_that_of_the_well_known_libraries(blobs: Array) -> None:
    assert projector.PCA(2).fit_transform(blobs).shape == (300, 2)
    assert projector.UMAP(7).get_params()["n_neighbors"] == 7
    for name in FIRST:
        with pytest.raises(TypeError, match=rf"{name}.__init__\(\) takes from 1 to 2 positional"):
            getattr(projector, name)(2, 30)
        with pytest.raises(projector.UnknownNameError, match=r"'n_componentz'.*'n_components'"):
            getattr(projector, name)(n_componentz=7)


def test_an_estimator_can_be_cloned() -> None:
    assert clone(projector.UMAP(n_neighbors=7)).n_neighbors == 7


def test_the_examples_run() -> None:
    for module in (pca, tsne, umap):
        assert doctest.testmod(module).failed == 0


@pytest.mark.slow
def test_a_pipeline_and_points_that_come_later(blobs: Array) -> None:
    pipeline = make_pipeline(StandardScaler(), projector.UMAP(n_epochs=50))
    positions = pipeline.fit_transform(blobs)
    assert positions.shape == (300, 2)
    np.testing.assert_allclose(pipeline.transform(blobs[:9]), positions[:9], atol=1e-5)
    later = pipeline.transform(blobs + 0.01)
    # At most 0.008 of it over ten seeds.
    assert np.linalg.norm(later - positions, axis=1).mean() < 0.2 * np.ptp(positions, axis=0).mean()


@pytest.mark.parametrize(
    "made", [projector.TSNE(n_iter=10, perplexity=5), projector.UMAP(n_epochs=2)]
)
def test_what_only_new_points_need_is_searched_with_the_first_of_them(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[int] = []
    search = find_neighbors

    def counted(vectors: Any, k: int, **given: Any) -> Any:
        searched.append(k)
        return search(vectors, k, **given)

    monkeypatch.setattr(nearest_fitted, "find_neighbors", counted)
    vectors = np.random.default_rng(0).normal(size=(60, 5)).astype(np.float32)
    made.fit(vectors)
    assert searched == []
    made.transform(vectors[:3])
    made.transform(vectors[3:])
    assert searched == [1]

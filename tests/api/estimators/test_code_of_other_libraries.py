"""Code that was written for other libraries runs here with another import."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone

import projector

TRAIN = np.random.default_rng(0).normal(size=(90, 6))
LABELS = np.arange(90) % 3
TEST = TRAIN[:10] + 0.01
#: Arguments of other libraries are no part of the signatures, which type checkers read.
LIBRARY: Any = projector

#: As such code is written; only the import is another one. `result` is what it makes.
SNIPPETS: dict[str, str] = {
    "umap.UMAP, defaults": """
from projector import UMAP
mapper = UMAP(n_epochs=5)
result = mapper.fit_transform(TRAIN)
""",
    "umap.UMAP, parameters by name": """
import projector as umap
fit = umap.UMAP(
    n_neighbors=5, min_dist=0.3, n_components=1, metric="euclidean", n_epochs=5,
    low_memory=False, verbose=False, n_jobs=-1, transform_seed=42,
)
result = fit.fit_transform(TRAIN)
""",
    "umap.UMAP, supervised": """
from projector import UMAP
half = LABELS.copy()
half[::2] = -1
result = UMAP(n_epochs=5, random_state=42).fit(TRAIN, y=half).embedding_
""",
    "umap.UMAP, numbers as targets": """
from projector import UMAP
mapper = UMAP(n_epochs=5, target_metric="l2", target_weight=0.9).fit(TRAIN, TRAIN[:, 0])
assert mapper.graph_.shape == (90, 90)
result = mapper.embedding_
""",
    "umap.UMAP, new points": """
from projector import UMAP
trans = UMAP(n_neighbors=5, n_epochs=5, random_state=np.random.RandomState(1)).fit(TRAIN)
result = trans.transform(TEST)
""",
    "sklearn.manifold.TSNE": """
from projector import TSNE
result = TSNE(
    n_components=2, learning_rate="auto", init="random", perplexity=3, max_iter=250,
    method="barnes_hut", angle=0.5, n_jobs=None,
).fit_transform(TRAIN)
""",
    "sklearn.manifold.TSNE, its attributes": """
from projector import TSNE
tsne = TSNE(max_iter=250, perplexity=5, init=TRAIN[:, :2], metric="l1", random_state=None)
result = tsne.fit_transform(TRAIN)
assert tsne.kl_divergence_ > 0 and tsne.n_iter_ == 250 and tsne.n_features_in_ == 6
""",
    "openTSNE.TSNE": """
from projector import TSNE
tsne = TSNE(
    perplexity=20, initialization="pca", metric="cosine", n_iter=250, n_jobs=-1, random_state=3,
    early_exaggeration="auto", early_exaggeration_iter=250, exaggeration=None, dof=1, theta=0.5,
    neighbors="auto", negative_gradient_method="auto", verbose=False,
)
embedding = tsne.fit(TRAIN)
assert np.shape(embedding) == (90, 2) and len(embedding[:, 0]) == 90
result = embedding.transform(TEST)
""",
    "sklearn.decomposition.PCA": """
from projector import PCA
pca = PCA(n_components=2, svd_solver="full", copy=True)
pca.fit(TRAIN)
assert pca.explained_variance_ratio_.shape == pca.singular_values_.shape == (2,)
assert pca.get_covariance().shape == (6, 6) and pca.noise_variance_ > 0
result = pca.transform(TEST)
""",
    "sklearn.decomposition.PCA, a share and back": """
from projector import PCA
pca = PCA(0.9, whiten=True, random_state=0).fit(TRAIN)
assert pca.explained_variance_ratio_.sum() >= 0.9
result = pca.inverse_transform(pca.transform(TEST))
assert np.abs(result - TEST).mean() < np.abs(TEST).mean()
""",
    "a pipeline with names": """
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from projector import PCA, UMAP
steps = make_pipeline(StandardScaler(), PCA(4), UMAP(n_epochs=5)).set_output(transform="default")
result = steps.fit_transform(TRAIN, LABELS)
assert steps.get_feature_names_out().tolist() == ["umap0", "umap1"]
""",
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:UMAP ignores low_memory")
@pytest.mark.parametrize("name", SNIPPETS)
def test_it_runs_with_another_import(name: str) -> None:
    names: dict[str, Any] = {"np": np, "TRAIN": TRAIN, "LABELS": LABELS, "TEST": TEST}
    exec(SNIPPETS[name], names)
    assert np.isfinite(np.asarray(names["result"], float)).all()


def test_what_would_give_another_result_is_refused_with_a_reason() -> None:
    for make, sentence in (
        (lambda: LIBRARY.TSNE(dof=0.8), "degree of freedom"),
        (lambda: LIBRARY.TSNE(early_exaggeration_iter=10), "third of all steps"),
        (lambda: LIBRARY.UMAP(precomputed_knn=(1, 2, 3)), "found by projector"),
        (lambda: projector.UMAP(densmap=True).fit(TRAIN), "umap-learn"),
        (lambda: projector.TSNE(n_iter=10, max_iter=20).fit(TRAIN), "the same"),
    ):
        with pytest.raises(projector.ParameterError, match=sentence):
            make()


def test_what_changes_time_alone_is_a_warning() -> None:
    with pytest.warns(UserWarning, match="ignores n_jobs"):
        found = LIBRARY.PCA(2, n_jobs=3)
    assert clone(found).get_params() == found.get_params()


def test_labels_change_the_layout_and_unknown_ones_do_not() -> None:
    def fitted(y: Any, **params: Any) -> Any:
        return projector.UMAP(n_epochs=5, **params).fit(TRAIN, y).embedding_

    plain = fitted(None)
    for labels in (LABELS, LABELS.astype(float), np.array(list("abc"))[LABELS]):
        np.testing.assert_array_equal(fitted(labels), fitted(LABELS))
        assert not np.array_equal(fitted(labels), plain)
    assert not np.array_equal(fitted(TRAIN[:, 0], target_metric="euclidean"), plain)
    for unknown in (np.full(90, -1), [None] * 90):
        with pytest.warns(UserWarning, match="no effect"):
            np.testing.assert_array_equal(fitted(unknown), plain)
    with pytest.raises(projector.ParameterError, match="one value for each of the 90"):
        fitted(LABELS[:5])
    with pytest.warns(UserWarning, match="does not use y"):
        projector.TSNE(n_iter=2, perplexity=5).fit(TRAIN, LABELS)


@pytest.mark.parametrize("name", ["TSNE", "UMAP"])
@pytest.mark.parametrize("n_components", [1, 4])
def test_layouts_of_any_dimension_keep_clusters_apart(name: str, n_components: int) -> None:
    """As in two dimensions; the kernels for one and for many are others."""
    centers = np.random.default_rng(1).normal(size=(3, 6)) * 20
    data = centers[LABELS] + np.random.default_rng(2).normal(size=(90, 6))
    params: dict[str, Any] = {"perplexity": 10} if name == "TSNE" else {"n_neighbors": 10}
    found = getattr(projector, name)(n_components=n_components, **params).fit(data).embedding_
    assert found.shape == (90, n_components)
    apart = np.linalg.norm(found[:, None] - found[None], axis=2)
    same = LABELS[:, None] == LABELS[None]
    # At most 0.5 over twenty seeds.
    assert apart[same].mean() < 0.8 * apart[~same].mean()


@pytest.mark.parametrize("name", ["TSNE", "UMAP"])
@pytest.mark.parametrize("steps", [{}, {"standardize": True, "pca_dims": 3}])
def test_points_beyond_the_fitted_range_are_told(name: str, steps: dict[str, Any]) -> None:
    quick = {"n_iter": 5, "perplexity": 5} if name == "TSNE" else {"n_epochs": 5}
    fitted = getattr(projector, name)(**quick, **steps).fit(TRAIN)
    with pytest.warns(UserWarning, match="90 of 90 points are further from all fitted points"):
        fitted.transform(TRAIN * 1000)
    assert (fitted.distances_to_fitted(TRAIN * 1000) > 50 * fitted.fitted_distance_).sum() > 80
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_allclose(fitted.transform(TRAIN), fitted.embedding_, atol=1e-2)
    assert fitted.distances_to_fitted(TRAIN).max() < 1e-3


@pytest.mark.filterwarnings("ignore:6 dimensions have values")
@pytest.mark.parametrize("offset", [0, 1e8])
def test_pca_agrees_with_scikit_learn_whatever_the_offset(offset: float) -> None:
    """scikit-learn's own variances are 17 times too large at an offset of 1e8."""
    from sklearn.decomposition import PCA as Reference

    data = TRAIN + offset
    ours, theirs = projector.PCA(3).fit(data), Reference(3).fit(TRAIN)
    np.testing.assert_allclose(ours.explained_variance_, theirs.explained_variance_, rtol=1e-4)
    np.testing.assert_allclose(ours.get_covariance(), theirs.get_covariance(), atol=1e-4)
    np.testing.assert_allclose(ours.score_samples(data), theirs.score_samples(TRAIN), atol=1e-3)
    np.testing.assert_allclose(
        np.abs(ours.transform(data)), np.abs(theirs.transform(TRAIN)), atol=1e-3
    )


@pytest.mark.parametrize("n_components", [None, 1, 6, 0.5, 0.99, "mle"])
def test_pca_keeps_as_many_components_as_scikit_learn(n_components: Any) -> None:
    from sklearn.decomposition import PCA as Reference

    data = TRAIN @ np.diag([5, 3, 2, 0.1, 0.1, 0.1])
    ours, theirs = projector.PCA(n_components).fit(data), Reference(n_components).fit(data)
    assert ours.embedding_.shape == (90, theirs.n_components_)
    np.testing.assert_allclose(
        ours.explained_variance_ratio_, theirs.explained_variance_ratio_, rtol=1e-4
    )

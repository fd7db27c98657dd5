"""UMAP's parts are the reference's, its layout keeps neighbors and does not depend on threads."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.compute import METHODS
from projector.compute.method import MethodInput, Outcome
from projector.compute.neighbors.search import find_neighbors
from projector.compute.spectral import spectral_start
from projector.compute.umap.curve import fit_curve
from projector.compute.umap.fuzzy_graph import fuzzy_graph, memberships
from projector.errors import ParameterError
from projector.model.parameters import resolve
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from tests.compute.pictures import DATA, FIGURES, difference, kept

UMAP = METHODS["umap"]

#: Seeds of the comparison with umap-learn; more where they differ little. It fails where it is
#: 99.9 % sure that ours is worse by more than the margin, which is a tenth of what another seed
#: changes: an interval of this confidence leaves 0.1 % on either side.
N_SEEDS, BOTH_SIDES = {"digits": 8, "clusters": 8, "roll": 20, "cancer": 8}, 0.998
MARGINS = {"overlap": 0.0, "trustworthiness": 1e-5}


def clusters(n_points: int = 600, n_dims: int = 10, seed: int = 0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    centers = rng.normal(size=(6, n_dims)) * 6
    drawn = centers[np.arange(n_points) % 6] + rng.normal(size=(n_points, n_dims))
    return drawn.astype(np.float32)


def reference() -> Any:
    """Import umap-learn, which warns of what it does without, and compiles for a minute."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import umap
        import umap.umap_
    return umap


def lay_out(
    vectors: NDArray[np.float32],
    *,
    initial: NDArray[np.float32] | None = None,
    progress: ProgressCallback = ignore_progress,
    **params: object,
) -> Outcome:
    checked = resolve(UMAP.parameters, params, owner="umap")
    return UMAP.run(MethodInput(vectors, checked, initial=initial, progress=progress))


@pytest.mark.parametrize(
    ("min_dist", "spread"), [(0.1, 1.0), (0.0, 1.0), (0.5, 1.0), (0.99, 1.0), (0.1, 3.0)]
)
def test_the_curve_is_the_best_fit(min_dist: float, spread: float) -> None:
    from scipy.optimize import curve_fit

    x = np.linspace(0, 3 * spread, 300)
    target = np.where(x < min_dist, 1.0, np.exp(-(x - min_dist) / spread))
    expected, _ = curve_fit(lambda x, a, b: 1 / (1 + a * x ** (2 * b)), x, target)
    np.testing.assert_allclose(fit_curve(min_dist, spread), expected, rtol=1e-5)


def test_a_min_dist_above_the_spread_is_refused() -> None:
    with pytest.raises(ParameterError, match="at most spread"):
        fit_curve(2.0, 1.0)


def test_the_weights_of_a_point_sum_to_log2() -> None:
    graph = find_neighbors(clusters(), 14)
    np.testing.assert_allclose(memberships(graph.distances).sum(axis=1), np.log2(15), atol=1e-4)


def test_the_fuzzy_graph_is_symmetric_and_within_its_range() -> None:
    graph = fuzzy_graph(find_neighbors(clusters(), 14))
    assert abs(graph - graph.T).max() < 1e-7
    assert graph.data.min() > 0
    assert graph.data.max() <= 1 + 1e-6
    assert graph.diagonal().max() == 0


def test_duplicates_belong_together_wholly() -> None:
    vectors = np.repeat(clusters(40), 3, axis=0)
    graph = fuzzy_graph(find_neighbors(vectors, 5))
    assert graph[0, 1] == pytest.approx(1)


@pytest.mark.slow
@pytest.mark.parametrize("with_duplicates", [False, True])
def test_the_fuzzy_graph_equals_umap_learns(with_duplicates: bool) -> None:
    fuzzy_simplicial_set = reference().umap_.fuzzy_simplicial_set
    vectors = clusters(900)
    if with_duplicates:
        vectors[300:360] = vectors[0:60]
    neighbors = find_neighbors(vectors, 14)
    own = np.arange(900, dtype=np.int32)[:, None]
    with_self = np.hstack([own, neighbors.indices])
    distances = np.hstack([np.zeros((900, 1), np.float32), neighbors.distances])
    expected, _, _ = fuzzy_simplicial_set(
        vectors, 15, 0, "euclidean", knn_indices=with_self, knn_dists=distances
    )
    found = fuzzy_graph(neighbors)
    assert abs(found - expected).max() < 1e-6


def test_the_slowest_modes_are_the_laplacians() -> None:
    rng = np.random.default_rng(0)
    graph = fuzzy_graph(find_neighbors(rng.normal(size=(500, 2)).astype(np.float32), 14))
    start = rng.normal(size=(500, 2)).astype(np.float32)
    found = spectral_start(graph, start, progress=ignore_progress)

    root = np.sqrt(np.asarray(graph.sum(axis=1)).ravel())
    normal = graph.toarray() / root[:, None] / root[None, :]
    modes = np.linalg.eigh(normal)[1][:, ::-1][:, 1:3]
    captured = np.linalg.svd(modes.T @ found.astype(np.float64))[1]
    # Off by 1e-5 at most over ten draws.
    np.testing.assert_allclose(captured, 1, atol=0.02)


def test_parts_without_an_edge_between_them_do_not_collapse() -> None:
    vectors = clusters(300)
    graph = fuzzy_graph(find_neighbors(vectors, 4))
    start = vectors[:, :2].copy()
    found = spectral_start(graph, start, progress=ignore_progress)
    # 0.37 is the least over ten draws; a part that collapses has 0.
    for part in range(6):
        assert found[part::6].std(axis=0).min() > 0.05 * start.std()


@pytest.mark.parametrize("n_components", [2, 3])
@pytest.mark.parametrize("init", ["spectral", "pca", "random"])
def test_clusters_come_apart(n_components: int, init: str) -> None:
    vectors = clusters()
    outcome = lay_out(vectors, n_components=n_components, init=init, n_epochs=200)
    near = find_neighbors(outcome.positions, 5)
    same = near.indices % 6 == np.arange(600)[:, None] % 6
    # All are, over ten seeds and ten draws.
    assert same.mean() > 0.99
    assert np.abs(outcome.positions).max() < 100


def test_the_result_does_not_depend_on_the_number_of_threads() -> None:
    import numba

    vectors, before = clusters(), numba.get_num_threads()
    many = lay_out(vectors, n_epochs=30)
    try:
        numba.set_num_threads(1)
        one = lay_out(vectors, n_epochs=30)
    finally:
        numba.set_num_threads(before)
    np.testing.assert_array_equal(many.positions, one.positions)


def test_another_seed_gives_another_picture() -> None:
    first, second = (lay_out(clusters(), n_epochs=5, random_state=seed) for seed in (0, 1))
    assert not np.array_equal(first.positions, second.positions)


def test_it_starts_from_a_former_picture() -> None:
    former = np.random.default_rng(0).normal(size=(600, 3)).astype(np.float32)
    seen: list[NDArray[np.float32]] = []

    def note(progress: Progress) -> None:
        if progress.positions is not None and not seen:
            seen.append(progress.positions.copy())

    lay_out(clusters(), initial=former, n_components=2, n_epochs=1, progress=note)
    for axis in range(2):
        assert np.corrcoef(seen[0][:, axis], former[:, axis])[0, 1] > 0.999


def test_chunks_of_an_epoch_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from projector.compute.umap import umap

    whole = lay_out(clusters(), n_epochs=10)
    monkeypatch.setattr(umap, "POINTS_PER_REPORT", 160)
    parts = lay_out(clusters(), n_epochs=10)
    np.testing.assert_array_equal(whole.positions, parts.positions)


def test_a_lowered_n_neighbors_is_said() -> None:
    outcome = lay_out(clusters(8), n_neighbors=15, n_epochs=5)
    assert outcome.details["n_neighbors"] == 8
    assert "lowered to 8" in str(outcome.details["warnings"])


@pytest.mark.slow
@pytest.mark.parametrize("data", DATA)
def test_the_picture_is_as_good_as_umap_learns(data: str) -> None:
    theirs = kept("umap-learn", data)
    ours: dict[str, list[float]] = {figure: [] for figure in MARGINS}
    for seed in range(N_SEEDS[data]):
        vectors = DATA[data](seed)
        positions = lay_out(vectors, random_state=seed).positions
        for figure, values in ours.items():
            values.append(FIGURES[figure](vectors, positions))
    for figure, margin in MARGINS.items():
        gap = difference(ours[figure], theirs[figure][: N_SEEDS[data]], BOTH_SIDES)
        assert gap.high > -margin, f"{figure}: {gap.mean:+.5f}"

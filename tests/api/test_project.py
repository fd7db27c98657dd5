from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.api import project as projecting
from projector.errors import Cancelled, ParameterError, ShapeError, UnknownNameError
from projector.jobs.cache import ResultCache
from projector.model.progress import Progress

Array = np.ndarray[Any, np.dtype[np.float32]]


@pytest.fixture
def cache(tmp_path: Path) -> ResultCache:
    return ResultCache(tmp_path)


def test_a_plain_array_will_do(blobs: Array) -> None:
    found = projector.project(blobs, "pca", n_components=2)
    assert found.positions.shape == (300, 2)
    assert found.positions.dtype == np.float32
    assert found.method == "pca"
    assert found.params["n_components"] == 2
    versions = found.details["versions"]
    assert isinstance(versions, dict)
    assert "numpy" in versions


def test_asking_again_computes_nothing(
    blobs: Array, cache: ResultCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = projector.project(blobs, "pca", cache=cache)
    monkeypatch.setattr(projecting, "_compute", lambda *a: pytest.fail("computed again"))
    again = projector.project(blobs.copy(), "pca", cache=cache)
    np.testing.assert_array_equal(again.positions, first.positions)
    assert again.details == first.details
    assert again.scores is not None
    assert first.scores is not None
    np.testing.assert_array_equal(again.scores, first.scores)


def test_other_data_or_parameters_are_another_question(blobs: Array, cache: ResultCache) -> None:
    projector.project(blobs, "pca", cache=cache)
    projector.project(blobs, "pca", cache=cache, n_components=2)
    projector.project(blobs + 1, "pca", cache=cache)
    assert cache.size()[0] == 3


def test_a_damaged_entry_is_computed_again(blobs: Array, cache: ResultCache) -> None:
    first = projector.project(blobs, "pca", cache=cache)
    (path,) = cache.folder.glob("*.npz")
    path.write_bytes(path.read_bytes()[:-100])
    again = projector.project(blobs, "pca", cache=cache)
    np.testing.assert_array_equal(again.positions, first.positions)


def test_rows_that_are_not_finite_are_counted_and_not_placed(
    blobs: Array, cache: ResultCache
) -> None:
    broken = blobs.copy()
    broken[3, 2], broken[7, 0] = np.nan, np.inf
    found = projector.project(broken, "pca", cache=cache)
    gone = np.isnan(found.positions).any(axis=1)
    assert np.flatnonzero(gone).tolist() == [3, 7]
    assert found.details["n_unplaced"] == 2
    assert found.details["warnings"] == ["2 points with NaN or infinity have no position."]
    whole = projector.project(blobs[~gone], "pca", cache=cache)
    np.testing.assert_array_equal(found.positions[~gone], whole.positions)
    assert found.scores is not None
    assert found.scores.shape[0] == 300
    with pytest.raises(ShapeError, match="Every vector contains NaN"):
        projector.project(np.full((3, 2), np.nan), "pca", cache=cache)


def test_wrong_names_and_values_are_refused_before_any_work(blobs: Array) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'pca'"):
        projector.project(blobs, "pcaa")
    with pytest.raises(UnknownNameError, match="n_component"):
        projector.project(blobs, "pca", n_component=2)
    with pytest.raises(ParameterError, match="n_components"):
        projector.project(blobs, "pca", n_components=7)


def test_progress_can_stop_the_work_and_nothing_is_kept(blobs: Array, cache: ResultCache) -> None:
    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        projector.project(blobs, "umap", cache=cache, progress=stop)
    assert cache.size()[0] == 0


@pytest.mark.slow
@pytest.mark.parametrize("method", ["tsne", "umap"])
def test_the_same_seed_gives_the_same_bytes_and_shows_the_way(
    blobs: Array, tmp_path: Path, method: str
) -> None:
    seen: list[Progress] = []
    one = projector.project(blobs, method, cache=ResultCache(tmp_path / "a"), progress=seen.append)
    two = projector.project(blobs, method, cache=ResultCache(tmp_path / "b"))
    np.testing.assert_array_equal(one.positions, two.positions)
    assert sum(report.positions is not None for report in seen) > 10
    assert one.details["recall"] == 1.0
    assert one.details["recall_error"] == 0.0
    other = projector.project(blobs, method, cache=ResultCache(tmp_path / "c"), random_state=5)
    assert not np.array_equal(one.positions, other.positions)


def test_preprocessing_is_a_parameter_like_any_other(blobs: Array, cache: ResultCache) -> None:
    plain = projector.project(blobs, "pca", cache=cache)
    unit = projector.project(blobs, "pca", cache=cache, unit_norm=True)
    assert plain.params["unit_norm"] is False
    assert unit.params["unit_norm"] is True
    assert unit.details["preprocessing"] == ["Each vector was scaled to length 1."]
    assert "preprocessing" not in plain.details
    lengths = np.linalg.norm(blobs, axis=1, keepdims=True)
    by_hand = projector.project(blobs / lengths, "pca", cache=cache)
    np.testing.assert_allclose(np.abs(unit.positions), np.abs(by_hand.positions), atol=1e-4)


@pytest.mark.slow
def test_preprocessed_vectors_have_a_graph_of_their_own(blobs: Array, cache: ResultCache) -> None:
    scaled = blobs * np.linspace(1, 50, 12, dtype=np.float32)
    one = projector.project(scaled, "umap", cache=cache, n_epochs=20)
    two = projector.project(scaled, "umap", cache=cache, n_epochs=20, standardize=True)
    assert not np.allclose(one.positions, two.positions)


def test_another_step_is_aligned_to_the_one_before(
    blobs: Array, cache: ResultCache, rng: np.random.Generator
) -> None:
    one = projector.project(blobs, "pca", cache=cache, n_components=2)
    later = blobs @ np.linalg.qr(rng.normal(size=(12, 12)))[0].astype(np.float32)
    two = projector.project(later, "pca", cache=cache, n_components=2, align_to=one)
    np.testing.assert_allclose(two.positions, one.positions, atol=1e-2)
    found = two.details["alignment"]
    assert isinstance(found, dict)
    assert found["n_shared"] == 300
    assert isinstance(found["residual"], float)
    assert found["residual"] < 1e-3
    some = projector.project(
        later[100:],
        "pca",
        cache=cache,
        n_components=2,
        align_to=one,
        shared=(range(200), range(100, 300)),
    )
    alignment = some.details["alignment"]
    assert isinstance(alignment, dict)
    assert alignment["n_shared"] == 200
    for wrong in ((range(3), range(4)), (range(3), range(298, 301)), ((), ())):
        with pytest.raises(ParameterError, match="'shared'"):
            projector.project(later, "pca", n_components=2, align_to=one, shared=wrong)
    plain = projector.project(later, "pca", cache=cache, n_components=2)
    assert "alignment" not in plain.details
    with pytest.raises(ShapeError, match="'align_to' has 300 positions, but the dataset has 299"):
        projector.project(later[1:], "pca", cache=cache, n_components=2, align_to=one)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["tsne", "umap"])
def test_a_warm_start_stays_near_where_it_began(
    blobs: Array, cache: ResultCache, method: str
) -> None:
    def moved(one: projector.Projection, seed: int, initial: projector.Projection | None) -> float:
        """Return how far the points come to be from where they were, on average."""
        other = projector.project(
            blobs + 0.01,
            method,
            cache=cache,
            init="random",
            random_state=seed,
            initial=initial,
            align_to=one,
        )
        return float(np.linalg.norm(other.positions - one.positions, axis=1).mean())

    shares = []
    for seed in range(6):
        one = projector.project(blobs, method, cache=cache, init="random", random_state=seed)
        shares.append(moved(one, seed + 50, one) / moved(one, seed + 50, None))
    # Over twelve seeds UMAP's are 0.49 ± 0.13 and t-SNE's 0.21 ± 0.18: six average out to less
    # than half of that. Without the warm start they are 1.
    assert np.mean(shares) < 0.75


@pytest.mark.slow
def test_a_column_takes_part_in_the_layout(blobs: Array, cache: ResultCache) -> None:
    # Two labels at random: without supervision they lie among each other.
    labels = ["even" if i // 6 % 2 else "odd" for i in range(300)]
    data = projector.Dataset(blobs, metadata={"parity": labels})
    by: dict[str, Any] = {"supervise_by": "parity", "supervise_weight": 1.0}
    plain = projector.project(data, "umap", cache=cache)
    apart = projector.project(data, "umap", cache=cache, **by)
    # By 0.50 to 0.53 over ten seeds.
    assert purity(apart.positions, labels) > purity(plain.positions, labels) + 0.1
    unknown = projector.project(data, "umap", cache=cache, **by, ignored_label="even")
    assert not np.array_equal(unknown.positions, apart.positions)
    with pytest.raises(UnknownNameError, match="column 'parityy'"):
        projector.project(data, "umap", supervise_by="parityy", supervise_weight=0.5)


def purity(positions: Array, labels: list[str]) -> float:
    """Return the share of nearest neighbors in the projection with the same label."""
    nearest = projector.neighbors(positions, 5).indices
    names = np.array(labels)
    return float((names[nearest] == names[:, None]).mean())


@pytest.mark.slow
def test_landmarks_are_laid_out_and_the_others_placed_next_to_them(
    blobs: Array, cache: ResultCache
) -> None:
    found = projector.project(blobs, "umap", cache=cache, n_landmarks=100)
    assert np.isfinite(found.positions).all()
    assert found.details["landmarks"] == 100
    assert "100 of 300 points were laid out" in str(found.details["warnings"])
    # It is 1 over ten seeds.
    assert purity(found.positions, [str(i % 6) for i in range(300)]) > 0.9
    with pytest.raises(ParameterError, match="cannot be combined"):
        projector.project(blobs, "umap", cache=cache, n_landmarks=100, initial=found)


def test_an_end_of_an_axis_can_be_named_by_labels(blobs: Array, cache: ResultCache) -> None:
    data = projector.Dataset(blobs, metadata={"label": [f"group {i % 6}" for i in range(300)]})
    ends: dict[str, Any] = {
        "x_from": "= group 0",
        "x_to": "= group 1 + group 2",
        "y_from": "0-5",
        "y_to": "6-9",
    }
    by_label = projector.project(data, "axes", cache=cache, **ends)
    rows = ", ".join(str(i) for i in range(300) if i % 6 in (1, 2))
    by_index = projector.project(
        data,
        "axes",
        cache=cache,
        **{**ends, "x_from": ", ".join(map(str, range(0, 300, 6))), "x_to": rows},
    )
    np.testing.assert_array_equal(by_label.positions, by_index.positions)
    assert by_label.params["x_to"] == rows
    with pytest.raises(UnknownNameError, match="group 9"):
        projector.project(data, "axes", x_from="= group 9")
    with pytest.raises(ParameterError, match="set of points"):
        projector.project(data, "axes", x_from="= group 1 - group 2")

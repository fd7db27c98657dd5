"""Motion in a series is true: points that stayed stay, on any threads and in any direction."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numba
import numpy as np
import pytest

from projector.compute.quality.scores import measure_quality
from projector.compute.series.joint import SeriesOutcome, motion_of
from projector.compute.series.members import Member, folded
from projector.compute.series.tether import hold
from projector.typing import AnyArray
from tests.compute.series.known import known_series, laid_out, members_of

FEW = members_of(known_series(250, 4)[0])
QUICK: dict[str, dict[str, Any]] = {
    "umap": {"n_epochs": 40},
    "tsne": {"n_iter": 60, "perplexity": 5},
    "pca": {},
}


def centered(found: SeriesOutcome) -> tuple[list[AnyArray], float]:
    places = [each - each.mean(axis=0, dtype=np.float64) for each in found.places]
    return places, float(np.sqrt(np.mean([(each**2).sum(axis=1).mean() for each in places])))


def paths(found: SeriesOutcome) -> AnyArray:
    """Return how far each point travels over all steps, in sizes of the series."""
    places, size = centered(found)
    steps = pairwise(places)
    return np.asarray(sum(np.linalg.norm(b - a, axis=1) for a, b in steps) / size)


@pytest.mark.parametrize("method", QUICK)
@pytest.mark.parametrize("n_components", [2, 3])
def test_the_steps_in_reverse_give_the_layouts_in_reverse(method: str, n_components: int) -> None:
    options = {**QUICK[method], "n_components": n_components}
    there = laid_out(FEW, method, **options).places
    back = laid_out(FEW[::-1], method, **options).places
    for one, other in zip(there, back[::-1], strict=True):
        assert one.shape == (250, n_components)
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("method", ["umap", "tsne"])
def test_the_bytes_do_not_depend_on_the_number_of_threads(method: str) -> None:
    before = numba.get_num_threads()
    if before < 2:
        pytest.skip("there is one processor")
    found = []
    for n_threads in (1, 2):
        numba.set_num_threads(n_threads)
        found.append(laid_out(FEW, method, **QUICK[method]).places)
    numba.set_num_threads(before)
    for one, two in zip(*found, strict=True):
        assert one.tobytes() == two.tobytes()


def test_nothing_moves_where_nothing_changes() -> None:
    members = members_of(known_series(300, 4, still=True)[0])
    held = paths(laid_out(members, n_epochs=100))
    free = paths(laid_out(members, n_epochs=100, tether=0.0))
    assert np.median(held) < 0.1 < np.median(free)


def without(member: Member, rows: AnyArray) -> Member:
    kept = np.setdiff1d(np.arange(len(member.vectors)), rows)
    (found,) = members_of([np.ascontiguousarray(member.vectors[kept])])
    return Member(found.vectors, kept, found.content, found.graph)


@pytest.mark.parametrize("method", QUICK)
def test_a_step_may_lack_points(method: str) -> None:
    gone = np.arange(0, 250, 5)
    members = [FEW[0], without(FEW[1], gone), FEW[2], FEW[3]]
    found = laid_out(members, method, **QUICK[method])
    assert [len(each) for each in found.places] == [250, 200, 250, 250]
    assert all(np.isfinite(each).all() for each in found.places)
    back = laid_out(members[::-1], method, **QUICK[method])
    np.testing.assert_array_equal(back.places[2], found.places[1])


def test_steps_may_have_other_dimensions() -> None:
    wide = np.hstack([FEW[1].vectors, np.zeros((250, 100), np.float32)])
    (other,) = members_of([wide])
    for method, options in QUICK.items():
        found = laid_out([FEW[0], other], method, **options)
        assert all(np.isfinite(each).all() for each in found.places)
    one = laid_out([FEW[0]], "umap", **QUICK["umap"])
    assert (len(one.places), one.motion) == (1, ())


def test_a_folded_sum_is_the_same_in_reverse() -> None:
    rng = np.random.default_rng(0)
    for n in (1, 2, 5, 8):
        parts = [rng.standard_normal(100) * 10.0 ** rng.integers(-9, 9) for _ in range(n)]
        np.testing.assert_array_equal(folded(parts), folded(parts[::-1]))
        np.testing.assert_allclose(folded(parts), np.sum(parts, axis=0), rtol=1e-12, atol=1e-6)


def trust(places: Sequence[AnyArray], members: list[Member]) -> AnyArray:
    return np.array(
        [
            measure_quality(m.vectors, p, k=15, neighbors=m.graph).scores.means()["trustworthiness"]
            for m, p in zip(members, places, strict=True)
        ]
    )


@pytest.mark.parametrize("share", [0.0, 0.5, 2 / 3, 0.8, 1.0])
def test_a_point_is_held_as_its_neighbors_stayed(share: float) -> None:
    (held,) = hold(np.array([share], np.float32))
    expected = {0.0: 0, 0.5: 0.2, 2 / 3: 0.5, 0.8: 0.8, 1.0: 1}[share]
    assert held == pytest.approx(expected, abs=1e-6)


@pytest.mark.slow
def test_motion_is_true_where_the_truth_is_known() -> None:
    """On 2,000 points × 10 steps; over six draws the worst step lost 0.0004 to 0.0033."""
    members = members_of(known_series(2000, 10)[0])
    held = laid_out(members, n_epochs=200)
    alone = [laid_out([each], n_epochs=200).places[0] for each in members]
    false = np.mean([each.false for each in held.motion])
    aucs = [each.auc for each in held.motion if each.auc == each.auc]
    assert false < 0.02
    assert np.mean(aucs) > 0.98
    apart = motion_of(members, alone, 2000)
    assert np.mean([each.false for each in apart]) > 10 * false
    here, there = trust(held.places, members), trust(alone, members)
    assert here.mean() > there.mean() - 0.002
    assert here.min() > there.min() - 0.006


@pytest.mark.slow
def test_a_still_series_stays_still() -> None:
    members = members_of(known_series(1000, 5, still=True)[0])
    travelled = paths(laid_out(members, n_epochs=200))
    assert np.median(travelled) < 0.02
    assert np.percentile(travelled, 99) < 0.1
    alone = paths(laid_out(members, n_epochs=200, tether=0.0))
    assert np.median(alone) > 0.5

"""The forces of UMAP from tables, beside their formula in float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projector.compute.compiled import compiled
from projector.compute.umap.curve import fit_curve
from projector.compute.umap.forces import Table, force_at, force_tables

pytestmark = pytest.mark.slow  # compiles


@compiled()
def looked_up(table: Table, squares: Table, found: Table) -> None:
    for i in range(len(squares)):
        found[i] = force_at(table, squares[i])


def forces(table: Table, squares: Table) -> Table:
    found = np.empty_like(squares)
    looked_up(table, squares, found)
    return found


@settings(max_examples=100, deadline=None)
@given(st.floats(0, 1), st.floats(0.2, 100), st.floats(-36, 36))
def test_they_are_those_of_the_formula(min_dist: float, spread: float, exponent: float) -> None:
    a, b = fit_curve(min_dist * spread, spread)
    squares = (2**exponent * np.linspace(1, 3, 50)).astype(np.float32)
    exact = squares.astype(np.float64)
    power = a * exact**b
    pulls, pushes = force_tables(a, b, 0.7)
    # Between two entries a straight line is off by less than the curve bends there.
    bends = 1e-4 * (1 + b) ** 2
    np.testing.assert_allclose(
        forces(pulls, squares), 2 * a * b * exact ** (b - 1) / (1 + power), rtol=bends, atol=1e-30
    )
    np.testing.assert_allclose(
        forces(pushes, squares),
        2 * 0.7 * b / ((1e-3 + exact) * (1 + power)),
        rtol=bends,
        atol=1e-30,
    )


def test_beyond_the_table_they_are_those_at_its_ends() -> None:
    pulls, pushes = force_tables(*fit_curve(0.1, 1), 1)
    far = np.array([0, 1e-30, 1e30, np.inf, np.nan], np.float32)
    for table in (pulls, pushes):
        ends = table[[0, 0, -1, -1, -1]]
        np.testing.assert_allclose(forces(table, far), ends, rtol=1e-3)


def test_every_curve_has_finite_forces() -> None:
    for a, b in [(1e26, 0.5), (1e-26, 8), (1e26, 8), (1.6, 0.9)]:
        for table in force_tables(a, b, 1e3):
            assert np.isfinite(table).all()
            assert (table >= 0).all()

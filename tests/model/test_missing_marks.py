"""Values that look like a mark for missing are told; ordinary data, however odd, is not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from projector.model.dataset import Dataset
from projector.typing import AnyArray

Draw = Callable[[np.random.Generator, int, int], AnyArray]

MARKS = [-99, -999, -9999, 99999, 1e20, -1e20, 1e30, 3.7e25, 9.969209968386869e36, 3.4028235e38]

ORDINARY: dict[str, Draw] = {
    "normal": lambda r, n, d: r.normal(size=(n, d)),
    "cauchy": lambda r, n, d: r.standard_cauchy((n, d)),
    "student": lambda r, n, d: r.standard_t(0.7, (n, d)),
    "pareto": lambda r, n, d: r.pareto(0.6, (n, d)),
    "wide log-normal": lambda r, n, d: r.lognormal(0, 8, (n, d)),
    "money": lambda r, n, d: np.round(r.lognormal(8, 2, (n, d)), 2),
    "zipf": lambda r, n, d: r.zipf(1.4, (n, d)),
    "counts": lambda r, n, d: r.poisson(0.02, (n, d)) * r.integers(1, 5000, (n, d)),
    "bytes": lambda r, n, d: r.integers(0, 256, (n, d)),
    "int16": lambda r, n, d: r.integers(-(2**15), 2**15, (n, d)),
    "times": lambda r, n, d: r.integers(1_600_000_000, 1_700_000_000, (n, d)).astype(np.float32),
    "one-hot": lambda r, n, d: r.random((n, d)) < 0.05,
    "percent": lambda r, n, d: r.integers(-99, 100, (n, d)),
    "two values": lambda r, n, d: np.where(r.random((n, d)) < 0.5, 0, 99),
    "constant": lambda r, n, d: np.full((n, d), 9999.0),
    "units": lambda r, n, d: r.normal(size=(n, d)) * 10.0 ** r.integers(-9, 9, d),
    "one large dimension": lambda r, n, d: r.normal(size=(n, d)) * ([3e7] + [1] * (d - 1)),
    "huge": lambda r, n, d: r.normal(size=(n, d)) * 1e20,
    "tiny": lambda r, n, d: r.normal(size=(n, d)) * 1e-30,
    "massive activations": lambda r, n, d: (
        r.normal(size=(n, d)) + 3000 * (np.arange(d) == 2) * (r.random((n, 1)) < 0.02)
    ),
    "half tiny, half far": lambda r, n, d: np.r_[
        1e-6 * r.normal(size=(n // 2, d)), 1000 + r.normal(size=(n - n // 2, d))
    ],
    "far clusters": lambda r, n, d: np.r_[
        r.normal(size=(n // 3, d)), 1e8 + 1e3 * r.normal(size=(n - n // 3, d))
    ],
}


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_data_gets_no_warning(name: str) -> None:
    rng = np.random.default_rng(3)
    for n_points, n_dims in ((6, 3), (20, 3), (300, 10), (3000, 40)):
        vectors = ORDINARY[name](rng, n_points, n_dims).astype(np.float32)
        assert Dataset(vectors).warnings == ()


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_is_told(mark: float) -> None:
    rng = np.random.default_rng(5)
    for n_points, n_dims in ((40, 3), (500, 8), (3000, 70)):
        text = str(np.float32(mark)).removesuffix(".0")
        plain = rng.gamma(2, 4, (n_points, n_dims)).astype(np.float32)
        value, row, many = plain.copy(), plain.copy(), plain.copy()
        value[7, 1] = row[7] = many[rng.random(n_points) < 0.4, 0] = mark
        (told,) = Dataset(value).warnings
        assert told.startswith("1 value in 1 row (7) and 1 dimension (1) looks like a mark")
        assert f"vectors[vectors == {text}]" in told
        (told,) = Dataset(row).warnings
        assert told.startswith(f"{n_dims} values in 1 row (7) and {n_dims} dimensions")
        (told,) = Dataset(many).warnings
        exec(told.split(" as in ")[1].rstrip("."), {"vectors": many, "numpy": np})
        assert np.isnan(many).any()
        assert f"and 1 dimension (0) look like a mark for missing: {text}" in told


def test_several_marks_do_not_hide_each_other() -> None:
    vectors = np.random.default_rng(6).normal(size=(400, 4)).astype(np.float32)
    vectors[3], vectors[5], vectors[9, 2], vectors[11] = 1e20, 9.97e36, -9999, np.nan
    (told,) = Dataset(vectors).warnings
    assert told.startswith("9 values in 3 rows (3, 5, 9) and 4 dimensions")


def test_the_advice_takes_the_rows_out() -> None:
    vectors = np.random.default_rng(7).normal(size=(50, 4)).astype(np.float32)
    vectors[[4, 9], 2] = 1e20
    (told,) = Dataset(vectors).warnings
    exec(told.split(" as in ")[1].rstrip("."), {"vectors": vectors, "numpy": np})
    data = Dataset(vectors)
    assert np.flatnonzero(~data.finite_rows).tolist() == [4, 9]
    assert data.warnings == ()

"""What float32 cannot hold is held as differences, or told with numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from projector.model.dataset import Dataset
from projector.model.narrowing import given_up, held, is_fixed
from projector.typing import AnyArray


def pairs(vectors: AnyArray) -> NDArray[np.float64]:
    wide = vectors.astype(np.float64)
    return np.asarray(np.linalg.norm(wide[:, None] - wide[None], axis=2))


@settings(max_examples=40, deadline=None)
@given(
    exponent=st.floats(4, 12),
    sign=st.sampled_from([-1, 1]),
    size=st.floats(-3, 3),
    n_dims=st.integers(1, 5),
    seed=st.integers(0, 10**6),
)
def test_differences_survive_any_offset(
    exponent: float, sign: int, size: float, n_dims: int, seed: int
) -> None:
    plain = np.random.default_rng(seed).normal(size=(60, n_dims)) * 10**size
    given = plain + sign * 10**exponent * 10**size
    data = Dataset(given)
    expected = pairs(given - given.mean(axis=0))
    found = pairs(data.vectors_under("euclidean"))
    # float32 holds seven digits of a difference, float64 sixteen of the offset.
    np.testing.assert_allclose(found, expected, atol=2e-5 * expected.max())
    np.testing.assert_array_equal(data.vectors, given.astype(np.float32))


def test_integers_beyond_float64_keep_their_differences() -> None:
    steps = np.random.default_rng(0).integers(0, 1000, (200, 3))
    for vectors in (
        steps + 2**60,
        steps - 2**62,
        steps.astype(np.uint64) + np.uint64(2**63),
        steps.astype(np.int32) + np.int32(2**30),
    ):
        data = Dataset(vectors)
        np.testing.assert_allclose(pairs(data.vectors_under("manhattan")), pairs(steps), atol=1e-3)
        assert any("rounds too much" in each for each in data.warnings)


def test_only_dimensions_that_lose_are_shifted() -> None:
    rng = np.random.default_rng(1)
    given = np.c_[1.7e9 + 1e3 * rng.normal(size=300), rng.normal(size=300)]
    data = Dataset(given)
    found = data.vectors_under("euclidean")
    np.testing.assert_array_equal(found[:, 1], given[:, 1].astype(np.float32))
    assert abs(float(found[:, 0].mean())) < 1e3
    assert data.warnings[0].startswith("1 dimension has values that float32 rounds")


def test_other_metrics_take_the_values_themselves_and_are_told() -> None:
    data = Dataset(np.random.default_rng(2).normal(size=(50, 3)) + 1e7)
    for metric in ("cosine", "inner_product", None):
        assert data.vectors_under(metric) is data.vectors
        assert "float32 rounds" in data.warnings_under(metric)[0]
    assert data.warnings_under("euclidean") == ()


def test_what_cannot_be_saved_is_told() -> None:
    rng = np.random.default_rng(3)
    far = np.r_[rng.normal(size=(200, 2)), 1e8 + rng.normal(size=(200, 2))]
    for vectors in (far, 1e-60 * rng.normal(size=(100, 2))):
        data = Dataset(vectors)
        assert data.vectors_under("euclidean") is data.vectors
        assert "Subtract a constant in float64" in data.warnings_under("euclidean")[0]


@pytest.mark.parametrize(
    "given",
    [
        np.random.default_rng(4).normal(size=(300, 4)),
        np.random.default_rng(4).standard_cauchy((300, 4)),
        np.random.default_rng(4).integers(0, 2**24, (300, 4)),
        np.random.default_rng(4).integers(-(2**63), 2**63 - 1, (300, 4)),
        np.full((300, 4), 0.1) + 0.2 * (np.arange(300)[:, None] % 2 == 0) * 1e-16,
        np.full((300, 4), 1e9),
        2000.0 + np.random.default_rng(4).integers(0, 25, (300, 4)),
        np.random.default_rng(4).random((300, 4)).astype(np.longdouble),
        (np.random.default_rng(4).random((300, 4)) * 100).astype(np.float16),
    ],
    ids=str,
)
def test_ordinary_numbers_are_not_shifted(given: AnyArray) -> None:
    data = Dataset(given)
    assert data.embedding.centered is None
    assert data.warnings == ()


def test_missing_values_do_not_spoil_the_shift() -> None:
    given = np.random.default_rng(5).normal(size=(100, 3)) + 1e9
    plain = Dataset(given).vectors_under("euclidean")
    given[7, 1], given[9] = np.nan, np.inf
    found = Dataset(given).vectors_under("euclidean")
    kept = np.delete(np.arange(100), [7, 9])
    np.testing.assert_allclose(pairs(found[kept]), pairs(plain[kept]), rtol=1e-5, atol=1e-6)
    assert np.flatnonzero(~np.isfinite(found).all(axis=1)).tolist() == [7, 9]


def test_differences_are_part_of_the_hash_and_survive_other_metadata() -> None:
    noise = np.random.default_rng(6).normal(size=(50, 3))
    one, other = Dataset(noise + 1e9), Dataset(noise * 1.01 + 1e9)
    np.testing.assert_array_equal(one.vectors, other.vectors)
    assert one.content_hash != other.content_hash
    renamed = one.renamed("x").with_warnings(["y"])
    assert renamed.vectors_under("euclidean") is one.vectors_under("euclidean")
    assert renamed.content_hash == one.content_hash
    assert renamed.warnings == ("y", *one.warnings)


def test_what_can_be_written_is_copied() -> None:
    own = np.zeros((4, 3), np.float32)
    view = own[:2]
    view.flags.writeable = False
    assert not is_fixed(view)  # its base can be written
    kept = held(view)
    own[:] = 1
    assert (kept == 0).all()
    assert is_fixed(kept)
    assert held(kept) is kept
    assert is_fixed(np.frombuffer(bytes(16), np.float32))
    assert not is_fixed(np.frombuffer(bytearray(16), np.float32))
    assert is_fixed(given_up(own.reshape(3, 4)))
    with pytest.raises(ValueError, match="read-only"):
        own[0] = 2

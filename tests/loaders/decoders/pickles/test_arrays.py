"""numpy's values in pickles: arrays of numbers and texts, and what is left out."""

from __future__ import annotations

import pickle
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from projector.loaders.decoders.pickles.arrays import NUMPY, Array
from projector.loaders.decoders.pickles.placeholders import Refused
from projector.loaders.decoders.pickles.reader import read_pickle
from projector.loaders.decoders.pickles.stream import Stream


def array_of(state: tuple[Any, ...]) -> Array:
    made: Array = NUMPY["numpy.core.multiarray._reconstruct"].call()
    made.build(state)
    return made


def dtype_of(text: str, order: str = "<") -> Any:
    made = NUMPY["numpy.dtype"].call(text, False, True)
    made.build((3, order, None, None, None, -1, -1, 0))
    return made


@pytest.mark.parametrize(("order", "fortran"), [("<", False), (">", False), ("<", True)])
def test_numpy_arrays_are_read(order: str, fortran: bool) -> None:
    values = np.arange(6, dtype=f"{order}f4").reshape(2, 3)
    raw = values.tobytes("F" if fortran else "C")
    found = array_of((1, (2, 3), dtype_of("f4", order), fortran, raw))
    np.testing.assert_array_equal(found.take(), values)


@pytest.mark.parametrize(
    "state",
    [
        (1, (2, 3), dtype_of("f4"), False, b"short"),
        (1, (2, -3), dtype_of("f4"), False, b""),
        (1, (2, 3), dtype_of("O8"), False, [1, 2]),
        (1, (2, 3), "f4", False, bytes(24)),
    ],
)
def test_arrays_that_do_not_fit_are_refused(state: tuple[Any, ...]) -> None:
    with pytest.raises(Refused):
        array_of(state)


PLAIN = [
    np.arange(12, dtype="f4").reshape(3, 4),
    np.asfortranarray(np.arange(12, dtype=">i2").reshape(3, 4)),
    np.array(["a", "bcd"]),
    np.array([b"a", b"bcd"]),
    np.array([[True], [False]]),
    np.array([1 + 2j]),
    np.arange(6, dtype=ml_dtypes.bfloat16).reshape(2, 3),
    np.zeros((0, 5), "f8"),
    np.float64(2.5) * np.ones(()),
]


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("values", PLAIN, ids=lambda v: f"{v.dtype}{v.shape}")
def test_what_numpy_pickles_is_read(values: Any, protocol: int) -> None:
    found = read_pickle(Stream(pickle.dumps(values, protocol)))
    if values.ndim == 0:
        assert found == values or found.take() == values
        return
    assert found.shape == values.shape
    np.testing.assert_array_equal(found.take(), values)


LEFT_OUT = [
    np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
    np.array(["2026-01-01"], dtype="M8[D]"),
    np.zeros(2, "V7"),
    np.zeros(2, "(2,)i4,f4"),
]


@pytest.mark.parametrize("protocol", [2, 4, 5])
@pytest.mark.parametrize("values", LEFT_OUT, ids=lambda v: str(v.dtype))
def test_tables_and_times_are_left_out_and_named(values: Any, protocol: int) -> None:
    found = read_pickle(Stream(pickle.dumps([values, 7], protocol)))
    assert found[1] == 7
    assert not found[0].dtype
    assert found[0].left_out.startswith("an array of the type ")


@pytest.mark.parametrize("protocol", range(6))
def test_objects_of_an_array_are_read_like_a_list(protocol: int) -> None:
    values = np.array([["a", None], [{"b": 1}, np.arange(3.0)]], object)
    found = read_pickle(Stream(pickle.dumps(values, protocol)))
    assert (found.shape, found.objects[:3]) == ((2, 2), ["a", None, {"b": 1}])
    np.testing.assert_array_equal(found.objects[3].take(), np.arange(3.0))


@pytest.mark.parametrize("protocol", range(6))
def test_single_values_are_plain_values(protocol: int) -> None:
    values = [np.float32(0.5), np.int64(-7), np.str_("word"), np.bool_(True), np.bytes_(b"raw")]
    found = read_pickle(Stream(pickle.dumps(values, protocol)))
    assert found == [0.5, -7, "word", True, b"raw"]
    assert [type(each) for each in found] == [float, int, str, bool, bytes]


def test_single_numbers_are_checked() -> None:
    scalar = NUMPY["numpy.core.multiarray.scalar"].call
    with pytest.raises(Refused, match="wrong number of bytes"):
        scalar(dtype_of("f4"), bytes(3))
    with pytest.raises(Refused, match="no dtype"):
        scalar("f4", bytes(4))

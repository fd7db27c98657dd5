from __future__ import annotations

import decimal
from typing import Any

import ml_dtypes
import numpy as np
import pyarrow as pa
import pytest
import scipy.sparse

from projector.errors import ShapeError
from projector.model.arrays import as_positions, as_vectors
from projector.model.dataset import Dataset

NUMBERS = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)


class Refusing:
    """An array of another library that cannot be read."""

    requires_grad = False

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __array__(self, *args: object, **options: object) -> Any:
        raise self.error


class OnlyDlpack:
    def __dlpack__(self, **options: Any) -> Any:
        return NUMBERS.__dlpack__(**options)

    def __dlpack_device__(self) -> Any:
        return NUMBERS.__dlpack_device__()


class OnlyStream:
    """A data frame as polars has them: by Arrow's protocol alone."""

    def __init__(self, table: Any) -> None:
        self.table = table
        self.columns = table.column_names

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        return self.table.__arrow_c_stream__(requested_schema)


def held(rows: list[Any]) -> Any:
    found = np.empty(len(rows), object)
    found[:] = rows
    return found


TABLE = pa.table({name: NUMBERS[:, at] for at, name in enumerate("abc")})
SAME: dict[str, Any] = {
    "lists": NUMBERS.tolist(),
    "a list of arrays": list(NUMBERS),
    "numpy.matrix": np.matrix(NUMBERS),
    "an array of arrays": held(list(NUMBERS)),
    "an array of lists": held(NUMBERS.tolist()),
    "nothing masked": np.ma.masked_array(NUMBERS, mask=False),
    "dlpack": OnlyDlpack(),
    "a table": TABLE,
    "record batches": TABLE.to_reader(),
    "a frame by protocol": OnlyStream(TABLE),
    "one column of lists": pa.table({"v": NUMBERS.tolist()}),
    "arrow lists": pa.array(NUMBERS.tolist()),
    "arrow lists of one size": pa.FixedSizeListArray.from_arrays(pa.array(NUMBERS.ravel()), 3),
    "decimals": [[decimal.Decimal(repr(float(x))) for x in row] for row in NUMBERS],
}


@pytest.mark.parametrize("name", SAME)
def test_what_holds_the_same_numbers_is_the_same_data(name: str) -> None:
    found = Dataset(SAME[name])
    np.testing.assert_allclose(found.vectors, NUMBERS, rtol=1e-6)
    assert found.warnings == ()


def test_small_floats_that_numpy_does_not_know() -> None:
    given = NUMBERS.astype(ml_dtypes.bfloat16)
    np.testing.assert_array_equal(Dataset(given).vectors, given.astype(np.float32))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.int16])
def test_a_masked_value_is_missing_and_counted(dtype: Any) -> None:
    given = np.ma.masked_array(np.full((4, 2), 9999, dtype), mask=False)
    given[1, 0] = np.ma.masked
    found = Dataset(given)
    assert np.isnan(found.vectors[1, 0])
    assert found.finite_rows.tolist() == [True, False, True, True]
    assert found.warnings == ("1 masked value is missing and became NaN.",)
    assert given.data[1, 0] == 9999, "the caller's array was changed"


@pytest.mark.parametrize(
    "given",
    [
        [[1, None], [2, 3]],
        held([[1, None], [2, 3]]),
        pa.table({"a": [1, 2], "b": [None, 3]}),
        OnlyStream(pa.table({"a": [1.5, 2.5], "b": [None, True]})),
    ],
)
def test_a_missing_number_is_counted(given: Any) -> None:
    found = Dataset(given)
    assert found.finite_rows.tolist() == [False, True]
    assert found.warnings == ("1 value is missing (NaN).",)


SENTENCES: list[tuple[Any, str]] = [
    (scipy.sparse.csr_matrix(NUMBERS.astype(complex)), "real numbers.*complex128"),
    (scipy.sparse.coo_array(NUMBERS[0]), r"shape \(n_points, n_dims\). Got \(3,\)"),
    ([[1, 2], [3]], "Row 1 has 1 numbers, but row 0 has 2 numbers"),
    ([[1, 2], [3, 4], 5], "Row 2 has a single value"),
    (held([[1, 2], [3]]), "Row 1 has 1 numbers"),
    (pa.array([[1.0, 2.0], [3.0]]), "Row 1 has 1 numbers"),
    (pa.array(["a"]), "holds string"),
    ([[1, 2], [3, "x"]], "row 1, column 1 is a str, 'x'"),
    ([["1", "2"]], "row 0, column 0"),
    (np.array([["a", "b"]]), "row 0, column 0 is 'a'"),
    (pa.table({"a": [1], "name": ["x"]}), "Column 'name' of the table does not hold numbers"),
    (OnlyStream(pa.table({"n": ["x"], "m": ["y"]})), "Columns 'n', 'm' of the table do not"),
    (Refusing(RuntimeError("Can't call numpy() on Tensor that requires grad.")), "detach"),
    (Refusing(TypeError("can't convert cuda:0 device type tensor")), "cuda:0"),
    (Refusing(KeyError("no")), "cannot be read from a Refusing"),
    ([Refusing(RuntimeError("requires grad"))] * 2, "detach"),
    (np.zeros((2, 3, 4)), "reshape"),
    (np.zeros(7), "reshape"),
    (7, "shape"),
    (None, "None"),
    ("vectors.npy", "projector.load"),
    ({"a": [1.0]}, "data frame"),
    ((x for x in NUMBERS), "list"),
    (len, "builtin_function"),
    (np.zeros((3, 2), "M8[s]"), "times"),
    (np.zeros((3, 2), complex), "Complex"),
    (np.zeros(3, [("a", float), ("b", int)]), "fields 'a', 'b'"),
    ([], "shape"),
    ([[]], "empty"),
    (np.zeros((0, 3)), "empty"),
]


@pytest.mark.parametrize(("given", "sentence"), SENTENCES, ids=range(len(SENTENCES)))
def test_what_is_no_array_gets_a_sentence(given: Any, sentence: str) -> None:
    with pytest.raises(ShapeError, match=sentence) as caught:
        Dataset(given)
    assert str(caught.value).endswith(".")


def test_an_array_is_neither_copied_nor_changed() -> None:
    assert as_vectors(NUMBERS)[0] is NUMBERS


def test_positions_are_read_by_the_same_rules() -> None:
    assert as_positions([[1, 2], [3, 4]], what="'initial'").dtype == np.float32
    with pytest.raises(ShapeError, match=r"'initial' must have the shape"):
        as_positions([1, 2], what="'initial'")


def test_frames_of_pandas_and_polars() -> None:
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    for frame in (pandas.DataFrame(NUMBERS), polars.DataFrame(NUMBERS)):
        np.testing.assert_array_equal(Dataset(frame).vectors, NUMBERS)
    nullable = pandas.DataFrame({"a": pandas.array([1, None], dtype="Int64")})
    assert np.isnan(Dataset(nullable).vectors[1, 0])

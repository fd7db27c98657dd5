"""Vectors in the columns of Arrow tables: lists, structs, maps, at any depth, with gaps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from projector.loaders.formats.tables.vector_columns import read_vectors, vector_columns
from projector.loaders.formats.tables.vector_rows import VectorRows

P = Path("t.parquet")
ROWS = [[0.5, -1.25, 3.0], [4.0, 5.5, 6.75], [7.0, -8.5, 9.25]]
SPARK = [
    {"type": 1, "size": None, "indices": None, "values": [0.5, 0.0, -2.0, 1.0]},
    {"type": 0, "size": 4, "indices": [1, 3], "values": [2.5, 4.0]},
]
NAN = np.nan


def read(column: Any) -> tuple[str, VectorRows]:
    table = pa.table({"c": column})
    (found,) = vector_columns(table)
    return found.name, read_vectors(P, table, found)


@pytest.mark.parametrize(
    ("column", "name"),
    [
        (pa.array(ROWS), "c"),
        (pa.array(ROWS, pa.large_list(pa.float32())), "c"),
        (pa.array(ROWS, pa.list_(pa.float16(), 3)), "c"),
        (pa.array([{"a": {"b": row}} for row in ROWS]), "c.a.b"),
        (pa.array([{"data": [{"e": row, "i": 0}]} for row in ROWS]), "c.data[0].e"),
        (pa.array([dict(zip("012", row, strict=True)) for row in ROWS]), "c"),
        (
            pa.array(
                [list(zip("abc", row, strict=True)) for row in ROWS],
                pa.map_(pa.string(), pa.float64()),
            ),
            "c",
        ),
        (pa.array([str(row) for row in ROWS]), "c"),
        (pa.array([{"text": str(row)} for row in ROWS]), "c.text"),
        (pa.array([str(row) for row in ROWS]).dictionary_encode(), "c"),
        (pa.chunked_array([pa.array(ROWS[:1]), pa.array(ROWS[1:])]), "c"),
    ],
)
def test_every_form_gives_the_same_numbers(column: Any, name: str) -> None:
    found, rows = read(column)
    assert found == name
    np.testing.assert_array_equal(rows.values, ROWS)
    assert rows.warnings(name) == []


def test_arrow_tensors_are_read() -> None:
    storage = pa.array(ROWS, pa.list_(pa.float32(), 3))
    tensors = pa.ExtensionArray.from_storage(pa.fixed_shape_tensor(pa.float32(), (3,)), storage)
    np.testing.assert_array_equal(read(tensors)[1].values, ROWS)


def test_sparse_vectors_of_spark_become_dense() -> None:
    _, rows = read(pa.array(SPARK * 2))
    np.testing.assert_array_equal(rows.values[:2], [[0.5, 0, -2, 1], [0, 2.5, 0, 4]])


def test_a_sparse_vector_with_an_impossible_index_is_set_aside() -> None:
    wrong = {"type": 0, "size": 4, "indices": [9], "values": [1.0]}
    _, rows = read(pa.array([*SPARK, wrong]))
    assert rows.odd == (2,)


@pytest.mark.parametrize(
    "kind", [pa.list_(pa.float64()), pa.list_(pa.float32(), 3), pa.large_list(pa.float64())]
)
def test_rows_without_a_vector_are_nan_and_counted(kind: Any) -> None:
    _, rows = read(pa.array([ROWS[0], None, ROWS[1], None], kind))
    np.testing.assert_array_equal(rows.values, [ROWS[0], [NAN] * 3, ROWS[1], [NAN] * 3])
    assert rows.absent == (1, 3)
    (warning,) = rows.warnings("c")
    assert warning.startswith("2 rows have (of 4: row 1, 3) no vector in 'c'")


def test_rows_of_another_length_are_set_aside() -> None:
    _, rows = read(pa.array([*ROWS * 5, [1.0]]))
    assert (rows.absent, rows.odd) == ((), (15,))
    assert np.isnan(rows.values[15]).all()
    assert "something else than 3 numbers" in rows.warnings("c")[0]


def test_numbers_that_are_missing_in_a_vector_are_counted() -> None:
    _, rows = read(pa.array([[1.0, None, 3.0], *ROWS]))
    assert rows.holes == 1
    assert "1 numbers inside the vectors in 'c' are missing" in rows.warnings("c")[0]


def test_whole_lists_are_not_copied() -> None:
    _, rows = read(pa.array(ROWS))
    assert not rows.values.flags.owndata


@pytest.mark.parametrize(
    "column",
    [
        pa.array([[1.0], [2.0]]),
        pa.array([[1, 2], [3], [4, 5, 6], []]),
        pa.array([["a", "b"], ["c", "d"]]),
        pa.array([{"a": 1}, {"a": 2}]),
        pa.array([None, None], pa.list_(pa.float64())),
        pa.array([[[1.0, 2.0], [3.0, 4.0]]] * 2),
        pa.array(["plain text", "and more"]),
    ],
)
def test_other_columns_are_no_vectors(column: Any) -> None:
    assert vector_columns(pa.table({"c": column})) == []


def test_structs_are_not_followed_without_end() -> None:
    value: Any = ROWS[0]
    for _ in range(30):
        value = {"a": value}
    assert vector_columns(pa.table({"c": pa.array([value])})) == []

"""Which columns of a table are vectors, and which are metadata."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from projector.errors import LoadError
from projector.loaders.formats.tables.arrow_columns import column_of, metadata, plans, vectors

P = Path("t.parquet")


def table(**columns: Any) -> Any:
    return pa.table(columns)


LISTS = pa.array([[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"v": LISTS, "label": ["a", "b"]}, [("v",)]),
        ({"v": LISTS, "w": LISTS}, [("v",), ("w",)]),
        ({"x0": [1.5, 2], "x1": [1.5, 2], "id": [1, 2]}, [("x0", "x1")]),
        ({"x0": [1.5, 2], "x1": [1, 2], "age": [1, 2]}, [("x0", "x1")]),
        ({"a": [1, 2], "b": [3, 4], "label": [0, 1]}, [("a", "b")]),
        ({"a": [1, 2], "id": [3, 4]}, []),
        ({"v": LISTS, "umap_x": [1.5, 2], "umap_y": [1.5, 2]}, [("v",), ("umap_x", "umap_y")]),
        ({"x": [1.5, 2], "y": [1.5, 2], "z": [1.5, 2]}, [("x", "y", "z")]),
        ({"label": ["a", "b"]}, []),
    ],
)
def test_vectors_are_found(columns: dict[str, Any], expected: list[tuple[str, ...]]) -> None:
    assert [plan.columns for plan in plans(table(**columns).schema)] == expected


def test_lists_become_a_matrix_without_a_copy() -> None:
    made = table(v=LISTS)
    values, warnings = vectors(P, made, plans(made.schema)[0])
    np.testing.assert_array_equal(values, [[1, 2], [3, 4]])
    assert warnings == []
    assert not values.flags.owndata


def test_columns_become_a_matrix_with_gaps_as_nan() -> None:
    made = table(x0=[1.5, None], x1=[2.0, 3.0])
    values, (warning,) = vectors(P, made, plans(made.schema)[0])
    np.testing.assert_array_equal(values, [[1.5, 2.0], [np.nan, 3.0]])
    assert warning == "1 cells have no number and became NaN. Their rows cannot be projected."


@pytest.mark.parametrize(
    ("lists", "message"),
    [
        (
            [[1.0, 2.0], [3.0]],
            "1 of 2 rows do not have 2 numbers, starting with row 1, which has 1 numbers",
        ),
        ([[1.0, 2.0], None], "starting with row 1, which has no vector"),
        ([[1.0, None], [3.0, 4.0]], "1 numbers inside vectors are missing"),
        ([[], []], "starting with row 0"),
    ],
)
def test_uneven_lists_are_refused(lists: list[Any], message: str) -> None:
    made = table(v=pa.array(lists, pa.list_(pa.float64())))
    with pytest.raises(LoadError, match=rf"column 'v': .*{message}"):
        vectors(P, made, plans(made.schema)[0])


def test_all_other_columns_are_metadata() -> None:
    columns, (warning,) = metadata(table(v=LISTS, w=LISTS, n=[1, None], t=["", None]), ("v",))
    assert columns[0].kind == "numeric"
    assert [column.name for column in columns] == ["n", "t"]
    assert "the vector columns 'w' are separate embeddings" in warning


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([1, None]), ["1", None]),
        (pa.array(["a", ""]).dictionary_encode(), ["a", ""]),
        (pa.array([True, None]), ["true", None]),
        (pa.array([{"a": 1}, None]), ["{'a': 1}", None]),
    ],
)
def test_columns_keep_their_text(values: Any, expected: list[str | None]) -> None:
    assert column_of("c", pa.chunked_array([values])).text.to_list() == expected

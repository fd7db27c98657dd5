"""Which columns of a table are embeddings, in which order, and which are probably none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from projector.errors import LoadError
from projector.loaders.formats.tables.plans import plans, vectors

P = Path("t.parquet")
LISTS = pa.array([[1.0, 2.0], [3.0, 4.0]])
LONG = pa.array([[0.5, 1.5, -2.0, 4.25, 0.0]] * 2)
IDS = pa.array([[101, 7, 102, 0, 0]] * 2)


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
        ({"v": LONG, "price": [1.5, 2], "tax": [0.5, 1]}, [("v",)]),
        ({"a": ["[0.5, 1, 2.5, 4]"] * 2, "price": [1.5, 2], "tax": [0.5, 1]}, [("a",)]),
    ],
)
def test_vectors_are_found(columns: dict[str, Any], expected: list[tuple[str, ...]]) -> None:
    assert [plan.columns for plan in plans(pa.table(columns))] == expected


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"input_ids": IDS, "v": LONG}, [("v", False), ("input_ids", True)]),
        ({"attention_mask": LONG, "pooled": LONG}, [("pooled", False), ("attention_mask", True)]),
        ({"embedding_codes": IDS}, [("embedding_codes", False)]),
        ({"counts_per_day": IDS}, [("counts_per_day", True)]),
        ({"loss": [1.5, 2], "accuracy": [0.5, 1]}, [("", True)]),
        ({"loss_1": [1.5, 2], "loss_2": [0.5, 1]}, [("", True)]),
        ({"bbox_0": [1.5, 2], "bbox_1": [1.5, 2], "bbox_2": [0.5, 1]}, [("", True)]),
        ({"dim 1": [1.5, 2], "dim 2": [0.5, 1]}, [("", False)]),
        ({"tsne_x": [1.5, 2], "tsne_y": [0.5, 1]}, [("", False)]),
        ({"lat": [1.5, 2], "lon": [0.5, 1]}, [("", True)]),
    ],
)
def test_what_is_probably_no_embedding_is_last(
    columns: dict[str, Any], expected: list[tuple[str, bool]]
) -> None:
    assert [(plan.name, plan.is_doubtful) for plan in plans(pa.table(columns))] == expected


def test_a_box_as_text_is_no_embedding_beside_a_numbered_series() -> None:
    series = {f"h{i}": [0.5, 1.5] for i in range(6)}
    made = pa.table({**series, "region": ["[10, 20, 30, 40]"] * 2})
    assert [plan.n_dims for plan in plans(made)] == [6]
    made = pa.table({**series, "embedding": ["[0.5, -1, 2.5, 4, 3]"] * 2})
    assert [plan.n_dims for plan in plans(made)] == [5, 6]


def test_several_series_are_several_embeddings() -> None:
    columns = {f"{stem}_{i}": [0.5, 1.5] for stem in ("pca", "latent") for i in range(4)}
    found = plans(pa.table({**columns, "price": [1.5, 2]}))
    assert [(plan.name, plan.n_dims) for plan in found] == [("pca", 4), ("latent", 4)]
    assert "'price'" in found[0].notes[0]


def test_columns_become_a_matrix_with_gaps_as_nan() -> None:
    made = pa.table({"x0": [1.5, None], "x1": [2.0, 3.0]})
    values, (warning,) = vectors(P, made, plans(made)[0])
    np.testing.assert_array_equal(values, [[1.5, 2.0], [np.nan, 3.0]])
    assert warning == "1 cells have no number and became NaN. Their rows cannot be projected."


@pytest.mark.parametrize(
    ("dtype", "rows", "n_dims"), [(np.int64, 12, 3), (np.int64, 5, 4), (np.float64, 12, 4)]
)
def test_a_class_in_a_table_without_names_is_no_dimension(
    dtype: type, rows: int, n_dims: int
) -> None:
    rng = np.random.default_rng(5)
    columns = {f"column {i}": rng.normal(size=rows) for i in range(3)}
    made = pa.table({**columns, "column 4": rng.integers(0, 3, rows).astype(dtype)})
    (plan,) = plans(made, named=False)
    assert plan.n_dims == n_dims
    assert bool(plan.notes) == (n_dims == 3)


def test_uneven_lists_are_no_embedding() -> None:
    made = pa.table({"tags": pa.array([[1.0, 2.0], [3.0], [], [1.0, 2.0]])})
    assert plans(made) == []


def test_most_rows_must_have_a_vector() -> None:
    (plan,) = plans(pa.table({"v": LISTS}))
    made = pa.table({"v": pa.array([[1.0, 2.0], [3.0], [4.0], [5.0]])})
    with pytest.raises(LoadError, match=r"column 'v': 3 of 4 rows do not have 2 numbers"):
        vectors(P, made, plan)

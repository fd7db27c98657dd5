from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from projector.errors import ShapeError
from projector.model.dataset import Dataset

VECTORS = np.zeros((3, 2), np.float32)


def test_a_table_is_read_with_its_missing_values() -> None:
    table = pa.table({"n": [1, None, 3], "label": ["a", None, "b"]})
    columns = Dataset(VECTORS, table).metadata
    assert [(c.name, c.kind) for c in columns.columns] == [
        ("n", "numeric"),
        ("label", "categorical"),
    ]
    assert columns["label"].text.to_list() == ["a", None, "b"]
    assert columns["n"].n_missing == 1


def test_records_and_masked_columns() -> None:
    records = np.array([("a", 1), ("b", 2), ("c", 3)], [("word", "U1"), ("n", int)])
    assert Dataset(VECTORS, records).metadata["word"].text.to_list() == ["a", "b", "c"]
    masked = np.ma.masked_array([1, 2, 3], mask=[False, True, False])
    column = Dataset(VECTORS, {"n": masked}).metadata["n"]
    assert column.text.to_list() == ["1", None, "3"]
    assert Dataset(VECTORS, {"n": pa.array([1, None, 3])}).metadata["n"].n_missing == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["a", "b", "c"], "columns by name"),
        ("metadata.tsv", "Got a str"),
        (7, "Got a int"),
        ({"label": "abc"}, "'label' must be a sequence"),
        ({"label": 7}, "'label' must be a sequence"),
        ({"label": VECTORS}, r"the shape \(3, 2\)"),
        ({"label": np.array(7)}, r"the shape \(\)"),
        ({"label": ["a"]}, "1 rows for 3 points"),
    ],
)
def test_what_is_no_table_gets_a_sentence(given: Any, sentence: str) -> None:
    with pytest.raises(ShapeError, match=sentence):
        Dataset(VECTORS, given)

"""Which columns of a table are metadata, and with which texts."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from projector.loaders.formats.tables.arrow_columns import column_of, metadata
from projector.loaders.formats.tables.plans import plans

LISTS = pa.array([[1.5, 2.0], [3.0, 4.0]])


def test_all_other_columns_are_metadata() -> None:
    made = pa.table({"v": LISTS, "w": LISTS, "n": [1, None], "t": ["", None]})
    found = plans(made)
    columns, (warning,) = metadata(made, found[0].columns, found)
    assert columns[0].kind == "numeric"
    assert [column.name for column in columns] == ["n", "t"]
    assert "the vector columns 'w' are separate embeddings" in warning


def test_fields_beside_a_vector_inside_a_struct_are_columns() -> None:
    rows = [
        {"v": [0.5, i, 2.0], "meta": {"lang": "en", "n": i}, "raw": b"\xff"} for i in (1.0, 2.0)
    ]
    made = pa.table({"doc": pa.array(rows), "id": ["a", "b"]})
    (plan,) = plans(made)
    columns, _ = metadata(made, plan.columns, [plan])
    assert {column.name: column.text.to_list() for column in columns} == {
        "doc.meta.lang": ["en", "en"],
        "doc.meta.n": ["1", "2"],
        "id": ["a", "b"],
    }


def test_lists_and_bytes_are_no_labels() -> None:
    image = pa.array([{"bytes": b"\x89PNG", "path": "a.png"}, {"bytes": b"", "path": "b.png"}])
    made = pa.table({"v": LISTS, "tags": [[1], [2, 3]], "blob": [b"\xff", b"a"], "image": image})
    (plan,) = plans(made)
    columns, (warning,) = metadata(made, plan.columns, [plan])
    assert [column.name for column in columns] == ["image.path"]
    assert "'tags', 'blob' hold lists or bytes" in warning


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

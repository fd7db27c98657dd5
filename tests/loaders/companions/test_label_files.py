"""Files of labels: what a listing knows of them, and what is read."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import feather
from pyarrow import parquet as pq

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.companions.label_files import describe, may_be_labels, read_labels
from tests.loaders.writers import file_at, file_with, write


def texts(file: File, n_points: int | None) -> dict[str, list[str | None]]:
    labels = describe(file)
    assert labels is not None
    columns, _ = read_labels(labels, n_points)
    return {column.name: column.text.to_list() for column in columns}


@pytest.mark.parametrize(
    ("name", "content", "n_rows", "columns"),
    [
        ("a.txt", "x\ny\n", 2, {"label": ["x", "y"]}),
        ("a.csv", 'n,"m"\nx,"1,5"\ny,2\n', 3, {"n": ["x", "y"], "m": ["1,5", "2"]}),
        ("a.csv", "n;m\nx;1\ny;2\n", 3, {"n": ["x", "y"], "m": ["1", "2"]}),
        ("a.csv", "x,1\ny,2\n", 2, {"column 1": ["x", "y"], "column 2": ["1", "2"]}),
        ("a.csv", "x\ny\n", 2, {"label": ["x", "y"]}),
        ("a.jsonl", '{"n": "x"}\n{"n": "y"}\n', 2, {"n": ["x", "y"]}),
        ("a.json", '["x", "y"]', 2, {"a": ["x", "y"]}),
        ("vocab.txt", "x\ny\n", 2, {"token": ["x", "y"]}),
    ],
)
def test_kinds_of_files(
    tmp_path: Path, name: str, content: str, n_rows: int, columns: dict[str, list[str]]
) -> None:
    file = file_with(tmp_path / name, content)
    assert may_be_labels(file)
    found = describe(file)
    assert found is not None
    assert found.n_rows == n_rows
    assert found.fits(2)
    assert texts(file, 2) == columns


def test_tables_of_columns(tmp_path: Path) -> None:
    table = pa.table({"n": ["x", "y"], "v": [[1.0], [2.0]], "k": [7, 8]})
    pq.write_table(table, tmp_path / "a.parquet")
    feather.write_feather(table, tmp_path / "a.feather")
    for name in ("a.parquet", "a.feather"):
        file = file_at(tmp_path / name)
        assert texts(file, 2) == {"n": ["x", "y"], "k": ["7", "8"]}
        assert texts(file, None) == {"n": ["x", "y"], "k": ["7", "8"]}


@pytest.mark.parametrize("name", ["vocab.json", "vocab.txt"])
def test_added_tokens_are_part_of_a_vocabulary(tmp_path: Path, name: str) -> None:
    content = {"vocab.json": '{"y": 1, "x": 0}', "vocab.txt": "x\ny\n"}[name]
    write(tmp_path / "added_tokens.json", json.dumps({"<z>": 3}))
    file = file_with(tmp_path / name, content)
    found = describe(file)
    assert found is not None
    assert (found.n_rows, found.is_vocabulary) == (4, True)
    assert list(texts(file, None).values()) == [["x", "y", None, "<z>"]]


def test_what_is_no_table_of_labels_is_none(tmp_path: Path) -> None:
    for name, content in (
        ("a.parquet", b"PAR1 and nothing more"),
        ("a.json", b"{"),
        ("b.json", b'{"lr": {"a": [1]}}'),
        ("a.txt", b"\0\1\2"),
    ):
        assert describe(file_with(tmp_path / name, content)) is None
    assert not may_be_labels(file_with(tmp_path / "empty.txt", b""))
    assert not may_be_labels(file_with(tmp_path / "picture.png", b"x"))


def test_a_file_that_became_shorter_is_refused(tmp_path: Path) -> None:
    labels = describe(file_with(tmp_path / "a.json", '["x", "y", "z"]'))
    assert labels is not None
    write(tmp_path / "a.json", '["x"]')
    with pytest.raises(LoadError, match="no longer has 3 rows"):
        read_labels(labels, 3)

"""Labels in JSON: lists, records, columns, and mappings from names to rows or back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from projector.errors import LoadError
from projector.loaders.companions.json_labels import (
    added_tokens,
    json_labels,
    may_have_labels,
    read_json_labels,
    read_numbering,
)
from projector.typing import Json
from tests.loaders.writers import file_with


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        (["a", "b"], {"x": ["a", "b"]}),
        ([1, None], {"x": [1, None]}),
        ([{"n": "a", "v": [1]}, {"n": "b"}], {"n": ["a", "b"]}),
        ({"n": ["a", "b"], "m": [1, 2]}, {"n": ["a", "b"], "m": [1, 2]}),
        ({"n": ["a", "b"], "classes": ["c"]}, {"n": ["a", "b"]}),
        ({"a": {"z": 1}, "b": {"z": 2}}, {"key": ["a", "b"], "z": [1, 2]}),
        ({"a": 1, "b": 0}, {"x": ["b", "a"]}),
        ({"0": "a", "2": "c"}, {"x": ["a", None, "c"]}),
        ({"p.png": "cat", "q.png": "cat"}, {"key": ["p.png", "q.png"], "x": ["cat", "cat"]}),
        ({"p": 5, "q": 5}, {"key": ["p", "q"], "x": [5, 5]}),
        ({"model": {"vocab": {"a": 1, "b": 0}}}, {"token": ["b", "a"]}),
        (
            {
                "model": {"vocab": [["a", -1], ["b", -2]]},
                "added_tokens": [{"id": 2, "content": "c"}],
            },
            {"token": ["a", "b", "c"]},
        ),
        ({"n": ["a", "b"], "about": {"z": 1}, "version": 2}, {"n": ["a", "b"]}),
        ({"data": [{"n": "a"}, {"n": "b"}]}, {"n": ["a", "b"]}),
        ({"lr": 0.1, "sizes": {"a": [1]}}, None),
        ([[1, 2], [3, 4]], None),
        ("a", None),
        ([], None),
        ({}, None),
    ],
)
def test_forms_of_labels(content: Any, columns: dict[str, list[Any]] | None) -> None:
    found = json_labels(content, "x")
    assert (found.columns if found else None) == columns
    if found is not None and columns is not None:
        assert found.n_rows == len(next(iter(columns.values())))


def test_rows_by_number_are_a_vocabulary_and_rows_by_key_have_no_order() -> None:
    contents: list[Json] = [{"a": 1, "b": 0}, {"a": "x", "b": "y"}, ["a"]]
    numbered, keyed, listed = (json_labels(content, "x") for content in contents)
    assert numbered is not None
    assert keyed is not None
    assert listed is not None
    assert (numbered.is_vocabulary, numbered.keyed) == (True, False)
    assert (keyed.is_vocabulary, keyed.keyed) == (False, True)
    assert (listed.is_vocabulary, listed.keyed) == (False, False)


def test_numbers_far_beyond_the_names_are_no_rows() -> None:
    found = json_labels({"a": 0, "b": 1 << 40}, "x")
    assert found is not None
    assert found.keyed


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("labels.json", True),
        ("id2label.json", True),
        ("config.json", False),
        ("trainer_state.json", False),
        ("dataset_info.json", False),
        ("model.safetensors.index.json", False),
        ("train_results.json", False),
    ],
)
def test_files_of_settings_are_not_read(tmp_path: Path, name: str, expected: bool) -> None:
    assert may_have_labels(file_with(tmp_path / name, "{}")) == expected


@pytest.mark.parametrize(
    ("raw", "message"),
    [(b"{", "is not JSON"), (b"\xff[]", "is not UTF-8"), (b"[" * 200 + b"]" * 200, "nested")],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, raw: bytes, message: str) -> None:
    with pytest.raises(LoadError, match=message):
        read_json_labels(file_with(tmp_path / "a.json", raw))


def test_tokens_that_were_added_get_their_rows(tmp_path: Path) -> None:
    rows = read_numbering(file_with(tmp_path / "a.json", json.dumps({"<x>": 3, "no": "row"})))
    assert rows == {"<x>": 3}
    assert added_tokens(["a", "b"], rows) == ["a", "b", None, "<x>"]
    assert added_tokens(["a"], {"far": 10**9}) == ["a"]

"""JSON as programs write it: by name, in records, in columns, one on each line."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.base import Loaded
from projector.loaders.formats.registry import find_loader
from projector.loaders.logdir.load import load
from tests.loaders.writers import file_with

VALUES = np.random.default_rng(6).integers(-99, 99, (9, 5)) / 16
NAMES = [f"stone {i}" for i in range(9)]
ROWS = VALUES.tolist()
PAIRS = list(zip(NAMES, ROWS, strict=True))


def read(path: Path, content: str) -> tuple[list[str], Loaded]:
    file = file_with(path, content)
    loader = find_loader(file)
    assert loader is not None
    tensors = loader.list(file).tensors
    loaded = loader.load(file, tensors[0])
    assert loaded.values.shape == tensors[0].shape
    return [tensor.name for tensor in tensors], loaded


def has_names(loaded: Loaded) -> bool:
    return any(column.text.to_list() == NAMES for column in loaded.columns)


@pytest.mark.parametrize(
    ("document", "name"),
    [
        (dict(PAIRS), "f"),
        ({"version": 2, "vectors": dict(PAIRS)}, "f"),
        ([{"title": n, "emb": r} for n, r in PAIRS], "emb"),
        ({"hits": [{"doc": {"t": n}, "out": {"emb": [r]}} for n, r in PAIRS]}, "out.emb[0]"),
        ({n: {"emb": r, "n": 1} for n, r in PAIRS}, "emb"),
        ({"ids": NAMES, "embeddings": ROWS, "metadatas": [{"a": 1}] * 9}, "embeddings"),
        ({"v": dict(enumerate(ROWS)), "t": dict(enumerate(NAMES))}, "v"),
        ({"store": {"e": dict(PAIRS), "ref": dict.fromkeys(NAMES, "d"), "m": {}}}, "e"),
        ({"columns": ["t", "v"], "data": [[n, r] for n, r in PAIRS]}, "v"),
        ([[n, r] for n, r in PAIRS], "f"),
        ([{"t": n, "v": str(r)} for n, r in PAIRS], "v"),
        ([{"t": n, **{f"d{i}": v for i, v in enumerate(r)}} for n, r in PAIRS], "f"),
        ([{"t": n, "v": dict(zip("01234", r, strict=True))} for n, r in PAIRS], "f"),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_every_form_has_the_same_vectors_and_names(
    tmp_path: Path, document: Any, name: str, indent: int | None
) -> None:
    found, loaded = read(tmp_path / "f.json", json.dumps(document, indent=indent))
    assert found == [name]
    np.testing.assert_array_equal(loaded.values, VALUES)
    assert has_names(loaded)


def test_arrays_alone_are_a_matrix(tmp_path: Path) -> None:
    for text in (json.dumps(ROWS), "\n".join(map(json.dumps, ROWS))):
        found, loaded = read(tmp_path / "f.json", text)
        assert found == ["f"]
        np.testing.assert_array_equal(loaded.values, VALUES)


def test_base64_is_read_as_float32(tmp_path: Path) -> None:
    wide = np.tile(VALUES, 4).astype("<f4")
    data = [
        {"index": i, "embedding": base64.b64encode(row.tobytes()).decode()}
        for i, row in enumerate(wide)
    ]
    found, loaded = read(tmp_path / "r.json", json.dumps({"object": "list", "data": data}))
    assert found == ["embedding"]
    np.testing.assert_array_equal(loaded.values, wide)
    assert any("base64" in each for each in loaded.warnings)


@pytest.mark.parametrize("suffix", ["jsonl", "ndjson", "json"])
def test_lines_may_nest_their_vectors(tmp_path: Path, suffix: str) -> None:
    lines = [
        json.dumps({"key": n, "r": {"code": 200, "body": {"data": [{"e": r, "i": 0}]}}})
        for n, r in PAIRS
    ]
    found, loaded = read(tmp_path / f"f.{suffix}", "\n".join(lines))
    assert found == ["r.body.data[0].e"]
    np.testing.assert_array_equal(loaded.values, VALUES)
    assert has_names(loaded)


def test_several_vectors_on_a_line_are_rows_of_their_own(tmp_path: Path) -> None:
    lines = [{"batch": i, "data": [{"e": r} for r in ROWS[i : i + 3]]} for i in (0, 3, 6)]
    _, loaded = read(tmp_path / "f.jsonl", "\n".join(map(json.dumps, lines)))
    np.testing.assert_array_equal(loaded.values, VALUES)
    assert loaded.columns[0].text.to_list() == list("000333666")


def test_a_line_without_a_vector_keeps_its_place(tmp_path: Path) -> None:
    lines = [json.dumps({"t": n, "v": r}) for n, r in PAIRS]
    lines[4] = json.dumps({"t": NAMES[4]})
    lines[6] = json.dumps({"t": NAMES[6], "v": None})
    _, loaded = read(tmp_path / "f.jsonl", "\n".join(lines) + "\n")
    assert np.flatnonzero(np.isnan(loaded.values).any(axis=1)).tolist() == [4, 6]
    assert has_names(loaded)
    assert any("2 rows have (of 9: row 4, 6) no vector" in each for each in loaded.warnings)


def test_a_line_that_is_cut_is_set_aside(tmp_path: Path) -> None:
    lines = [json.dumps({"t": n, "v": r}) for n, r in PAIRS]
    _, loaded = read(tmp_path / "f.jsonl", "\n".join(lines)[:-20])
    np.testing.assert_array_equal(loaded.values[:8], VALUES[:8])
    assert any(each.startswith("1 lines are no JSON") for each in loaded.warnings)


def test_long_files_of_lines_are_counted_not_read(tmp_path: Path) -> None:
    line = json.dumps({"t": "x" * 300, "v": ROWS[0]}) + "\n"
    _, loaded = read(tmp_path / "f.jsonl", line * 5000)
    assert loaded.values.shape == (5000, 5)


def test_several_tables_are_several_embeddings(tmp_path: Path) -> None:
    document = {"train": dict(PAIRS), "test": {n.upper(): r[::-1] for n, r in PAIRS[:5]}}
    found, loaded = read(tmp_path / "f.json", json.dumps(document))
    assert found == ["train", "test"]
    np.testing.assert_array_equal(loaded.values, VALUES)
    data = load(tmp_path / "f.json", name="test")
    np.testing.assert_array_equal(data.vectors, VALUES[:5, ::-1])


@pytest.mark.parametrize(
    "document",
    [
        {"a": 1, "b": "text"},
        {"architectures": ["Model"], "image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.2, 0.1]},
        {"layers": [{"kernel": [3, 3]}, {"kernel": [5, 5]}]},
        {"train_loss": [0.5, 0.4, 0.3, 0.25] * 5, "val_loss": [0.6, 0.5, 0.4, 0.45] * 5},
        {"annotations": [{"bbox": [1.5, 2.5, 3.5, 4.5], "id": i} for i in range(9)]},
        {"vocab": {"a": 0, "b": 1}, "merges": ["a b"]},
        {"log_history": [{"loss": 0.5, "step": 10}, {"loss": 0.25, "step": 20}]},
        [],
        "text",
    ],
)
def test_settings_and_logs_are_silent(tmp_path: Path, document: Any) -> None:
    file = file_with(tmp_path / "config.json", json.dumps(document))
    loader = find_loader(file)
    if loader is not None:
        found = loader.list(file)
        assert (found.tensors, found.problems) == ((), ())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (json.dumps([{"v": [0.5] * 9}] * 4)[:-20], "cannot be read as JSON"),
        (json.dumps({"embedded": [[[0.5] * 9] * 2, 1]}), "in no form that is read"),
        ('{"a": ' * 500 + "[1, 2]" + "}" * 500, "nested more than"),
    ],
)
def test_vectors_that_cannot_be_read_are_told_of(
    tmp_path: Path, content: str, message: str
) -> None:
    file = file_with(tmp_path / "f.json", content)
    loader = find_loader(file)
    assert loader is not None
    with pytest.raises(LoadError, match=message):
        loader.list(file)


def test_lines_without_vectors_are_told_of(tmp_path: Path) -> None:
    file = file_with(tmp_path / "f.jsonl", '{"a": 1}\n{"a": 2}\n')
    loader = find_loader(file)
    assert loader is not None
    with pytest.raises(LoadError, match="JSON lines without a vector"):
        loader.list(file)

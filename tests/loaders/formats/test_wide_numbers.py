"""Numbers that differ in digits float32 does not hold, in every format that is read as text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import scipy.sparse

import projector

#: Times in seconds: in float32 all of a dimension are equal.
TIMES = 1.7e9 + np.random.default_rng(0).normal(size=(60, 3))


def records(path: Path) -> Path:
    """Write JSON with a vector in each record."""
    made = path / "a.json"
    made.write_text(json.dumps([{"name": str(at), "v": [*row]} for at, row in enumerate(TIMES)]))
    return made


def lines(path: Path) -> Path:
    """Write a document in each line."""
    made = path / "a.jsonl"
    made.write_text("\n".join(json.dumps({"v": [*row], "n": "x"}) for row in TIMES))
    return made


def texts(path: Path, odd: str = "") -> Path:
    """Write a table with a column of texts that hold vectors."""
    made = path / "a.csv"
    rows = [f'{at},"{json.dumps([*row])}"' for at, row in enumerate(TIMES)]
    made.write_text("\n".join(["name,vector", *rows, *([odd] if odd else [])]))
    return made


def words(path: Path, first: str = "word") -> Path:
    """Write words and their numbers."""
    made = path / "a.vec"
    rows = [f"{first}{at} {' '.join(map(repr, map(float, row)))}" for at, row in enumerate(TIMES)]
    made.write_text("\n".join([f"{len(TIMES)} 3", *rows]) + "\n")
    return made


def anndata(path: Path, kind: str) -> Path:
    """Write AnnData with a sparse matrix."""
    made = path / "a.h5ad"
    of_kind = {"csr": scipy.sparse.csr_matrix, "csc": scipy.sparse.csc_matrix}[kind]
    matrix: Any = of_kind(TIMES)
    with h5py.File(made, "w") as file:
        group = file.create_group("X")
        for name in ("data", "indices", "indptr"):
            group[name] = getattr(matrix, name)
        group.attrs["encoding-type"], group.attrs["shape"] = f"{kind}_matrix", matrix.shape
        file.create_group("obs")
    return made


WRITERS: dict[str, Callable[[Path], Path]] = {
    "records": records,
    "lines": lines,
    "texts": texts,
    "texts, one by one": lambda path: texts(path, '60,"[1, 2, x]"'),
    "words": words,
    "words with blanks": lambda path: words(path, "New York "),
    "sparse rows": lambda path: anndata(path, "csr"),
    "sparse columns": lambda path: anndata(path, "csc"),
}


@pytest.mark.parametrize("kind", WRITERS)
def test_differences_that_float32_would_lose_are_kept_and_told(kind: str, tmp_path: Path) -> None:
    data = projector.load(WRITERS[kind](tmp_path))
    assert data.embedding.centered is not None, data.warnings
    found = data.embedding.centered[:60].astype(np.float64) + data.center_under("euclidean")
    assert np.abs(found - TIMES).max() < 1e-5
    assert any("values that float32 rounds too much" in each for each in data.warnings)


@pytest.mark.parametrize("kind", ["records", "texts", "words"])
def test_ordinary_numbers_stay_float32(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "TIMES", TIMES - 1.7e9)
    data = projector.load(WRITERS[kind](tmp_path))
    assert data.embedding.centered is None
    assert data.warnings == ()

"""Plain pickles: the tables of vectors that people put in them, and what is no vector."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.base import File, Loaded
from projector.loaders.formats.pickles.plain import PlainPickle
from tests.fixtures.make_formats import table, words
from tests.loaders.formats.fixture_files import columns, fixture_file, listed, loaded
from tests.loaders.formats.pickles.stubs import dumps, instance, kind
from tests.loaders.formats.torch.pickles import legacy, storage
from tests.loaders.writers import file_with

X, W = table(12, 5), words(12)
HOLES = [None if row in (2, 7) else X[row] for row in range(12)]


def objects(values: list[Any]) -> Any:
    made = np.empty(len(values), object)
    made[:] = values
    return made


#: A value, the name of the matrix that is found in it, and the columns beside it.
SHAPES: dict[str, tuple[Any, str, dict[str, list[Any]]]] = {
    "an array": (X, "file", {}),
    "a list of arrays": (list(X), "file", {}),
    "a list of lists": (X.tolist(), "file", {}),
    "an array of arrays": (objects(list(X)), "file", {}),
    "arrays of one row": ([row[None] for row in X], "file", {}),
    "words and vectors": ((W, X), "file", {"column 0": W}),
    "vectors and words": ((X, np.array(W)), "file", {"column 1": W}),
    "pairs": (list(zip(W, X, strict=True)), "vectors", {"column 0": W}),
    "one array a key": (dict(zip(W, X, strict=True)), "file", {"key": W}),
    "one list a key": (dict(zip(W, X.tolist(), strict=True)), "file", {"key": W}),
    "one record a key": (
        {word: {"v": row, "n": place} for place, (word, row) in enumerate(zip(W, X, strict=True))},
        "v",
        {"key": W, "n": list(map(str, range(12)))},
    ),
    "records": (
        [{"text": word, "emb": row.tolist()} for word, row in zip(W, X, strict=True)],
        "emb",
        {"text": W},
    ),
    "columns": (
        {"emb": X, "words": W, "ids": np.arange(12), "model": "m", "other": [1, 2]},
        "emb",
        {"words": W, "ids": list(map(str, range(12)))},
    ),
    "inside": ({"data": {"test": {"X": X, "y": objects(W)}}}, "data.test.X", {"y": W}),
    "an attribute": (instance("my.lib", "Result", {"emb": X, "names": W}), "emb", {"names": W}),
}


def written(tmp_path: Path, value: Any, protocol: int = 4) -> File:
    return file_with(tmp_path / "file.pkl", dumps(value, protocol))


@pytest.mark.parametrize("protocol", [2, 4])
@pytest.mark.parametrize("shape", SHAPES)
def test_vectors_are_found_as_people_arrange_them(
    tmp_path: Path, shape: str, protocol: int
) -> None:
    value, name, expected = SHAPES[shape]
    data = loaded(written(tmp_path, value, protocol), name)
    np.testing.assert_array_equal(data.values, X)
    assert columns(data) == expected
    assert data.warnings == ()


def test_rows_without_a_vector_are_set_aside_and_counted(tmp_path: Path) -> None:
    data = loaded(written(tmp_path, {"emb": HOLES, "words": W}), "emb")
    kept = [row for row in range(12) if row not in (2, 7)]
    np.testing.assert_array_equal(data.values, X[kept])
    assert columns(data) == {"words": [W[row] for row in kept]}
    assert data.warnings[0].startswith("2 of 12 rows have no vector of 5 numbers")


NO_VECTORS = {
    "a history": {"loss": [0.5] * 9, "val_loss": [0.25] * 9},
    "a history of arrays": {"loss": np.ones(9), "acc": np.ones(9), "lr": np.ones(9)},
    "labels": {"y": [1, 2, 3], "ids": [4, 5, 6]},
    "ragged lists": [[1.0, 2.0], [3.0]],
    "words": W,
    "numbers": [1.0, 2.0, 3.0],
    "a tokenizer": instance(
        "my.tokens", "Tokenizer", {"vocab": dict(zip(W, range(12), strict=True))}
    ),
    "nothing": None,
    "a text": "text",
    "a class": kind("my.lib", "Net"),
    "mostly holes": [X[0], None, None],
}


@pytest.mark.parametrize("what", NO_VECTORS)
def test_what_has_no_vectors_gives_no_picture(tmp_path: Path, what: str) -> None:
    found = listed(written(tmp_path, NO_VECTORS[what]))
    assert not [tensor for tensor in found.tensors if tensor.is_matrix]
    if not found.tensors:
        (problem,) = found.problems
        assert problem.severity == "warning"
        assert "is a pickle without vectors" in problem.message


def test_words_alone_are_listed_so_that_they_can_be_labels(tmp_path: Path) -> None:
    file = written(tmp_path, W)
    (tensor,) = listed(file).tensors
    assert (tensor.shape, tensor.real) == ((12,), False)
    assert PlainPickle().load(file, tensor).values.tolist() == W


def test_foreign_objects_are_counted(tmp_path: Path) -> None:
    value = {"emb": X, "model": instance("my.lib", "Net", {}), "more": [kind("a.b", "C")]}
    assert (
        "1 object was left out (my.lib.Net)" in loaded(written(tmp_path, value), "emb").warnings[0]
    )


@pytest.mark.parametrize("version", [2, 3])
def test_pandas_tables_are_read(version: int) -> None:
    data = loaded(fixture_file(f"pickles/frame-{version}.pkl"), "vector")
    np.testing.assert_array_equal(data.values, table(5, 3))
    assert columns(data) == {
        "index": [f"row {row}" for row in range(5)],
        "text": words(5),
        "count": list(map(str, range(5))),
        "kind": ["a", None, "b", "a", "b"],
    }
    series = loaded(fixture_file(f"pickles/series-{version}.pkl"), "vector")
    np.testing.assert_array_equal(series.values, table(5, 3))
    numbers = loaded(fixture_file(f"pickles/numbers-{version}.pkl"), f"numbers-{version}")
    np.testing.assert_array_equal(numbers.values, table(4, 3))
    assert columns(numbers) == {"index": words(4)}


@pytest.mark.parametrize("name", ["plain", "packed"])
def test_joblib_files_are_read(name: str) -> None:
    data = loaded(fixture_file(f"pickles/{name}.joblib"), "X")
    np.testing.assert_array_equal(data.values, table(6, 4))
    assert columns(data) == {"words": words(6), "objects": words(6)}


def test_arrays_of_objects_are_read() -> None:
    data = loaded(fixture_file("pickles/objects.npy"), "objects")
    np.testing.assert_array_equal(data.values, table(7, 3))
    assert columns(data) == {"key": words(7)}


def test_tensors_in_a_plain_pickle_are_read(tmp_path: Path) -> None:
    inner = legacy(storage("7", 6), {"7": (6, np.arange(6, dtype="<f4").tobytes())})
    raw = b"".join(
        [
            b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(",
            b"ctorch.storage\n_load_from_bytes\n",
            b"B" + len(inner).to_bytes(4, "little") + inner + b"\x85R",
            b"K\0K\3K\2\x86K\2K\1\x86\x89}tR.",
        ]
    )
    data = loaded(file_with(tmp_path / "file.pkl", raw), "file")
    np.testing.assert_array_equal(data.values, np.arange(6).reshape(3, 2))


class Runs:
    """Runs a command when a plain unpickler reads it."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (self.command,)


@pytest.mark.parametrize("name", ["a.pkl", "a.joblib", "a.p", "a.bin", "a", "a.npy", "a.pt"])
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_nothing_is_ever_run(tmp_path: Path, name: str, protocol: int) -> None:
    mark = tmp_path / "ran"
    value = {"emb": X, "harm": Runs(f"touch {mark}")}
    file = file_with(tmp_path / name, pickle.dumps(value, protocol))
    loader = PlainPickle()
    if protocol == 0 and not name.endswith((".pkl", ".joblib", ".p")):
        assert not loader.sniff(file)  # text: told by its suffix only
        return
    with pytest.raises(LoadError, match=r"is refused: it tries to run 'posix\.system'"):
        loader.list(file)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x80\x04", "is refused: it is damaged"),
        (b"\x78\x9cnothing", "is compressed and damaged"),
        (b"BZh9", "is compressed and truncated"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\0", "is compressed and truncated"),
        (dumps(instance("joblib.numpy_pickle", "NDArrayWrapper", {"a": 1}), 2), "in other files"),
        (dumps(instance("pandas", "DataFrame", {"_mgr": 1}), 2), "unknown layout"),
        (
            dumps(instance("joblib.numpy_pickle", "NumpyArrayWrapper", {"shape": (1 << 40,)}), 2),
            "layout that is not known|damaged",
        ),
    ],
)
def test_damaged_pickles_say_so(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(LoadError, match=message):
        PlainPickle().list(file_with(tmp_path / "file.pkl", content))


def test_a_file_that_changed_is_not_read(tmp_path: Path) -> None:
    file = written(tmp_path, {"a": X, "words": W, "b": np.arange(3)})
    tensors = listed(file).tensors
    again = written(tmp_path, {"a": X[:3]})
    for tensor in tensors:
        with pytest.raises(LoadError, match="has changed"):
            PlainPickle().load(again, tensor)


def test_columns_of_other_lengths_stay_apart(tmp_path: Path) -> None:
    value = (X, W, X[:4], W[:4])
    file = written(tmp_path, value)
    by_rows: dict[int, Loaded] = {}
    for tensor in listed(file).tensors:
        by_rows[tensor.shape[0]] = PlainPickle().load(file, tensor)
    assert {rows: columns(data) for rows, data in by_rows.items()} == {
        12: {"column 1": W},
        4: {"column 3": W[:4]},
    }

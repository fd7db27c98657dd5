"""Labels from where people keep them: the same file, files beside, vocabularies, other orders."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from projector.loaders import load, open_logdir
from projector.loaders.base import File
from projector.loaders.logdir.scanner import Scanner
from projector.model.dataset import Dataset
from tests.loaders.writers import write

CITIES = ["Aachen", "Bonn", "Chemnitz", "Dresden", "Erfurt", "Fulda", "Gera"]
CODES = [3, 1, 2, 1, 3, 2, 2]
TOKENS = ["<pad>", "<unk>", *(f"▁{name}" for name in CITIES)]


def vectors(rows: int = 7, columns: int = 5) -> NDArray[np.float32]:
    return np.random.default_rng(rows).normal(size=(rows, columns)).astype(np.float32)


def savez(path: Path, arrays: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)


def first(root: Path) -> Dataset:
    """Return the first dataset of a log without errors."""
    log = open_logdir(root)
    assert [p.message for p in log.problems if p.severity == "error"] == []
    return log.load(log.entries[0])


def has(data: Dataset, texts: list[str]) -> bool:
    return any(column.text.to_list() == texts for column in data.metadata.columns)


def csv_of(header: str, rows: Sequence[tuple[object, ...]]) -> str:
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


def write_parquet(path: Path) -> None:
    pq.write_table(pa.table({"city": CITIES, "code": CODES}), path)


BESIDE: dict[str, Callable[[Path], object]] = {
    "y.npy": lambda path: np.save(path, np.array(CITIES)),
    "cities.npy": lambda path: np.save(path, np.array(CITIES)),
    "names.txt": lambda path: write(path, "\n".join(CITIES) + "\n"),
    "whatever.txt": lambda path: write(path, "\n".join(CITIES)),
    "metadata.csv": lambda path: write(
        path, csv_of("city,code", list(zip(CITIES, CODES, strict=True)))
    ),
    "info.tsv": lambda path: write(path, "city\tcode\n" + "".join(f"{c}\t1\n" for c in CITIES)),
    "meta.parquet": write_parquet,
    "labels.json": lambda path: write(path, json.dumps(CITIES)),
    "index.jsonl": lambda path: write(path, "".join(f'{{"city": "{c}"}}\n' for c in CITIES)),
    "records.json": lambda path: write(path, json.dumps([{"city": c, "n": 1} for c in CITIES])),
    "columns.json": lambda path: write(path, json.dumps({"city": CITIES, "code": CODES})),
    "id2label.json": lambda path: write(path, json.dumps(dict(enumerate(CITIES)))),
    "label2id.json": lambda path: write(
        path, json.dumps({city: n for n, city in enumerate(CITIES)})
    ),
}


@pytest.mark.parametrize("name", BESIDE)
def test_labels_beside_are_used_and_said(tmp_path: Path, name: str) -> None:
    np.save(tmp_path / "emb.npy", vectors())
    BESIDE[name](tmp_path / name)
    data = first(tmp_path)
    assert has(data, CITIES)
    assert any(name in warning and "same folder" in warning for warning in data.warnings)
    log = open_logdir(tmp_path)
    assert [(entry.name, entry.has_metadata) for entry in log.entries] == [("emb", True)]


@pytest.mark.parametrize("name", BESIDE)
def test_a_file_alone_has_the_labels_that_it_has_in_its_folder(tmp_path: Path, name: str) -> None:
    np.save(tmp_path / "emb.npy", vectors())
    BESIDE[name](tmp_path / name)
    in_folder, alone = first(tmp_path), first(tmp_path / "emb.npy")
    by_load = load(tmp_path / "emb.npy")
    assert in_folder.metadata.names == alone.metadata.names == by_load.metadata.names
    assert in_folder.warnings == alone.warnings == by_load.warnings
    np.testing.assert_array_equal(in_folder.vectors, alone.vectors)


def test_arrays_of_the_same_file_are_columns(tmp_path: Path) -> None:
    arrays = {"X": vectors(), "y": CODES, "city": CITIES, "seen": np.ones((7, 1)), "other": [1, 2]}
    savez(tmp_path / "data.npz", arrays)
    data = first(tmp_path)
    assert data.metadata.names == ("y", "city", "seen")
    assert has(data, CITIES)
    assert has(data, [str(code) for code in CODES])
    assert len(open_logdir(tmp_path).entries) == 1


def test_several_arrays_beside_are_columns_and_no_matrix(tmp_path: Path) -> None:
    np.save(tmp_path / "vectors.npy", vectors())
    for name in ("age", "weight_kg", "target"):
        np.save(tmp_path / f"{name}.npy", np.array(CODES) / 4)
    data = first(tmp_path)
    assert data.metadata.names == ("age", "target", "weight_kg")
    assert len(open_logdir(tmp_path).entries) == 1


def test_two_pairs_of_equal_size_are_paired_by_name(tmp_path: Path) -> None:
    for split in ("dev", "final"):
        np.save(tmp_path / f"x_{split}.npy", vectors())
        write(tmp_path / f"y_{split}.txt", "".join(f"{city} {split}\n" for city in CITIES))
    log = open_logdir(tmp_path)
    assert len(log.entries) == 2
    for entry in log.entries:
        split = entry.name.partition("_")[2]
        assert has(log.load(entry), [f"{city} {split}" for city in CITIES])


def test_matrices_of_one_file_are_paired_with_arrays_by_name(tmp_path: Path) -> None:
    pieces = {"user_emb": vectors(), "item_emb": vectors(), "user_id": CITIES}
    savez(tmp_path / "m.npz", {**pieces, "item_id": CITIES[::-1]})
    log = open_logdir(tmp_path)
    for entry in log.entries:
        wanted = CITIES if entry.name == "user_emb" else CITIES[::-1]
        assert has(log.load(entry), wanted)


@pytest.mark.parametrize(
    "names", [("labels.txt", "labels_2.txt"), ("a.tsv", "b.tsv"), ("y_train.npy", "y_test.npy")]
)
def test_labels_that_contradict_each_other_are_not_guessed_between(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    np.save(tmp_path / "emb.npy", vectors())
    for name in names:
        if name.endswith(".npy"):
            np.save(tmp_path / name, np.array(CITIES))
        else:
            write(tmp_path / name, "\n".join(CITIES))
    data = first(tmp_path)
    assert data.metadata.names == ()
    assert any("none is used" in warning for warning in data.warnings)


def test_labels_of_different_kinds_are_used_together(tmp_path: Path) -> None:
    np.save(tmp_path / "emb.npy", vectors())
    write(tmp_path / "labels.txt", "\n".join(map(str, CODES)))
    write(tmp_path / "paths.txt", "\n".join(f"{city}.png" for city in CITIES))
    data = first(tmp_path)
    assert has(data, list(map(str, CODES)))
    assert has(data, [f"{city}.png" for city in CITIES])


def test_labels_that_do_not_fit_are_said(tmp_path: Path) -> None:
    np.save(tmp_path / "emb.npy", vectors())
    write(tmp_path / "labels.txt", "\n".join(CITIES[:4]))
    data = first(tmp_path)
    assert data.metadata.names == ()
    assert any("labels.txt has 4 rows for 7 points" in warning for warning in data.warnings)


def word_vectors(path: Path, words: list[str]) -> None:
    lines = [f"{w} {' '.join(map(str, v))}" for w, v in zip(words, range_rows(words), strict=True)]
    write(path, f"{len(words)} 3\n" + "\n".join(lines) + "\n")


def range_rows(words: list[str]) -> list[tuple[float, ...]]:
    return [(n + 0.5, n + 1.5, n + 2.5) for n in range(len(words))]


@pytest.mark.parametrize("more", [0, 5])
def test_a_table_in_another_order_is_matched_by_the_names_of_the_points(
    tmp_path: Path, more: int
) -> None:
    word_vectors(tmp_path / "cities.txt", CITIES)
    rows = [(city, f"state {city}") for city in [*CITIES[::-1], *(f"x{n}" for n in range(more))]]
    write(tmp_path / "states.csv", csv_of("node,state", rows))
    data = first(tmp_path)
    assert has(data, [f"state {city}" for city in CITIES])
    assert any("matched by the column 'node'" in warning for warning in data.warnings)
    assert any(f"{more} of its" in warning for warning in data.warnings) == bool(more)


def test_a_table_that_knows_few_of_the_points_is_not_used(tmp_path: Path) -> None:
    word_vectors(tmp_path / "cities.txt", CITIES)
    write(tmp_path / "states.csv", csv_of("node,state", [(f"x{n}", n) for n in range(7)]))
    data = first(tmp_path)
    assert data.metadata.names == ("word",)


def test_ids_beside_say_the_order_of_a_table(tmp_path: Path) -> None:
    np.save(tmp_path / "emb.npy", vectors())
    np.save(tmp_path / "ids.npy", np.array(CITIES))
    rows = [(city, city.upper()) for city in CITIES[::-1]]
    write(tmp_path / "metadata.csv", csv_of("id,loud", rows))
    data = first(tmp_path)
    assert has(data, [city.upper() for city in CITIES])


def test_missing_ids_leave_cells_empty(tmp_path: Path) -> None:
    word_vectors(tmp_path / "cities.txt", CITIES)
    write(tmp_path / "states.csv", csv_of("node,state", [(c, f"s{c}") for c in CITIES[:5]]))
    data = first(tmp_path)
    assert has(data, [*(f"s{city}" for city in CITIES[:5]), None, None])  # type: ignore[list-item]
    assert any("2 of 7 points are not in it" in warning for warning in data.warnings)


def tokenizer(kind: str) -> dict[str, object]:
    ids = {token: n for n, token in enumerate(TOKENS)}
    model = {"vocab": ids if kind == "bpe" else [[token, -1.5] for token in TOKENS]}
    return {"model": model, "added_tokens": [{"id": len(TOKENS), "content": "<new>"}]}


VOCABULARIES: dict[str, str] = {
    "tokenizer.json": json.dumps(tokenizer("bpe")),
    "tokenizer.json ": json.dumps(tokenizer("unigram")),
    "vocab.json": json.dumps({token: n for n, token in enumerate([*TOKENS, "<new>"])}),
    "vocab.txt": "\n".join([*TOKENS, "<new>"]) + "\n",
    "itos.json": json.dumps([*TOKENS, "<new>"]),
}


@pytest.mark.parametrize("name", VOCABULARIES)
def test_vocabularies_label_the_embedding_of_tokens(tmp_path: Path, name: str) -> None:
    write(tmp_path / name.strip(), VOCABULARIES[name])
    state = {
        "wpe.weight": vectors(10, 4),
        "wte.weight": vectors(10, 4),
        "fc.weight": vectors(10, 6),
        "state.0.exp_avg": vectors(10, 4),
    }
    savez(tmp_path / "m.npz", state)
    log = open_logdir(tmp_path)
    labeled = [entry.name for entry in log.entries if entry.has_metadata]
    assert labeled == ["wte.weight"]
    assert log.entries[0].name == "wte.weight"
    assert has(log.load(log.entries[0]), [*TOKENS, "<new>"])


@pytest.mark.parametrize("rows", [16, 13])
def test_a_padded_embedding_has_empty_cells_and_says_both_counts(tmp_path: Path, rows: int) -> None:
    write(tmp_path / "vocab.txt", "\n".join(TOKENS))
    savez(tmp_path / "m.npz", {"tok_embeddings.weight": vectors(rows), "fc.bias": np.ones(3)})
    data = first(tmp_path)
    assert has(data, [*TOKENS, *[None] * (rows - 9)])  # type: ignore[list-item]
    assert any(f"9 tokens for {rows} rows" in warning for warning in data.warnings)


def test_a_vocabulary_of_other_size_labels_nothing(tmp_path: Path) -> None:
    write(tmp_path / "vocab.txt", "\n".join(TOKENS))
    savez(tmp_path / "m.npz", {"tok_embeddings.weight": vectors(90), "fc.bias": np.ones(3)})
    assert not open_logdir(tmp_path).entries[0].has_metadata


def test_a_vocabulary_of_the_folder_above_serves_its_checkpoints(tmp_path: Path) -> None:
    write(tmp_path / "vocab.txt", "\n".join(TOKENS))
    for step in (5, 20):
        state = {"emb.weight": vectors(9), "fc.bias": np.ones(3)}
        savez(tmp_path / f"checkpoint-{step}" / "m.npz", state)
    log = open_logdir(tmp_path)
    assert [entry.step for entry in log.entries] == [5, 20]
    assert all(has(log.load(entry), TOKENS) for entry in log.entries)


def test_tied_weights_have_the_tokens_too_but_other_weights_do_not(tmp_path: Path) -> None:
    write(tmp_path / "vocab.tsv", "\n".join(TOKENS))
    state = {"tok.weight": vectors(9, 4), "head.weight": vectors(9, 4), "q.weight": vectors(9, 9)}
    savez(tmp_path / "m.npz", state)
    # An archive calls all of its arrays embeddings; a state dict of safetensors does not.
    labeled = {e.name for e in open_logdir(tmp_path).entries if e.has_metadata}
    assert {"tok.weight", "head.weight"} <= labeled


def test_a_lost_table_of_a_config_does_not_end_the_search(tmp_path: Path) -> None:
    np.save(tmp_path / "emb.npy", vectors())
    write(tmp_path / "cities.txt", "\n".join(CITIES))
    write(
        tmp_path / "projector_config.pbtxt",
        'embeddings { tensor_name: "e" tensor_path: "emb.npy" metadata_path: "gone.tsv" }',
    )
    log = open_logdir(tmp_path)
    assert has(log.load(log.entries[0]), CITIES)
    assert any("'gone.tsv' does not exist" in problem.message for problem in log.problems)
    assert any("cities.txt" in problem.message for problem in log.problems)


def test_a_table_of_another_size_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    np.save(tmp_path / "emb.npy", vectors())
    write(tmp_path / "large.tsv", "a long line of text\n" * 100_000)
    read: list[str] = []
    real = Scanner.labels

    def labels(scanner: Scanner, file: File) -> Any:
        read.append(file.name)
        return real(scanner, file)

    monkeypatch.setattr(Scanner, "labels", labels)
    assert first(tmp_path).metadata.names == ()
    assert read == []


def test_labels_that_change_change_the_revision(tmp_path: Path) -> None:
    np.save(tmp_path / "emb.npy", vectors())
    write(tmp_path / "labels.txt", "\n".join(CITIES))
    log = open_logdir(tmp_path)
    (before,) = log.entries
    write(tmp_path / "labels.txt", "\n".join(city.upper() for city in CITIES) + "\n")
    assert log.refresh()
    assert log.entries[0].revision != before.revision
    assert has(log.load(log.entries[0]), [city.upper() for city in CITIES])


def test_one_point_is_not_enough_to_guess(tmp_path: Path) -> None:
    np.save(tmp_path / "emb.npy", vectors(1))
    write(tmp_path / "labels.txt", "x\n")
    assert first(tmp_path).metadata.names == ()


def test_words_for_labels_are_words_of_a_pair_too(tmp_path: Path) -> None:
    for name in ("names", "grid"):
        np.save(tmp_path / f"{name}_vecs.npy", vectors())
        write(tmp_path / f"{name}_metadata.tsv", "\n".join(f"{name} {city}" for city in CITIES))
    log = open_logdir(tmp_path)
    for entry in log.entries:
        data = log.load(entry)
        assert len(data.metadata.names) == 1
        assert has(data, [f"{entry.name.partition('_')[0]} {city}" for city in CITIES])


def test_lines_of_a_name_and_a_label_are_matched_by_the_name(tmp_path: Path) -> None:
    word_vectors(tmp_path / "cities.vec", CITIES)
    write(tmp_path / "labels.txt", "".join(f"{city} {city.lower()}\n" for city in CITIES[::-1]))
    assert has(first(tmp_path), [city.lower() for city in CITIES])


def test_objects_are_matched_by_their_keys(tmp_path: Path) -> None:
    word_vectors(tmp_path / "cities.vec", CITIES)
    about = {city: {"zip": f"Z{city}"} for city in CITIES[::-1]}
    write(tmp_path / "places.json", json.dumps(about))
    assert has(first(tmp_path), [f"Z{city}" for city in CITIES])


def test_texts_in_hdf5_are_labels(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"] = vectors()
        file["city"] = [city.encode() for city in CITIES]
        file.create_dataset("loud", data=[c.upper() for c in CITIES], dtype=h5py.string_dtype())
    data = first(tmp_path)
    assert has(data, CITIES)
    assert has(data, [city.upper() for city in CITIES])


def test_lists_of_texts_that_numpy_pickled_are_labels(tmp_path: Path) -> None:
    names = np.array([*CITIES[:-1], None], object)
    savez(tmp_path / "a.npz", {"x": vectors(), "city": names})
    assert has(first(tmp_path), [*CITIES[:-1], None])  # type: ignore[list-item]


def test_objects_that_are_no_texts_stay_a_problem(tmp_path: Path) -> None:
    things = np.array([{"a": 1}, {"b": 2}, {"c": 3}], object)
    savez(tmp_path / "a.npz", {"x": vectors(), "things": things})
    log = open_logdir(tmp_path)
    assert [entry.name for entry in log.entries] == ["x"]
    assert "pickled Python objects" in log.problems[0].message

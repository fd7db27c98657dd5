"""Logs of projector.Writer: whole steps, lines that are being written, and lines that lie."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.errors import LoadError
from projector.loaders.formats.stores.projector_log import ProjectorLog
from projector.loaders.logdir.log import Log, open_logdir
from projector.model.training_log import VERSION
from tests.fixtures.make_formats import table, words
from tests.loaders.writers import file_at

FIXTURE = Path(__file__).parents[3] / "fixtures" / "formats" / "stores" / "encoder.projector"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a log of two steps, in a folder that may be changed."""
    return shutil.copytree(FIXTURE, tmp_path / "runs" / "one" / "encoder.projector")


def log_of(store: Path) -> Log:
    return open_logdir(store.parents[1])


def lines_of(store: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (store / "index.jsonl").read_text().splitlines()]


def write_lines(store: Path, lines: list[dict[str, Any]], end: str = "") -> None:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (store / "index.jsonl").write_text(text + end)


def test_steps_names_metadata_and_images_are_found(store: Path) -> None:
    log = log_of(store)
    assert log.problems == ()
    assert [(e.run, e.name, e.step, e.shape, e.dtype) for e in log.entries] == [
        ("one", "encoder", 100, (9, 6), "float32"),
        ("one", "encoder", 200, (9, 6), "bfloat16"),
    ]
    assert all(e.format == "projector-log" and e.has_metadata and e.has_sprite for e in log.entries)
    first, last = (log.load(entry) for entry in log.entries)
    np.testing.assert_array_equal(first.vectors, table(9, 6))
    np.testing.assert_array_equal(last.vectors, table(9, 6) * 2)
    assert first.metadata.names == ("id", "label", "count")
    assert first.metadata["id"].text.to_list() == words(9)
    assert first.metadata["count"].text.to_list() == [str(row) for row in range(9)]
    assert first.sprite is not None
    assert (first.sprite.tile, first.warnings) == ((4, 4), ())


def test_a_file_for_each_step_so_that_a_new_one_changes_no_other(store: Path) -> None:
    paths = [entry.path for entry in log_of(store).entries]
    assert paths == [f"one/encoder.projector/step_000000{step}.npy" for step in (100, 200)]
    before = [entry.revision for entry in log_of(store).entries]
    with projector.Writer(store.parent) as writer:
        writer.add("encoder", table(9, 6), step=300)
    after = log_of(store).entries
    assert [entry.step for entry in after] == [100, 200, 300]
    assert [entry.revision for entry in after[:2]] == before


def test_half_a_line_and_a_file_without_its_line_are_no_problem(store: Path) -> None:
    write_lines(store, lines_of(store), end='{"projector":1,"name":"enc')
    np.save(store / "step_000000300.npy", table(9, 6))
    (store / ".unfinished-1-1").write_bytes(b"\x93NUMPY")
    log = log_of(store)
    assert ([entry.step for entry in log.entries], log.problems) == ([100, 200], ())


def test_a_log_without_a_step_yet_hides_nothing(store: Path) -> None:
    empty = store.parent / "decoder.projector"
    empty.mkdir()
    (empty / "index.jsonl").touch()
    log = log_of(store)
    assert (len(log.entries), log.problems) == (2, ())


def test_a_log_that_has_nothing_yet_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "encoder.projector").mkdir()
    (tmp_path / "encoder.projector" / "index.jsonl").touch()
    assert [problem.severity for problem in open_logdir(tmp_path).problems] == ["warning"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"projector": VERSION + 1}, "line 2 has the version 2"),
        ({"projector": None}, "line 2 has no version"),
        ({"name": ""}, "line 2 has no name"),
        ({"step": -1}, "line 2 has no step"),
        ({"step": True}, "line 2 has no step"),
        ({"file": "../step.npy"}, "line 2 names no file"),
        ({"file": "gone.npy"}, "line 2: 'gone.npy' does not exist"),
        ({"shape": [9]}, "line 2 needs two whole numbers as 'shape'"),
        ({"shape": [1 << 30, 6]}, "is truncated"),
        ({"dtype": "object"}, "line 2 needs a type of numbers"),
        ({"dtype": "float7"}, "the type 'float7' is unknown"),
        ({"crc32c": -4}, "line 2 needs a checksum"),
        ({"time": None}, "line 2 needs seconds since 1970"),
    ],
)
def test_a_damaged_line_is_named_and_the_others_stay(
    store: Path, change: dict[str, Any], said: str
) -> None:
    first, second = lines_of(store)
    write_lines(store, [first, second | change])
    log = log_of(store)
    assert [entry.step for entry in log.entries] == [100]
    (problem,) = log.problems
    assert (problem.path, problem.severity) == ("one/encoder.projector/index.jsonl", "warning")
    assert said in problem.message


@pytest.mark.parametrize("text", ["{", "[]", "\x00", "null", '{"a":' * 500, "1" * 5000])
def test_lines_that_are_no_objects_are_named(store: Path, text: str) -> None:
    index = store / "index.jsonl"
    index.write_text(f"{text}\n{index.read_text()}")
    log = log_of(store)
    assert len(log.entries) == 2
    (problem,) = log.problems
    assert problem.message.startswith("line 1 is ")


def test_lost_companions_are_told_and_the_vectors_stay(store: Path) -> None:
    for path in store.glob("*.p[na][gr]*"):
        path.unlink()
    log = log_of(store)
    assert len(log.entries) == 2
    assert not any(entry.has_metadata or entry.has_sprite for entry in log.entries)
    told = sorted(problem.message for problem in log.problems)
    assert len(told) == 4
    assert "has no images" in told[0] + told[1]
    assert "has no metadata" in told[0] + told[1]


def test_the_later_line_of_a_step_counts(store: Path) -> None:
    first, second = lines_of(store)
    write_lines(store, [first, second, second | {"step": 100}])
    log = log_of(store)
    assert [(entry.step, entry.dtype) for entry in log.entries] == [
        (100, "bfloat16"),
        (200, "bfloat16"),
    ]


def test_unknown_fields_are_skipped(store: Path) -> None:
    write_lines(store, [line | {"later": {"a": 1}} for line in lines_of(store)])
    log = log_of(store)
    assert (len(log.entries), log.problems) == (2, ())


def test_a_wrong_byte_is_found(store: Path) -> None:
    path = store / "step_000000100.npy"
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    log = log_of(store)
    with pytest.raises(LoadError, match="checksum mismatch"):
        log.load(log.entries[0])
    assert log.load(log.entries[1]).n_points == 9


def test_index_folder_and_single_step_open_by_themselves(store: Path) -> None:
    assert [entry.step for entry in open_logdir(store / "index.jsonl").entries] == [100, 200]
    assert [entry.step for entry in open_logdir(store).entries] == [100, 200]
    np.testing.assert_array_equal(projector.load(store / "step_000000100.npy").vectors, table(9, 6))


def test_a_step_that_was_touched_after_the_listing_is_read(store: Path) -> None:
    log = log_of(store)
    path = store / "step_000000200.npy"
    path.write_bytes(path.read_bytes())
    os.utime(path, (1, 1))
    np.testing.assert_array_equal(log.load(log.entries[1]).vectors, table(9, 6) * 2)


def test_a_step_that_others_rewrote_after_the_listing_is_refused(store: Path) -> None:
    log = log_of(store)
    np.save(store / "step_000000100.npy", table(9, 6) + 1)
    with pytest.raises(LoadError, match="checksum mismatch"):
        log.load(log.entries[0])
    with (store / "index.jsonl").open("w"):
        pass
    os.utime(store / "step_000000100.npy", (1, 1))
    with pytest.raises(LoadError, match="no longer in the index"):
        log.load(log.entries[0])


def test_numbers_of_names_and_folders_are_no_steps(tmp_path: Path) -> None:
    for run in ("run-1", "run-2"):
        with projector.Writer(tmp_path / run) as writer:
            for layer in (1, 2):
                writer.add(f"layer-{layer}", table(9, 6) * layer)
            writer.add("checkpoint-5", table(9, 6), 7)
            writer.add("checkpoint-5", table(9, 6))
    log = open_logdir(tmp_path)
    assert log.problems == ()
    assert sorted((e.run, e.name, str(e.step)) for e in log.entries) == [
        (run, name, step)
        for run in ("run-1", "run-2")
        for name, step in (
            ("checkpoint-5", "7"),
            ("checkpoint-5", "None"),
            ("layer-1", "None"),
            ("layer-2", "None"),
        )
    ]


def test_embeddings_of_one_point_are_not_joined(tmp_path: Path) -> None:
    with projector.Writer(tmp_path / "one") as writer:
        for name in ("mean-1", "mean-2", "mean-3"):
            writer.add(name, table(1, 6))
    assert [(e.name, e.shape) for e in open_logdir(tmp_path).entries] == [
        (name, (1, 6)) for name in ("mean-1", "mean-2", "mean-3")
    ]


def test_a_run_that_logs_in_a_folder_of_its_own_has_its_scalars(tmp_path: Path) -> None:
    with projector.Writer(tmp_path / "one") as writer:
        writer.scalars({"loss": 1.0}, 1)
    with projector.Writer(tmp_path / "one" / "embeddings") as writer:
        writer.add("encoder", table(9, 6), 1)
    (entry,) = open_logdir(tmp_path).entries
    assert (entry.run, entry.has_scalars) == ("one", True)


def test_lines_of_the_index_are_no_labels_of_as_many_points(tmp_path: Path) -> None:
    with projector.Writer(tmp_path / "one") as writer:
        for step in range(9):
            writer.add("encoder", table(9, 6), step)
    np.save(tmp_path / "one" / "other.npy", table(9, 3))
    log = open_logdir(tmp_path)
    assert [entry.has_metadata for entry in log.entries] == [False] * 10
    assert log.load(log.entries[0]).metadata.names == ()
    assert (log.load(log.entries[0]).warnings, log.problems) == ((), ())


def test_labels_in_the_run_serve_steps_without_metadata(tmp_path: Path) -> None:
    with projector.Writer(tmp_path / "one") as writer:
        writer.add("encoder", table(9, 6), 1)
    (tmp_path / "one" / "metadata.tsv").write_text("".join(f"{word}\n" for word in words(9)))
    log = open_logdir(tmp_path)
    assert log.problems == ()
    assert log.load(log.entries[0]).metadata["label"].text.to_list() == words(9)


def test_tags_lie_beside_the_log(store: Path) -> None:
    log = log_of(store)
    log.tag(log.entries[0], [1, 3], "odd", "yes")
    again = log_of(store)
    assert again.problems == ()
    assert [again.load(entry).metadata["odd"].text[3] for entry in again.entries] == ["yes"] * 2


def test_only_an_index_in_such_a_folder_is_one(tmp_path: Path) -> None:
    (tmp_path / "index.jsonl").write_text('{"a": 1}\n')
    assert not ProjectorLog().sniff(file_at(tmp_path / "index.jsonl"))


def test_a_step_that_came_since_the_folder_was_walked_is_for_the_next_look(store: Path) -> None:
    """The walk saw neither its file nor its table, and the index that is read now names both."""
    walked = file_at(store / "index.jsonl")
    with projector.Writer(store.parent) as writer:
        writer.add("encoder", table(9, 6), step=300, metadata={"other": words(9)})
    found = ProjectorLog().list(walked)
    assert ([each.step for each in found.tensors], found.problems) == ([100, 200], ())
    assert [entry.step for entry in log_of(store).entries] == [100, 200, 300]
    (store / "step_000000300.npy").unlink()
    (problem,) = log_of(store).problems
    assert "'step_000000300.npy' does not exist" in problem.message

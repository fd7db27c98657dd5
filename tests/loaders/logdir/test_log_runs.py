"""Runs: hyperparameters, metrics, scalars and histograms, and hostile events that are problems."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import projector
from projector.errors import UnknownNameError
from projector.loaders.logdir.event_files import EventMemory
from tests.loaders import writers as w

EVENTS = "events.out.tfevents.1.host"
ALL = {
    "lr": 0.01,
    "layers": 3,
    "optimizer": "adam",
    "batch_norm": True,
    "off": False,
    "zero": 0.0,
    "null": None,
    "unset": ...,
    "list": [1, "x"],
    "nested": {"a": {"b": False}},
}
ROWS = np.array([[-1, 0, 2], [0, 1, 5], [1, 2, 1]], np.float64)


def vectors(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "emb.npy", np.random.default_rng(0).normal(size=(9, 3)).astype(np.float32))


def test_keras_puts_the_experiment_above_and_sessions_in_each_run(tmp_path: Path) -> None:
    metrics = [("validation", "loss"), ("", "acc")]
    w.write(tmp_path / EVENTS, w.hparams_event(w.experiment(metrics), "_hparams_/experiment"))
    for name, lr in (("a", 0.1), ("b", 0.2)):
        events = [
            w.hparams_event(w.session_start({**ALL, "lr": lr}, group="g1", at=7.0)),
            w.scalar_event("acc", 1, 0.5),
            w.scalar_event("acc", 2, 0.75),
            w.hparams_event(w.session_end(1, 9.0), "_hparams_/session_end_info"),
        ]
        w.write(tmp_path / name / EVENTS, b"".join(events))
        w.write(tmp_path / name / "validation" / EVENTS, w.scalar_event("loss", 3, 0.25))
        vectors(tmp_path / name)
    log = projector.open_logdir(tmp_path)
    runs = {run.name: run for run in log.runs}
    assert list(runs) == [".", "a", "a/validation", "b", "b/validation"]
    a = runs["a"]
    wanted = {k: v for k, v in ALL.items() if k not in ("null", "unset")}
    assert a.hparams == {**wanted, "lr": 0.1}
    assert (a.group, a.status, a.start_time, a.end_time) == ("g1", "success", 7.0, 9.0)
    assert a.metrics == {"validation/loss": 0.25, "acc": 0.75}
    assert runs["b"].hparams["lr"] == 0.2
    assert [entry.name for entry in a.tensors] == ["emb"]
    assert a.scalars("acc").steps.tolist() == [1, 2]
    assert all(run.problems == () for run in runs.values())
    with pytest.raises(UnknownNameError, match="acc"):
        a.scalars("ac")


def sub_run(folder: Path, lr: float) -> None:
    events = [
        w.hparams_event(w.experiment([("", "hp/loss")]), "_hparams_/experiment"),
        w.hparams_event(w.session_start({"lr": lr})),
        w.hparams_event(w.session_end(1, 2.0), "_hparams_/session_end_info"),
        w.scalar_event("hp/loss", 0, 10 * lr),
    ]
    w.write(folder / EVENTS, b"".join(events))


def test_the_folder_of_add_hparams_is_joined_to_its_run(tmp_path: Path) -> None:
    vectors(tmp_path / "exp")
    w.write(tmp_path / "exp" / EVENTS, w.scalar_event("loss", 5, 0.5))
    sub_run(tmp_path / "exp" / "1700000000.123", 0.1)
    (run,) = projector.open_logdir(tmp_path).runs
    assert (run.name, run.hparams) == ("exp", {"lr": 0.1})
    assert run.metrics == {"hp/loss": 1.0}
    assert run.scalar_tags == ("hp/loss", "loss")


def test_several_sessions_below_a_run_are_runs_of_their_own(tmp_path: Path) -> None:
    vectors(tmp_path / "exp")
    for name, lr in (("one", 0.1), ("two", 0.2)):
        sub_run(tmp_path / "exp" / name, lr)
    runs = projector.open_logdir(tmp_path).runs
    assert [(run.name, run.hparams) for run in runs] == [
        ("exp", {}), ("exp/one", {"lr": 0.1}), ("exp/two", {"lr": 0.2}),
    ]  # fmt: skip


def test_without_an_experiment_every_scalar_is_a_metric(tmp_path: Path) -> None:
    w.write(tmp_path / EVENTS, w.scalar_event("a", 1, 0.5) + w.scalar_event("a", 2, 0.25))
    (run,) = projector.open_logdir(tmp_path).runs
    assert run.metrics == {"a": 0.25}
    assert run.hparams == {}


def test_a_scalar_of_all_runs(tmp_path: Path) -> None:
    for name, at in (("a", 100.0), ("b", 200.0)):
        events = [w.scalar_event("loss", step, 1 / step, at + step) for step in (1, 2, 4)]
        w.write(tmp_path / name / EVENTS, b"".join(events))
    log = projector.open_logdir(tmp_path)
    found = log.run_scalars("loss")
    assert list(found) == ["a", "b"]
    assert found["b"].wall_times.tolist() == [201.0, 202.0, 204.0]
    assert found["b"].relative_times.tolist() == [0.0, 1.0, 3.0]
    with pytest.raises(UnknownNameError, match="loss"):
        log.run_scalars("los")


def test_histograms_in_both_forms(tmp_path: Path) -> None:
    limits = [-1e308, -1, 0, 1, 2, 1.8e308]
    events = [
        w.histogram_event("new", 2, ROWS, 5.0),
        w.histogram_event("new", 1, ROWS * [1, 1, 0]),
        w.histogram_event("new", 3, np.zeros((0, 3))),
        w.old_histogram_event("old", 7, -1.5, 2.5, limits, [0, 2, 3, 0, 4, 1]),
    ]
    w.write(tmp_path / EVENTS, b"".join(events))
    (run,) = projector.open_logdir(tmp_path).runs
    assert run.histogram_tags == ("new", "old")
    new = run.histograms("new")
    assert new.steps.tolist() == [1, 2, 3]
    np.testing.assert_array_equal(new.buckets[1], ROWS)
    assert np.isnan(new.quantiles[[0, 2]]).all()
    np.testing.assert_allclose(new.quantiles[1][[0, 4, 8]], [-1, 0.4, 2])
    (old,) = run.histograms("old").buckets
    np.testing.assert_array_equal(
        old, [[-1.5, -1, 2], [-1, 0, 3], [0, 1, 0], [1, 2, 4], [2, 2.5, 1]]
    )
    with pytest.raises(UnknownNameError, match="new"):
        run.histograms("ne")


def test_many_buckets_are_joined(tmp_path: Path) -> None:
    edges = np.linspace(0, 1, 610)
    rows = np.stack([edges[:-1], edges[1:], np.ones(609)], axis=1)
    w.write(tmp_path / EVENTS, w.histogram_event("w", 1, rows))
    (run,) = projector.open_logdir(tmp_path).runs
    (found,) = run.histograms("w").buckets
    assert len(found) == 100
    assert found[:, 2].sum() == 609
    assert (found[0, 0], found[-1, 1]) == (0, 1)
    np.testing.assert_array_equal(found[1:, 0], found[:-1, 1])


def deep(levels: int) -> bytes:
    value = w.hparam_value(1.0)
    for _ in range(levels):
        value = w.message(6, w.message(1, value))
    return value


START = w.session_start({"lr": 0.5})
SHORT = w.message(1, w.message(1, b"lr") + w.message(2, b"\x15abcd"))
HOSTILE = {
    "truncated": START[:-3],
    "a double of four bytes": w.message(3, SHORT),
    "a map that is a number": w.number(3, 7),
    "an entry that is a number": w.message(3, w.number(1, 7)),
    "a time that is a varint": w.message(3, w.number(5, 7)),
    "nested 100 deep": w.message(3, w.message(1, w.message(1, b"x") + w.message(2, deep(100)))),
    "a million entries": w.message(3, w.message(1, b"") * 1_000_000),
    "metrics without end": w.message(2, w.message(5, b"") * 200_000),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_hyperparameters_are_a_problem(tmp_path: Path, name: str) -> None:
    events = w.hparams_event(HOSTILE[name]) + w.scalar_event("loss", 1, 0.5)
    w.write(tmp_path / EVENTS, w.hparams_event(START) + events)
    log = projector.open_logdir(tmp_path)
    assert any("hyperparameters cannot be read" in each.message for each in log.problems)
    (run,) = log.runs
    assert run.hparams == {"lr": 0.5}, "what was read before stays"
    assert run.scalars("loss").values.tolist() == [0.5]
    assert any("hyperparameters cannot be read" in each.message for each in run.problems)


def raw_old(body: bytes) -> bytes:
    return w.summary_event(w.message(1, b"h") + w.message(5, body), 2)


DOUBLES = np.array([1.0, 2.0], "<f8").tobytes()
BAD_HISTOGRAMS = {
    "another shape": w.tensor_event("h", 2, np.zeros((4, 2), np.float32), plugin="histograms"),
    "edges that descend": w.histogram_event("h", 2, ROWS[::-1].copy()),
    "counts below zero": w.histogram_event("h", 2, ROWS * [1, 1, -1]),
    "not numbers": w.histogram_event("h", 2, ROWS * np.nan),
    "fewer counts than limits": raw_old(w.message(6, DOUBLES) + w.message(7, DOUBLES[:8])),
    "half a double": raw_old(w.message(6, DOUBLES[:12]) + w.message(7, DOUBLES)),
    "limits that are numbers": raw_old(w.number(6, 7)),
}


@pytest.mark.parametrize("name", BAD_HISTOGRAMS)
def test_hostile_histograms_are_a_problem(tmp_path: Path, name: str) -> None:
    w.write(tmp_path / EVENTS, w.histogram_event("h", 1, ROWS) + BAD_HISTOGRAMS[name])
    (run,) = projector.open_logdir(tmp_path).runs
    assert run.histograms("h").steps.tolist() == [1]
    assert any("histogram" in each.message for each in run.problems), run.problems


def test_a_run_of_a_single_file_is_that_file(tmp_path: Path) -> None:
    path = w.write(tmp_path / EVENTS, w.scalar_event("loss", 1, 0.5))
    w.write(tmp_path / "events.out.tfevents.2.other", w.scalar_event("acc", 1, 0.5))
    (run,) = projector.open_logdir(path).runs
    assert run.scalar_tags == ("loss",)


def test_what_was_read_of_event_files_is_bounded_and_follows_their_versions(tmp_path: Path) -> None:
    files = [
        w.rested(w.file_with(tmp_path / f"{n}" / EVENTS, w.scalar_event("loss", n, 0.5)))
        for n in range(4)
    ]
    memory = EventMemory(most_bytes=5000)  # two files of one scalar
    first = memory.get(files[0])
    assert memory.get(files[0]) is first
    for file in files[1:]:
        memory.get(file)
    assert memory.get(files[3]) is memory.get(files[3])
    assert memory.get(files[0]) is not first
    w.write(files[3].path, w.scalar_event("loss", 9, 0.5) + w.scalar_event("loss", 10, 0.5))
    now = w.rested(w.file_at(files[3].path))
    assert memory.get(now).scalars["loss"].steps.tolist() == [9, 10]


def test_an_event_file_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    w.write(tmp_path / EVENTS, w.histogram_event("h", 1, ROWS))
    (run,) = projector.open_logdir(tmp_path).runs
    assert run.histogram_tags == ("h",)
    (tmp_path / EVENTS).unlink()
    assert len(run.histograms("h").steps) == 0
    (problem,) = run.problems
    assert problem.path == EVENTS


def test_a_scalar_that_cannot_be_read_hides_nothing_else(tmp_path: Path) -> None:
    # A scalar of type float whose content is three bytes.
    bad = w.summary_event(w.message(1, b"loss") + w.message(8, b"\x08\x01\x12\x00\x22\x03abc"), 2)
    events = [
        w.scalar_event("loss", 1, 0.5),
        bad,
        w.scalar_event("loss", 3, 0.25),
        w.histogram_event("h", 4, ROWS),
        w.hparams_event(START),
    ]
    w.write(tmp_path / EVENTS, b"".join(events))
    (run,) = projector.open_logdir(tmp_path).runs
    assert run.scalars("loss").steps.tolist() == [1, 3]
    assert run.histograms("h").steps.tolist() == [4]
    assert run.hparams == {"lr": 0.5}
    assert any("of step 2 cannot be read" in each.message for each in run.problems)

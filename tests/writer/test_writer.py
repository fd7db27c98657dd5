"""projector.Writer: what is given arrives, copied and in order; what fails stops no training."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import projector
from projector.errors import InvalidStateError, ParameterError, ShapeError
from projector.writer import step_log
from projector.writer.step_log import StepLog
from projector.writer.writer import Writer, WriterWarning

VECTORS = np.arange(24, dtype=np.float32).reshape(6, 4)


def entries(logdir: Path) -> list[tuple[str, str, int | None]]:
    log = projector.open_logdir(logdir)
    assert log.problems == ()
    return [(entry.run, entry.name, entry.step) for entry in log.entries]


def loaded(logdir: Path, at: int = 0) -> projector.Dataset:
    log = projector.open_logdir(logdir)
    assert log.problems == ()
    return log.load(log.entries[at])


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "index.jsonl").read_text().splitlines()]


def test_three_lines_give_a_run_with_steps_and_metadata(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "exp1")
    for step in range(0, 500, 100):
        writer.add("encoder", VECTORS + step, step, metadata={"label": list("aabbcc")})
    writer.close()
    assert entries(tmp_path) == [("exp1", "encoder", step) for step in range(0, 500, 100)]
    np.testing.assert_array_equal(loaded(tmp_path, 3).vectors, VECTORS + 300)
    assert loaded(tmp_path, 3).metadata["label"].text.to_list() == list("aabbcc")
    assert len(list(tmp_path.rglob("*.parquet"))) == 1
    assert writer.problems == []


def test_scalars_and_hyperparameters_are_those_of_the_run(tmp_path: Path) -> None:
    with Writer(tmp_path / "exp1") as writer:
        values = {"lr": 1e-3, "bias": True, "net": "mlp", "widths": [8, 16], "seed": None}
        writer.hparams(values, group="first")
        for step in range(3):
            writer.scalars({"loss": np.float32(1 / (step + 1)), "lr": [0.5]}, step)
        writer.add("encoder", VECTORS, 2)
    (run,) = projector.open_logdir(tmp_path).runs
    assert run.hparams == {"lr": 1e-3, "bias": True, "net": "mlp", "widths": [8.0, 16.0]}
    assert (run.group, run.status, run.scalar_tags) == ("first", "success", ("loss", "lr"))
    np.testing.assert_allclose(run.scalars("loss").values, [1, 1 / 2, 1 / 3], rtol=1e-7)
    assert run.scalars("loss").steps.tolist() == [0, 1, 2]
    assert run.problems == ()


def test_a_run_that_fails_says_so(tmp_path: Path) -> None:
    def train() -> None:
        with Writer(tmp_path) as writer:
            writer.hparams({"lr": 1})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        train()
    assert projector.open_logdir(tmp_path).runs[0].status == "failure"


def test_what_the_training_rewrites_is_copied(tmp_path: Path) -> None:
    vectors, labels, counts = VECTORS.copy(), list("aabbcc"), np.arange(6)
    with Writer(tmp_path) as writer:
        writer.add("encoder", vectors, 1, metadata={"label": labels, "count": counts})
        vectors[:] = -1
        labels[:] = "zzzzzz"
        counts[:] = -1
        writer.add("encoder", vectors, 2, metadata={"label": labels, "count": counts})
    first, second = loaded(tmp_path), loaded(tmp_path, 1)
    np.testing.assert_array_equal(first.vectors, VECTORS)
    assert first.metadata["label"].text.to_list() == list("aabbcc")
    assert first.metadata["count"].text.to_list() == list("012345")
    assert second.metadata["label"].text.to_list() == list("zzzzzz")
    assert len(list(tmp_path.rglob("metadata-*.parquet"))) == 2


def test_ids_match_steps_whose_rows_differ(tmp_path: Path) -> None:
    with Writer(tmp_path) as writer:
        writer.add("encoder", VECTORS, 1, ids=["a", "b", "c", "d", "e", "f"])
        writer.add("encoder", VECTORS[[5, 0, 3, 1, 4]], 2, ids=["f", "a", "d", "b", "e"])
    change = projector.compare(loaded(tmp_path), loaded(tmp_path, 1), k=2, match="id")
    assert change.n_shared == 5
    assert change.match.rows_b.tolist() == [1, 3, 2, 4, 0]


@pytest.mark.parametrize(
    "dtype", ["float16", "float32", "float64", ">f4", "int8", "uint16", "bool", "bfloat16"]
)
def test_the_type_of_numbers_is_kept(tmp_path: Path, dtype: str) -> None:
    kind = np.dtype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
    vectors = (VECTORS % 2).astype(kind)
    with Writer(tmp_path) as writer:
        writer.add("encoder", vectors, 1)
    (entry,) = projector.open_logdir(tmp_path).entries
    assert entry.dtype == kind.newbyteorder("=").name
    np.testing.assert_array_equal(loaded(tmp_path).vectors, VECTORS % 2)


class Named:
    """A tensor whose type has a name, and no protocol of numpy, as TensorFlow's."""

    class DType:
        name = "bfloat16"

        def __str__(self) -> str:
            return "<dtype: 'bfloat16'>"

    dtype = DType()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return VECTORS.astype(ml_dtypes.bfloat16)


def test_the_type_of_a_tensor_that_numpy_lacks_is_kept(tmp_path: Path) -> None:
    with Writer(tmp_path) as writer:
        writer.add("encoder", Named(), 1)
    (entry,) = projector.open_logdir(tmp_path).entries
    assert (entry.dtype, entry.shape) == ("bfloat16", VECTORS.shape)


def test_any_order_of_memory_is_the_same(tmp_path: Path) -> None:
    with Writer(tmp_path) as writer:
        writer.add("encoder", np.asfortranarray(VECTORS), 1)
        writer.add("encoder", np.repeat(VECTORS, 2, axis=1)[:, ::2], 2)
    for at in (0, 1):
        np.testing.assert_array_equal(loaded(tmp_path, at).vectors, VECTORS)


class Tensor:
    """A tensor as torch has it: on a device, with a gradient, and no array until it is detached."""

    def __init__(self, array: Any, *, on_device: bool = True, has_gradient: bool = True) -> None:
        self.array, self.on_device, self.has_gradient = array, on_device, has_gradient
        self.dtype = f"torch.{array.dtype}"
        self.shape = array.shape

    def detach(self) -> Tensor:
        return Tensor(self.array, on_device=self.on_device, has_gradient=False)

    def cpu(self) -> Tensor:
        return Tensor(self.array, on_device=False, has_gradient=self.has_gradient)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if self.on_device or self.has_gradient:
            raise TypeError("can't convert cuda:0 device type tensor to numpy")
        return self.array


class Lent:
    """A tensor that is shared by DLPack alone."""

    def __init__(self, array: Any) -> None:
        self.array = array

    def __dlpack__(self, **options: Any) -> Any:
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self) -> Any:
        return self.array.__dlpack_device__()


@pytest.mark.parametrize("wrap", [Tensor, Lent, lambda array: array.tolist(), list])
def test_tensors_are_taken_by_their_protocol(tmp_path: Path, wrap: Any) -> None:
    with Writer(tmp_path) as writer:
        writer.add("encoder", wrap(VECTORS.copy()), 1, metadata={"n": wrap(np.arange(6.0))})
    np.testing.assert_array_equal(loaded(tmp_path).vectors, VECTORS)
    assert loaded(tmp_path).metadata["n"].kind == "numeric"


def test_columns_of_any_kind(tmp_path: Path) -> None:
    about = {
        "code": ["007", "010", None, "1", "2", "3"],
        "share": [0.1, 0.25, float("nan"), 1e-9, 1e300, -0.0],
        "whole": np.array([1, 2, 3, 4, 5, -6], np.int8),
        "flag": np.array([True, False] * 3),
        "scalar": [np.float32(0.5), np.int64(3), Tensor(np.array(4)).detach().cpu().array, 1, 2, 3],
        "text": ["a\tb", "c\nd", '"', "", "é", "\ud800"],
        "when": ["2026-01-01", "2026-01-02", None, "2026-01-04", "2026-01-05", "2026-01-06"],
    }
    with warnings.catch_warnings(), Writer(tmp_path) as writer:
        warnings.simplefilter("error")
        writer.add("encoder", VECTORS, 1, metadata=about)
    found = loaded(tmp_path).metadata
    assert found.names == tuple(about)
    assert found["code"].text.to_list() == ["007", "010", None, "1", "2", "3"]
    assert found["whole"].text.to_list() == ["1", "2", "3", "4", "5", "-6"]
    assert found["share"].numbers is not None
    np.testing.assert_array_equal(found["share"].numbers, np.array(about["share"], np.float64))
    assert found["flag"].kind == "categorical"
    assert found["scalar"].kind == "numeric"
    assert found["text"].text.to_list()[:3] == ["a\tb", "c\nd", '"']
    assert found["when"].kind == "time"


@pytest.mark.parametrize("channels", [None, 1, 3, 4, "first"])
def test_images_become_one_sprite(tmp_path: Path, channels: Any) -> None:
    images = np.random.default_rng(1).random((6, 5, 7, 3))
    given: Any = (
        images[..., 0] if channels is None else images[..., :1] if channels == 1 else images
    )
    if channels == 4:
        given = np.concatenate([images, images[..., :1]], axis=3)
    if channels == "first":
        given = images.transpose(0, 3, 1, 2)
    with Writer(tmp_path) as writer:
        for step in (1, 2):
            writer.add("encoder", VECTORS, step, images=given)
    sprite = loaded(tmp_path, 1).sprite
    assert sprite is not None
    assert (sprite.tile, sprite.columns, sprite.n_points) == ((7, 5), 3, 6)
    first = np.asarray(sprite.image(4))[..., 0]
    np.testing.assert_array_equal(first, np.rint(images[4, ..., 0] * 255).astype(np.uint8))
    assert len(list(tmp_path.rglob("sprite-*.png"))) == 1


def test_images_that_would_make_too_large_a_sheet_shrink(tmp_path: Path) -> None:
    images = np.zeros((4, 9000, 40), np.uint8)
    with Writer(tmp_path) as writer:
        writer.add("encoder", VECTORS[:4], 1, images=images)
    sprite = loaded(tmp_path).sprite
    assert sprite is not None
    assert sprite.tile[1] <= 8192


def test_a_step_that_is_written_again_replaces_the_earlier_one(tmp_path: Path) -> None:
    for value in range(3):
        with Writer(tmp_path) as writer:
            writer.add("encoder", VECTORS + value, 100)
            writer.add("encoder", VECTORS + value)
    assert [step for _, _, step in entries(tmp_path)] == [None, 100]
    for at in (0, 1):
        np.testing.assert_array_equal(loaded(tmp_path, at).vectors, VECTORS + 2)
    assert len(list(tmp_path.rglob("*.npy"))) == 2


def test_a_log_is_continued_after_half_a_line(tmp_path: Path) -> None:
    with Writer(tmp_path) as writer:
        writer.add("encoder", VECTORS, 1)
    folder = tmp_path / "encoder.projector"
    with (folder / "index.jsonl").open("a") as index:
        index.write('{"projector":1,"na')
    (folder / ".unfinished-1-1").write_bytes(b"x")
    with Writer(tmp_path) as writer:
        writer.add("encoder", VECTORS, 2)
    assert [line["step"] for line in lines(folder)] == [1, 2]
    assert not list(folder.glob(".unfinished-*"))


@pytest.mark.parametrize("name", ["a/b", "../up", ".hidden", "é ü", "50%", "con:1", "x" * 200])
def test_any_name_has_a_folder_inside_of_the_run(tmp_path: Path, name: str) -> None:
    with Writer(tmp_path / "run") as writer:
        writer.add(name, VECTORS, 1)
    assert entries(tmp_path) == [("run", name, 1)]
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert len(list((tmp_path / "run").iterdir())) == 1


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"vectors": np.zeros(3)}, ShapeError, "n_points, n_dims"),
        ({"vectors": np.zeros((0, 3))}, ShapeError, "must not be empty"),
        ({"vectors": np.zeros((2, 2), complex)}, ShapeError, "Complex"),
        ({"vectors": [["a", "b"]]}, ShapeError, "must be numbers"),
        ({"vectors": "x.npy"}, ShapeError, "projector.load"),
        ({"step": -1}, ParameterError, "'step' must be a whole number"),
        ({"step": 1.5}, ParameterError, "'step' must be a whole number"),
        ({"name": ""}, ParameterError, "must not be empty"),
        ({"name": 3}, ParameterError, "must be a text"),
        ({"name": "x" * 300}, ParameterError, "Shorten it"),
        ({"metadata": {"label": ["a"]}}, ShapeError, "one value for each of the 6 points"),
        ({"metadata": {"label": "abcdef"}}, ShapeError, "must be a sequence"),
        ({"metadata": {"n": np.zeros((6, 2))}}, ShapeError, "the shape"),
        ({"metadata": {"id": range(6)}, "ids": range(6)}, ParameterError, "Give one of both"),
        ({"ids": range(5)}, ShapeError, "'id' must have one value for each"),
        ({"images": np.zeros((5, 2, 2))}, ShapeError, "one image for each"),
        ({"images": np.zeros((6, 2))}, ShapeError, "Images must have the shape"),
        ({"images": np.full((6, 2, 2), 2.0)}, ShapeError, "from 0 to 1"),
    ],
)
def test_wrong_arguments_are_refused_at_once(
    tmp_path: Path, arguments: dict[str, Any], error: type[Exception], said: str
) -> None:
    given: dict[str, Any] = {"name": "encoder", "vectors": VECTORS, "step": 1}
    with Writer(tmp_path / "run") as writer, pytest.raises(error, match=said):
        writer.add(**given | arguments)
    assert not (tmp_path / "run").exists()


def test_wrong_scalars_and_hyperparameters_are_refused_at_once(tmp_path: Path) -> None:
    with Writer(tmp_path / "run") as writer:
        for wrong in (np.zeros(3), "0.5x", ["a"], None):
            with pytest.raises(ParameterError, match="'loss' must be one number"):
                writer.scalars({"loss": wrong}, 1)
        with pytest.raises(ParameterError, match="'net' must be a number, a text"):
            writer.hparams({"net": object()})
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"queue_size": 0}, "queue_size"),
        ({"when_full": "drop"}, "'wait' or 'skip'"),
        ({"ranks": "all"}, "'first' or 'each'"),
        ({"rank": -1}, "'rank' must be"),
        ({"logdir": 3}, "'logdir' must be a path"),
    ],
)
def test_wrong_options_are_refused(tmp_path: Path, options: dict[str, Any], said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        Writer(**{"logdir": tmp_path} | options)


def test_a_closed_writer_says_so(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    writer.close()
    writer.close()
    with pytest.raises(InvalidStateError, match="is closed"):
        writer.add("encoder", VECTORS, 1)


def test_the_first_rank_writes_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for rank in range(3):
        monkeypatch.setenv("RANK", str(rank))
        with Writer(tmp_path) as writer:
            writer.hparams({"lr": 1})
            writer.scalars({"loss": 1}, 1)
            writer.add("encoder", VECTORS + rank, 1)
        assert writer.is_active == (rank == 0)
    np.testing.assert_array_equal(loaded(tmp_path).vectors, VECTORS)
    assert len(list(tmp_path.iterdir())) == 2


def test_each_rank_writes_under_a_name_of_its_own(tmp_path: Path) -> None:
    for rank in range(2):
        with Writer(tmp_path, ranks="each", rank=rank) as writer:
            writer.scalars({"loss": 1}, 1)
            writer.add("encoder", VECTORS + rank, 1)
    assert [name for _, name, _ in entries(tmp_path)] == ["encoder/rank 0", "encoder/rank 1"]
    np.testing.assert_array_equal(loaded(tmp_path, 1).vectors, VECTORS + 1)
    assert len(list(tmp_path.glob("events*"))) == 1


def test_a_rank_that_is_no_number_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "zero")
    with pytest.raises(ParameterError, match="'zero'"):
        Writer(tmp_path)


def test_several_threads_may_give_steps(tmp_path: Path) -> None:
    with Writer(tmp_path) as writer:

        def give(name: str) -> None:
            for step in range(20):
                writer.add(name, VECTORS + step, step)

        threads = [threading.Thread(target=give, args=(f"t{n}",)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert len(entries(tmp_path)) == 80
    assert writer.problems == []


class Held:
    """A disk that writes only when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go = threading.Event(), threading.Event()
        real = StepLog.add

        def held(log: StepLog, step: step_log.Step) -> None:
            self.begun.set()
            self.go.wait(60)
            real(log, step)

        monkeypatch.setattr(StepLog, "add", held)


def test_a_full_queue_waits_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Held(monkeypatch)
    writer = Writer(tmp_path, queue_size=1)

    def train() -> None:
        for step in range(6):
            writer.add("encoder", VECTORS + step, step)

    training = threading.Thread(target=train)
    training.start()
    assert disk.begun.wait(60)
    training.join(0.2)
    assert training.is_alive()  # it waits for the disk
    disk.go.set()
    training.join(60)
    writer.close()
    assert [step for _, _, step in entries(tmp_path)] == list(range(6))


def test_steps_that_are_left_out_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Held(monkeypatch)
    writer = Writer(tmp_path, queue_size=1, when_full="skip")
    writer.add("encoder", VECTORS, 0)
    assert disk.begun.wait(60)
    writer.add("encoder", VECTORS, 1)
    with pytest.warns(WriterWarning, match="step 2 of 'encoder' was not written"):
        writer.add("encoder", VECTORS, 2)
    for step in (3, 4):  # without a second warning
        writer.add("encoder", VECTORS, step)
    disk.go.set()
    writer.close()
    assert [step for _, _, step in entries(tmp_path)] == [0, 1]
    assert [problem.partition(" was")[0] for problem in writer.problems] == [
        f"step {step} of 'encoder'" for step in (2, 3, 4)
    ]


def full_disk(monkeypatch: pytest.MonkeyPatch, room: int) -> list[int]:
    """Let the disk take `room` more bytes; raise the number in the list to free some."""
    left, real = [room], os.write

    def write(file: int, data: Any) -> int:
        count = min(len(data), left[0])
        if count == 0 and len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left[0] -= count
        return real(file, bytes(data[:count]))

    monkeypatch.setattr(os, "write", write)
    return left


def test_a_full_disk_is_one_sentence_and_the_training_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Writer(tmp_path) as writer:
        writer.add("encoder", VECTORS, 0)
        writer.flush()
        left = full_disk(monkeypatch, 100)
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            for step in range(1, 5):
                writer.add("encoder", VECTORS, step)
                writer.scalars({"loss": 1.0}, step)
            writer.flush()
        said = {str(each.message) for each in told}
        assert len(said) == len(told) <= 2  # once for the steps, once for the scalars
        assert all("No space left on device" in each for each in said)
        assert all("The training goes on" in each for each in said)
        assert len(writer.problems) == 8
        left[0] = 1 << 30
        writer.add("encoder", VECTORS + 9, 9)
    assert [step for _, _, step in entries(tmp_path)] == [0, 9]
    np.testing.assert_array_equal(loaded(tmp_path, 1).vectors, VECTORS + 9)
    assert not list(tmp_path.rglob(".unfinished-*"))


@pytest.mark.parametrize("room", [0, 1, 60, 129, 223, 224, 225, 300, 400])
def test_wherever_the_disk_is_full_the_log_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    with Writer(tmp_path) as writer:
        writer.add("encoder", VECTORS, 0)
        writer.flush()
        left = full_disk(monkeypatch, room)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", WriterWarning)
            writer.add("encoder", VECTORS, 1)
            writer.flush()
        left[0] = 1 << 30
        writer.add("encoder", VECTORS, 2)
    assert [step for _, _, step in entries(tmp_path) if step != 1] == [0, 2]
    assert [
        line["step"] for line in lines(tmp_path / "encoder.projector") if line["step"] != 1
    ] == [
        0,
        2,
    ]


def test_a_folder_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    writer = Writer(tmp_path / "run")
    writer.add("encoder", VECTORS, 1)
    with pytest.warns(WriterWarning, match="step 1 of 'encoder' was not written"):
        writer.close()


def test_a_second_writer_of_one_embedding_is_refused(tmp_path: Path) -> None:
    with Writer(tmp_path) as first, Writer(tmp_path) as second:
        first.add("encoder", VECTORS, 1)
        first.flush()
        second.add("encoder", VECTORS, 2)
        with pytest.warns(WriterWarning, match="another writer"):
            second.flush()
        second.add("decoder", VECTORS, 2)
    assert [(name, step) for _, name, step in entries(tmp_path)] == [("decoder", 2), ("encoder", 1)]


def test_a_folder_that_was_removed_is_made_again(tmp_path: Path) -> None:
    import shutil

    with Writer(tmp_path / "run") as writer:
        writer.add("encoder", VECTORS, 1)
        writer.scalars({"loss": 1}, 1)
        writer.flush()
        shutil.rmtree(tmp_path / "run")
        writer.add("encoder", VECTORS, 2)
        writer.scalars({"loss": 2}, 2)
    assert entries(tmp_path) == [("run", "encoder", 2)]
    assert projector.open_logdir(tmp_path).runs[0].scalars("loss").steps.tolist() == [2]


def test_a_mistake_of_ours_stops_no_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(log: StepLog, step: step_log.Step) -> None:
        raise ZeroDivisionError("never")

    monkeypatch.setattr(StepLog, "add", broken)
    writer = Writer(tmp_path)
    writer.add("encoder", VECTORS, 1)
    with pytest.warns(WriterWarning, match="unexpected error .ZeroDivisionError"):
        writer.close()


RUN = """
import numpy as np, os, sys, projector
w = projector.Writer(sys.argv[1])
w.add("encoder", np.eye(4), 1)
{more}
"""


def run(logdir: Path, more: str) -> subprocess.CompletedProcess[str]:
    code = RUN.format(more=more)
    command = [sys.executable, "-c", code, str(logdir)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_what_waits_is_written_when_a_program_ends_without_close(tmp_path: Path) -> None:
    assert run(tmp_path, "").stderr == ""
    assert run(tmp_path, "w.add('encoder', np.eye(4), 2); raise SystemExit(3)").returncode == 3
    assert [step for _, _, step in entries(tmp_path)] == [1, 2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_a_process_that_was_forked_writes_nothing_and_says_so(tmp_path: Path) -> None:
    more = """
w.flush()
if os.fork() == 0:
    w.add("encoder", np.eye(4), 2)
    w.flush()
    w.close()
    os._exit(0)
os.wait()
w.add("encoder", np.eye(4), 3)
w.close()
"""
    assert "was forked does not write" in run(tmp_path, more).stderr
    assert [step for _, _, step in entries(tmp_path)] == [1, 3]


def test_what_tables_and_images_need_is_imported_by_the_training_thread(tmp_path: Path) -> None:
    # scikit-learn looks into sys.modules["pyarrow"], and fails while a thread imports it.
    more = """
import threading
by = {}
class Finder:
    def find_spec(self, name, path=None, target=None):
        by.setdefault(name.partition(".")[0], threading.current_thread().name)
sys.meta_path.insert(0, Finder())
w.add("encoder", np.eye(4), 2, metadata={"n": range(4)}, images=np.zeros((4, 2, 2)))
w.close()
print(by["pyarrow"], by["PIL"])
"""
    assert run(tmp_path, more).stdout == "MainThread MainThread\n"


def test_importing_the_writer_imports_little(tmp_path: Path) -> None:
    heavy = ("pyarrow", "scipy", "numba", "sklearn", "flask", "faiss", "PIL", "projector.loaders")
    more = f"w.close(); print([each for each in {heavy!r} if each in sys.modules])"
    assert run(tmp_path, more).stdout == "[]\n"

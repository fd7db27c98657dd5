"""Callbacks with fakes of the libraries: what they log, when, and that they leave no trace."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

import projector
from projector.errors import ParameterError, UnknownNameError
from projector.writer.callbacks.evaluation import Evaluation
from projector.writer.writer import WriterWarning

ROWS = np.arange(40, dtype=np.float32).reshape(10, 4)
BATCHES = [(ROWS[:4], list("aabb")), (ROWS[4:8], list("aabb")), (ROWS[8:], list("ab"))]


def logged(logdir: Path) -> dict[int | None, projector.Dataset]:
    log = projector.open_logdir(logdir)
    assert log.problems == ()
    return {entry.step: log.load(entry) for entry in log.entries}


def double(inputs: Any) -> Any:
    return np.asarray(inputs) * 2


def test_batches_are_put_together_with_their_labels(tmp_path: Path) -> None:
    evaluation = Evaluation(tmp_path, BATCHES, layer="fc", every=10)
    for step in range(25):
        if evaluation.is_due(step):
            evaluation.log(step, double)
    evaluation.close()
    found = logged(tmp_path)
    assert sorted(found, key=str) == [0, 10, 20]
    np.testing.assert_array_equal(found[20].vectors, ROWS * 2)
    assert found[20].metadata["label"].text.to_list() == list("aabbaabbab")


def test_steps_that_are_skipped_over_are_not_missed(tmp_path: Path) -> None:
    evaluation = Evaluation(tmp_path, BATCHES, layer="fc", every=10)
    due = []
    for step in (3, 3, 8, 12, 12, 19, 35, 36):
        if evaluation.is_due(step):
            evaluation.log(step, double)
            due.append(step)
    assert due == [3, 12, 35]
    evaluation.close()


def test_a_part_of_the_set_is_said_once(tmp_path: Path) -> None:
    evaluation = Evaluation(tmp_path, BATCHES, layer="fc", n_max=6, ids=range(10))
    with pytest.warns(WriterWarning, match="only the first 6 rows"):
        evaluation.log(0, double)
    evaluation.log(1, double)  # without a second warning
    evaluation.close()
    data = logged(tmp_path)[1]
    assert data.n_points == 6
    assert data.metadata["id"].text.to_list() == list("012345")


def test_metadata_and_a_name_that_are_given_count(tmp_path: Path) -> None:
    about = {"word": [f"w{row}" for row in range(10)]}
    with projector.Writer(tmp_path) as writer:
        evaluation = Evaluation(writer, BATCHES, layer="fc", name="last", metadata=about)
        evaluation.log(7, double)
        evaluation.close()
        writer.scalars({"loss": 1}, 7)  # it stays open
    (entry,) = projector.open_logdir(tmp_path).entries
    assert (entry.name, entry.step) == ("last", 7)
    assert logged(tmp_path)[7].metadata.names == ("word",)


def test_axes_between_are_averaged(tmp_path: Path) -> None:
    evaluation = Evaluation(tmp_path, [ROWS], layer="fc")
    evaluation.log(0, lambda rows: np.stack([rows, rows + 2], axis=1))
    evaluation.close()
    np.testing.assert_array_equal(logged(tmp_path)[0].vectors, ROWS + 1)


@pytest.mark.parametrize("data", [iter(BATCHES), 3])
def test_data_that_cannot_be_gone_through_again_is_refused(tmp_path: Path, data: Any) -> None:
    with pytest.raises(ParameterError, match="gone through again"):
        Evaluation(tmp_path, data, layer="fc")
    with pytest.raises(ParameterError, match="no batches"):
        Evaluation(tmp_path, [], layer="fc").log(0, double)


def test_other_ranks_run_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "2")
    assert not Evaluation(tmp_path, BATCHES, layer="fc").is_due(0)


# ---- the libraries, as far as the callbacks know them ----


class Array(np.ndarray[Any, Any]):
    """What torch's tensors can that arrays cannot."""

    def to(self, _target: Any) -> Array:
        return self

    def flatten(self, start: Any = 0) -> Any:
        return self.reshape(*self.shape[:start], -1)

    def clamp(self, min: Any) -> Any:
        return np.maximum(self, min)


class Layer:
    """A module of torch."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function
        self.training = True
        self.hooks: list[Callable[[Any, Any, Any], None]] = []

    def __call__(self, inputs: Any) -> Any:
        out = self.function(inputs)
        for hook in self.hooks:
            hook(self, inputs, out)
        return out

    def register_forward_hook(self, hook: Callable[[Any, Any, Any], None]) -> Any:
        self.hooks.append(hook)
        return SimpleNamespace(remove=lambda: self.hooks.remove(hook))


class Model:
    """A model of two layers, one of which is frozen; in training its output is another."""

    def __init__(self, encode: Callable[[Any], Any] = lambda rows: rows * 2) -> None:
        self.training = True
        self.encoder = Layer(lambda rows: encode(rows) + 100 * self.encoder.training)
        self.frozen = Layer(lambda rows: rows)
        self.frozen.training = False

    def named_modules(self) -> Iterator[tuple[str, Any]]:
        yield from (("", self), ("encoder", self.encoder), ("head.frozen", self.frozen))

    def parameters(self) -> Iterator[Any]:
        yield SimpleNamespace(device="cpu")

    def train(self, mode: bool) -> None:
        for _, module in self.named_modules():
            module.training = mode

    def __call__(self, inputs: Any = None, **named: Any) -> Any:
        return self.frozen(self.encoder(inputs if inputs is not None else named["x"]))


@contextmanager
def no_grad() -> Iterator[None]:
    yield


@pytest.fixture
def libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    def fake(name: str, **content: Any) -> None:
        module = ModuleType(name)
        module.__dict__.update(content)
        monkeypatch.setitem(sys.modules, name, module)

    fake("torch", no_grad=no_grad)
    fake("lightning")
    fake("lightning.pytorch")
    fake("lightning.pytorch.callbacks", Callback=type("Callback", (), {}))
    fake("transformers", TrainerCallback=type("TrainerCallback", (), {}))
    callbacks = SimpleNamespace(Callback=type("Callback", (), {}))
    fake("keras", callbacks=callbacks, Model=lambda given, out: lambda rows, training: out(rows))


def callback(name: str) -> Any:
    """Return the class of one library, imported with its fake."""
    module = f"projector.writer.callbacks.{name}"
    sys.modules.pop(module, None)
    try:
        return importlib.import_module(module).ProjectorCallback
    finally:
        sys.modules.pop(module, None)


def tensors(rows: Any) -> Any:
    return np.asarray(rows).view(Array)


def train_lightning(made: Any, model: Any, n_steps: int) -> None:
    trainer = SimpleNamespace(global_step=0)
    made.on_train_start(trainer, model)
    for step in range(1, n_steps + 1):
        trainer.global_step = step
        made.on_train_batch_end(trainer, model, None, None, step)
    made.on_fit_end(trainer, model)


def train_transformers(made: Any, model: Any, n_steps: int) -> None:
    state = SimpleNamespace(global_step=0)
    made.on_train_begin(None, state, None, model=model)
    for step in range(1, n_steps + 1):
        state.global_step = step
        made.on_step_end(None, state, None, model=model)
    made.on_train_end(None, state, None, model=model)


TRAIN = {"lightning": train_lightning, "trainer": train_transformers}


@pytest.mark.parametrize("library", TRAIN)
def test_a_layer_of_torch_is_logged_as_in_evaluation(
    library: str, tmp_path: Path, libraries: None
) -> None:
    model = Model()
    batches = [(tensors(rows), labels) for rows, labels in BATCHES]
    made = callback(library)(tmp_path, batches, layer="encoder", every=3)
    TRAIN[library](made, model, 7)
    found = logged(tmp_path)
    assert sorted(found, key=str) == [0, 3, 6]
    np.testing.assert_array_equal(found[6].vectors, ROWS * 2)
    assert found[6].metadata["label"].text.to_list() == list("aabbaabbab")
    assert (model.training, model.encoder.training, model.frozen.training) == (True, True, False)
    assert model.encoder.hooks == []


def test_tokens_are_averaged_without_padding(tmp_path: Path, libraries: None) -> None:
    tokens = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    mask = np.array([[1, 1, 0], [1, 0, 0]])
    batch = {"x": tensors(tokens), "attention_mask": tensors(mask), "labels": tensors([0, 1])}
    model = Model(lambda rows: rows)
    made = callback("trainer")(tmp_path, [batch], layer="encoder", name="tokens")
    train_transformers(made, model, 1)
    data = logged(tmp_path)[0]
    np.testing.assert_array_equal(data.vectors, [tokens[0, :2].mean(0), tokens[1, 0]])
    assert data.metadata["label"].text.to_list() == ["0", "1"]


def test_maps_of_a_convolution_are_averaged(tmp_path: Path, libraries: None) -> None:
    maps = np.arange(48, dtype=np.float32).reshape(2, 6, 2, 2)
    made = callback("lightning")(tmp_path, [tensors(maps)], layer="encoder")
    train_lightning(made, Model(lambda rows: (rows,)[0]), 1)
    np.testing.assert_array_equal(logged(tmp_path)[0].vectors, maps.mean(axis=(2, 3)))


def test_an_unknown_layer_is_named_with_those_there_are(tmp_path: Path, libraries: None) -> None:
    model = Model()
    made = callback("lightning")(tmp_path, [tensors(ROWS)], layer="encodr")
    with pytest.raises(UnknownNameError, match="encoder"):
        made.on_train_start(SimpleNamespace(global_step=0), model)
    assert (model.training, model.encoder.hooks) == (True, [])


def test_a_layer_of_keras_is_logged(tmp_path: Path, libraries: None) -> None:
    made = callback("keras")(tmp_path, BATCHES, layer="fc", every=2)
    made.model = SimpleNamespace(inputs=None, layers=[SimpleNamespace(name="fc", output=double)])
    made.on_train_begin()  # it is not built yet
    made.model.inputs = ["input"]
    for batch in range(5):
        made.on_train_batch_end(batch)
    made.on_train_end()
    found = logged(tmp_path)
    assert sorted(found, key=str) == [1, 2, 4]
    np.testing.assert_array_equal(found[4].vectors, ROWS * 2)


def test_models_of_keras_that_have_no_such_layer_say_so(tmp_path: Path, libraries: None) -> None:
    made = callback("keras")(tmp_path, BATCHES, layer="fc")
    made.model = SimpleNamespace(inputs=["input"], layers=[SimpleNamespace(name="fd")])
    with pytest.raises(UnknownNameError, match="fd"):
        made.on_train_begin()
    made.model = SimpleNamespace(inputs=None, layers=[SimpleNamespace(name="fc")])
    with pytest.raises(ParameterError, match="no graph of layers"):
        made.on_train_batch_end(0)


@pytest.mark.parametrize("name", ["lightning", "keras", "trainer"])
def test_each_callback_is_short(name: str) -> None:
    path = Path(projector.__file__).parent / "writer" / "callbacks" / f"{name}.py"
    assert len(path.read_text().splitlines()) < 60

"""The trainings of examples/: those without heavy libraries run, and all are written down."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector

HERE = Path(__file__).resolve().parents[1] / "examples"
SCRIPTS = sorted(HERE.glob("*.py"))


def script(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def same_kind(data: projector.Dataset, column: str) -> float:
    """Return the share of nearest neighbors whose value of a column is that of the point."""
    kinds = np.array(data.metadata[column].text.to_list())
    near = projector.neighbors(data, k=5, metric="cosine").indices
    known = kinds != "other"
    return float((kinds[near] == kinds[:, None])[known].mean())


def test_word_vectors_of_one_kind_come_to_lie_together(tmp_path: Path) -> None:
    script("train_word_vectors").main(str(tmp_path), n_steps=1500, every=500)
    log = projector.open_logdir(tmp_path)
    assert log.problems == ()
    assert [entry.step for entry in log.entries] == [0, 500, 1000, 1500]
    first, last = log.load(log.entries[0]), log.load(log.entries[-1])
    assert same_kind(first, "kind") < 0.5 < same_kind(last, "kind")
    (run,) = log.runs
    losses = run.scalars("loss").values
    assert losses[-1] < losses[0]
    assert run.status == "success"


def test_the_network_of_scikit_learn_is_watched(tmp_path: Path) -> None:
    script("train_sklearn").main(str(tmp_path), n_epochs=3)
    log = projector.open_logdir(tmp_path)
    assert log.problems == ()
    assert [(entry.name, entry.step) for entry in log.entries] == [("hidden", n) for n in range(3)]
    data = log.load(log.entries[-1])
    assert data.metadata.names == ("label", "predicted")
    assert data.sprite is not None
    assert log.runs[0].scalar_tags == ("accuracy", "loss")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_every_training_is_on_the_page_and_compiles(path: Path) -> None:
    compile(path.read_text(), path.name, "exec")
    page = (HERE / "README.md").read_text()
    assert f"`python examples/{path.name} runs`" in page


def test_the_page_names_no_training_that_is_not_there() -> None:
    named = re.findall(r"`python examples/(\w+\.py) runs`", (HERE / "README.md").read_text())
    assert sorted(named) == [path.name for path in SCRIPTS]

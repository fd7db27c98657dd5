"""The trainings of ``examples/`` with the real libraries, and what they leave in the log.

Run by ``make test-integrations``, which installs the libraries into an environment of their own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import projector

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
#: Which interpreter has the libraries.
PYTHON = os.environ.get("PROJECTOR_TRAININGS_PYTHON", sys.executable)
LIBRARIES = {
    "sklearn": "sklearn",
    "word_vectors": "numpy",
    "torch": "torch",
    "keras": "keras",
    "lightning": "lightning",
    "transformers": "transformers",
}
VERSION = "import sys, importlib; print(importlib.import_module(sys.argv[1]).__version__)"


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_training_leaves_a_log_without_problems(name: str, tmp_path: Path) -> None:
    given = {**os.environ, "KERAS_BACKEND": "jax", "CUDA_VISIBLE_DEVICES": ""}
    run = [PYTHON, str(EXAMPLES / f"train_{name}.py"), str(tmp_path / "runs")]
    done = subprocess.run(
        run, env=given, cwd=tmp_path, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    asked = [PYTHON, "-c", VERSION, LIBRARIES[name]]
    version = subprocess.run(asked, env=given, capture_output=True, text=True, check=True).stdout
    log = projector.open_logdir(tmp_path / "runs")
    assert log.problems == ()
    steps = {entry.step for entry in log.entries}
    assert len(steps) >= 2, "several steps of an embedding"
    for entry in log.entries:
        data = log.load(entry)
        assert data.vectors.shape == entry.shape
        assert data.metadata.names, "labels of the points"
    print(f"{LIBRARIES[name]} {version.strip()}: {len(log.entries)} embeddings, {len(steps)} steps")

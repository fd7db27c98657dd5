"""Opens what projector writes for others with the real tools: ``python benchmarks/exports.py``.

TensorBoard, in an environment of its own, opens an export of the demo data, and the event file of a
Writer; each number is compared. Embedding Atlas, where its package is there, loads the table.

    python benchmarks/exports.py --python other-environment/bin/python
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np

import projector

ROOT = Path(__file__).resolve().parents[1]
#: What Embedding Atlas itself computes of the column that its command line names.
ATLAS = """
import sys, pandas
from embedding_atlas.graph_metrics import compute_degree_columns
frame = pandas.read_parquet(sys.argv[1])
_, out, _ = compute_degree_columns(frame, neighbors="neighbors")
print(len(frame), int(out.min()), int(out.max()))
"""


class TensorBoard:
    """A running TensorBoard's answers.

    Parameters
    ----------
    address : str
    """

    def __init__(self, address: str) -> None:
        self._address = address

    def get(self, path: str, **query: str) -> bytes:
        """Return the bytes of an answer."""
        where = f"{self._address}/data/plugin/{path}?{urlencode(query)}"
        with urllib.request.urlopen(where, timeout=60) as answer:
            content: bytes = answer.read()
        return content

    def json(self, path: str, **query: str) -> Any:
        """Return an answer as values."""
        return json.loads(self.get(path, **query))

    def wait(self, path: str, is_there: Any, **query: str) -> Any:
        """Return an answer once TensorBoard has read the log."""
        until = time.monotonic() + 60
        while True:
            try:
                found = self.json(path, **query)
                if is_there(found) or time.monotonic() > until:
                    return found
            except (urllib.error.HTTPError, urllib.error.URLError):
                if time.monotonic() > until:
                    raise
            time.sleep(0.2)


@contextmanager
def tensorboard(python: str, logdir: Path) -> Iterator[TensorBoard]:
    """Run TensorBoard on a free port."""
    command = [python, "-m", "tensorboard.main", "--logdir", str(logdir), "--port", "0"]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--load_fast", "false"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if " at http://" in line:
                yield TensorBoard(line.split(" at ")[1].split()[0].rstrip("/"))
                break
        else:
            raise SystemExit("TensorBoard did not start.")
    finally:
        process.kill()
        process.wait()


def check_export(python: str, folder: Path, *, binary: bool) -> str:
    """Compare every tensor, table and image of the demo data with what TensorBoard serves."""
    log = projector.open_logdir(ROOT / "demo_data")
    done = projector.export_tensorboard(log, folder, step=100, binary=binary)
    numbers = 0
    with tensorboard(python, folder) as board:
        runs = {entry.run for entry in log.entries}
        found = board.wait("projector/runs", lambda seen: runs <= set(seen))
        assert runs <= set(found), found
        for entry in log.entries:
            if entry.step != 100 or entry.role != "embedding":
                continue
            data, name = log.load(entry), f"{entry.name}:{entry.step:05d}"
            info = board.json("projector/info", run=entry.run)
            (about,) = (each for each in info["embeddings"] if each["tensorName"] == name)
            assert about["tensorShape"] == list(entry.shape), about
            raw = board.get("projector/tensor", run=entry.run, name=name)
            np.testing.assert_array_equal(
                np.frombuffer(raw, np.float32).reshape(entry.shape), data.vectors
            )
            lines = board.get("projector/metadata", run=entry.run, name=name).decode().split("\n")
            assert lines[0].split("\t") == list(data.metadata.names)
            column = [line.split("\t")[0] for line in lines[1 : 1 + entry.n_points]]
            assert column == [text or "" for text in data.metadata.columns[0].text]
            assert data.sprite is not None
            assert board.get("projector/sprite_image", run=entry.run, name=name) == data.sprite.data
            numbers += data.vectors.size
    form = "bytes" if binary else "text"
    return f"{done.n_tensors} tensors as {form}: {numbers:,} numbers, tables and images are equal"


def check_events(python: str, folder: Path) -> str:
    """Compare scalars and hyperparameters of a Writer with what TensorBoard serves."""
    with projector.Writer(folder / "one") as writer:
        writer.hparams({"lr": 0.125, "net": "mlp", "bias": True})
        for step in range(100):
            writer.scalars({"loss": 1 / (step + 1), "deep/acc": step / 100}, step)
    with tensorboard(python, folder) as board:
        tags = board.wait("scalars/tags", lambda seen: "loss" in seen.get("one", {}))
        assert set(tags["one"]) == {"loss", "deep/acc"}, tags
        series = board.json("scalars/scalars", run="one", tag="loss")
        assert [(step, np.float32(value)) for _, step, value in series] == [
            (step, np.float32(1 / (step + 1))) for step in range(100)
        ]
        names = {
            each["name"] for each in board.json("hparams/experiment", request="{}")["hparamInfos"]
        }
    assert names == {"lr", "net", "bias"}, names
    return "100 steps of 2 scalars are equal, and the hyperparameters are known"


def check_atlas(python: str, folder: Path) -> str:
    """Let Embedding Atlas look at a table, if it is there."""
    data = projector.load(ROOT / "demo_data", run="mlp-relu-16")
    flat = projector.project(data, "pca", n_components=2)
    near = projector.neighbors(data, 15)
    path = flat.save(folder / "map.parquet", metadata=data.metadata, neighbors=near)
    command = [python, "-c", ATLAS, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"not tried: {(done.stderr.strip().splitlines() or ['?'])[-1]}"
    rows, fewest, most = done.stdout.split()
    return f"{rows} rows with {fewest} to {most} neighbors each"


def main() -> None:
    """Print what each tool made of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="of an environment with the tools")
    python = parser.parse_args().python
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "atlas").mkdir()
        print("Embedding Atlas:", check_atlas(python, folder / "atlas"))
        has = subprocess.run([python, "-c", "import tensorboard"], capture_output=True, check=False)
        if has.returncode:
            print("TensorBoard: not tried, it is not there")
            return
        for binary in (False, True):
            print(
                "TensorBoard, projector:", check_export(python, folder / str(binary), binary=binary)
            )
        print("TensorBoard, scalars and hyperparameters:", check_events(python, folder / "events"))


if __name__ == "__main__":
    main()

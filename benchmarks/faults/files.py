"""Faults of files that a training writes while they are shown: rewritten, shortened, replaced."""

from __future__ import annotations

import io
import itertools
import json
import math
import os
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pyarrow import ipc
from trial_server import TrialServer, served

from faults.trial import Outcome, Trial
from projector.machine.hashing import content_hash
from tests.loaders.formats.torch.pickles import mapping, tensor, whole
from tests.loaders.writers import checkpoint

Array = NDArray[np.float32]
Save = Callable[[Path, Array], None]
#: Refusals that one sentence explains.
_REFUSED = {400, 404, 409, 507}


def version(number: int, n_points: int, n_dims: int) -> Array:
    """Return vectors on a line, whose distances tell the version of every one of them."""
    rows = np.arange(n_points, dtype=np.float32)[:, None] * np.float32((number + 1) / 4)
    return np.repeat(rows, n_dims, axis=1)


class Versions:
    """Tells the answers about one version from those about a mixture."""

    def __init__(self, n_points: int, n_dims: int) -> None:
        self.shape = n_points, n_dims
        self._hashes: dict[str, int] = {}
        self._made = 0

    def made(self, number: int) -> Array:
        """Return a version, and know it from now on."""
        array = version(number, *self.shape)
        self._hashes[content_hash(array)] = number
        return array

    def fault(self, what: str, status: int, answer: Any) -> str:
        """Return what is wrong with an answer; an empty string if nothing is."""
        if status in _REFUSED:
            text = str(answer.get("error", {}).get("message", ""))
            return "" if len(text) > 20 and "\n" not in text else f"no sentence: {text!r}"
        if status != 200:
            return f"{what}: status {status}, {str(answer)[:200]}"
        if what == "content":
            return "" if answer["content"] in self._hashes else "vectors of no version"
        if what == "neighbors":
            steps = np.abs(np.array(answer["indices"]) - answer["index"])
            return self._unlike(np.array(answer["distances"]) / steps)
        first = np.frombuffer(answer, np.float32).reshape(self.shape[0], -1)[:, 0]
        return self._unlike_a_line(first.astype(np.float64))

    def _unlike_a_line(self, values: NDArray[np.float64]) -> str:
        """Rows of another version would lie on another line."""
        rows = np.arange(len(values))
        slope, start = np.polyfit(rows, values, 1)
        off = np.abs(values - slope * rows - start).max() / np.ptp(values)
        return "" if off < 1e-4 else f"positions of several versions: {off:.2g} off a line"

    def _unlike(self, spacing: NDArray[np.float64]) -> str:
        unit = spacing / (math.sqrt(self.shape[1]) / 4)
        number = float(np.median(unit))
        same = np.allclose(unit, number, rtol=0.002) and abs(number - round(number)) < 0.05
        return "" if same else f"distances of several versions: {unit.min()} to {unit.max()}"


@contextmanager
def writing(write: Callable[[int], None], pause: float, outcome: Outcome) -> Iterator[None]:
    """Write one version after the other until the block ends; count what keeps the writer out."""
    ended = threading.Event()

    def go_on() -> None:
        for number in itertools.count(1):
            if ended.wait(pause):
                return
            try:
                write(number % 200)
            except OSError as error:
                outcome.count(False, f"the writer was kept out: {error}")

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        yield
    finally:
        ended.set()
        writer.join()


def _ask(server: TrialServer, versions: Versions, what: str, turn: int) -> str:
    """Ask one question; return what is wrong with the answer."""
    entries = server.entries()
    if not entries:
        return ""  # the listing says what is wrong with the file
    place = f"/datasets/{entries[0]['id']}"
    if what == "content":
        return versions.fault(what, *server.ask(place))
    if what == "neighbors":
        point = turn * 7919 % versions.shape[0]
        return versions.fault(
            what, *server.ask(f"{place}/points/{point}/neighbors?k=6&metric=euclidean")
        )
    status, found = server.ask("/projections", {"dataset": entries[0]["id"], "method": "pca"})
    if status != 200:
        return versions.fault(what, status, found)
    ended = server.finish(found["id"])
    if ended["state"] != "done":
        return f"{ended['state']}: {ended['error']}"
    return versions.fault(what, *server.ask(f"/projections/{found['id']}/positions"))


def _rewritten_npy(pause: float, seconds: float) -> Outcome:
    """Ask while ``np.save`` writes 60,000 x 256 to the same path again and again."""
    outcome, versions = Outcome(), Versions(60_000, 256)
    with served(versions.made(0)) as server:
        path = server.logdir / "vectors.npy"
        with writing(lambda number: np.save(path, versions.made(number)), pause, outcome):
            end = time.monotonic() + seconds
            for turn in itertools.count():
                what = "positions" if turn % 40 == 9 else ("content", "neighbors")[turn % 2]
                fault = _ask(server, versions, what, turn)
                outcome.count(not fault, fault)
                if time.monotonic() > end:
                    break
        outcome.count(server.is_alive(), f"dead: {server.errors()[-300:]}")
    return outcome


def _npz(path: Path, values: Array) -> None:
    np.savez(path.with_suffix(".npz"), emb=values)


def _safetensors(path: Path, values: Array) -> None:
    pad = 8 * int(values[1, 0] * 4)
    raw = values.tobytes()
    header = {
        "pad": {"dtype": "U8", "shape": [pad], "data_offsets": [0, pad]},
        "emb": {"dtype": "F32", "shape": values.shape, "data_offsets": [pad, pad + len(raw)]},
    }
    text = json.dumps(header).encode()
    path.with_suffix(".safetensors").write_bytes(
        struct.pack("<Q", len(text)) + text + bytes(pad) + raw
    )


def _torch(path: Path, values: Array) -> None:
    about = tensor("0", values.shape, (values.shape[1], 1), count=values.size)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("m/data.pkl", whole(mapping({"emb": about})))
        archive.writestr("m/data/0", values.tobytes())
    path.with_suffix(".pt").write_bytes(out.getvalue())


def _bundle(path: Path, values: Array) -> None:
    checkpoint(path.with_name("m.ckpt-1"), {"emb": values})


def _tsv(path: Path, values: Array) -> None:
    np.savetxt(path.with_suffix(".tsv"), values, delimiter="\t", fmt="%.2f")


def _hdf5(path: Path, values: Array) -> None:
    with h5py.File(path.with_suffix(".h5"), "w") as file:
        file["emb"] = values


def _table(values: Array) -> pa.Table:
    flat = pa.FixedSizeListArray.from_arrays(values.reshape(-1), values.shape[1])
    return pa.table({"id": range(len(values)), "emb": flat})


def _parquet(path: Path, values: Array) -> None:
    pq.write_table(_table(values), path.with_suffix(".parquet"))


def _arrow(path: Path, values: Array) -> None:
    table = _table(values)
    with ipc.new_file(path.with_suffix(".arrow"), table.schema) as writer:
        writer.write_table(table)


def _raw(path: Path, values: Array) -> None:
    values.tofile(path.with_name(f"x_{values.shape[0]}x{values.shape[1]}.bytes"))


def _replaced(path: Path, values: Array) -> None:
    np.save(path.with_name("new.tmp.npy"), values)
    path.with_name("new.tmp.npy").replace(path.with_suffix(".npy"))


def _npy(path: Path, values: Array) -> None:
    np.save(path.with_suffix(".npy"), values)


_FORMATS: tuple[Save, ...] = (
    *(_npy, _npz, _safetensors, _torch, _bundle, _tsv, _hdf5, _parquet, _arrow, _raw, _replaced),
)


def _rewritten_formats() -> Outcome:
    """Rewrite files of every format at the same path while they are listed, opened and used."""
    outcome = Outcome()
    for save in _FORMATS:
        versions = Versions(4000, 32)
        with served() as server:
            (server.logdir / "vectors.npy").unlink()
            save(server.logdir / "x", versions.made(0))
            with writing(_saving(save, server.logdir / "x", versions), 0.15, outcome):
                for turn in range(16):
                    what = "positions" if turn == 9 else ("content", "neighbors")[turn % 2]
                    fault = _ask(server, versions, what, turn)
                    outcome.count(not fault, f"{save.__name__}: {fault}")
            outcome.count(server.is_alive(), f"{save.__name__}: dead")
    return outcome


def _saving(save: Save, path: Path, versions: Versions) -> Callable[[int], None]:
    return lambda number: save(path, versions.made(number))


def _harmed(path: Path, turn: int) -> str:
    kinds = ("half", "nothing", "longer", "removed", "a folder")
    harm = kinds[turn % len(kinds)]
    if harm == "half":
        os.truncate(path, path.stat().st_size // 2)
    elif harm == "nothing":
        os.truncate(path, 0)
    elif harm == "longer":
        with path.open("ab") as file:
            file.write(bytes(5000))
    else:
        path.unlink()
        if harm == "a folder":
            path.mkdir()
    return harm


def _harmed_files() -> Outcome:
    """Shorten, empty, extend, remove and replace files that are open, then ask."""
    outcome = Outcome()
    for save in _FORMATS[:-1]:
        versions = Versions(4000, 32)
        with served() as server:
            (server.logdir / "vectors.npy").unlink()
            for turn in range(5):
                save(server.logdir / "x", versions.made(turn))
                files = [path for path in server.logdir.iterdir() if path.is_file()]
                path = max(files, key=lambda each: each.stat().st_size)
                for what in ("content", "neighbors"):  # of either version, but never of both
                    fault = _ask(server, versions, what, turn)
                    outcome.count(not fault, f"{path.name}: {fault}")
                harm = _harmed(path, turn)
                for what in ("neighbors", "content", "positions"):
                    fault = _ask(server, versions, what, turn)
                    wrong = bool(fault) and "no version" not in fault
                    outcome.count(not wrong, f"{path.name}, {harm}: {fault}")
                if path.is_dir():
                    path.rmdir()
            outcome.count(server.is_alive(), f"{save.__name__}: dead")
    return outcome


_NOTEBOOK = """
import sys, json
import numpy as np, projector
from projector.errors import ProjectorError
for _ in range(int(sys.argv[2])):
    try:
        data = projector.load(sys.argv[1])
        said = [data.content_hash, bool(data.finite_rows.all()), data.n_points]
    except ProjectorError as error:
        said = str(error)
    print(json.dumps(said), flush=True)
"""


def _loaded_in_a_loop() -> Outcome:
    """Load in a process of its own while the file is rewritten."""
    outcome = Outcome()
    for save, shape, pause in ((_npy, (60_000, 64), 0.3), (_tsv, (2000, 16), 0.2)):
        versions = Versions(*shape)
        with served() as server:
            folder = server.logdir.parent / "own"
            folder.mkdir()
            save(folder / "x", versions.made(0))
            (path,) = folder.iterdir()
            with writing(_saving(save, folder / "x", versions), pause, outcome):
                ended = subprocess.run(
                    [sys.executable, "-c", _NOTEBOOK, str(path), "40"],
                    capture_output=True,
                    text=True,
                    check=False,
                )
            outcome.count(ended.returncode == 0, f"exit {ended.returncode}: {ended.stderr[-200:]}")
            for line in ended.stdout.splitlines():
                said = json.loads(line)
                if isinstance(said, str):
                    outcome.count("\n" not in said, said)
                else:
                    fault = versions.fault("content", 200, {"content": said[0]})
                    outcome.count(not fault, f"{path.name}: {fault}, {said}")
    return outcome


TRIALS = (
    Trial(
        "A file that is rewritten gives the old data, the new data or one sentence",
        "`np.save` of 60,000 x 256 once a second, asked for content, neighbors and a PCA",
        lambda: _rewritten_npy(1.0, 12.0),
    ),
    Trial(
        "… also when it hardly ever rests",
        "the same, ten times a second",
        lambda: _rewritten_npy(0.1, 8.0),
    ),
    Trial(
        "… in every format",
        "npy, npz, safetensors, PyTorch, TensorFlow, TSV, HDF5, Parquet, Arrow, raw, renamed",
        _rewritten_formats,
    ),
    Trial(
        "A file that is shortened, emptied, extended or removed ends no process",
        "each of these formats, harmed after it was opened, then asked",
        _harmed_files,
    ),
    Trial(
        "`projector.load` gives one version or one sentence",
        "80 times, beside a program that rewrites the file",
        _loaded_in_a_loop,
    ),
)

"""Open log directories one after the other, each in a process of its own under limits.

Reads one JSON request a line and answers with one JSON line. The process imports everything
once and forks for each request, so a case costs milliseconds, and a crash ends that case only.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

import google_crc32c  # noqa: F401  imported before the fork, so that children start at once
import h5py  # noqa: F401
import ml_dtypes  # noqa: F401
import numpy as np
import pyarrow.csv
import pyarrow.feather
import pyarrow.json
import pyarrow.parquet  # noqa: F401
from PIL import Image  # noqa: F401

from projector.errors import ProjectorError
from projector.loaders import open_logdir
from projector.loaders.formats.tensorflow.events import read_scalars
from projector.loaders.logdir.scanner import Scanner, is_candidate
from projector.loaders.logdir.walk import walk
from projector.model.dataset import Dataset

#: Beyond what the imports have mapped; a hostile file claims terabytes.
MEMORY = 1 << 30
#: Seconds of computing; a hostile file must not cost more.
SECONDS = 20
#: Seconds in all, however busy the machine is: a pipe that is opened waits forever.
PATIENCE = 300
#: Entries that are loaded of one case; every name beyond is only listed.
LOADED = 300


def digest(values: Any) -> str:
    """Return the manifest's checksum: SHA-256 of float32, C order."""
    with np.errstate(over="ignore"):
        return hashlib.sha256(np.ascontiguousarray(values, np.float32).tobytes()).hexdigest()


def examine(path: str, wanted: list[str]) -> dict[str, Any]:
    """Open a log directory and load what it lists."""
    log = open_logdir(path)
    chosen = [e for i, e in enumerate(log.entries) if i < LOADED or e.name in wanted]
    entries = []
    for entry in log.entries:
        row: dict[str, Any] = {
            "run": entry.run,
            "name": entry.name,
            "step": entry.step,
            "shape": entry.shape,
            "dtype": entry.dtype,
            "role": entry.role,
            "format": entry.format,
            "path": entry.path,
            "has_metadata": entry.has_metadata,
            "has_sprite": entry.has_sprite,
            "aliases": list(log._names(entry)),
        }
        entries.append(row)
        if entry in chosen:
            try:
                row |= describe(log.load(entry))
            except ProjectorError as error:
                row["error"] = f"{type(error).__name__}: {error}"
    problems = [[p.run, p.path, p.message, p.severity] for p in log.problems]
    return {"entries": entries, "problems": problems}


def describe(data: Dataset) -> dict[str, Any]:
    """Return what a manifest can be compared with."""
    described: dict[str, Any] = {
        "sha": digest(data.vectors),
        "loaded_shape": data.vectors.shape,
        "warnings": list(data.warnings),
        "columns": list(data.metadata.names),
        "n_rows": data.metadata.n_rows,
    }
    if data.metadata.columns:
        described["first_row"] = data.metadata.row(0)
        described["last_row"] = data.metadata.row(data.metadata.n_rows - 1)
    if data.sprite is not None:
        described["sprite"] = [data.sprite.size, data.sprite.tile, data.sprite.n_points]
        try:
            data.sprite.image(0)
        except ProjectorError as error:
            described["sprite_error"] = str(error)
    return described


def all_tensors(path: str) -> list[list[Any]]:
    """Return name, shape and checksum of every tensor of any rank, as the formats list them."""
    found: list[list[Any]] = []
    scanner = Scanner()
    folders, _ = walk(Path(path).resolve())
    for file in (file for folder in folders for file in folder.files.values()):
        if not is_candidate(file):
            continue
        listed = scanner.list(file)
        for tensor in listed.found.tensors if listed else ():
            if listed is not None and tensor.real:
                try:
                    values = listed.loader.load(file, tensor).values
                    found.append([[tensor.name, *tensor.aliases], values.shape, digest(values)])
                except ProjectorError:
                    pass
    return found


def events(path: str) -> dict[str, Any]:
    """Return the scalars of every event file below."""
    found = {}
    root = Path(path).resolve()
    folders, _ = walk(root)
    for file in (file for folder in folders for file in folder.files.values()):
        if "tfevents" in file.name:
            series, problems = read_scalars(file.real)
            found[str(file.path.relative_to(root))] = {
                "problems": problems,
                "scalars": {
                    tag: [each.steps.tolist(), each.values.tolist()] for tag, each in series.items()
                },
            }
    return found


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Do what one request asks."""
    result = examine(request["path"], request.get("wanted", []))
    if request.get("tensors"):
        result["tensors"] = all_tensors(request["path"])
    if request.get("events"):
        result["events"] = events(request["path"])
    return result


def child(request: dict[str, Any], out: int) -> None:
    """Answer under limits of memory and time."""
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limit = mapped + request.get("memory", MEMORY)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    seconds = request.get("seconds", SECONDS)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    signal.alarm(PATIENCE)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        result = answer(request)
    except BaseException:  # noqa: BLE001  anything but a result is what the test looks for
        result = {"crash": traceback.format_exc()}
    result["grown"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    with os.fdopen(out, "w") as file:
        json.dump(result, file)


def serve() -> None:
    """Answer requests until the input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        receive, send = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(receive)
            with contextlib.suppress(BaseException):
                child(request, send)
            os._exit(0)
        os.close(send)
        with os.fdopen(receive) as file:
            text = file.read()
        _, status = os.waitpid(pid, 0)
        if not text:
            died = "the process died"
            if os.WIFSIGNALED(status):
                died += f" of {signal.Signals(os.WTERMSIG(status)).name}"
            text = json.dumps({"crash": died})
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()

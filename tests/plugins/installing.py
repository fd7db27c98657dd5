"""Installs plug-ins into a folder of their own, and runs projector with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from projector.plugins.entry_points import VARIABLE
from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "plugin"

#: Group of entry points: name and object.
Entries = Mapping[str, Mapping[str, str]]


def install_example(folder: Path) -> None:
    """Install the example as a person would; nothing is downloaded."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--no-build-isolation", "--no-index", "--target", str(folder)),
            str(EXAMPLE),
        ],
        check=True,
        capture_output=True,
    )


def install(
    folder: Path, name: str, entries: Entries, module: str = "", *, version: str = "1.0"
) -> None:
    """Write what an installed package with one module leaves: the module and its metadata."""
    home = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    home.mkdir(parents=True)
    (home / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines: list[str] = []
    for group, of_group in entries.items():
        lines += [f"[{group}]", *(f"{key} = {target}" for key, target in of_group.items()), ""]
    (home / "entry_points.txt").write_text("\n".join(lines))
    (folder / f"{name.replace('-', '_')}.py").write_text(module)


def environment(*folders: Path, **more: str) -> dict[str, str]:
    """Return the environment of a process that finds the plug-ins of these folders."""
    found = {**os.environ, **more}
    if VARIABLE not in more:
        found.pop(VARIABLE, None)
    path = [str(folder) for folder in folders] + [str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {**found, "PYTHONPATH": os.pathsep.join(filter(None, path))}


def run(
    *words: str | Path, plugins: tuple[Path, ...], **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of projector that finds the plug-ins of these folders."""
    return subprocess.run(
        [sys.executable, "-m", "projector", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(*plugins, **more),
    )


def python(code: str, *arguments: str | Path, plugins: tuple[Path, ...], **more: str) -> object:
    """Run a program that finds the plug-ins of these folders; return the JSON that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(*plugins, **more),
    )
    assert done.returncode == 0, done.stderr
    found: object = json.loads(done.stdout)
    return found


def write_fvecs(path: Path, n_points: int = 40, n_dims: int = 6) -> NDArray[np.float32]:
    """Write a file of the example's format, and return its vectors."""
    vectors = np.random.default_rng(0).normal(size=(n_points, n_dims)).astype("<f4")
    raw = np.empty((n_points, n_dims + 1), "<f4")
    raw[:, 0] = np.full(n_points, n_dims, "<i4").view("<f4")
    raw[:, 1:] = vectors
    path.write_bytes(raw.tobytes())
    return vectors


@contextmanager
def serving(*words: str | Path, plugins: tuple[Path, ...]) -> Iterator[str]:
    """Run a server that finds the plug-ins of these folders; give its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "projector", *map(str, words), "--port", "0", "--no-open"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(*plugins),
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().removeprefix("projector: ").strip()
    finally:
        process.terminate()
        process.communicate()

"""The public surface is a tested list."""

from __future__ import annotations

import re
import subprocess
import sys

import projector
from projector import errors


def test_every_public_name_exists_and_is_documented() -> None:
    for name in projector.__all__:
        value = getattr(projector, name)
        assert value.__doc__ or isinstance(value, (tuple, dict)), f"{name} has no docstring"
    assert set(dir(projector)) == set(projector.__all__)


def test_the_drawn_error_tree_is_the_real_one() -> None:
    drawn: dict[str, str | None] = {}
    above: list[tuple[int, str]] = []
    for indent, name in re.findall(r"^( *)\* (\w+)", errors.__doc__ or "", re.MULTILINE):
        above = [(depth, parent) for depth, parent in above if depth < len(indent)]
        drawn[name] = above[-1][1] if above else None
        above.append((len(indent), name))
    real = {
        name: next((b.__name__ for b in value.__bases__ if b.__module__ == errors.__name__), None)
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.ProjectorError)
    }
    assert drawn == real


def test_importing_takes_no_time() -> None:
    heavy = ("numpy", "flask", "numba", "pyarrow", "sklearn", "scipy", "faiss", "umap")
    code = f"import sys, projector, projector.cli; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_process_that_computes_imports_nothing_that_reads_files() -> None:
    code = (
        "import sys, projector.jobs.worker, projector.api.worker_tasks;"
        "print([m for m in sys.modules if m.startswith(('pyarrow', 'projector.loaders.'))])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_nothing_heavy_is_imported_before_the_first_picture() -> None:
    heavy = (
        "numba",
        "sklearn",
        "scipy",
        "faiss",
        "umap",
        "pynndescent",
        "openTSNE",
        "h5py",
        "pyarrow",
    )
    code = (
        "import sys, projector.server.server, projector.jobs.worker, projector.api.worker_tasks;"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"

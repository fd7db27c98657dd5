"""Sources without a file on disk, for tests of what is done with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from projector.loaders.base import File, Tensor
from projector.loaders.formats.arrays.npy import Npy
from projector.loaders.logdir.sources import Source

ROOT = Path("/logs")


def source(
    name: str,
    *,
    path: str = "a.npz",
    run: str = ".",
    step: int | None = None,
    rows: int = 4,
    **about: Any,
) -> Source:
    """Return a source; what is not of the source itself is of its tensor."""
    of_source = ("metadata", "named", "label", "in_series")
    own = {key: about.pop(key) for key in of_source if key in about}
    where = ROOT / path
    tensor = Tensor(name, name, (rows, 2), "float32", **about)
    return Source(File(where, ROOT, 0, 0, {}, where), Npy(), tensor, run, step, **own)

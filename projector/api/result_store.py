"""Where results are kept, and the keys under which they are found again."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from projector.errors import ParameterError
from projector.jobs.cache import DEFAULT_BYTES, ResultCache

#: The libraries whose arithmetic is in a result: another version may give other bytes.
_LIBRARIES = ("numpy", "scipy", "numba", "faiss-cpu")


def default_cache() -> ResultCache:
    """Return the user's cache.

    ``PROJECTOR_CACHE_DIR`` moves it and ``PROJECTOR_CACHE_BYTES`` bounds it (0: keep nothing).
    """
    folder = os.environ.get("PROJECTOR_CACHE_DIR")
    if folder is None:
        from platformdirs import user_cache_dir

        folder = user_cache_dir("projector")
    given = os.environ.get("PROJECTOR_CACHE_BYTES", str(DEFAULT_BYTES))
    if not given.isdigit():
        raise ParameterError(f"PROJECTOR_CACHE_BYTES must be a number of bytes. Got {given!r}.")
    return ResultCache(Path(folder) / "results", int(given))


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Return the versions of projector and of every library whose arithmetic it uses."""
    found = {}
    for name in ("projector", *_LIBRARIES):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


def result_key(kind: str, content: str, settings: Mapping[str, Any]) -> str:
    """Return the name of a result: 32 hexadecimal digits.

    Parameters
    ----------
    kind : str
        ``"projection"``, ``"neighbors"``.
    content : str
        The content hash of the vectors.
    settings : mapping
        Everything else that the result depends on.
    """
    about = json.dumps([kind, content, settings, versions()], sort_keys=True)
    return hashlib.sha256(about.encode()).hexdigest()[:32]

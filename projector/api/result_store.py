"""The cache of results: where it is, its keys, and how a projection is stored in it."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from projector.errors import ParameterError
from projector.jobs.cache import DEFAULT_BYTES, ResultCache
from projector.model.projection import Projection
from projector.typing import AnyArray

#: Libraries that results are computed with: another version may give other bytes.
_LIBRARIES = ("numpy", "scipy", "numba", "faiss-cpu")

_BYTES = re.compile(r"[0-9]{1,18}")


def default_cache() -> ResultCache:
    """Return the user's cache.

    ``PROJECTOR_CACHE_DIR`` sets its folder and ``PROJECTOR_CACHE_BYTES`` its maximum size (0
    stores nothing). An empty value is none.

    Raises
    ------
    ParameterError
        ``PROJECTOR_CACHE_BYTES`` is not a number of bytes.
    """
    folder = os.environ.get("PROJECTOR_CACHE_DIR", "")
    if not folder:
        from platformdirs import user_cache_dir

        folder = user_cache_dir("projector")
    given = os.environ.get("PROJECTOR_CACHE_BYTES", "") or str(DEFAULT_BYTES)
    if _BYTES.fullmatch(given) is None:
        raise ParameterError(
            "PROJECTOR_CACHE_BYTES must be a number of bytes, such as 4000000000. Got "
            f"{given[:40]!r}."
        )
    # Absolute, because the current folder may be another one later.
    return ResultCache(Path(os.path.expanduser(folder)).absolute() / "results", int(given))


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Return the versions of projector and of every library that results are computed with."""
    found = {}
    for name in ("projector", *_LIBRARIES):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


def result_key(kind: str, content: str, settings: Mapping[str, Any]) -> str:
    """Return the key of a result: 32 hexadecimal digits.

    Parameters
    ----------
    kind : str
        ``"projection"``, ``"neighbors"``, ``"quality"``.
    content : str
        The content hash of the vectors.
    settings : mapping
        Everything else that the result depends on.
    """
    about = json.dumps([kind, content, settings, versions()], sort_keys=True)
    return hashlib.sha256(about.encode()).hexdigest()[:32]


def load_projection(cache: ResultCache, key: str) -> Projection | None:
    """Return the stored projection with this key, or None."""
    stored = cache.get(key)
    if stored is None or "positions" not in stored.arrays:
        return None
    about = stored.about
    return Projection(
        stored.arrays["positions"],
        about["method"],
        about["params"],
        about["details"],
        stored.arrays.get("scores"),
    )


def save_projection(cache: ResultCache, key: str, projection: Projection) -> None:
    """Store a projection under its key."""
    arrays: dict[str, AnyArray] = {"positions": projection.positions}
    if projection.scores is not None:
        arrays["scores"] = projection.scores
    about = {
        "method": projection.method,
        "params": projection.params,
        "details": projection.details,
    }
    cache.put(key, arrays, about)

"""The cache of results: where it is, its keys, and how a projection is stored in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from projector.errors import ProjectorError
from projector.jobs.cache import DEFAULT_BYTES, ResultCache
from projector.jobs.cache_entry import Stored
from projector.jobs.executors.library_versions import installed
from projector.machine.cache_folder import cache_bytes, cache_folder
from projector.model.projection import Projection
from projector.typing import AnyArray

Result = TypeVar("Result")
Part = TypeVar("Part")

#: Libraries that results are computed with: another version may give other bytes.
_LIBRARIES = ("numpy", "scipy", "numba", "faiss-cpu")


def default_cache() -> ResultCache:
    """Return the user's cache.

    ``PROJECTOR_CACHE_DIR`` sets its folder and ``PROJECTOR_CACHE_BYTES`` its maximum size (0
    stores nothing). An empty folder is none.

    Raises
    ------
    ParameterError
        ``PROJECTOR_CACHE_BYTES`` is not a number of bytes.
    """
    most = cache_bytes("PROJECTOR_CACHE_BYTES", DEFAULT_BYTES)
    return ResultCache(cache_folder() / "results", most)


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Return the versions of projector and of every library that results are computed with."""
    return versions_of(("projector", *_LIBRARIES))


@lru_cache(maxsize=8)
def versions_of(packages: tuple[str, ...]) -> dict[str, str]:
    """Return the versions of installed packages; ``"none"`` for one that is not."""
    return {name: installed(name) for name in packages}


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


def load_stored(cache: ResultCache, key: str, rebuild: Callable[[Stored], Result]) -> Result | None:
    """Return what `rebuild` makes of the stored result with this key.

    None if there is none, or if it has other parts than `rebuild` needs: it was written by another
    program, and the work is done again.
    """
    stored = cache.get(key)
    if stored is None:
        return None
    try:
        return rebuild(stored)
    except (LookupError, TypeError, ValueError, ProjectorError):
        return None


def part(about: Mapping[str, Any], name: str, kind: type[Part]) -> Part:
    """Return one part of a description; raise TypeError unless it is of this kind."""
    value = about[name]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"{name!r} is {type(value).__name__}, expected {kind.__name__}")
    return value


def load_projection(cache: ResultCache, key: str, n_points: int | None = None) -> Projection | None:
    """Return the stored projection with this key, of so many points if they are given, or None."""

    def rebuild(stored: Stored) -> Projection:
        positions, scores = stored.arrays["positions"], stored.arrays.get("scores")
        lengths = {len(each) for each in (positions, scores) if each is not None}
        if len(lengths | ({n_points} - {None})) > 1:
            raise ValueError("another number of points")
        about = stored.about
        return Projection(
            positions,
            part(about, "method", str),
            part(about, "params", dict),
            part(about, "details", dict),
            scores,
        )

    return load_stored(cache, key, rebuild)


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

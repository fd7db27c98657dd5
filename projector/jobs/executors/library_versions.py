"""The libraries whose versions must be the same wherever parts of one result are computed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

#: What computes, and what reads and writes parts.
LIBRARIES = ("projector", "numpy", "scipy", "numba", "pyarrow")


def library_versions() -> dict[str, str]:
    """Return the versions here; ``"none"`` for what is not installed."""
    return {name: installed(name) for name in LIBRARIES}


def installed(name: str) -> str:
    """Return the version of a package; ``"none"`` if it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def differing(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """Return what differs, for people; empty if nothing does."""
    return ", ".join(
        f"{name} {there.get(name, 'none')} (here {here[name]})"
        for name in here
        if there.get(name, "none") != here[name]
    )

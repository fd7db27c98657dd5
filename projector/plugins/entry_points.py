"""Finds plug-ins by the entry points of installed packages, without importing any of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib import import_module
from importlib.metadata import Distribution, distributions
from typing import Any, Literal, TypeAlias

#: What a plug-in can add.
Kind: TypeAlias = Literal["loader", "method", "panel"]

#: The group of entry points of each kind.
GROUPS: Mapping[Kind, str] = {
    "loader": "projector.loaders",
    "method": "projector.methods",
    "panel": "projector.panels",
}

#: ``PROJECTOR_PLUGINS=0`` leaves all plug-ins out, in the processes that projector starts, too.
VARIABLE = "PROJECTOR_PLUGINS"


@dataclass(frozen=True, order=True)
class Plugin:
    """One entry point of an installed package. It can be sent to another process.

    Attributes
    ----------
    kind : {"loader", "method", "panel"}
    name : str
        What the loader, method or panel is called; unique within its kind.
    distribution, version : str
        The installed package that brings it.
    target : str
        Where the object is: ``"package.module:OBJECT"``.

    Examples
    --------
    >>> str(Plugin("loader", "fvecs", "projector-fvecs", "1.2", "fvecs:LOADER"))
    'fvecs (projector-fvecs 1.2)'
    """

    kind: Kind
    name: str
    distribution: str
    version: str
    target: str

    def __str__(self) -> str:
        return f"{self.name} ({self.origin})"

    @property
    def origin(self) -> str:
        """Package and version, which identify results that were made with it."""
        return f"{self.distribution} {self.version}"

    def load(self) -> Any:
        """Import the object. It runs the package's code and may raise anything."""
        module, _, attributes = self.target.partition(":")
        found: Any = import_module(module)
        for attribute in filter(None, attributes.split(".")):
            found = getattr(found, attribute)
        return found

    def describe(self) -> dict[str, str]:
        """Return its attributes as JSON."""
        return asdict(self)


def are_off() -> bool:
    """Tell whether the environment leaves plug-ins out."""
    return os.environ.get(VARIABLE, "").strip().lower() in ("0", "no", "off", "false")


def switch_off() -> None:
    """Leave plug-ins out from now on, in this process and in those that it starts."""
    os.environ[VARIABLE] = "0"


def find_plugins(kind: Kind) -> tuple[Plugin, ...]:
    """Return the plug-ins of one kind by name, from metadata alone; nothing is imported.

    None if they are switched off. Packages that come first on the path hide others of their name.
    """
    return () if are_off() else tuple(each for each in _installed() if each.kind == kind)


@lru_cache(maxsize=1)
def _installed() -> tuple[Plugin, ...]:
    kinds = {group: kind for kind, group in GROUPS.items()}
    found: dict[str, tuple[Plugin, ...]] = {}
    for each in distributions():
        entries = [point for point in each.entry_points if point.group in kinds]
        name = _name_of(each) if entries else ""
        if name and name not in found:
            found[name] = tuple(
                Plugin(kinds[point.group], point.name, name, each.version, point.value)
                for point in entries
            )
    return tuple(sorted(plugin for of_one in found.values() for plugin in of_one))


def _name_of(distribution: Distribution) -> str:
    # A folder that a broken uninstall left has metadata without a name.
    name: str | None = distribution.metadata["Name"]
    return name or ""

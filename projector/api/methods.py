"""The available methods, by name."""

from __future__ import annotations

from typing import Any

from projector.compute import METHODS
from projector.compute.method import Method
from projector.errors import UnknownNameError

__all__ = ["METHODS", "Method", "find_method", "origin_of", "plugin_text"]


def find_method(name: Any) -> Method:
    """Return the method with this name.

    Raises
    ------
    UnknownNameError
        There is none.
    ParameterError
        It is that of a plug-in that cannot be used.
    """
    if not isinstance(name, str) or name not in METHODS:
        if isinstance(name, str):
            METHODS.check(name)
        raise UnknownNameError("method", name, METHODS)
    return METHODS[name]


def origin_of(name: str) -> dict[str, str]:
    """Return the package and version of the plug-in that brings a method; empty for our own.

    It is a part of what identifies a result.
    """
    plugin = METHODS.plugin_of(name)
    return {} if plugin is None else {f"dist:{plugin.distribution}": plugin.version}


def plugin_text(name: str) -> str | None:
    """Return the package and version of the plug-in that brings a method, for people."""
    plugin = METHODS.plugin_of(name)
    return None if plugin is None else plugin.origin

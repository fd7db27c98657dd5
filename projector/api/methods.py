"""The available methods, by name."""

from __future__ import annotations

from typing import Any

from projector.compute import METHODS
from projector.compute.method import Method
from projector.errors import UnknownNameError

__all__ = ["METHODS", "Method", "find_method"]


def find_method(name: Any) -> Method:
    """Return the method with this name, or raise UnknownNameError."""
    if not isinstance(name, str) or name not in METHODS:
        raise UnknownNameError("method", name, METHODS)
    return METHODS[name]

"""What stands for the classes, instances and functions that a pickle names: nothing is imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class Refused(ValueError):
    """A pickle that is damaged, too large or made to do harm; loaders turn it into a LoadError."""


class ShellClass:
    """A class or function that is not imported; calling it gives a `Shell`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Shell:
    """What an unknown class or function would have made: what it was given, and nothing else.

    Attributes
    ----------
    kind : str
        The full name of the class or function.
    args : tuple
        What it was called with.
    state : object
        The attributes, as they are set after the call.
    items : list
        What was appended.
    entries : dict
        What was set by key.
    """

    __slots__ = ("args", "entries", "items", "kind", "state")

    def __init__(self, kind: str, args: tuple[Any, ...] = ()) -> None:
        self.kind = kind
        self.args = args
        self.state: Any = None
        self.items: list[Any] | None = None
        self.entries: dict[Any, Any] | None = None

    def build(self, state: Any) -> None:
        """Keep the state."""
        self.state = state

    def attribute(self, name: str) -> Any:
        """Return an attribute; None if there is none."""
        state = self.state
        if isinstance(state, tuple) and len(state) == 2:  # the second holds the slots
            parts = [part for part in state if isinstance(part, dict)]
            state = next((part for part in parts if name in part), None)
        return state.get(name) if isinstance(state, dict) else None


@dataclass(frozen=True)
class Function:
    """A function of this package that a pickle's name stands for."""

    call: Callable[..., Any]


class Skipped:
    """Stands for a value that is not shown; only what it is, is kept."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __call__(self, *_: Any) -> Skipped:
        """Return itself, whatever the arguments are."""
        return self

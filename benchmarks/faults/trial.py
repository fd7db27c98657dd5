"""Describes a promise, and what is tried to break it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Outcome:
    """How often a promise was tried, how often it held, and what was seen where it did not."""

    tried: int = 0
    held: int = 0
    seen: list[str] | None = None

    def count(self, held: bool, seen: str = "") -> None:
        """Count one attempt; `seen` says what happened if it failed."""
        self.tried += 1
        self.held += held
        if not held:
            self.seen = [*(self.seen or []), seen]


@dataclass(frozen=True)
class Trial:
    """One row of docs/reliability.md.

    Attributes
    ----------
    promise : str
        What is promised, in one short sentence.
    tried : str
        What is done to break it, in one short sentence.
    run : callable
        Does it, and returns how often it held.
    """

    promise: str
    tried: str
    run: Callable[[], Outcome]

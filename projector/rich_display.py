"""How a value is shown in a notebook: rooms below ask, the notebook's room answers.

A value on a lower floor cannot know the widget that shows it. The package's face names who does,
and nothing of it is imported before a notebook asks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: Output of a cell by its type, as Jupyter's display protocol has it.
MimeBundle = dict[str, Any]

_makers: list[Callable[[Any], MimeBundle]] = []


def show_by(make: Callable[[Any], MimeBundle]) -> None:
    """Let `make` say how values are shown from now on; an empty answer is the plain text."""
    _makers[:] = [make]


def mime_bundle(value: Any) -> MimeBundle:
    """Return how a cell shows a value besides its text; empty where there is no notebook."""
    return _makers[-1](value) if _makers else {}

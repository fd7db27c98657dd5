"""A panel that a plug-in adds to the page: one ES module."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Panel:
    """A part of the page that a plug-in brings.

    Attributes
    ----------
    name : str
        What its entry point is called: lowercase letters, digits and hyphens.
    title : str
        What its tab is called, in a word or two.
    module : Path
        The file of its one ES module, which exports ``mount``; see docs/plugins.md.

    Examples
    --------
    >>> Panel("spread", "Spread", Path("spread.js")).title
    'Spread'
    """

    name: str
    title: str
    module: Path

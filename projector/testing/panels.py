"""The contract of a panel, as far as it can be told without a browser."""

from __future__ import annotations

import re

from projector.model.panel import Panel
from projector.testing.expectation import expect

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
#: What the page's security policy forbids.
_FORBIDDEN = {
    r"\beval\s*\(": "eval",
    r"\bnew\s+Function\b": "new Function",
    r"^\s*import\s[^(]*from\s": "an import: the module stands alone",
    r"https?://(?!www\.w3\.org/)[\w.-]+[/\"']": "an address of another server",
}


def check_panel(panel: Panel) -> None:
    """Check a panel's declaration and its module, as far as text can tell.

    Raises
    ------
    AssertionError
        It does not export ``mount`` and ``version``, or does what the page forbids.
    """
    expect(_NAME.fullmatch(panel.name), f"{panel.name!r}: use a-z, 0-9, -")
    expect(panel.title, f"{panel.name} has no title")
    expect(panel.module.is_file(), f"{panel.name}: there is no {panel.module}")
    text = panel.module.read_text("utf-8")
    for name in ("mount", "version"):
        found = re.search(rf"^export\s+(?:async\s+)?(?:const|function)\s+{name}\b", text, re.M)
        expect(found, f"{panel.module.name} does not export {name}")
    for pattern, what in _FORBIDDEN.items():
        found = re.search(pattern, text, re.MULTILINE)
        expect(not found, f"{panel.module.name} has {what}, which the page's policy forbids")

"""The panels that plug-ins add to the page, and everything there is of plug-ins."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from projector.api.methods import METHODS
from projector.errors import UnknownNameError
from projector.loaders.formats.registry import FORMATS
from projector.model.panel import Panel
from projector.plugins.entry_points import Kind, Plugin
from projector.plugins.registry import Failure, Registry, UnusableError

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_TITLE = 24
#: A module is read whole and sent whole.
_MOST_BYTES = 4 << 20


@dataclass(frozen=True)
class PanelModule:
    """A panel with the bytes of its module, which were read once.

    Attributes
    ----------
    panel : Panel
    plugin : Plugin
    content : bytes
    digest : str
        16 hexadecimal digits of the content.
    """

    panel: Panel
    plugin: Plugin
    content: bytes
    digest: str


def _panel_module(found: Any, plugin: Plugin) -> PanelModule:
    if not isinstance(found, Panel):
        raise UnusableError(f"{plugin.target} is a {type(found).__name__}, and no Panel")
    if found.name != plugin.name or _NAME.fullmatch(plugin.name) is None:
        raise UnusableError(
            f"the panel calls itself {found.name!r}, and its entry point is {plugin.name!r}; both "
            "must be the same lowercase letters, digits and hyphens"
        )
    if not 0 < len(found.title) <= _LONGEST_TITLE:
        raise UnusableError(f"its title must have 1 to {_LONGEST_TITLE} letters")
    content = found.module.read_bytes()
    if len(content) > _MOST_BYTES:
        raise UnusableError(f"its module has more than {_MOST_BYTES:,} bytes")
    return PanelModule(found, plugin, content, hashlib.sha256(content).hexdigest()[:16])


#: All panels are those of plug-ins: our own are part of the page.
PANELS: Registry[PanelModule] = Registry("panel", (), _panel_module)

#: What can be added by plug-ins.
REGISTRIES: Mapping[Kind, Registry[Any]] = {
    "loader": FORMATS,
    "method": METHODS,
    "panel": PANELS,
}


def find_panel(name: str, digest: str) -> PanelModule:
    """Return the panel with this name, whose module has this digest.

    Raises
    ------
    UnknownNameError
        There is none.
    """
    found = PANELS.get(name)
    if found is None or found.digest != digest:
        raise UnknownNameError("panel", name, PANELS)
    return found


def installed_plugins() -> tuple[Plugin, ...]:
    """Return every plug-in, from metadata alone; nothing is imported."""
    return tuple(each for registry in REGISTRIES.values() for each in registry.plugins())


def load_plugins() -> tuple[Failure, ...]:
    """Import every plug-in, and return those that cannot be used."""
    for registry in REGISTRIES.values():
        list(registry)
    return failed_plugins()


def failed_plugins(*kinds: Kind) -> tuple[Failure, ...]:
    """Return the plug-ins of these kinds, or of all, that were tried and cannot be used."""
    registries = [REGISTRIES[kind] for kind in kinds or REGISTRIES]
    return tuple(failure for registry in registries for failure in registry.failures())

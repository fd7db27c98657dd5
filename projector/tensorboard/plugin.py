"""What TensorBoard loads: the tab "Projector+". Imports TensorBoard, so only it imports this."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tensorboard import version
from tensorboard.plugins import base_plugin

from projector.errors import MachineError, ProjectorError
from projector.server.addresses import is_loopback
from projector.tensorboard.log_directories import log_directories
from projector.tensorboard.mounted_page import PAGE, RELOAD, SCRIPT, MountedPage

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

#: The oldest that was tried; 2.16 does not start with the NumPy that projector needs.
OLDEST = (2, 18)


class ProjectorPlus(base_plugin.TBPlugin):  # type: ignore[misc]
    """The tab "Projector+" of a running TensorBoard.

    Nothing is read before somebody opens the tab.

    Parameters
    ----------
    context : TBContext
        TensorBoard's own; its log directory and its flags are looked at.
    """

    #: TensorBoard's own projector has the name "projector", and two of a name end TensorBoard.
    plugin_name = "projector_plus"

    def __init__(self, context: Any) -> None:
        flags = getattr(context, "flags", None)
        self._named = (
            getattr(context, "logdir", None) or None,
            getattr(flags, "logdir_spec", None) or None,
        )
        self._too_old = too_old(version.VERSION)
        # As for `projector`, where others can ask and nobody checks a token.
        self.mounted = MountedPage(self._directories, read_only=is_open_to_others(flags))

    def get_plugin_apps(self) -> Mapping[str, WSGIApplication]:
        """Return what answers below the route of the plug-in."""
        return {
            SCRIPT: self.mounted.script,
            RELOAD: self.mounted.reload,
            # The first is also asked for "/page/": TensorBoard cuts the last slash off to find it.
            PAGE: self.mounted.page,
            f"{PAGE}/*": self.mounted.page,
        }

    def is_active(self) -> bool:
        """Return whether there is a log directory; asked again and again, so nothing is opened."""
        return any(self._named)

    def frontend_metadata(self) -> Any:
        """Return what the tab is called, and what fills it."""
        return base_plugin.FrontendMetadata(es_module_path=SCRIPT, tab_name="Projector+")

    def data_plugin_names(self) -> Sequence[str]:
        """Return whose event data makes the tab active: nobody's, `is_active` alone decides."""
        return ()

    def _directories(self) -> Sequence[str]:
        if self._too_old is not None:
            raise self._too_old
        found = log_directories(*self._named)
        if not found:
            raise MachineError(
                "This TensorBoard has no log directory. Start it with --logdir and a directory."
            )
        return found


def too_old(found: str) -> ProjectorError | None:
    """Return what to say of a TensorBoard of this version; None if it is new enough."""
    numbers = tuple(map(int, re.findall(r"\d+", found)[:2]))
    if numbers >= OLDEST:
        return None
    oldest = ".".join(map(str, OLDEST))
    return MachineError(
        f"Projector+ needs TensorBoard {oldest} or later. Found {found}. Run: pip install "
        '"projector[tensorboard]"'
    )


def is_open_to_others(flags: Any) -> bool:
    """Return whether a TensorBoard with these flags answers other machines than its own."""
    host = getattr(flags, "host", None) or "localhost"
    return bool(getattr(flags, "bind_all", False)) or not is_loopback(host)

"""The mirrors of this process, by path: whether a file is elsewhere, and how it is opened.

In the reader process a mirror is its owner's: what is needed is asked of it.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from projector.errors import LoadError
from projector.loaders.remote.addresses import is_address, without_pattern
from projector.loaders.remote.mirror import Mirror
from projector.loaders.remote.open_file import RemoteFile
from projector.loaders.remote.owners_mirror import OwnersMirror
from projector.machine.owned_folder import PREFIX
from projector.model.arguments import path_of

M = TypeVar("M")


class Opens(Protocol):
    """What opens files that are elsewhere."""

    def open(self, path: str) -> RemoteFile:
        """Open the object that stands at a path."""


#: Where the files of every mirror are: see `Mirror`.
_IN_A_MIRROR = re.compile(rf"[/\\]{PREFIX}mirror-[^/\\]+[/\\]tree(?:[/\\]|$)")

#: The mirrors by address; in the reader process, those of its owner by home.
_mirrors: dict[str, Mirror] = {}
_of_owner: dict[str, OwnersMirror] = {}
_lock = threading.Lock()


def local_path(source: Any, *, name: str = "path") -> Path:
    """Return the path of what a user named: of an address, where its mirror is.

    Of an address with a pattern, such as ``"s3://bucket/runs/*.parquet"``, it is the mirror of the
    folder, and the pattern.

    The mirror of an address is made when it is named first, and looks at the server again when it
    is named once more. It exists as long as the process.

    Raises
    ------
    LoadError
        An address leads to nothing, or its server cannot be reached.
    ParameterError
        It is neither a path nor an address.
    """
    if not is_address(source):
        return path_of(source, name=name)
    address, pattern = without_pattern(source)
    with _lock:
        known = _mirrors.get(address)
        if known is None:
            known = _mirrors[address] = Mirror(address)
            return known.target / pattern
    known.look()
    return known.target / pattern


def mirror_of(path: str | Path) -> Mirror | None:
    """Return the mirror that a path is in; None for a file of this machine."""
    return _containing(_homes(), str(path)) if _mirrors else None


def opener_of(path: str) -> Opens | None:
    """Return what opens the file at a path if it is elsewhere.

    Raises
    ------
    LoadError
        It stands for an object elsewhere, but the mirror is not of this process: all that could
        be read of it are zeros.
    """
    found: Opens | None
    found = _containing(_of_owner, path) if _of_owner else mirror_of(path)
    if found is None and _IN_A_MIRROR.search(path):
        raise LoadError(
            path, "stands for a remote object, and its mirror is gone. Open the address again."
        )
    return found


def is_mirrored(folder: str) -> bool:
    """Tell whether the files of a folder are elsewhere."""
    return _IN_A_MIRROR.search(folder) is not None


def _homes() -> dict[str, Mirror]:
    return {str(mirror.home): mirror for mirror in list(_mirrors.values())}


def _containing(mirrors: Mapping[str, M], path: str) -> M | None:
    for home, mirror in list(mirrors.items()):
        if path == home or path.startswith(home + os.sep):
            return mirror
    return None


@contextmanager
def reading_through_owner(home: str, ask: Callable[[Any], Any]) -> Iterator[None]:
    """Open the files of a mirror by asking its owner, inside the block; in the reader process."""
    _of_owner[home] = OwnersMirror(ask)
    try:
        yield
    finally:
        del _of_owner[home]

"""The path that a user gave: a log directory, a file, a pattern of parts, or an address."""

from __future__ import annotations

from pathlib import Path

from projector.errors import LoadError
from projector.loaders.logdir.named_parts import folder_of_parts, is_named_parts
from projector.loaders.remote.mirrors import local_path


def existing(path: str | Path) -> Path:
    """Return a path that a user gave, absolute; or a pattern that some files match.

    Of an address it is where its mirror is.

    Raises
    ------
    LoadError
        It does not exist, or its server cannot be reached.
    """
    path = local_path(path)
    if is_named_parts(path):
        folder_of_parts(path)
        return path.absolute()
    try:
        path.resolve(strict=True)
        return path.absolute()
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LoadError(path, f"{reason}. Give a path that exists.") from None

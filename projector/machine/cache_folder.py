"""The folder for what can be made or fetched again, and how much of it is kept."""

from __future__ import annotations

import os
import re
from pathlib import Path

from projector.errors import ParameterError

_BYTES = re.compile(r"[0-9]{1,18}")


def cache_folder() -> Path:
    """Return the user's cache folder for projector; ``PROJECTOR_CACHE_DIR`` sets another one.

    An empty setting is none. It need not exist.
    """
    folder = os.environ.get("PROJECTOR_CACHE_DIR", "")
    if not folder:
        from platformdirs import user_cache_dir

        folder = user_cache_dir("projector")
    # Absolute, because the current folder may be another one later.
    return Path(os.path.expanduser(folder)).absolute()


def cache_bytes(variable: str, default: int) -> int:
    """Return how many bytes an environment variable says that are kept.

    Raises
    ------
    ParameterError
        It is not a number of bytes.
    """
    given = os.environ.get(variable, str(default))
    if _BYTES.fullmatch(given) is None:
        raise ParameterError(
            f"{variable} must be a number of bytes, such as 4000000000. Got {given[:40]!r}."
        )
    return int(given)

"""The folder for what can be made or fetched again."""

from __future__ import annotations

import os
from pathlib import Path


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

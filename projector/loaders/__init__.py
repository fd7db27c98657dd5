"""Reads embeddings and their companion files from log directories and single files.

`open_logdir` lists, `Log.load` reads one embedding, and `load` reads a single file or a named
embedding of a log directory. Nothing here executes data, follows a path out of the log directory,
or allocates more memory than a file can justify.
"""

from __future__ import annotations

from projector.loaders.formats.registry import LOADERS
from projector.loaders.logdir.load import load
from projector.loaders.logdir.log import Log, open_logdir
from projector.loaders.partitioned.opening import open_parts

__all__ = ["LOADERS", "Log", "load", "open_logdir", "open_parts"]

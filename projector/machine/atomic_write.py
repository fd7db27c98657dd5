"""Writes a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


@contextlib.contextmanager
def atomic_write(
    path: Path, *, scratch: Path | None = None, sync: bool = True, private: bool = False
) -> Iterator[BinaryIO]:
    """Open a file for writing that replaces `path` when the block ends without an error.

    Until then `path` is as it was: a reader, or a restart after a crash, finds the old content
    or the new one, never a part of it. After an error nothing is left behind.

    Parameters
    ----------
    path : Path
        Its folder is created if it is missing.
    scratch : Path, optional
        The folder of the unfinished file, on the same file system; by default that of `path`.
    sync : bool
        Wait until the content has reached the disk, so that it also survives a power cut. Leave
        it out for what can be computed again: it takes a second for some 100 MB.
    private : bool
        Whether only this user may read the file; otherwise it is as readable as any other file
        that the user creates.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The prefix hides an unfinished file and keeps it out of patterns such as "*.npz".
    handle, name = tempfile.mkstemp(dir=scratch or path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            if sync:
                os.fsync(file.fileno())
        if not private:
            # mkstemp creates private files.
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

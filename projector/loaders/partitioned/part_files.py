"""The file of a part: found again, and compared with what it was when the parts were opened."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from projector.errors import FileChangedError, LoadError
from projector.loaders.base import HEAD, File
from projector.loaders.remote.unread import UnreadNowError
from projector.loaders.safe_files import read_head, read_range
from projector.machine.shortages import what_to_do
from projector.model.partitioned import Part

#: Bytes at the end of a file that its fingerprint looks at: a footer, or most of one.
_TAIL = 1 << 16


def file_at(path: Path) -> File:
    """Return the file at a resolved path.

    Raises
    ------
    LoadError
        There is none.
    """
    try:
        return File.of(path, path.parent, os.stat(path), path)
    except FileNotFoundError:
        raise LoadError(path, "does not exist any more. Open the parts again.") from None
    except OSError as error:
        raise UnreadNowError(
            path,
            f"cannot be opened: {error.strerror}. "
            f"{what_to_do(error, path, 'Check its permissions')}.",
        ) from None


def fingerprint(file: File) -> str:
    """Return what changes when a file does: of its size, time, first and last bytes."""
    found = hashlib.sha256(f"{file.size} {file.mtime_ns} ".encode())
    found.update(read_head(file.real, HEAD))
    count = min(_TAIL, file.size)
    found.update(read_range(file.real, file.size - count, count))
    return found.hexdigest()[:32]


def file_of(part: Part) -> File:
    """Return the file of a part, which still is what it was when the parts were opened.

    Raises
    ------
    FileChangedError
        It is another one now.
    LoadError
        It cannot be read.
    """
    file = file_at(Path(part.path))
    if fingerprint(file) != part.fingerprint:
        raise changed(file.path)
    return file


def changed(path: Path) -> FileChangedError:
    """Return the error for a part that is not what it was."""
    return FileChangedError(
        path,
        "is not the file any more that it was when the parts were opened, and two versions are "
        "never mixed. Open the parts again.",
    )

"""Writes sidecar files atomically, and never over changes of another program."""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import re
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from projector.errors import ConflictError, LoadError, SaveError
from projector.loaders.base import File
from projector.loaders.remote.mirrors import mirror_of
from projector.loaders.safe_files import read_all, read_head
from projector.loaders.tags.sidecar import (
    LIMIT,
    MAX_HEADER,
    SUFFIX,
    parse_header,
    parse_tags,
    revision_of,
    tags_bytes,
)
from projector.machine.file_lock import lock
from projector.machine.no_links import LinkInPathError, OpenFolder, entries_of, open_folder
from projector.machine.shortages import save_error
from projector.model.tags import Tags

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 80
#: A partly written file that nobody has locked, and that is older, was left behind by a program
#: that was killed; where there are no locks, one that is much older.
_STALE_SECONDS, _OLD_SECONDS = 1.0, 10.0
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_LOOK = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_OTHERWISE = "keep the tags for this session only, or download them"
_OUTSIDE = "its folder now points outside the log directory, so nothing was written."


def file_for(folder: Path, tensor: str, n_points: int) -> Path:
    """Return the file for new tags of a tensor, one that does not exist yet."""
    paths = _candidates(folder, tensor, n_points)
    return next((path for path in paths if not os.path.lexists(path)), paths[-1])


def check_new(folder: Path, tensor: str, n_points: int) -> None:
    """Raise if these tags already have a file that has not been read yet, or cannot be.

    Raises
    ------
    ConflictError
        Another program has written it.
    SaveError
        It cannot be read.
    """
    for path in _candidates(folder, tensor, n_points):
        if path.is_file() and not path.is_symlink():
            line = read_head(path, MAX_HEADER).partition(b"\n")[0]
            if parse_header(line.decode("utf-8", "replace")) == (tensor, n_points):
                tags, problems = parse_tags(read_all(path, limit=LIMIT, what="tags"))
                if tags is None:
                    raise SaveError(path, problems[0])
                raise ConflictError(
                    f"{path.name} was written by another program. Reload it and try again."
                )


def _candidates(folder: Path, tensor: str, n_points: int) -> list[Path]:
    digest = hashlib.sha256(tensor.encode("utf-8", "replace")).hexdigest()[:8]
    safe = _UNSAFE.sub("-", tensor)[:_LONGEST].strip(".-") or "tensor"
    # Two names that differ only in unsafe characters must not share a file.
    stem = safe if safe == tensor else f"{safe}-{digest}"
    names = (stem, f"{stem}.{n_points}", f"{stem}.{n_points}-{digest}")
    return [folder / f"{name}{SUFFIX}" for name in names]


def save_tags_file(root: Path, path: Path, tags: Tags, expected: str) -> File | None:
    """Write tags to a file atomically; without columns, remove it.

    In a remote log directory the object is written, where its server allows that.

    Parameters
    ----------
    root : Path
        The log directory, resolved; nothing outside is written.
    path : Path
        In the run's folder, which must not be a link.
    tags : Tags
    expected : str
        The revision that was last read; empty if there was no file.

    Returns
    -------
    File or None
        The file as it is now; None if it was removed.

    Raises
    ------
    ConflictError
        The file has changed since it was last read.
    SaveError
        The folder points elsewhere or cannot be written to, or the disk is full.
    """
    if not path.is_relative_to(root):
        raise SaveError(path, _OUTSIDE)
    raw = tags_bytes(tags) if tags.columns else b""
    if len(raw) > LIMIT:
        raise SaveError(
            path, f"the tags take {len(raw):,} bytes, but a file holds at most {LIMIT:,}."
        )
    mirror = mirror_of(path)
    try:
        if mirror is not None:
            _check_as_read(path, expected, is_there=os.path.lexists(path))
            status = mirror.write(path, raw)
            return None if status is None else File.of(path, root, status, path)
        with open_folder(str(path.parent)) as folder:
            status = _write(folder, path, raw, expected)
    except LinkInPathError:
        raise SaveError(path, _OUTSIDE) from None
    except OSError as error:
        raise save_error(path, error, otherwise=_OTHERWISE) from None
    return None if status is None else File.of(path, root, status, path)


def _write(folder: OpenFolder, path: Path, raw: bytes, expected: str) -> os.stat_result | None:
    """Replace the file at `path` in its open folder; without content, remove it."""
    part = f".{path.name}.part"
    _remove_stale(folder, str(path.parent))
    with _only_writer(folder, part) as file:
        mode = _check_unchanged(folder, path, expected)
        if not raw:
            folder.remove(path.name)
            folder.remove(part)
            return None
        file.write(raw)
        file.flush()
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())
        file.close()
        folder.replace(part, path.name)
    return folder.status(path.name)


@contextlib.contextmanager
def _only_writer(folder: OpenFolder, part: str) -> Iterator[BinaryIO]:
    """Create the temporary file that becomes the new one.

    It can be created only once, which keeps other writers out. The caller renames or removes it;
    after an error it is removed here.
    """
    try:
        handle = folder.open(part, _CREATE)
    except FileExistsError:
        raise ConflictError(
            f"Another program is writing these tags right now ({part}). Try again."
        ) from None
    lock(handle)
    with os.fdopen(handle, "wb") as file:
        try:
            yield file
        except BaseException:
            with contextlib.suppress(OSError):  # what is not written yet does not fit now, either
                file.close()
            folder.remove(part)
            raise


def _remove_stale(folder: OpenFolder, path: str) -> None:
    """Remove what programs that were killed have left of sidecar files in a folder."""
    with contextlib.suppress(OSError), entries_of(path) as entries:
        names = [entry.name for entry in entries]
        for name in names:
            if name.startswith(".") and name.endswith(f"{SUFFIX}.part"):
                with contextlib.suppress(OSError):
                    _remove_if_stale(folder, name)


def _remove_if_stale(folder: OpenFolder, part: str) -> None:
    descriptor = folder.open(part, _LOOK)
    try:
        status = os.fstat(descriptor)
        held, age = lock(descriptor), time.time() - status.st_mtime
        limit = {"mine": _STALE_SECONDS, "unknown": _OLD_SECONDS}.get(held, math.inf)
        is_same = stat.S_ISREG(status.st_mode) and os.path.samestat(status, folder.status(part))
        if is_same and age >= limit:
            folder.remove(part)
    finally:
        os.close(descriptor)


def _check_unchanged(folder: OpenFolder, path: Path, expected: str) -> int | None:
    """Return the file's permissions, None without a file; raise if it has changed."""
    try:
        status = folder.status(path.name)
    except FileNotFoundError:
        _check_as_read(path, expected, is_there=False)
        return None
    if not stat.S_ISREG(status.st_mode):
        raise SaveError(path, "is not a regular file and was not changed. Move it away.")
    _check_as_read(path, expected, is_there=True)
    return stat.S_IMODE(status.st_mode)


def _check_as_read(path: Path, expected: str, *, is_there: bool) -> None:
    """Raise unless a file is as it was read, or as before there is none."""
    if not is_there:
        if expected:
            raise ConflictError(
                f"{path.name} was removed by another program. Reload and try again."
            )
        return
    try:
        found = revision_of(read_all(path, limit=LIMIT, what="tags"))
    except LoadError as error:
        raise SaveError(path, error.message) from None
    if found != expected:
        raise ConflictError(f"{path.name} was changed by another program. Reload it and try again.")

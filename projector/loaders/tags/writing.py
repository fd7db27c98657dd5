"""Writing a file of tags: whole or not at all, and never over what somebody else wrote."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from projector.errors import ChangedMeanwhile, LoadError, NotSaved
from projector.loaders.base import File
from projector.loaders.safe_files import read_all, read_head
from projector.loaders.tags.sidecar import (
    LIMIT,
    MAX_HEADER,
    SUFFIX,
    about_tags,
    parse_tags,
    revision_of,
    tags_bytes,
)
from projector.model.tags import Tags

_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 80
#: A half-written file that is older was left behind by a program that was killed.
_STALE_SECONDS = 10.0
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_CREATE |= getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def file_for(folder: Path, tensor: str, n_points: int) -> Path:
    """Return the file that new tags of a tensor go into: one that is not there yet."""
    paths = _names(folder, tensor, n_points)
    return next((path for path in paths if not os.path.lexists(path)), paths[-1])


def check_new(folder: Path, tensor: str, n_points: int) -> None:
    """Raise if these tags have a file already, though nobody has seen it yet or could read it."""
    for path in _names(folder, tensor, n_points):
        if path.is_file() and not path.is_symlink():
            line = read_head(path, MAX_HEADER).partition(b"\n")[0]
            if about_tags(line.decode("utf-8", "replace")) == (tensor, n_points):
                tags, problems = parse_tags(read_all(path, limit=LIMIT, what="tags"))
                if tags is None:
                    raise NotSaved(path, problems[0])
                raise ChangedMeanwhile(f"{path.name} was written by another program.")


def _names(folder: Path, tensor: str, n_points: int) -> list[Path]:
    digest = hashlib.sha256(tensor.encode("utf-8", "replace")).hexdigest()[:8]
    plain = _ODD.sub("-", tensor)[:_LONGEST].strip(".-") or "tensor"
    # Two names that differ in what no file name should hold must not meet in one file.
    stem = plain if plain == tensor else f"{plain}-{digest}"
    names = (stem, f"{stem}.{n_points}", f"{stem}.{n_points}-{digest}")
    return [folder / f"{name}{SUFFIX}" for name in names]


def save_tags_file(root: Path, path: Path, tags: Tags, expected: str) -> File | None:
    """Write tags into a file, atomically; a table without columns removes it.

    Parameters
    ----------
    root : Path
        The log directory, resolved; nothing outside is written.
    path : Path
        In the run's folder, which is no link.
    expected : str
        The revision that was seen there last; empty where there was no file.

    Returns
    -------
    File or None
        What is there now.

    Raises
    ------
    ChangedMeanwhile
        Something else is there than was seen.
    NotSaved
        The folder leads elsewhere, can not be written to, or the disk is full.
    """
    if os.path.realpath(path.parent) != str(path.parent) or not path.is_relative_to(root):
        raise NotSaved(path, "its folder leads out of the log directory now. Nothing is written.")
    raw = tags_bytes(tags) if tags.columns else b""
    if len(raw) > LIMIT:
        raise NotSaved(path, f"{len(raw):,} bytes of tags; at most {LIMIT:,} are kept in one file.")
    part = path.with_name(f".{path.name}.part")
    try:
        with _only_writer(part) as file:
            mode = _check_unchanged(path, expected)
            if tags.columns:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
                file.close()
                if mode is not None:
                    part.chmod(mode)
                part.replace(path)
            else:
                path.unlink(missing_ok=True)
                part.unlink()
        status = os.lstat(path) if tags.columns else None
    except OSError as error:
        raise NotSaved(path, _why(path.parent, error)) from None
    if status is None:
        return None
    return File(path, root, status.st_size, status.st_mtime_ns, {}, path)


@contextlib.contextmanager
def _only_writer(part: Path) -> Iterator[BinaryIO]:
    """Create the file that becomes the new one; that it can be made once only keeps others out.

    Whoever uses it puts it away; after an error that is done here.
    """
    try:
        handle = os.open(part, _CREATE, 0o666)
    except FileExistsError:
        if time.time() - os.lstat(part).st_mtime < _STALE_SECONDS:
            raise ChangedMeanwhile(
                f"{part.name}: another program is writing these tags just now. Try again."
            ) from None
        part.unlink()
        handle = os.open(part, _CREATE, 0o666)
    with os.fdopen(handle, "wb") as file:
        try:
            yield file
        except BaseException:
            file.close()
            part.unlink(missing_ok=True)
            raise


def _check_unchanged(path: Path, expected: str) -> int | None:
    """Return the file's permissions, None without a file; raise unless it is what was seen."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        if expected:
            raise ChangedMeanwhile(f"{path.name} was removed by another program.") from None
        return None
    if not stat.S_ISREG(status.st_mode):
        raise NotSaved(path, "is no regular file, and is left as it is. Move it away.")
    try:
        found = revision_of(read_all(path, limit=LIMIT, what="tags"))
    except LoadError as error:
        raise NotSaved(path, error.message) from None
    if found != expected:
        raise ChangedMeanwhile(f"{path.name} was changed by another program.")
    return stat.S_IMODE(status.st_mode)


def _why(folder: Path, error: OSError) -> str:
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return (
            f"the folder {str(folder)!r} can not be written to ({error.strerror}). Give yourself "
            "the right to write there, keep the tags for this session, or download them."
        )
    return f"can not be written in {str(folder)!r}: {error.strerror}. Free space, or download them."

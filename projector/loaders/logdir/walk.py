"""Walks a log directory: every directory and every regular file, once.

Links to directories are not followed; links to files are, if the target is inside the log
directory. Everything else that is not a regular file becomes a problem. The walk reads directory
entries only, no files.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem
from projector.loaders.naming import natural_key
from projector.loaders.safe_files import check_regular, file_kind, printable, relative_path
from projector.loaders.tags.sidecar import SUFFIX
from projector.machine.no_links import (
    LinkInPathError,
    entries_of,
    keeping_folders,
    status_without_links,
)

#: Directories of programs' own files, which never contain logs.
_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "lost+found"})
#: Files that are being written, or were when their program was killed.
_HALF_WRITTEN = re.compile(r"\.tempstate\d*$|\.tmp$|\.part$|\.crdownload$|~$")
#: The one hidden file that matters: the index of a distributed torch checkpoint.
_HIDDEN = frozenset({".metadata"})


@dataclass(frozen=True)
class Folder:
    """One directory with its files.

    Attributes
    ----------
    path : Path
    relative : str
        The path relative to the root; ``"."`` for the root itself.
    files : dict of str to File
        All files that can be data or companions, by name.
    folders : tuple of str
        Names of the directories in it.
    tags : tuple of File
        Files of tags, which are not data and are kept apart.
    """

    path: Path
    relative: str
    files: dict[str, File] = field(repr=False)
    folders: tuple[str, ...] = ()
    tags: tuple[File, ...] = ()


def walk(
    root: Path, known: Mapping[str, File] | None = None
) -> tuple[list[Folder], list[FileProblem]]:
    """Return every directory below `root` in natural order, and what was skipped.

    Parameters
    ----------
    root : Path
        Resolved.
    known : mapping of str to File, optional
        Files of an earlier walk by their path; those that have not changed are used again, with
        what was read of them.
    """
    folders: list[Folder] = []
    problems: list[FileProblem] = []
    waiting = [root]
    with keeping_folders():
        while waiting:
            path = waiting.pop()
            folder = _read(root, path, problems, known or {})
            if folder is not None:
                folders.append(folder)
                waiting += [path / name for name in reversed(folder.folders)]
    return folders, problems


def _read(
    root: Path, path: Path, problems: list[FileProblem], known: Mapping[str, File]
) -> Folder | None:
    try:
        with entries_of(str(path)) as entries:
            found = sorted(entries, key=lambda entry: natural_key(entry.name))
            return _with_entries(root, path, found, problems, known)
    except FileNotFoundError:
        return None  # removed in this moment
    except LinkInPathError:
        message = "is a link now, or behind one, and is not followed. Refresh the listing."
        problems.append(FileProblem(message, "warning", path))
    except OSError as error:
        problems.append(
            FileProblem(f"cannot be listed: {error.strerror}. Check its permissions.", path=path)
        )
    return None


def _with_entries(
    root: Path,
    folder: Path,
    found: list[os.DirEntry[str]],
    problems: list[FileProblem],
    known: Mapping[str, File],
) -> Folder:
    files: dict[str, File] = {}
    folders: list[str] = []
    tags: list[File] = []
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            if not is_skipped_folder(entry.name):
                folders.append(entry.name)
        elif not entry.name.startswith(".") or entry.name in _HIDDEN:
            path = folder / entry.name
            if entry.name.endswith(SUFFIX):
                tags += _tags_file(root, path, entry, problems)
                continue
            file = _unchanged(path, entry, known) or _file(root, path, entry, problems)
            if file is not None:
                files[entry.name] = file
    for file in files.values():  # only now is the folder complete
        object.__setattr__(file, "folder", files)
    return Folder(folder, relative_path(root, folder), files, tuple(folders), tuple(tags))


def _tags_file(
    root: Path, path: Path, entry: os.DirEntry[str], problems: list[FileProblem]
) -> list[File]:
    if entry.is_symlink():
        message = "is a link. Tags are neither read nor written through links; copy the file here."
        problems.append(FileProblem(message, "warning", path))
        return []
    file = _file(root, path, entry, problems)
    return [] if file is None else [file]


def is_skipped_folder(name: str) -> bool:
    """Tell whether the walk skips directories of this name."""
    if name.startswith(".") or name in _SKIPPED:
        return True
    return name.endswith("_temp")  # a checkpoint that TensorFlow is saving


def _unchanged(path: Path, entry: os.DirEntry[str], known: Mapping[str, File]) -> File | None:
    """Return the file of the earlier walk if it has not changed since."""
    file = known.get(str(path))
    if file is None or not file.is_sure or entry.is_symlink():
        return None
    try:
        status = entry.stat()
    except OSError:
        return None
    now = (str(path), status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return file if now == file.signature and stat.S_ISREG(status.st_mode) else None


def _file(
    root: Path, path: Path, entry: os.DirEntry[str], problems: list[FileProblem]
) -> File | None:
    if _HALF_WRITTEN.search(entry.name):
        return None
    try:
        real = path
        if entry.is_symlink():
            real = Path(os.path.realpath(path))
            if real.is_dir():
                _link_to_directory(root, path, real, problems)
                return None
            check_regular(root, real, by=path, named=printable(os.readlink(path)))
            status = status_without_links(str(real))
        else:
            status = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode):
            raise LoadError(
                path, f"is {file_kind(status.st_mode)}, not a regular file. It is skipped."
            )
    except (OSError, ValueError, LoadError) as error:
        if isinstance(error, FileNotFoundError) and not entry.is_symlink():
            return None  # removed in this moment
        message = (
            error.message
            if isinstance(error, LoadError)
            else f"cannot be followed: {error}. Correct the link."
        )
        problems.append(FileProblem(message, "warning", path))
        return None
    return File.of(path, root, status, real)


def _link_to_directory(root: Path, path: Path, real: Path, problems: list[FileProblem]) -> None:
    if not real.is_relative_to(root):
        problems.append(
            FileProblem(
                f"is a link that points outside the log directory, to {printable(real)!r}, and is "
                "not followed. Copy the directory here, or open it as a log directory of its own.",
                "warning",
                path,
            )
        )


def read_folder(path: Path, root: Path | None = None) -> Folder:
    """Return one directory of a log directory with its files, without its subdirectories.

    Parameters
    ----------
    path : Path
    root : Path, optional
        The log directory; `path` itself by default.
    """
    return _read(root or path, path, [], {}) or Folder(path, ".", {})

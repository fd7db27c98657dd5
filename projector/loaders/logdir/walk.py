"""Walk a log directory: every directory and regular file once, no link to a directory followed.

Links to files are taken where their target lies inside; everything else that is no regular file
becomes a problem. The walk reads directory entries only, no file.
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

#: Directories that hold programs' own things, never logs.
_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "lost+found"})
#: A checkpoint that is being written, or was when its writer was killed.
_HALF_WRITTEN = re.compile(r"\.tempstate\d*$|\.tmp$|\.part$|\.crdownload$|~$")
#: The one hidden file that matters: the index of a distributed torch checkpoint.
_HIDDEN = frozenset({".metadata"})


@dataclass(frozen=True)
class Folder:
    """One directory: its path relative to the root (``"."`` for the root) and its files.

    Files of tags stand apart: they are no data, and nothing else ever looks at them.
    """

    path: Path
    relative: str
    files: dict[str, File] = field(repr=False)
    folders: tuple[str, ...] = ()
    tags: tuple[File, ...] = ()


def walk(
    root: Path, known: Mapping[str, File] | None = None
) -> tuple[list[Folder], list[FileProblem]]:
    """Return every directory below `root` in natural order, and what was passed over.

    Parameters
    ----------
    root : Path
        Resolved.
    known : mapping of str to File, optional
        Files of an earlier walk by their path; those that did not change are taken again, with
        all that was found out about them.
    """
    folders: list[Folder] = []
    problems: list[FileProblem] = []
    waiting = [root]
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
        with os.scandir(path) as entries:
            found = sorted(entries, key=lambda entry: natural_key(entry.name))
    except OSError as error:
        problems.append(
            FileProblem(f"can not be listed: {error.strerror}. Check its permissions.", path=path)
        )
        return None
    files: dict[str, File] = {}
    folders: list[str] = []
    tags: list[File] = []
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            if not _is_foreign(entry):
                folders.append(entry.name)
        elif not entry.name.startswith(".") or entry.name in _HIDDEN:
            if entry.name.endswith(SUFFIX):
                tags += _tags_file(root, entry, problems)
                continue
            file = _same(entry, known) or _file(root, entry, problems)
            if file is not None:
                files[entry.name] = file
    for file in files.values():  # only now is the folder whole
        object.__setattr__(file, "folder", files)
    return Folder(path, relative_path(root, path), files, tuple(folders), tuple(tags))


def _tags_file(root: Path, entry: os.DirEntry[str], problems: list[FileProblem]) -> list[File]:
    if entry.is_symlink():
        told = "is a link, and tags are neither read nor written through one. Copy the file here."
        problems.append(FileProblem(told, "warning", Path(entry.path)))
        return []
    file = _file(root, entry, problems)
    return [] if file is None else [file]


def _is_foreign(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or entry.name in _SKIPPED:
        return True
    return entry.name.endswith("_temp")  # TensorFlow's half of a checkpoint being saved


def _same(entry: os.DirEntry[str], known: Mapping[str, File]) -> File | None:
    """Return a file that was met before and did not change since."""
    file = known.get(entry.path)
    if file is None or entry.is_symlink():
        return None
    try:
        status = entry.stat()
    except OSError:
        return None
    same = (status.st_size, status.st_mtime_ns) == (file.size, file.mtime_ns)
    return file if same and stat.S_ISREG(status.st_mode) else None


def _file(root: Path, entry: os.DirEntry[str], problems: list[FileProblem]) -> File | None:
    path = Path(entry.path)
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
        status = os.stat(real)
        if not stat.S_ISREG(status.st_mode):
            raise LoadError(path, f"is {file_kind(status.st_mode)}, not a file. It is passed over.")
    except (OSError, ValueError, LoadError) as error:
        told = error.message if isinstance(error, LoadError) else f"can not be followed: {error}."
        problems.append(FileProblem(told, "warning", path))
        return None
    return File(path, root, status.st_size, status.st_mtime_ns, {}, real)


def _link_to_directory(root: Path, path: Path, real: Path, problems: list[FileProblem]) -> None:
    if not real.is_relative_to(root):
        problems.append(
            FileProblem(
                f"the link leads out of the log directory, to {printable(real)!r}, and is not "
                "followed. Copy the directory here, or open it as a log directory of its own.",
                "warning",
                path,
            )
        )


def read_folder(path: Path) -> Folder:
    """Return one directory's files without going deeper."""
    return _read(path, path, [], {}) or Folder(path, ".", {})

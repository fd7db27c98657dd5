"""Makes files of what a folder has: regular ones, and what links lead to inside of the root.

Everything else becomes a problem. Texts are read a little at once, as long as their folder is open.
"""

from __future__ import annotations

import os
import re
import stat
from functools import lru_cache
from pathlib import Path

from projector.errors import LoadError
from projector.loaders.base import HEAD, File, FileProblem, suffix_of
from projector.loaders.formats.registry import TEXT_SUFFIXES
from projector.loaders.safe_files import check_regular, file_kind, head_in, printable
from projector.loaders.versions import Version
from projector.machine.no_links import status_without_links

#: Files that are being written, or were when their program was killed.
_HALF_WRITTEN = re.compile(r"\.tempstate\d*$|\.tmp$|\.part$|\.crdownload$|~$")
#: Files that are opened in any case.
_READ_SOON = TEXT_SUFFIXES | {".npy", ".index"}


def tags_file(
    root: Path, path: Path, entry: os.DirEntry[str], problems: list[FileProblem]
) -> list[File]:
    """Return a file of tags in a list; an empty one where it is none."""
    if entry.is_symlink():
        message = "is a link. Tags are neither read nor written through links; copy the file here."
        problems.append(FileProblem(message, "warning", path))
        return []
    file = file_of(root, str(path.parent), entry, problems)
    return [] if file is None else [file]


def file_of(
    root: Path,
    folder: str,
    entry: os.DirEntry[str],
    problems: list[FileProblem],
    known: File | None = None,
    descriptor: int | None = None,
) -> File | None:
    """Return a file as it is now, which is the known one if it has not changed since."""
    if entry.is_symlink() or not entry.is_file(follow_symlinks=False):
        return _odd_file(root, Path(folder, entry.name), entry, problems)
    if is_half_written(entry.name):
        return None
    if descriptor is not None and known is None and suffix_of(entry.name) in _READ_SOON:
        file = _read_at_once(root, folder, entry.name, descriptor)
        if file is not None:
            return file
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None  # removed in this moment
    except OSError as error:
        problems.append(_unusable(Path(folder, entry.name), error))
        return None
    if not stat.S_ISREG(status.st_mode):
        return _odd_file(root, Path(folder, entry.name), entry, problems)
    file = File.at(folder, entry.name, root, Version.of(status))
    is_known = known is not None and known.is_sure and known.signature == file.signature
    return known if is_known else file


def _odd_file(
    root: Path, path: Path, entry: os.DirEntry[str], problems: list[FileProblem]
) -> File | None:
    """Return the file that a link leads to; what is no file becomes a problem."""
    if is_half_written(entry.name):
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
        problems.append(_unusable(path, error))
        return None
    return File.of(path, root, status, real)


def _unusable(path: Path, error: OSError | ValueError | LoadError) -> FileProblem:
    if isinstance(error, LoadError):
        return FileProblem(error.message, "warning", path)
    return FileProblem(f"cannot be followed: {error}. Correct the link.", "warning", path)


@lru_cache(maxsize=1 << 14)
def is_half_written(name: str) -> bool:
    """Tell whether a file of this name is being written, or was when its program was killed."""
    return _HALF_WRITTEN.search(name) is not None


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


def read_soon(file: File, folder: int) -> None:
    """Read the first bytes of a text while its folder is open: to open it again takes longer."""
    version = file.version
    if version is None or file.suffix not in _READ_SOON or "_head" in file.__dict__:
        return
    if version.unsettled():
        return  # the listing waits a moment before it reads this one
    found = head_in(folder, file.home, file.name, HEAD)
    if found is not None and found[1] == version:
        file.keep_head(found[0])


def _read_at_once(root: Path, path: str, name: str, folder: int) -> File | None:
    """Return a file with its first bytes: its status is asked for once, when it was read."""
    found = head_in(folder, path, name, HEAD)
    if found is None:
        return None
    head, version = found
    file = File.at(path, name, root, version)
    if not version.unsettled():
        file.keep_head(head)
    return file

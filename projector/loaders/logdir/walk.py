"""Walks a log directory: every directory and every regular file, once.

Links to directories are not followed; links to files are, if the target is inside the log
directory. Everything else that is not a regular file becomes a problem. The walk reads directory
entries only, no files.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from projector.loaders.base import File, FileProblem
from projector.loaders.logdir.asked_folder import AskedFolder
from projector.loaders.logdir.folder_files import file_of, read_soon, tags_file
from projector.loaders.logdir.label_names import is_label_folder
from projector.loaders.naming import natural_key, store_marker
from projector.loaders.safe_files import (
    relative_path,
)
from projector.loaders.tags.sidecar import SUFFIX
from projector.machine.no_links import (
    LinkInPathError,
    ListedFolder,
    entries_of,
    keeping_folders,
    list_folder,
)

#: Directories of programs' own files, which never contain logs.
_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "lost+found"})
#: The one hidden file that matters: the index of a distributed torch checkpoint.
_HIDDEN = frozenset({".metadata"})
#: A directory may change twice within one tick of its file system's clock, which may be two
#: seconds: one that changed less than these nanoseconds ago is read again.
_SETTLED = 2_050_000_000
#: The most files of one store; a folder with more is not looked at file by file.
_MAX_STORE = 500_000

#: Folders may be nested this deep; no training nests a dozen.
_DEEPEST = 200


@dataclass
class Folder:
    """One directory with its files; nothing of it changes.

    Attributes
    ----------
    where : str
        Its path.
    relative : str
        The path relative to the root; ``"."`` for the root itself.
    files : dict of str to File
        All files that can be data or companions, by name.
    folders : tuple of str
        Names of the directories in it.
    tags : tuple of File
        Files of tags, which are not data and are kept apart.
    """

    where: str
    relative: str
    files: dict[str, File] = field(repr=False)
    folders: tuple[str, ...] = ()
    tags: tuple[File, ...] = ()

    @cached_property
    def path(self) -> Path:
        """Its path; made when it is asked for, as there are many folders."""
        return Path(self.where)

    @cached_property
    def label_folders(self) -> tuple[str, ...]:
        """Names of the directories in it that may have the labels of others."""
        return tuple(name for name in self.folders if is_label_folder(name))


def walk(root: Path) -> tuple[list[Folder], list[FileProblem]]:
    """Return every directory below `root` in natural order, and what was skipped.

    Parameters
    ----------
    root : Path
        Resolved.
    """
    return Walk(root).again()[:2]


@dataclass
class _Seen:
    """A directory as an earlier walk found it.

    Attributes
    ----------
    folder : Folder
    problems : tuple of FileProblem
    status : tuple of int
        Changes when an entry is added or removed.
    is_store : bool
        Whether the directory is one thing with all that is in it.
    lasts : bool
        Whether every later change of an entry shows in `status` or in a file's own.
    """

    folder: Folder
    problems: tuple[FileProblem, ...]
    status: tuple[int, ...]
    lasts: bool
    is_store: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether all that was read of its files is of their versions."""
        return all(file.is_sure for file in self.folder.files.values())

    def has_the_same(self, before: _Seen) -> bool:
        """Tell whether a directory has the same files as before; of a store, in all below it."""
        if self.is_store != before.is_store or self.problems != before.problems:
            return False
        if self.is_store:
            return self._content == before._content
        now, then = self.folder, before.folder
        return (
            now.folders == then.folders
            and [file.signature for file in now.tags] == [file.signature for file in then.tags]
            and now.files.keys() == then.files.keys()
            and all(_is_the_same(file, then.files[name]) for name, file in now.files.items())
        )

    @cached_property
    def _content(self) -> list[tuple[str, int, int, int]]:
        inside = (each for file in self.folder.files.values() for each in file.folder.values())
        return sorted(file.signature for file in inside)


def _is_the_same(file: File, before: File) -> bool:
    """Tell whether a file, or what a link leads to, is as it was."""
    if file is before:
        return True
    return before.is_sure and file.version == before.version and file.real == before.real


class Walk:
    """Walks a log directory again and again, and reads only the directories that changed.

    Costs one `stat` per directory and file where nothing has changed. Files that have not changed
    stay the same objects, with what was read of them.

    Parameters
    ----------
    root : Path
        Resolved.

    Attributes
    ----------
    problems : list of FileProblem
        What the last walk skipped.
    is_same : bool
        Whether the last walk found everything as the one before.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[FileProblem] = []
        self.is_same = False
        self._seen: dict[str, _Seen] = {}
        self._found_other = False

    def again(self) -> tuple[list[Folder], list[FileProblem], bool]:
        """Return all directories in natural order, what was skipped, and whether all is as before.

        Returns
        -------
        folders : list of Folder
        problems : list of FileProblem
        is_same : bool
            Whether nothing has changed since the last walk.
        """
        parts = list(self.parts())
        return [folder for part in parts for folder in part], self.problems, self.is_same

    def parts(self, touched: Collection[str] | None = None) -> Iterator[list[Folder]]:
        """Give the root alone, then each directory in it with all that is below.

        Only when the last part was taken the walk is remembered, and `problems` and `is_same` are
        of this walk.

        Parameters
        ----------
        touched : collection of str, optional
            Paths of files and directories; all others are known to be as they were.
        """
        looked_at = None
        if touched is not None:
            looked_at = {*touched, *map(os.path.dirname, touched)}
        with keeping_folders():
            yield from self._parts(looked_at)

    def _parts(self, looked_at: set[str] | None) -> Iterator[list[Folder]]:
        problems: list[FileProblem] = []
        seen: dict[str, _Seen] = {}
        part: list[Folder] = []
        self._found_other = False
        above = str(self.root).rstrip(os.sep).count(os.sep) + 1
        waiting = [str(self.root)]
        while waiting:
            path = waiting.pop()
            if part and path.count(os.sep) <= above:  # right below the root: another part begins
                yield part
                part = []
            now = self._seen.get(path)
            is_known = looked_at is not None and path not in looked_at
            # Almost all are as they were: what is asked of each counts.
            if (
                now is None
                or not now.lasts
                or not (now.is_sure if is_known else _is_same(path, now))
            ):
                now = self._at(path, problems, now)
            if now is None:
                continue
            seen[path] = now
            part.append(now.folder)
            problems += now.problems
            if now.folder.folders and now.folder.relative.count(os.sep) >= _DEEPEST:
                message = f"is nested {_DEEPEST} folders deep; what is below it is not read."
                problems.append(FileProblem(message, "warning", now.folder.path))
                continue
            if now.folder.folders:
                start = path.rstrip(os.sep)
                waiting += [f"{start}{os.sep}{name}" for name in reversed(now.folder.folders)]
        self.is_same = not self._found_other and len(seen) == len(self._seen)
        self._seen, self.problems = seen, problems
        yield part

    def _at(self, path: str, problems: list[FileProblem], before: _Seen | None) -> _Seen | None:
        """Read a directory as it is now; return None, and say why, if it cannot be read."""
        found = _look(self.root, path, before)
        if not isinstance(found, _Seen):
            self._found_other = True
            problems += [] if found is None else [found]
            return None
        if before is not None and found.has_the_same(before):
            # What was made of the folder stays valid as long as it is the same object.
            return replace(found, folder=before.folder)
        self._found_other = True
        return found


def _is_same(path: str, seen: _Seen) -> bool:
    """Tell whether a directory and its files are as they were, of one whose changes all show."""
    try:
        if _status(os.stat(path)) != seen.status:
            return False
        for file in (*seen.folder.files.values(), *seen.folder.tags):
            now = os.stat(file.where)
            version = file.version
            if (
                version is None
                or now.st_mtime_ns != version.modified_ns
                or now.st_ctime_ns != version.changed_ns
                or now.st_size != version.size
                or now.st_ino != version.inode
                or not file.is_sure
            ):
                return False
    except OSError:
        return False
    return True


def _status(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev)


def _look(root: Path, path: str, before: _Seen | None) -> _Seen | FileProblem | None:
    """Read a directory; return a problem if it cannot be, and None if it is not there any more."""
    try:
        return _look_at(root, path, list_folder(path), before)
    except FileNotFoundError:
        return None  # removed in this moment
    except LinkInPathError:
        message = "is a link now, or behind one, and is not followed. Refresh the listing."
        return FileProblem(message, "warning", Path(path))
    except OSError as error:
        message = f"cannot be listed: {error.strerror}. Check its permissions."
        return FileProblem(message, path=Path(path))


def _look_at(root: Path, path: str, listed: ListedFolder, before: _Seen | None) -> _Seen:
    found, status, descriptor = listed
    settled = time.time_ns() - _SETTLED
    lasts = max(status.st_mtime_ns, status.st_ctime_ns) < settled
    problems: list[FileProblem] = []
    known = {} if before is None else before.folder.files
    marker = store_marker({entry.name for entry in found}, path)
    if marker is not None:
        folder = _store(root, Path(path), marker, problems, known)
        return _Seen(folder, tuple(problems), _status(status), lasts=False, is_store=True)
    if len(found) > 1:
        found.sort(key=lambda entry: natural_key(entry.name))
    folder = _folder(root, path, found, known, problems, descriptor)
    if descriptor is not None and before is not None:
        for file in folder.files.values():
            if file is not known.get(file.name):
                read_soon(file, descriptor)
    # What a link leads to may change without a trace here, and so may what could not be read.
    lasts = lasts and not problems and not any(map(os.DirEntry.is_symlink, found))
    return _Seen(folder, tuple(problems), _status(status), lasts)


def _folder(
    root: Path,
    path: str,
    entries: Iterable[os.DirEntry[str]],
    known: Mapping[str, File],
    problems: list[FileProblem],
    descriptor: int | None,
) -> Folder:
    files: dict[str, File] = {}
    folders: list[str] = []
    tags: list[File] = []
    for entry in entries:
        name = entry.name
        if entry.is_dir(follow_symlinks=False):
            if not is_skipped_folder(name):
                folders.append(name)
        elif name[0] != "." or name in _HIDDEN:
            if name.endswith(SUFFIX):
                tags += tags_file(root, Path(path, name), entry, problems)
                continue
            file = file_of(root, path, entry, problems, known.get(name), descriptor)
            if file is not None:
                files[name] = file
    if files:
        beside = AskedFolder(files)
        for file in files.values():  # only now is the folder complete
            object.__setattr__(file, "folder", beside)
    return Folder(path, relative_path(root, path), files, tuple(folders), tuple(tags))


def _store(
    root: Path, path: Path, marker: str, problems: list[FileProblem], known: Mapping[str, File]
) -> Folder:
    """Return a folder that is one thing, with the file that stands for it alone.

    That file knows all others, also those in the directories below, by their relative path.
    """
    inside: dict[str, File] = {}
    waiting = [path]
    while waiting and len(inside) < _MAX_STORE:
        below = waiting.pop()
        try:
            with entries_of(str(below)) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(below / entry.name)
                        continue
                    file = file_of(root, str(below), entry, problems)
                    if file is not None:
                        inside[relative_path(path, file.path).replace(os.sep, "/")] = file
        except FileNotFoundError:
            continue  # removed in this moment
        except OSError as error:
            message = f"cannot be listed: {error.strerror}. Check its permissions."
            problems.append(FileProblem(message, path=below))
    if waiting:
        message = f"has more than {_MAX_STORE:,} files. Save it with larger chunks or as shards."
        problems.append(FileProblem(message, path=path))
    file = inside.get(marker)
    if file is None:
        return Folder(str(path), relative_path(root, path), {})
    object.__setattr__(file, "folder", inside)
    before = known.get(marker)
    if before is not None and before.content == file.content:
        file = before
    return Folder(str(path), relative_path(root, path), {file.name: file})


def is_skipped_folder(name: str) -> bool:
    """Tell whether the walk skips directories of this name."""
    if name.startswith(".") or name in _SKIPPED:
        return True
    return name.endswith("_temp")  # a checkpoint that TensorFlow is saving


def read_folder(path: Path, root: Path | None = None) -> Folder:
    """Return one directory of a log directory with its files, without its subdirectories.

    Parameters
    ----------
    path : Path
    root : Path, optional
        The log directory; `path` itself by default.
    """
    with keeping_folders():
        found = _look(root or path, str(path), None)
    return found.folder if isinstance(found, _Seen) else Folder(str(path), ".", {})

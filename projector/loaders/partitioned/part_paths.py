"""Finds the files of a partitioned dataset: a folder, a pattern, or a list of paths."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from projector.errors import LoadError, ParameterError
from projector.loaders.naming import natural_key
from projector.loaders.partitioned.piece_formats import PIECE_LOADERS
from projector.loaders.remote.mirrors import local_path
from projector.loaders.safe_files import printable

#: The formats that are read in pieces, by suffix.
_FORMATS = {suffix: name for name, loader in PIECE_LOADERS.items() for suffix in loader.extensions}
#: How Hive writes that a row has no value for a key.
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
#: Files beside the parts that start so are of the program that wrote them.
_HIDDEN = ("_", ".")


@dataclass(frozen=True)
class PartPath:
    """A file that may be a part.

    Attributes
    ----------
    path : Path
        As it was found.
    keys : tuple of (str, str or None)
        What the folders ``key=value`` above it say.
    """

    path: Path
    keys: tuple[tuple[str, str | None], ...] = ()

    @property
    def format(self) -> str | None:
        """What its suffix says; None if it is no format that is read in pieces."""
        return _FORMATS.get(self.path.suffix.lower())


def part_paths(given: object) -> tuple[Path, list[PartPath], bool]:
    """Return what a user means by a folder, a pattern or a list of paths, in natural order.

    Parameters
    ----------
    given : str, Path, or iterable of them
        A folder is searched with its folders ``key=value``; names that begin with ``_`` or ``.``
        are passed over.

    Returns
    -------
    tuple of (Path, list of PartPath, bool)
        The folder that all are in, the files, and whether the folder was named, not the files.

    Raises
    ------
    LoadError
        There is nothing of the kind.
    ParameterError
        No path.
    """
    if not isinstance(given, str | os.PathLike) and isinstance(given, Iterable):
        paths = [local_path(each).absolute() for each in given]
        if not paths:
            raise ParameterError("No parts were given. Expected at least one path.")
        return _common(paths), [PartPath(path) for path in paths], False
    path = local_path(given)
    if path.is_dir():
        found = _in_folder(path.absolute(), ())
        if not found:
            kinds = ", ".join(_FORMATS)
            raise LoadError(
                path,
                f"has no parts: files with one of the suffixes {kinds}. Name a folder of such "
                "files, or a pattern in quotes, such as 'dir/*.parquet'.",
            )
        return path.absolute(), _sorted(found, path.absolute()), True
    if path.exists():
        return path.absolute().parent, [PartPath(path.absolute())], False
    if is_pattern(str(path)):
        hits = [Path(hit).absolute() for hit in glob.iglob(str(path), recursive=True)]
        files = [hit for hit in hits if not (hit.name.startswith(_HIDDEN) or hit.is_dir())]
        if files:
            root = _common(files)
            found = [PartPath(each, _keys(each, root)) for each in files]
            return root, _sorted(found, root), False
        raise LoadError(path, "No file has such a name. Check the pattern.")
    raise LoadError(path, "No such file or directory. Give a path that exists.")


def is_pattern(text: str) -> bool:
    """Tell whether a text is a pattern of file names, unless a file is called so."""
    return glob.has_magic(text)


def _in_folder(folder: Path, keys: tuple[tuple[str, str | None], ...]) -> list[PartPath]:
    found: list[PartPath] = []
    try:
        with os.scandir(folder) as entries:
            listed = list(entries)
    except OSError as error:
        raise LoadError(folder, f"cannot be listed: {error.strerror}.") from None
    for entry in listed:
        if entry.name.startswith(_HIDDEN):
            continue
        if entry.is_dir():
            key = hive_key(entry.name)
            if key is not None and not entry.is_symlink():
                found += _in_folder(Path(entry.path), (*keys, key))
        elif Path(entry.name).suffix.lower() in _FORMATS:
            found.append(PartPath(Path(entry.path), keys))
    return found


def hive_key(name: str) -> tuple[str, str | None] | None:
    """Return what a folder ``key=value`` says; None if it is called otherwise."""
    key, equals, value = name.partition("=")
    if not equals or not key:
        return None
    return unquote(key), None if value == _NO_VALUE else unquote(value)


def _keys(path: Path, root: Path) -> tuple[tuple[str, str | None], ...]:
    inside = path.relative_to(root).parts[:-1]
    return tuple(key for name in inside if (key := hive_key(name)) is not None)


def _sorted(found: list[PartPath], root: Path) -> list[PartPath]:
    def order(each: PartPath) -> tuple[object, ...]:
        return tuple(natural_key(part) for part in each.path.relative_to(root).parts)

    return sorted(found, key=order)


def _common(paths: list[Path]) -> Path:
    """Return the lowest folder that all paths are in, above their folders ``key=value``."""
    root = Path(os.path.commonpath([str(path.parent) for path in paths]))
    while hive_key(root.name) is not None and root != root.parent:
        root = root.parent
    return root


def shown(path: Path, root: Path) -> str:
    """Return a part's path as messages name it."""
    return printable(path.relative_to(root) if path.is_relative_to(root) else path)

"""Opens files safely: regular files only, and nothing outside the log directory.

A config, an index or a link may name any path of the machine. Paths that lead out of the log
directory are refused. Whatever is not a regular file (a pipe blocks forever, /dev/zero never ends)
is never opened for reading. Every path that data names, and every file that is read, passes here.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError, OutsideLogdirError
from projector.typing import AnyArray

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(//|/)", re.ASCII)
#: O_NONBLOCK: opening a pipe returns at once, and the check below then refuses it.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_FLAGS |= getattr(os, "O_BINARY", 0)


def printable(path: Path | str) -> str:
    """Return a path or a name as text that can be encoded: bytes that are not UTF-8 as escapes."""
    try:
        return os.fsencode(str(path)).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # a lone surrogate, which only JSON can bring in
        return str(path).encode("utf-8", "backslashreplace").decode("utf-8")


def relative_path(root: Path, path: Path) -> str:
    """Return a path relative to a directory above it; ``"."`` for the directory itself.

    Does what `Path.relative_to` does, in a tenth of the time: a log directory has many files.
    """
    above, whole = str(root), str(path)
    return whole[len(above) :].lstrip("/\\") or "."


def resolve_inside(root: Path, base: Path, named: str, *, by: Path) -> Path:
    """Return the real path of the regular file that `by` names, relative to `base`.

    Parameters
    ----------
    root : Path
        The resolved log directory.
    base : Path
        The directory that relative paths start from.
    named : str
        As the data has it; neither ``~`` nor ``$HOME`` is expanded.
    by : Path
        The file that names it, for the error.

    Raises
    ------
    OutsideLogdirError
        It leads out of `root`: by ``..``, as an absolute path, through a link or as a URL.
    LoadError
        It does not exist, is not a regular file, or cannot be opened.
    """
    text = printable(named)
    if _SCHEME.match(named):
        raise OutsideLogdirError(
            by, f"{text!r} is a URL, and URLs are never fetched. Copy the file into this folder."
        )
    if "\0" in named or not named.strip():
        raise LoadError(by, f"{text!r} is not a path. Name a file inside the log directory.")
    return check_regular(root, _real(base / named, by, text), by=by, named=text)


def check_regular(root: Path, real: Path, *, by: Path, named: str) -> Path:
    """Check that the resolved path `real` is a regular file below `root`, and return it."""
    if not real.is_relative_to(root):
        raise OutsideLogdirError(
            by,
            f"{named!r} points outside the log directory {printable(root)!r}. Copy the file "
            "into it.",
        )
    try:
        mode = os.stat(real).st_mode
    except FileNotFoundError:
        raise LoadError(
            by, f"{named!r} does not exist. Copy the file there, or correct the path."
        ) from None
    except OSError as error:
        raise LoadError(
            by, f"{named!r} cannot be opened: {error.strerror}. Check its permissions."
        ) from None
    if not stat.S_ISREG(mode):
        raise LoadError(
            by, f"{named!r} is {file_kind(mode)}, not a regular file. Name a regular file."
        )
    return real


def _real(path: Path, by: Path, text: str) -> Path:
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError) as error:
        raise LoadError(by, f"{text!r} is not a usable path: {error}. Correct the path.") from None


def file_kind(mode: int) -> str:
    """Return what a file mode means, with an article: ``"a directory"``, ``"a pipe"``."""
    for test, name in (
        (stat.S_ISDIR, "a directory"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISLNK, "a link"),
    ):
        if test(mode):
            return name
    return "a regular file"


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading bytes; anything else is refused without blocking.

    Raises
    ------
    LoadError
        It is missing, cannot be read, or is not a regular file.
    """
    try:
        handle = os.open(path, _FLAGS)
    except OSError as error:
        raise LoadError(
            path, f"cannot be opened: {error.strerror}. Check the path and its permissions."
        ) from None
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        raise LoadError(path, f"is {file_kind(mode)}, not a regular file. Name a regular file.")
    return cast(BinaryIO, os.fdopen(handle, "rb"))


def descriptor_path(file: BinaryIO) -> str | None:
    """Return a path that opens the file behind a descriptor again, whatever its name leads to now.

    For libraries that open files themselves; None where the system has no such path.
    """
    path = f"/dev/fd/{file.fileno()}"
    return path if os.path.exists(path) else None


def is_unchanged(path: Path, size: int, mtime_ns: int) -> bool:
    """Tell whether a file still has the size and modification time that it was listed with."""
    try:
        status = os.stat(path)
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (size, mtime_ns)


def read_head(path: Path, count: int) -> bytes:
    """Return the first `count` bytes of a regular file, or fewer if it is shorter."""
    with open_regular(path) as file:
        return _checked(path, file.read, count)


def read_all(path: Path, *, limit: int, what: str) -> bytes:
    """Return a whole file of at most `limit` bytes; `what` names the content in the error."""
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > limit:
            raise LoadError(
                path,
                f"has {size:,} bytes, which is too large for {what}: at most {limit:,} are read. "
                "Split the file.",
            )
        # A read allocates as much as it is asked for, so ask for no more than there is.
        return _checked(path, file.read, size)


def read_range(path: Path, offset: int, count: int, *, place: str | None = None) -> bytes:
    """Return exactly `count` bytes at `offset`; raise LoadError if the file has fewer."""
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        check_range(path, offset, count, size, place=place)
        file.seek(offset)
        return _checked(path, file.read, count)


def check_range(path: Path, offset: int, count: int, size: int, *, place: str | None) -> None:
    """Raise LoadError unless ``[offset, offset + count)`` lies within `size` bytes."""
    if offset < 0 or count < 0 or offset + count > size:
        raise LoadError(
            path,
            f"bytes {offset:,} to {offset + count:,} are needed, but the file has only {size:,}. "
            "It is truncated or damaged; copy or save it again.",
            place=place,
        )


def map_bytes(path: Path, offset: int = 0, count: int | None = None) -> NDArray[np.uint8]:
    """Return a file's bytes, or `count` of them at `offset`, as a read-only ``np.memmap``.

    Fewer than `count` are returned if the file is shorter.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        stop = size if count is None else min(size, offset + count)
        if not 0 <= offset < stop:
            return np.zeros(0, np.uint8)
        try:
            mapped = np.memmap(file, np.uint8, "r", offset, (stop - offset,))
        except (OSError, ValueError, OverflowError) as error:
            raise LoadError(
                path, f"cannot be memory-mapped: {error}. Copy it to a local disk."
            ) from None
    # numpy does not know the name of a file that was opened by number; another process needs it.
    mapped.filename = str(path)
    if _traced is not None:
        _traced.append(mapped)
    return mapped


#: The maps of the call that is traced; None outside of the reader process.
_traced: list[NDArray[np.uint8]] | None = None


def trace_maps() -> None:
    """Remember the maps from now on, and forget earlier ones; for `mapped_place`."""
    global _traced
    _traced = []


def mapped_place(values: AnyArray) -> tuple[Path, int] | None:
    """Return the file and the offset that an array is mapped from, whatever library made it.

    Only contiguous arrays on maps that were made since `trace_maps` are found.
    """
    start = values.ctypes.data
    for each in _traced or ():
        first = each.ctypes.data
        if first <= start and start + values.nbytes <= first + each.nbytes:
            assert isinstance(each, np.memmap), "made by map_bytes"
            return Path(str(each.filename)), each.offset + start - first
    return None


def with_true_offset(values: AnyArray) -> AnyArray:
    """Return a memory map whose `offset` is its own place in the file.

    A view keeps the offset of the map that it was taken from, but another process that maps the
    file again needs the offset of the view.
    """
    if not isinstance(values, np.memmap):
        return values
    if getattr(values, "offset", None) is None:  # computed from a map, in memory of its own
        return np.asarray(values)
    if values.flags.c_contiguous:
        whole = values
        while isinstance(whole.base, np.memmap):
            whole = whole.base
        values.offset = whole.offset + values.ctypes.data - whole.ctypes.data
    return values


def _checked(path: Path, read: object, count: int) -> bytes:
    try:
        return cast(bytes, read(count))  # type: ignore[operator]
    except OSError as error:
        raise LoadError(path, f"cannot be read: {error.strerror}. Check the disk.") from None

"""Opens files safely: regular files only, and nothing outside the log directory.

A config, an index or a link may name any path of the machine. Paths that lead out of the log
directory are refused, also if they do so only since they were checked: see
`projector.machine.no_links`. Whatever is not a regular file (a pipe blocks forever, /dev/zero never
ends) is never opened for reading. Every path that data names, and every file that is read, passes
here.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from projector.errors import (
    FileChangedError,
    LoadError,
    NoRoomForCopyError,
    OutsideLogdirError,
)
from projector.loaders.remote.mirrors import is_mirrored, opener_of
from projector.loaders.remote.open_file import LocalFile, OpenFile, RawRemote
from projector.loaders.remote.unread import UnreadNowError
from projector.loaders.versions import Version, attempts
from projector.machine.free_space import temporary_folder
from projector.machine.no_links import (
    LinkInPathError,
    open_in,
    open_without_links,
    status_without_links,
)
from projector.machine.positioned import read_at
from projector.machine.private_copy import is_same
from projector.machine.shortages import what_to_do

#: Bytes that a file object gets at once of a file that is elsewhere, and that are copied at once.
_AT_ONCE, _COPIED = 1 << 16, 1 << 20
#: An object as Python shows it by default, such as ``: <ast.Name object at 0x7f2a>``.
_ADDRESS = re.compile(r":?\s*<[\w.]+(?: object)? at 0x[0-9a-fA-F]+>")
#: Letters of the longest path that data may name; no system has longer ones.
_LONGEST_PATH = 4096
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(//|/)", re.ASCII)
#: O_NONBLOCK: opening a pipe returns at once, and the check below then refuses it.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_FLAGS |= getattr(os, "O_BINARY", 0)


def reason_of(error: BaseException, most: int = 120) -> str:
    """Return what a library says as a message quotes it: one line, without objects' addresses."""
    line = _ADDRESS.sub("", str(error).strip().partition("\n")[0])
    return line[:most].strip() or type(error).__name__


def printable(path: Path | str) -> str:
    """Return a path or a name as text that can be encoded: bytes that are not UTF-8 as escapes."""
    text = str(path)
    if text.isascii():
        return text
    try:
        return os.fsencode(text).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # a lone surrogate, which only JSON can bring in
        return text.encode("utf-8", "backslashreplace").decode("utf-8")


def relative_path(root: Path, path: Path | str) -> str:
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
    if len(named) > _LONGEST_PATH:
        raise LoadError(by, f"{text[:80]!r} … has {len(named):,} letters and is not a path.")
    joined = os.path.join(base, named)
    if _is_gone(joined, root):
        raise _missing(by, text)
    return check_regular(root, _real(Path(joined), by, text), by=by, named=text)


def _is_gone(path: str, root: Path) -> bool:
    """Tell at little cost of most paths to nothing that they are: one `stat` for all parts."""
    if os.path.normpath(path) != path or not path.startswith(os.path.join(root, "")):
        return False
    try:
        os.lstat(path)
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False
    return False


def _missing(by: Path, named: str) -> LoadError:
    return LoadError(by, f"{named!r} does not exist. Copy the file there, or correct the path.")


def check_regular(root: Path, real: Path, *, by: Path, named: str) -> Path:
    """Check that the resolved path `real` is a regular file below `root`, and return it."""
    if not real.is_relative_to(root):
        raise OutsideLogdirError(
            by,
            f"{named!r} points outside the log directory {printable(root)!r}. Copy the file "
            "into it.",
        )
    try:
        mode = status_without_links(str(real)).st_mode
    except FileNotFoundError:
        raise _missing(by, named) from None
    except OSError as error:
        raise LoadError(
            by,
            f"{named!r} cannot be opened: {error.strerror}. "
            f"{what_to_do(error, by, 'Check its permissions')}.",
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


def open_file(path: Path) -> OpenFile:
    """Open a regular file for reading; anything else is refused without blocking.

    A file of a remote log directory is opened where it is: see `projector.loaders.remote`.

    Parameters
    ----------
    path : Path
        Resolved: what was a link when it was resolved is not in it, and what has become one since
        is not followed.

    Returns
    -------
    OpenFile
        Open as long as the object exists.

    Raises
    ------
    LoadError
        It is missing, cannot be read, or is not a regular file.
    """
    elsewhere = opener_of(str(path))
    if elsewhere is not None:
        return elsewhere.open(str(path))
    return LocalFile(_descriptor(path))


def _descriptor(path: Path) -> int:
    try:
        handle = open_without_links(str(path), _FLAGS)
    except LinkInPathError:
        raise LoadError(
            path, "is a link now, or behind one, and was none before. Refresh the listing."
        ) from None
    except OSError as error:
        # Permissions, open files and disks may be others later, while the file stays as it is.
        kind = LoadError if isinstance(error, FileNotFoundError) else UnreadNowError
        raise kind(
            path,
            f"cannot be opened: {error.strerror}. "
            f"{what_to_do(error, path, 'Check the path and its permissions')}.",
        ) from None
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        raise LoadError(path, f"is {file_kind(mode)}, not a regular file. Name a regular file.")
    return handle


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading bytes; see `open_file`."""
    elsewhere = opener_of(str(path))
    if elsewhere is not None:
        raw = RawRemote(elsewhere.open(str(path)))
        return cast(BinaryIO, io.BufferedReader(raw, _AT_ONCE))
    return cast(BinaryIO, os.fdopen(_descriptor(path), "rb"))


def size_of(file: BinaryIO) -> int:
    """Return the bytes of a file that `open_regular` has opened, as it is now."""
    remote = _remote(file)
    return os.fstat(file.fileno()).st_size if remote is None else remote.size


def _remote(file: BinaryIO) -> RawRemote | None:
    """Return what a file that `open_regular` has opened reads from, if it is elsewhere."""
    raw = getattr(file, "raw", None)
    return raw if isinstance(raw, RawRemote) else None


def descriptor_path(file: BinaryIO) -> str | None:
    """Return a path that opens the file behind a descriptor again, whatever its name leads to now.

    For libraries that open files themselves; None where the system has no such path, and for a
    file that is elsewhere: give these the file itself, or `whole_path`.
    """
    if _remote(file) is not None:
        return None
    path = f"/dev/fd/{file.fileno()}"
    return path if os.path.exists(path) else None


@contextmanager
def whole_path(path: Path) -> Iterator[str]:
    """Give a path by which a library can open a file itself, inside the block.

    A file that is elsewhere is fetched whole.

    Raises
    ------
    LoadError
        It cannot be opened.
    """
    with open_regular(path) as file:
        if _remote(file) is None:
            yield descriptor_path(file) or str(path)
            return
        folder = temporary_folder()
        with ExitStack() as stack:
            try:
                copy = stack.enter_context(
                    tempfile.NamedTemporaryFile(prefix="projector-whole-", dir=folder)
                )
                shutil.copyfileobj(file, copy, _COPIED)
                copy.flush()
            except OSError as error:
                raise NoRoomForCopyError(
                    path,
                    f"cannot be copied to {str(folder)!r}: {error.strerror}. Free some "
                    "space there, or set TMPDIR to a folder with more.",
                ) from None
            yield copy.name


def is_unchanged(path: Path, size: int, mtime_ns: int) -> bool:
    """Tell whether a file still has the size and modification time that it was listed with."""
    try:
        status = os.stat(path)
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (size, mtime_ns)


def read_head(path: Path, count: int) -> bytes:
    """Return the first `count` bytes of a regular file, or fewer if it is shorter."""
    return _read_up_to(path, open_file(path), count)


def head_in(folder: int, where: str, name: str, count: int) -> tuple[bytes, Version] | None:
    """Return the first bytes of a file in an open folder, and its version after they were read.

    They are of this version if it is settled: a change meanwhile would have made it a recent one.

    Parameters
    ----------
    folder : int
        The descriptor of the folder.
    where : str
        Its path; of files that are elsewhere nothing is read here.
    name : str
        What is no regular file, such as a link, gives None, as does what cannot be read.
    count : int
    """
    if is_mirrored(where):
        return None
    try:
        handle = open_in(folder, name, _FLAGS)
    except OSError:
        return None
    try:
        data = os.read(handle, count)
        status = os.fstat(handle)
    except OSError:
        return None
    finally:
        os.close(handle)
    if not stat.S_ISREG(status.st_mode) or len(data) != min(count, status.st_size):
        return None
    return data, Version.of(status)


def _read_up_to(path: Path, file: OpenFile, count: int, offset: int = 0) -> bytes:
    """Return `count` bytes, or fewer at the end; a network may give them in pieces."""
    file.need(offset, count)
    # A read allocates as much as it is asked for, so ask for no more than there is.
    buffer = memoryview(bytearray(max(0, min(count, file.size - offset))))
    try:
        return bytes(buffer[: read_at(file.descriptor, buffer, offset)])
    except OSError as error:
        raise LoadError(path, f"cannot be read: {error.strerror}. Check the disk.") from None


def read_all(path: Path, *, limit: int, what: str) -> bytes:
    """Return a whole file of at most `limit` bytes; `what` names the content in the error.

    It is the content of one moment: a file that is being written is read again.
    """
    for _ in attempts(path):
        file = open_file(path)
        before = file.version
        if before.size > limit:
            raise LoadError(
                path,
                f"has {before.size:,} bytes, which is too large for {what}: at most "
                f"{limit:,} are read. Split the file.",
            )
        data = _read_up_to(path, file, before.size)
        again = np.frombuffer(data, np.uint8)
        same = not (file.is_local and before.is_recent) or is_same(file.descriptor, 0, again)
        if same and file.version == before:
            return data
    raise AssertionError("attempts end with an error")


def read_range(path: Path, offset: int, count: int, *, place: str | None = None) -> bytes:
    """Return exactly `count` bytes at `offset`; raise LoadError if the file has fewer."""
    file = open_file(path)
    check_range(path, offset, count, file.size, place=place)
    data = _read_up_to(path, file, count, offset)
    if len(data) < count:
        raise FileChangedError(path, "was shortened while it was read. Read it again.")
    return data


def check_range(path: Path, offset: int, count: int, size: int, *, place: str | None) -> None:
    """Raise LoadError unless ``[offset, offset + count)`` lies within `size` bytes."""
    if offset < 0 or count < 0 or offset + count > size:
        raise LoadError(
            path,
            f"bytes {offset:,} to {offset + count:,} are needed, but the file has only {size:,}. "
            "It is truncated or damaged; copy or save it again.",
            place=place,
        )

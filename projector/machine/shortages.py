"""What the machine lacks or refuses, in sentences: space, memory, open files, permissions.

A full disk is no defect of the program, and "[Errno 28]" no help. Here, and nowhere else, an error
of the system becomes what is missing, how much of it there is, and what to do.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from projector.errors import MachineError, ProjectorError, SaveError
from projector.machine.byte_size import byte_size
from projector.machine.free_space import free_space, temporary_folder
from projector.machine.memory import free_memory, is_lack_of_memory

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
#: Errors of writing, and those of having too little of something.
_WRITING = _FULL | {errno.EFBIG, errno.EROFS}
_LACKING = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})
_FAILING = frozenset({errno.EIO, errno.ESTALE, errno.ENODEV, errno.ENXIO, errno.ENOLCK})
_REFUSED = frozenset({errno.EACCES, errno.EPERM})
_GONE = frozenset({errno.ENOENT, errno.ENOTDIR})
_ADVICE = {
    errno.EFBIG: "Raise the limit of a file's size (ulimit -f), or choose another file system",
    errno.EROFS: "Change its permissions by mounting it for writing",
    errno.EACCES: "Change its permissions",
    errno.EPERM: "Change its permissions",
    errno.ENFILE: "Close other programs",
    errno.EAGAIN: "Close other programs, or raise the limit of processes (ulimit -u)",
    errno.EIO: "Check the disk and its connection",
    errno.ESTALE: "Mount the network folder again",
}


def machine_error(error: BaseException) -> ProjectorError | None:
    """Return the error that tells what the machine lacks; None if it is something else.

    Parameters
    ----------
    error : BaseException
        Any. Of an OSError, the file that it names is told.
    """
    if is_lack_of_memory(error):
        return MachineError(_of_memory())
    if not isinstance(error, OSError) or error.errno is None:
        return None
    if error.errno in _WRITING:
        return save_error(_named(error) or temporary_folder(), error)
    if error.errno in _LACKING:
        return MachineError(why(error, temporary_folder()))
    path = _named(error)
    if path is not None and error.errno in _FAILING | _REFUSED:
        return MachineError(f"{path} cannot be used: {why(error, path)}")
    return None


def save_error(path: Path, error: OSError, *, needs: int = 0, otherwise: str = "") -> SaveError:
    """Return the error that tells why a file cannot be written.

    Parameters
    ----------
    path : Path
        The file, or the folder in which it was to be.
    error : OSError
    needs : int
        Its bytes, if they are known.
    otherwise : str
        What else may be done, as a part of a sentence: ``"download the tags"``.
    """
    folder = path if path.is_dir() else path.parent
    if error.errno in _REFUSED or error.errno == errno.EROFS:
        told = f"the folder {str(folder)!r} cannot be written to ({error.strerror})."
        return SaveError(path, f"{told} {_advice(error, folder, otherwise)}")
    what = f"the {byte_size(needs)} that it takes cannot" if needs else "cannot"
    return SaveError(path, f"{what} be written to {str(folder)!r}: {why(error, folder, otherwise)}")


@contextlib.contextmanager
def saving(path: Path, *, needs: int = 0, otherwise: str = "") -> Iterator[None]:
    """Turn an OSError of writing a file into a SaveError; see `save_error`."""
    try:
        yield
    except OSError as error:
        raise save_error(path, error, needs=needs, otherwise=otherwise) from error


def why(error: OSError, path: Path, otherwise: str = "") -> str:
    """Return what the system says, how much there is of what is missing, and what to do.

    Parameters
    ----------
    error : OSError
    path : Path
        The file or folder that it is about.
    otherwise : str
        What else may be done.
    """
    return f"{error.strerror or error}. {_advice(error, path, otherwise)}"


def what_to_do(error: OSError, path: Path, otherwise: str) -> str:
    """Return what to do about a file that cannot be read, as the beginning of a sentence.

    Parameters
    ----------
    error : OSError
    path : Path
    otherwise : str
        What to do if the machine is not at fault: ``"Check its permissions"``.
    """
    is_machine = error.errno in _LACKING | _FAILING
    return _what_to_do(error, path) if is_machine else otherwise


def _advice(error: OSError, path: Path, otherwise: str = "") -> str:
    return f"{_what_to_do(error, path)}{f', or {otherwise}' if otherwise else ''}."


def _what_to_do(error: OSError, path: Path) -> str:
    number = error.errno or 0
    if number in _FULL:
        return f"Free some space ({free_space(_existing(path))})"
    if number == errno.ENOMEM:
        memory = free_memory()
        return f"{memory.advice} ({memory})"
    if number == errno.EMFILE:
        return f"Raise the limit of open files (ulimit -n{_open_files()}), or close other pages"
    if number in _GONE:
        return f"Make {_missing(path)} again"
    return _ADVICE.get(number, f"Check the disk ({free_space(_existing(path))})")


def _of_memory() -> str:
    memory = free_memory()
    return (
        f"There is not enough memory for this: only {memory}. {memory.advice} or use fewer points."
    )


def _named(error: OSError) -> Path | None:
    return Path(os.fsdecode(error.filename)) if isinstance(error.filename, (str, bytes)) else None


def _existing(path: Path) -> Path:
    """Return the nearest folder at or above a path."""
    while not path.is_dir() and path != path.parent:
        path = path.parent
    return path


def _missing(path: Path) -> Path:
    """Return the topmost part of a path that does not exist, or the path."""
    parts = [each for each in (path, *path.parents) if not each.exists()]
    return parts[-1] if parts else path


def _open_files() -> str:
    try:
        import resource
    except ImportError:
        return ""
    return f" is {resource.getrlimit(resource.RLIMIT_NOFILE)[0]:,}"

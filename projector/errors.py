"""The exceptions that projector raises.

* ProjectorError
  * DataError            the data is wrong
    * LoadError          a file cannot be read as the format it claims to be
      * OutsideLogdirError  a path leads out of the log directory
      * FileChangedError   a file changes each time that it is read
      * NoRoomForCopyError  neither memory nor disk space for a private copy of a file's bytes
    * ShapeError         lengths or dimensions do not match
  * ParameterError       a parameter is out of range or of the wrong type (also a ValueError)
  * UnknownNameError     no such dataset, method, column or projection (also a LookupError)
  * InvalidStateError    not possible now: a projection is not done, or no longer running
  * ConflictError        something else changed what was to be replaced
  * SaveError            a file cannot be written: where, why, and what to do
  * MachineError         the machine lacks or refuses something now: memory, open files, a disk
  * MemoryLimitError     the work needs more memory than is free; refused before it starts
  * JobError             a job ended without a result, and why
  * RequestError         an HTTP request is refused: foreign, without a token, or malformed
  * Cancelled            a job was cancelled; a signal, not a fault

All derive from one class, so that the server and the command line each need one handler. A
message says where, what was found, what was expected and what to do; it is the only text that
users see.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any

#: Names that are compared with an unknown one, letters of one name, and letters of all: comparing
#: takes half a second at most.
_MOST_COMPARED = 20_000
_LONGEST_NAME = 100
_MOST_LETTERS = 100_000


class ProjectorError(Exception):
    """Base class of every error that projector raises on purpose."""


class DataError(ProjectorError):
    """The data is wrong, not the program and not a parameter."""


class LoadError(DataError):
    """A file cannot be read as the format it claims to be.

    Parameters
    ----------
    path : Path or str
        The file.
    message : str
        What was found, what was expected and what to do.
    place : str, optional
        Where in the file: ``"line 12, column 3"`` or ``"byte 4096"`` or ``"tensor 'w'"``.
    """

    def __init__(self, path: Path | str, message: str, *, place: str | None = None) -> None:
        self.path = Path(path)
        self.place = place
        self.message = message
        where = f"{self.path.name}, {place}" if place else self.path.name
        super().__init__(f"{where}: {message}")


class OutsideLogdirError(LoadError):
    """A path, link or archive member leads out of the log directory."""


class FileChangedError(LoadError):
    """A file changed while it was read, each time: another program is writing it."""


class NoRoomForCopyError(LoadError):
    """There is neither memory nor disk space for a private copy of a file's bytes."""


class ShapeError(DataError):
    """Lengths or dimensions do not match."""


class ParameterError(ProjectorError, ValueError):
    """A parameter is out of range or of the wrong type."""


def _comparable(names: Iterable[str]) -> list[str]:
    """Return the first names that are short, and no more than are compared quickly."""
    found, n_letters = [], 0
    for name in names:
        n_letters += len(name)
        if n_letters > _MOST_LETTERS:
            break
        if len(name) <= _LONGEST_NAME:
            found.append(name)
    return found


class UnknownNameError(ProjectorError, LookupError):
    """A name does not exist; the message suggests similar names, or lists the available ones.

    Parameters
    ----------
    kind : str
        What was looked up: ``"method"``, ``"column"``, ``"dataset"``.
    name : str
        The name that was given.
    known : iterable of str
        All names that exist.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str] = ()) -> None:
        names = [str(each) for each in islice(known, _MOST_COMPARED)]
        name = str(name)
        if len(name) > _LONGEST_NAME:
            name, close = f"{name[:_LONGEST_NAME]}…", []
        else:
            close = get_close_matches(name, _comparable(names), n=3, cutoff=0.5)
        if close:
            hint = f" Did you mean {' or '.join(repr(each) for each in close)}?"
        elif names:
            some = ", ".join(repr(each) for each in names[:8])
            hint = f" Available: {some}{', …' if len(names) > 8 else '.'}"
        else:
            hint = ""
        super().__init__(f"Unknown {kind} {name!r}.{hint}")

    @classmethod
    def missing(cls, what: str, owner: str) -> UnknownNameError:
        """Return the error for an optional part that does not exist, such as a sprite."""
        error = cls.__new__(cls)
        Exception.__init__(error, f"{owner} has no {what}.")
        return error


class InvalidStateError(ProjectorError):
    """Something is not possible now: a projection is not done yet, or no longer running."""


class ConflictError(ProjectorError):
    """Something else changed what was to be replaced, for example another program a file."""


class SaveError(ProjectorError):
    """A file cannot be written; nothing was changed.

    Parameters
    ----------
    path : Path or str
        The file.
    message : str
        Why, and what to do.
    """

    def __init__(self, path: Path | str, message: str) -> None:
        self.path = Path(path)
        super().__init__(f"{self.path.name}: {message}")


class MachineError(ProjectorError):
    """The machine lacks or refuses something now: memory, open files, a disk.

    Not a defect, and not the user's data: what is missing, how much there is, and what to do.
    """


class MemoryLimitError(ProjectorError):
    """The work needs more memory than is free; refused before it starts, with alternatives."""


class JobError(ProjectorError):
    """A job ended without a result: its process died, or an unexpected error occurred."""


class RequestError(ProjectorError):
    """An HTTP request is refused.

    Parameters
    ----------
    message : str
        What is wrong with the request and what to do.
    status : int
        The HTTP status, 400 to 499, 501 or 503.
    """

    def __init__(self, message: str, *, status: int = 400) -> None:
        self.status = status
        super().__init__(message)


class Cancelled(ProjectorError):
    """A job was cancelled.

    Raise it in a `progress` callable to cancel the work that reports to it.
    """

    def __init__(self, message: str = "Cancelled.") -> None:
        super().__init__(message)


#: Former names of errors. They warn when they are used, and leave with the next release.
FORMER_NAMES = {
    "ChangedMeanwhile": "ConflictError",
    "JobFailed": "JobError",
    "NotSaved": "SaveError",
    "OutsideError": "OutsideLogdirError",
    "TooLarge": "MemoryLimitError",
    "UnknownName": "UnknownNameError",
}


def former_name(name: str, module: str) -> Any:
    """Return what a module's former name stands for, with a warning.

    Raises
    ------
    AttributeError
        The module never had such a name.
    """
    if name not in FORMER_NAMES:
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    now = FORMER_NAMES[name]
    # Two frames up is the code that used the name, past the module's own __getattr__.
    warnings.warn(
        f"{module}.{name} is now {module}.{now}; the old name will be removed in the next release.",
        DeprecationWarning,
        stacklevel=3,
    )
    return globals()[now]


def __getattr__(name: str) -> Any:
    return former_name(name, __name__)

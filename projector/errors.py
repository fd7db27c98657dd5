"""Everything projector can complain about.

* ProjectorError
  * DataError            the user's data is at fault
    * LoadError          a file can not be read as what it claims to be
      * OutsideError     a path leads out of the log directory
    * ShapeError         lengths or dimensions disagree
  * ParameterError       a parameter is out of its range (also a ValueError)
  * UnknownName          no such dataset, method, column or job (also a LookupError)
  * RequestError         an HTTP request that is not answered: foreign, unsigned or malformed
  * ChangedMeanwhile     what was to be replaced is not any more what was seen
  * NotSaved             a file can not be written: where, why, and what to do
  * TooLarge             work that can not fit into memory, refused before it starts
  * JobFailed            long work ended without a result, and why
  * Cancelled            long work was stopped because somebody asked

One base class, so that the server and the command line each need one handler. A message says
where, what was found, what was expected and what to do; it is the only text that people see.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class ProjectorError(Exception):
    """Base class of every error that projector raises on purpose."""


class DataError(ProjectorError):
    """The data is at fault, not the program and not a parameter."""


class LoadError(DataError):
    """A file can not be read as the format that it claims to be.

    Parameters
    ----------
    path : Path or str
        The file at fault.
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


class OutsideError(LoadError):
    """A path, link or archive member leads out of the log directory."""


class ShapeError(DataError):
    """Lengths or dimensions disagree."""


class ParameterError(ProjectorError, ValueError):
    """A parameter is out of its range or of the wrong type."""


class UnknownName(ProjectorError, LookupError):
    """A name that nothing bears; lists the names that come close.

    Parameters
    ----------
    kind : str
        What was looked for: ``"method"``, ``"column"``, ``"dataset"``.
    name : str
        The name that was asked for.
    known : iterable of str
        All names there are.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str] = ()) -> None:
        names = [str(each) for each in known]
        close = get_close_matches(str(name), names, n=3, cutoff=0.5)
        if close:
            hint = f" Did you mean {' or '.join(repr(each) for each in close)}?"
        elif names:
            shown = ", ".join(repr(each) for each in names[:8])
            hint = f" There is {shown}{' …' if len(names) > 8 else ''}."
        else:
            hint = ""
        super().__init__(f"There is no {kind} {name!r}.{hint}")


class RequestError(ProjectorError):
    """An HTTP request that projector does not answer.

    Parameters
    ----------
    message : str
        What was wrong with the request and what to do.
    status : int
        The HTTP status, 400 to 499 or 503.
    """

    def __init__(self, message: str, *, status: int = 400) -> None:
        self.status = status
        super().__init__(message)


class ChangedMeanwhile(ProjectorError):
    """What was to be replaced is not any more what was seen: somebody else was faster."""


class NotSaved(ProjectorError):
    """A file can not be written; nothing was changed.

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


class TooLarge(ProjectorError):
    """Work that can not fit into memory; refused before it starts, with the way out."""


class JobFailed(ProjectorError):
    """Long work ended without a result: its process died or it met an unforeseen error."""


class Cancelled(ProjectorError):
    """Long work was stopped because somebody asked for it.

    Raise it in a `progress` callable to stop the work that reports to it.
    """

    def __init__(self, message: str = "Stopped.") -> None:
        super().__init__(message)

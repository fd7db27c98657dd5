"""An error of a task, on its way from the process in which it occurred."""

from __future__ import annotations

from projector.errors import Cancelled, JobError, ProjectorError
from projector.machine.messages import Failure
from projector.machine.shortages import machine_error


class TaskError(Exception):
    """What a task raised, and where; can be sent, whatever the error was.

    Parameters
    ----------
    failure : Failure
    worker : str
        Where it occurred, for people.
    """

    def __init__(self, failure: Failure, worker: str) -> None:
        super().__init__(failure, worker)
        self.failure, self.worker = failure, worker

    @classmethod
    def of(cls, error: Exception, worker: str) -> TaskError:
        """Return an error of this process; what the machine lacks is told."""
        told = machine_error(error) or error
        if not isinstance(told, ProjectorError):
            told = JobError(f"{type(error).__name__}: {error}")
        return cls(Failure.of(told), worker)

    def rebuild(self) -> ProjectorError:
        """Return the error that the owner of the task raises: it names the worker and the file."""
        error = self.failure.rebuild()
        if isinstance(error, Cancelled):
            return error
        path = getattr(error, "path", None)
        where = f"Worker {self.worker}" if path is None else f"Worker {self.worker}, {path}"
        error.args = (f"{where}: {error}",)
        return error


def raised_by(error: Exception) -> Exception:
    """Return what is raised here for the error of a task."""
    return error.rebuild() if isinstance(error, TaskError) else error

"""Processes that may die: calls into libraries which foreign bytes can crash run in them.

A crash, an endless loop or a call that takes too much memory ends one call with `CallEndedError`,
and nothing else. There are two processes at most: a long call never takes the second one, so
that a short one does not wait for it. They start when they are first needed, are used again, and
end with their owner.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from projector.errors import ProjectorError
from projector.machine.channel_process import ChannelProcess
from projector.machine.child_process import ending, is_killed
from projector.machine.messages import Failure
from projector.machine.questions import Question, reply_to
from projector.machine.thread_counts import thread_variables

_MODULE = "projector.machine.expendable_process"
_MOST = 2
#: Few heaps and threads: more of them take address space, which is what is limited. Arrow's
#: own allocator would reserve a gigabyte at a time.
_ENVIRONMENT = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
}
_MOST_THREADS = 8
#: Exit code of a process that used up its seconds of computing (SIGXCPU).
_OUT_OF_TIME = -24


@dataclass(frozen=True)
class Limits:
    """What one call may take.

    Attributes
    ----------
    memory : int
        Bytes, in addition to what the process has already.
    cpu_seconds : float
        Of computing, in all threads.
    seconds : float
        Until it must have returned.
    """

    memory: int
    cpu_seconds: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Request:
    """Owner to process: call this function, and reduce its result as another one says.

    Attributes
    ----------
    function, reduce : str
        Names of functions; `reduce` is like `pickle.Pickler.reducer_override`, or empty.
    arguments : tuple
    limits : Limits
    """

    function: str
    arguments: tuple[Any, ...]
    limits: Limits
    reduce: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Process to owner: what the function returned, or how it failed.

    Attributes
    ----------
    value : object
    failure : Failure or None
        An error of ours.
    unexpected : str
        An error of any other class, as text.
    lacks_memory : bool
        Whether it needed more than it may take.
    is_worn : bool
        Whether the function was not called, because the process keeps too much memory of earlier
        calls: ask another one.
    """

    value: Any = None
    failure: Failure | None = None
    unexpected: str = ""
    lacks_memory: bool = False
    is_worn: bool = False


#: Answers what a process asks in the middle of a call.
Answering: TypeAlias = Callable[[Any], Any] | None

#: Why a call ended without an answer: the process crashed, was killed, ran out of memory or of
#: time, raised an error that nobody expected, or could not be started.
Why = Literal["crashed", "killed", "memory", "time", "error", "start"]


class CallEndedError(Exception):
    """A call that ended without an answer.

    Attributes
    ----------
    why : str
        One of `Why`.
    detail : str
        The signal's name, or the text of the error.
    """

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


class _Process(ChannelProcess):
    """One process and the channel to it."""

    def __init__(self) -> None:
        environment = {**_ENVIRONMENT, **thread_variables(most=_MOST_THREADS)}
        super().__init__(_MODULE, stderr=subprocess.DEVNULL, environment=environment)

    def ask(self, request: Request, answering: Answering = None) -> Answer:
        """Send a request and wait for its answer."""
        try:
            self.channel.send(request)
            try:
                answer = self._answer(request.limits.seconds, answering)
            except ProjectorError:
                self.channel.send(None)
                raise
            with contextlib.suppress(OSError):  # it died since, which the next call sees
                self.channel.send(None)  # all of it was read
            return answer
        except TimeoutError:
            self.kill()
            self.end()
            raise CallEndedError("time") from None
        except (EOFError, OSError):
            raise _ended(self.end()) from None

    def _answer(self, seconds: float, answering: Answering) -> Answer:
        """Wait for the answer; what it asks meanwhile costs it no time."""
        until = time.monotonic() + seconds
        while True:
            found: Answer | Question = self.channel.receive(max(0.001, until - time.monotonic()))
            if not isinstance(found, Question):
                return found
            asked = time.monotonic()
            self.channel.send(reply_to(found, answering))
            until += time.monotonic() - asked

    def end(self) -> int:
        """End it, whatever it is doing, and return its exit code."""
        if self.is_alive():
            # One that has closed its end is about to end by itself, and its code says why.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(_LAST_SECONDS)
        self.kill()
        self.channel.close()
        return self.reap()


_LAST_SECONDS = 2.0


def _ended(code: int) -> CallEndedError:
    if code == _OUT_OF_TIME:
        return CallEndedError("time")
    if is_killed(code):
        return CallEndedError("killed", ending(code))
    if code >= 0:  # it never ends so by itself
        return CallEndedError("start", ending(code))
    return CallEndedError("crashed", ending(code))


class Expendable:
    """At most two processes for calls that may crash. Safe from any thread.

    The processes of a program that forks stay with the parent; the child starts its own.
    """

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._changed = threading.Condition()
        self._idle: list[_Process] = []
        self._n_busy = 0
        self._long_runs = False

    def call(
        self,
        function: str,
        *arguments: Any,
        limits: Limits,
        reduce: str = "",
        long: bool = False,
        answering: Answering = None,
    ) -> Any:
        """Call a function in one of the processes and return what it returns.

        Parameters
        ----------
        function : str
            ``"package.module:name"``.
        *arguments
            Are pickled, as is the result. Large arrays of the result are mapped, read-only.
        limits : Limits
        reduce : str, optional
            The name of a function that makes parts of the result smaller before they are sent;
            like `pickle.Pickler.reducer_override`.
        long : bool
            Whether it may take long. Long calls run one after the other.
        answering : callable, optional
            Answers what the function asks by `projector.machine.questions.OWNER`. An error of ours
            is raised there.

        Raises
        ------
        ProjectorError
            Whatever error of ours the function raises.
        CallEndedError
            It did not return.
        """
        with self._process(long) as held:
            answer = held.ask(Request(function, arguments, limits, reduce), answering)
        if answer.failure is not None:
            raise answer.failure.rebuild()
        if answer.lacks_memory:
            raise CallEndedError("memory")
        if answer.unexpected:
            raise CallEndedError("error", answer.unexpected)
        return answer.value

    @contextlib.contextmanager
    def _process(self, long: bool) -> Iterator[_Held]:
        with self._changed:
            while self._n_busy >= _MOST or (long and self._long_runs):
                self._changed.wait()
            self._n_busy += 1
            self._long_runs = self._long_runs or long
            idle = self._idle.pop() if self._idle else None
        held = _Held(idle)
        try:
            yield held
        except ProjectorError:
            raise  # raised when the answer was read, which was complete
        except BaseException:
            held.retire = True
            raise
        finally:
            kept = held.release()
            with self._changed:
                self._n_busy -= 1
                self._long_runs = self._long_runs and not long
                self._idle += [kept] if kept is not None else []
                self._changed.notify_all()

    def close(self) -> None:
        """End the processes that wait; those that work end with their call."""
        with self._changed:
            idle, self._idle = self._idle, []
        for process in idle:
            process.kill()
            process.end()


class _Held:
    """A process for one call: one that waits, or a new one."""

    def __init__(self, idle: _Process | None) -> None:
        self._process = idle
        self.retire = False

    def ask(self, request: Request, answering: Answering) -> Answer:
        """Ask the process; one that has died or is worn is replaced first."""
        if self._process is not None and self._process.is_alive():
            answer = self._process.ask(request, answering)
            if not answer.is_worn:
                return answer
        if self._process is not None:
            self._process.kill()
            self._process.end()
        try:
            self._process = _Process()
        except OSError as error:
            raise CallEndedError("start", error.strerror or str(error)) from None
        return self._process.ask(request, answering)

    def release(self) -> _Process | None:
        """Return the process if another call can have it, and end it otherwise."""
        process, self._process = self._process, None
        if process is not None and self.retire:
            process.kill()
            process.end()
            return None
        return process


#: The processes of this program.
EXPENDABLE = Expendable()
atexit.register(EXPENDABLE.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=EXPENDABLE._forget)

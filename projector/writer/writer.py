"""Writes embeddings, scalars and hyperparameters from training code."""

from __future__ import annotations

import os
import time
import warnings
import weakref
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, get_args

from projector.errors import InvalidStateError, ParameterError, ShapeError
from projector.model.arguments import path_of, shown, whole_number
from projector.model.training_log import folder_name
from projector.writer.background import Background, Failure, Work
from projector.writer.event_log import EventLog
from projector.writer.event_records import end_event, hparams_event, scalars_event
from projector.writer.given_arrays import own_vectors, shared_array
from projector.writer.given_tables import own_table
from projector.writer.images import own_images
from projector.writer.ranks import Ranks, checked_ranks, rank_of
from projector.writer.step_log import Step, StepLog

WhenFull = Literal["wait", "skip"]
_MAX_STEP = 2**63 - 1


class WriterWarning(UserWarning):
    """What a `Writer` could not write; the training goes on."""


class Writer:
    """Writes the embeddings of a training, step by step, for projector to show.

    Everything that is given is copied at once and written by a thread in the background. A full
    disk or a folder without permission does not stop the training: one warning says what was not
    written, and why. docs/writer.md describes the files.

    Parameters
    ----------
    logdir : str or Path
        The folder of the run; it is made when something is written.
    queue_size : int
        Steps that may wait for the disk, each with its copy of the vectors.
    when_full : {"wait", "skip"}
        What `add` does when that many wait: wait for the disk, or leave the step out and say so.
    ranks : {"first", "each"}
        Of several processes, which the variable ``RANK`` numbers, the first one writes alone; or
        each one writes embeddings under names of its own, ``"encoder/rank 3"``.
    rank : int, optional
        The number of this process, where ``RANK`` does not say it.

    Attributes
    ----------
    logdir : Path
    is_active : bool
        Whether this process writes at all.
    problems : list of str
        What was not written so far, and why.

    Raises
    ------
    ParameterError
        Another value of a parameter.

    Notes
    -----
    Arguments that are wrong (another number of labels than points) raise at once. What the machine
    refuses never does.

    Examples
    --------
    >>> import numpy as np, projector
    >>> with projector.Writer("runs/exp1") as w:
    ...     w.add("encoder", np.eye(3), step=100, metadata={"label": ["a", "b", "c"]})
    ...     w.scalars({"loss": 0.5}, step=100)
    >>> [(entry.name, entry.step) for entry in projector.open_logdir("runs/exp1").entries]
    [('encoder', 100)]
    """

    def __init__(
        self,
        logdir: str | Path,
        *,
        queue_size: int = 2,
        when_full: WhenFull = "wait",
        ranks: Ranks = "first",
        rank: int | None = None,
    ) -> None:
        self.logdir = path_of(logdir, name="logdir")
        if when_full not in get_args(WhenFull):
            raise ParameterError(f"'when_full' must be 'wait' or 'skip'. Got {shown(when_full)}.")
        self._waits = when_full == "wait"
        self._rank = rank_of(rank)
        self._each = checked_ranks(ranks) == "each"
        self.is_active = self._each or self._rank == 0
        self.problems: list[str] = []
        self._said: set[str] = set()
        self._process = os.getpid()
        self._steps: dict[str, StepLog] = {}
        self._events = EventLog(self.logdir)
        self._has_session = False
        capacity = whole_number(queue_size, name="queue_size", low=1, high=1000)
        self._background = Background(capacity)
        self._finish = weakref.finalize(
            self, _finish, self._background, self._steps, self._events, self._process
        )

    def __repr__(self) -> str:
        return f"Writer({str(self.logdir)!r})"

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(status="success" if kind is None else "failure")

    def add(
        self,
        name: str,
        vectors: Any,
        step: int | None = None,
        *,
        metadata: Any = None,
        ids: Any = None,
        images: Any = None,
    ) -> None:
        """Write an embedding at a step. Returns as soon as everything is copied.

        Parameters
        ----------
        name : str
            The tensor name, the same at all steps.
        vectors : array-like of shape (n_points, n_dims)
            An array, or a tensor of torch, JAX or TensorFlow, also on a device; its type is kept.
        step : int, optional
            Of the training. A step that is written again replaces the earlier one.
        metadata : mapping, data frame or sequence, optional
            Columns by name with one value for each point; a sequence of labels becomes the
            column ``label``. A table that was given before is not written again.
        ids : sequence, optional
            What names a point at all steps, so that steps with other rows can be compared
            (``projector.compare(a, b, match="id")``). It becomes the column ``id``.
        images : array-like or Sprite, optional
            One image for each point: (n_points, height, width), with channels last or first;
            from 0 to 255, or fractions from 0 to 1. Large sheets shrink to what browsers show.

        Raises
        ------
        ShapeError
            Vectors, a column or images of another shape, or of values that are no numbers.
        ParameterError
            A name or a step that cannot be one.
        InvalidStateError
            The writer is closed.

        Notes
        -----
        Waits while `queue_size` steps wait for the disk, unless `when_full` says otherwise.
        """
        if step is not None:
            step = whole_number(step, name="step", low=0, high=_MAX_STEP)
        if not isinstance(name, str):
            raise ParameterError(f"The name of an embedding must be a text. Got {shown(name)}.")
        folder_name(name)
        if not self._may_write():
            return
        if self._each:
            name = f"{name}/rank {self._rank}"
        of_step = "" if step is None else f"step {step:,} of "
        what = f"{of_step}{name!r}"
        try:
            own = own_vectors(vectors)
            table = own_table(metadata, ids, len(own))
            sheet = None if images is None else own_images(images, len(own))
        except MemoryError:
            self._tell([Failure(what, "There is not enough memory for a copy of it.")])
            return
        log = self._steps.setdefault(name, StepLog(self.logdir, name))
        self._put(what, partial(log.add, Step(step, own, table, sheet, time.time())))

    def scalars(self, values: Mapping[str, Any], step: int) -> None:
        """Write scalars such as the loss; TensorBoard shows them, too.

        Parameters
        ----------
        values : mapping of str to float
            By tag; also tensors with one number.
        step : int

        Raises
        ------
        ParameterError
            A value is not one number, or the step is no whole number from 0.
        InvalidStateError
            The writer is closed.
        """
        step = whole_number(step, name="step", low=0, high=_MAX_STEP)
        numbers = {str(tag): _number(str(tag), value) for tag, value in values.items()}
        if numbers and self._may_write() and self._rank == 0:
            event = scalars_event(numbers, step, time.time())
            self._put(f"scalars of step {step:,}", partial(self._events.add, event))

    def hparams(self, values: Mapping[str, Any], *, group: str = "") -> None:
        """Write the hyperparameters of the run; TensorBoard's HPARAMS tab shows them, too.

        Parameters
        ----------
        values : mapping
            Numbers, texts and truth values by name; also lists and mappings of these.
        group : str
            Runs of one group are repetitions of each other.

        Raises
        ------
        ParameterError
            A value is something else.
        InvalidStateError
            The writer is closed.
        """
        event = hparams_event(values, group, time.time())
        if self._may_write() and self._rank == 0:
            self._has_session = True
            self._put("the hyperparameters", partial(self._events.add, event))

    def flush(self) -> None:
        """Wait until everything is written that was given so far."""
        if os.getpid() == self._process:
            self._background.flush()
            self._tell(self._background.failures())

    def close(self, *, status: Literal["success", "failure"] = "success") -> None:
        """Write what waits, and end. A second call does nothing.

        Parameters
        ----------
        status : {"success", "failure"}
            How the run ended, beside its hyperparameters.
        """
        if not self._finish.alive or os.getpid() != self._process:
            return
        if self._has_session:
            event = end_event(status, time.time())
            self._put("how the run ended", partial(self._events.add, event))
        self._finish()
        self._tell(self._background.failures())

    def _may_write(self) -> bool:
        if os.getpid() != self._process:
            # The thread is not in a forked process, and two must not write one file.
            why = "A process that was forked does not write. Make a Writer in the process itself."
            self._tell([Failure("what a forked process gave", why)])
            return False
        if not self._finish.alive:
            raise InvalidStateError(f"{self!r} is closed. Make a new one for more steps.")
        return self.is_active

    def _put(self, what: str, work: Work) -> None:
        failures = self._background.failures()
        if not self._background.put(what, work, wait=self._waits):
            why = "The disk is slower than the training, and when_full='skip' leaves steps out."
            failures.append(Failure(what, why))
        self._tell(failures)

    def _tell(self, failures: list[Failure]) -> None:
        """Keep what was not written, and warn of each reason once."""
        for each in failures:
            self.problems.append(f"{each.what} was not written. {each.why}")
            if each.why not in self._said:
                self._said.add(each.why)
                warnings.warn(
                    f"projector: {each.what} was not written. {each.why} The training goes on; "
                    "this is said once, and Writer.problems has all.",
                    WriterWarning,
                    stacklevel=4,
                )


def _finish(
    background: Background, steps: dict[str, StepLog], events: EventLog, process: int
) -> None:
    """Write what waits and close the files: when the writer is closed, collected, or at the end."""
    if os.getpid() != process:
        return
    background.close()
    for log in steps.values():
        log.close()
    events.close()


def _number(tag: str, value: Any) -> float:
    if isinstance(value, int | float):
        return float(value)
    try:
        return float(shared_array(value).reshape(()))
    except (ShapeError, ValueError):
        raise ParameterError(
            f"The scalar {tag!r} must be one number. Got {shown(value)}. Use its mean."
        ) from None

"""Chooses the executor that a caller means."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from projector.errors import ParameterError
from projector.jobs.executors.pool import PoolExecutor
from projector.jobs.executors.protocol import Executor
from projector.jobs.executors.serial import SerialExecutor
from projector.model.arguments import shown


@contextmanager
def chosen_executor(given: Any) -> Iterator[Executor]:
    """Give the executor that a caller means; close it if it was made here, see `executor_of`."""
    executor, is_own = executor_of(given)
    try:
        yield executor
    finally:
        if is_own:
            executor.close()


def executor_of(given: Any) -> tuple[Executor, bool]:
    """Return an executor, and whether it was made here and is to be closed here.

    Parameters
    ----------
    given : None, "processes", str, distributed.Client, or Executor
        None is this process; a text with ``://`` is the address of a Dask scheduler.

    Raises
    ------
    ParameterError
        It is something else.
    """
    if given is None:
        return SerialExecutor(), True
    if isinstance(given, str) and given == "processes":
        return PoolExecutor(), True
    if (isinstance(given, str) and "://" in given) or _is_client(given):
        from projector.jobs.executors.cluster import ClusterExecutor

        return ClusterExecutor(given), True
    methods = ("submit", "scatter", "as_completed", "cancel", "close")
    if not isinstance(given, str) and all(hasattr(given, each) for each in methods):
        own: Executor = given
        return own, False
    raise ParameterError(
        "'executor' must be None, 'processes', the address of a Dask scheduler such as "
        f"tcp://127.0.0.1:8786, or a distributed.Client. Got {shown(given)}."
    )


def _is_client(given: Any) -> bool:
    return hasattr(given, "scheduler") and hasattr(given, "nthreads")

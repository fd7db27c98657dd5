"""Runs blocking calls in threads: one, so that its caller can report, or several at once."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Given = TypeVar("Given")
Found = TypeVar("Found")

#: Seconds between two calls of `meanwhile`.
INTERVAL = 0.05


def call_in_thread(work: Callable[[], Found], meanwhile: Callable[[], object]) -> Found:
    """Return what `work` returns, and call `meanwhile` until it does.

    Parameters
    ----------
    work : callable
        Runs in a thread of its own: calls that release the GIL, none that are compiled here,
        as numba's threads serve only one at a time.
    meanwhile : callable
        Called every `INTERVAL` seconds and once at the end. If it raises, the result of `work`
        is dropped.

    Raises
    ------
    BaseException
        Whatever `work` or `meanwhile` raises.
    """
    found: list[Found] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while True:
        thread.join(INTERVAL)
        meanwhile()
        if not thread.is_alive():
            break
    if failed:
        raise failed[0]
    return found[0]


def map_in_order(
    work: Callable[[Given], Found], given: Iterable[Given], n_threads: int
) -> Generator[Found, None, None]:
    """Yield what `work` makes of each value, in their order, computed by threads.

    Parameters
    ----------
    work : callable
        Calls that release the GIL.
    given : iterable
        Read as far ahead as threads can work; what they made waits in memory for those before.
    n_threads : int
        Below 2, no thread is started.

    Raises
    ------
    BaseException
        Whatever `work` raises.
    """
    values = iter(given)
    if n_threads < 2:
        yield from map(work, values)
        return
    with ThreadPoolExecutor(n_threads) as pool:
        waiting = deque(pool.submit(work, each) for each in islice(values, 2 * n_threads))
        while waiting:
            found = waiting.popleft().result()
            waiting.extend(pool.submit(work, each) for each in islice(values, 1))
            yield found

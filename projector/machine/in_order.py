"""Works on pieces in several threads, and gives the results in the order of the pieces."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from projector.machine.processors import usable_processors

Piece = TypeVar("Piece")
Result = TypeVar("Result")

#: More pieces at once would need more memory than they save time.
_MOST_THREADS = 8


def in_order(
    work: Callable[[Piece], Result], pieces: Iterable[Piece], n_threads: int | None = None
) -> Generator[Result, None, None]:
    """Give what `work` returns for each piece.

    Parameters
    ----------
    work : callable
        Releases the GIL for most of its time.
    pieces : iterable
        Taken when they are worked on; few are ahead of the results that were taken.
    n_threads : int, optional
        As many as processors by default.

    Raises
    ------
    Exception
        What `work` raises. Pieces that were begun are finished, no others.
    """
    if n_threads is None:
        n_threads = min(_MOST_THREADS, usable_processors())
    if n_threads < 2:
        yield from map(work, pieces)
        return
    rest = iter(pieces)
    with ThreadPoolExecutor(n_threads, "projector-pieces") as pool:
        waiting: list[Future[Result]] = []
        try:
            waiting += [pool.submit(work, piece) for piece in itertools.islice(rest, 2 * n_threads)]
            while waiting:
                result = waiting.pop(0).result()
                waiting += [pool.submit(work, piece) for piece in itertools.islice(rest, 1)]
                yield result
        finally:
            for each in waiting:
                each.cancel()

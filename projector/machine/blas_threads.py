"""Work in blocks on all processors, whose bytes do not depend on how many there are.

A threaded matrix product or eigendecomposition splits its sums by the number of threads, and so
rounds otherwise on another machine. Here every call of BLAS and LAPACK gets one thread, and fixed
blocks of the work are spread over threads of our own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

from projector.machine.in_order import in_order
from projector.machine.processors import usable_processors

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

Item = TypeVar("Item")
Found = TypeVar("Found")

#: The limit holds for the whole process: the first to come sets it, the last to leave lifts it.
_lock = threading.Lock()
_inside = 0
_limit: Any = None


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Give BLAS and LAPACK one thread as long as anybody in this process is inside."""
    global _inside, _limit
    with _lock:
        if _inside == 0:
            _release()()
            _limit = _controller().limit(limits=1, user_api="blas")
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                _release()()
                _limit.restore_original_limits()
                _limit = None


@cache
def _release() -> Callable[[], None]:
    """Return what lets any thread change the limit, whichever thread did so before.

    From 3.8 on threadpoolctl ignores all threads but the first that ever set one, while that lives.
    """
    import threadpoolctl

    kind = getattr(threadpoolctl, "OpenBLASController", None)
    clear = getattr(kind, "clear_controlling_thread", None)
    return _nothing if clear is None else partial(clear, force=True)


def _nothing() -> None:
    """Before 3.8 every thread may change it."""


@cache
def _controller() -> ThreadpoolController:
    # Looking for the libraries takes milliseconds; numpy's is loaded by now.
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def take_in_order(
    work: Callable[[Item], Found],
    items: Sequence[Item],
    take: Callable[[Found], object],
    *,
    most: int | None = None,
) -> None:
    """Give ``work(item)`` of all items to `take`, in their order, worked on by all processors.

    Parameters
    ----------
    work : callable
        Runs in several threads: numpy releases the interpreter lock in its loops and products.
    items : sequence
    take : callable
        Called in the caller's thread. If it raises, nothing new begins.
    most : int, at least 1, optional
        Threads at most: each result is held, and up to as many wait for those before.

    Notes
    -----
    BLAS has one thread meanwhile (`one_blas_thread`).
    """
    n_threads = min(len(items), most or len(items))
    if n_threads > 1:
        n_threads = min(n_threads, usable_processors())
    with one_blas_thread(), closing(in_order(work, items, n_threads)) as found:
        for each in found:
            take(each)

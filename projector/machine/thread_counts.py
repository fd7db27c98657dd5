"""How many threads the numeric libraries of a process may start, decided before they load.

OpenBLAS's threads spin while they wait for each other: on a busy machine a product takes ten times
as long, and burns what the other processes need. So BLAS and LAPACK get one thread, large
products are spread in blocks over threads of our own (`blas_threads`), and the threads of compiled
loops sleep while they wait.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from projector.machine.processors import usable_processors

#: Those of OpenBLAS, MKL, BLIS and Accelerate.
_OF_PRODUCTS = (
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
#: Those of compiled loops: OpenMP's (faiss, numba) and numba's own.
_OF_LOOPS = ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS")
#: Of GNU's OpenMP, and of Intel's and LLVM's.
_SLEEP = {"OMP_WAIT_POLICY": "passive", "KMP_BLOCKTIME": "0"}


def thread_variables(
    given: Mapping[str, str] = os.environ, *, most: int | None = None
) -> dict[str, str]:
    """Return the environment variables of a process of this package.

    Parameters
    ----------
    given : mapping of str to str
        The environment so far. Fewer threads for loops than there are processors stay, and so
        does another way to wait.
    most : int, at least 1, optional
        Threads of a loop at most.

    Returns
    -------
    dict of str to str
        Read by the libraries when they are loaded, and not again.
    """
    n_threads = usable_processors() if most is None else min(most, usable_processors())
    counts = {name: min(n_threads, _count(given.get(name)) or n_threads) for name in _OF_LOOPS}
    return {
        **dict.fromkeys(_OF_PRODUCTS, "1"),
        **{name: str(count) for name, count in counts.items()},
        **{name: given.get(name, value) for name, value in _SLEEP.items()},
    }


def _count(value: str | None) -> int | None:
    """Return a number of threads, the outermost of a list; None if it is not one."""
    first = (value or "").partition(",")[0].strip()
    return int(first) if first.isascii() and first.isdigit() and 0 < len(first) < 6 else None

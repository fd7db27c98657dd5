"""Typed decorators for numba kernels, whose compiled code is cached on disk.

Modules that use it are imported only by a run that needs them, never with the package: numba
takes half a second to load, and a kernel some seconds to compile on a fresh machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

# GNU's OpenMP otherwise lets waiting threads spin: next to other busy processes short parallel
# loops then take ten times as long and burn what the others need. Read when it is first loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numba

#: Sums may be reordered and products contracted; infinities and NaN keep their meaning.
_FASTMATH = {"contract", "reassoc", "nsz", "arcp", "afn"}

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

#: `range` whose iterations numba may distribute over threads; each writes its own rows, so that
#: results do not depend on the number of threads.
parallel_range: Any = numba.prange


def compiled(*, parallel: bool = False, as_written: bool = False) -> Callable[[Kernel], Kernel]:
    """Compile a function on its first call and cache the code on disk.

    The GIL is released while it runs. Sums are taken in the order in which they are written only
    if `as_written` says so.
    """
    fastmath = False if as_written else _FASTMATH
    wrap: Any = numba.njit(
        nogil=True, cache=True, parallel=parallel, fastmath=fastmath, error_model="numpy"
    )
    return cast(Callable[[Kernel], Kernel], wrap)


def inlined(function: Kernel) -> Kernel:
    """Compile a small function that kernels call; it has no cached code of its own."""
    wrap: Any = numba.njit(nogil=True, fastmath=_FASTMATH, error_model="numpy")
    return cast(Kernel, wrap(function))


def inlined_in_order(function: Kernel) -> Kernel:
    """Do as `inlined` does; sums keep their order, and every operation rounds as in numpy."""
    wrap: Any = numba.njit(nogil=True, error_model="numpy")
    return cast(Kernel, wrap(function))

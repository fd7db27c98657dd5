"""How many rows of a part are in memory at once, for a limit of memory."""

from __future__ import annotations

from projector.compute.linear.components import EXACT_LIMIT
from projector.errors import MemoryLimitError
from projector.machine.byte_size import byte_size
from projector.model.arguments import whole_number

#: What a task may take unless the caller says otherwise, and rows of a chunk at most and least.
DEFAULT_LIMIT = 2 << 30
MOST_ROWS, LEAST_ROWS = 65_536, 64
#: Numbers that are multiplied between two reports: well under a second.
CHUNK_WORK = 10_000_000_000


def checked_limit(memory_limit: int | None) -> int:
    """Return the bytes that one task may take, as a caller says it or by default."""
    if memory_limit is None:
        return DEFAULT_LIMIT
    return whole_number(memory_limit, name="memory_limit", low=1, high=None)


def rows_for_moments(memory_limit: int, n_dims: int) -> int:
    """Return the rows of a chunk of PCA: vectors, and sums of all pairs of dimensions."""
    # The sum so far, two that are added, what four threads hold, and what LAPACK needs at the end.
    sums = 8 * 8 * n_dims * n_dims if n_dims <= EXACT_LIMIT else 8 * 8 * n_dims * 80
    return _rows(memory_limit, sums, 24 * n_dims, f"the sums over {n_dims:,} dimensions")


def rows_for_placing(memory_limit: int, n_dims: int, n_landmarks: int) -> int:
    """Return the rows of a chunk that is placed among landmarks."""
    # The landmarks as they are and as they are searched, with factors, shifts and positions.
    fixed = n_landmarks * (12 * n_dims + 64)
    return _rows(memory_limit, fixed, 24 * n_dims + 512, f"{n_landmarks:,} landmarks")


def rows_for_neighbors(memory_limit: int, n_dims: int, n_queries: int, k: int) -> int:
    """Return the rows of a chunk that is searched for neighbors."""
    fixed = n_queries * (12 * n_dims + 64 * (k + 8))
    rows = _rows(memory_limit, fixed, 24 * n_dims + 64, f"{n_queries:,} queries")
    return min(rows, max(LEAST_ROWS, CHUNK_WORK // max(1, n_queries * n_dims)))


def _rows(limit: int, fixed: int, of_row: int, what: str) -> int:
    least = fixed + LEAST_ROWS * of_row
    if least > limit:
        raise MemoryLimitError(
            f"A task needs at least {byte_size(least)} of memory for {what}, but the limit is "
            f"{byte_size(limit)}. Raise memory_limit, or use fewer."
        )
    return min(MOST_ROWS, (limit - fixed) // of_row)

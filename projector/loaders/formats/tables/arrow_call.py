"""Calls of Arrow on foreign files: its errors as ours, and its memory within the reader's limit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.bounded_json import JsonBoundsError
from projector.loaders.safe_files import reason_of

#: Files of which each may take several gigabytes of memory, in bytes.
_ROOMY = 1 << 24
#: How Arrow says that no thread starts, which takes address space.
_NO_THREAD = "Failed to launch worker thread"


@contextmanager
def reading_as(file: File, what: str) -> Iterator[None]:
    """Turn Arrow's errors into ours while a file is read as `what`.

    Raises
    ------
    LoadError
        The file is damaged.
    MemoryError
        It takes more memory than it may.
    """
    import pyarrow as pa

    _choose_pool(file)
    try:
        yield
    except (LoadError, MemoryError):
        raise
    except JsonBoundsError as error:
        raise LoadError(file.path, f"{error}. Write one flat object per line.") from None
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, IndexError) as error:
        reason = reason_of(error, 200)
        if _NO_THREAD in reason:
            raise MemoryError from None
        raise LoadError(
            file.path,
            f"cannot be read as {what} ({reason}). It is truncated or damaged; save it again.",
        ) from None


def _choose_pool(file: File) -> None:
    """In the reader process, use the fast allocator for large files alone.

    It reserves a gigabyte at once, which a small file may not take.
    """
    import pyarrow as pa

    if os.environ.get("ARROW_DEFAULT_MEMORY_POOL") == "system":
        with suppress(NotImplementedError):  # not in every build of Arrow
            fast = file.size >= _ROOMY
            pa.set_memory_pool(pa.mimalloc_memory_pool() if fast else pa.system_memory_pool())

"""The program of an expendable process: ``python -m projector.machine.expendable_process``."""

from __future__ import annotations

import contextlib
import ctypes
import math
import mmap
import os
import select
import sys
import threading
import time

from projector.errors import ProjectorError
from projector.machine.channel_process import standard_channel
from projector.machine.child_process import named_function
from projector.machine.expendable import Answer, Limits, Request
from projector.machine.handover import start_handing_over
from projector.machine.memory import is_lack_of_memory
from projector.machine.messages import Failure
from projector.machine.questions import OWNER

#: Bytes beyond its first size at which a process is replaced: not all that was freed goes back to
#: the system.
_GROWN = 1 << 29
_LONGEST_ERROR = 300


def main() -> None:
    """Answer requests until the owner closes the channel."""
    channel, connected = standard_channel(prints=False)
    OWNER.connect(channel)
    threading.Thread(target=_end_with_owner, args=(connected,), daemon=True).start()
    start_handing_over()
    _be_expendable()
    first = _memory()
    while True:
        try:
            request: Request = channel.receive()
        except (EOFError, OSError):
            os._exit(0)
        answer = Answer(is_worn=True) if _memory() - first > _GROWN else _answer(request)
        try:
            channel.send(answer, named_function(request.reduce) if request.reduce else None)
        except ConnectionError:
            os._exit(0)
        except (MemoryError, OSError):  # the result does not fit beside itself
            channel.send(Answer(lacks_memory=True))
        try:
            channel.receive()  # until then the owner may map what the answer leads to
        except (EOFError, OSError):
            os._exit(0)
        del answer, request
        _give_back()


def _answer(request: Request) -> Answer:
    _limit(request.limits)
    try:
        return Answer(named_function(request.function)(*request.arguments))
    except ProjectorError as error:
        return Answer(failure=Failure.of(error))
    except Exception as error:  # noqa: BLE001 - the border of a process: nothing may vanish here
        if is_lack_of_memory(error):
            return Answer(lacks_memory=True)
        return Answer(unexpected=f"{type(error).__name__}: {error}"[:_LONGEST_ERROR])
    finally:
        _limit(None)


def _end_with_owner(connected: int) -> None:
    """Exit as soon as the owner is gone, even in the middle of a call."""
    poll = getattr(select, "poll", None)
    if poll is None:
        return
    watched = poll()
    watched.register(connected, 0)  # the end of the channel is always told
    while not watched.poll():
        continue
    os._exit(0)


def _be_expendable() -> None:
    """Leave no file after a crash, and be the first that the system ends for want of memory."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit(limits: Limits | None) -> None:
    """Set what the process may take from now on; None takes the limits away again."""
    try:
        import resource
    except ImportError:  # Windows: the owner's clock is the only limit
        return
    _set(resource.RLIMIT_AS, None if limits is None else _address_space() + limits.memory)
    spent = time.process_time()
    _set(resource.RLIMIT_CPU, None if limits is None else math.ceil(spent + limits.cpu_seconds))


def _set(kind: int, wanted: int | None) -> None:
    import resource

    hard = resource.getrlimit(kind)[1]
    if wanted is None:
        soft = hard
    else:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (soft, hard))


def _give_back() -> None:
    """Give memory back to the system that allocators keep for later."""
    arrow = sys.modules.get("pyarrow")
    if arrow is not None:
        arrow.default_memory_pool().release_unused()
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):  # another C library has no such call
            ctypes.CDLL(None).malloc_trim(0)


def _address_space() -> int:
    return _sizes()[0]


def _memory() -> int:
    return _sizes()[1]


def _sizes() -> tuple[int, int]:
    """Return the bytes of address space and of memory."""
    try:
        with open("/proc/self/statm", "rb") as file:
            pages = file.read().split()
        return int(pages[0]) * mmap.PAGESIZE, int(pages[1]) * mmap.PAGESIZE
    except (OSError, ValueError, IndexError):
        import psutil

        found = psutil.Process().memory_info()
        return int(found.vms), int(found.rss)


if __name__ == "__main__":
    main()

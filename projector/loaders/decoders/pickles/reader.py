"""Reads one pickle. A pickle is a program for a small stack machine; this one can do no harm.

The machine of Python's own library imports what a pickle names and calls it. This one looks names
up in a table of its own functions, and makes an empty shell of every other. It allocates no more
than it reads, and counts what it does.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any

from projector.loaders.decoders.pickles.machine import Machine, Storage
from projector.loaders.decoders.pickles.operations import STEPS
from projector.loaders.decoders.pickles.placeholders import Refused
from projector.loaders.decoders.pickles.stream import Stream
from projector.loaders.safe_files import reason_of

#: What a damaged pickle makes the machine raise.
ERRORS = (
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OverflowError,
    MemoryError,
    RecursionError,
    struct.error,
)
#: A vocabulary of three million words takes twelve million operations.
_MAX_OPERATIONS = 24_000_000
_STOP = ord(".")


def is_pickle(head: bytes) -> bool:
    """Recognize a pickle of protocol 2 or later by its first operation."""
    return head[:1] == b"\x80" and head[1:2] in (b"\2", b"\3", b"\4", b"\5")


def read_pickle(
    stream: Stream,
    storage: Storage | None = None,
    names: Mapping[str, Any] | None = None,
    find: Callable[[str], Any] | None = None,
    machine: type[Machine] = Machine,
) -> Any:
    """Return the value of one pickle, made of harmless objects only.

    Parameters
    ----------
    stream : Stream
        Positioned after the pickle's end on return.
    storage : callable, optional
        Returns the value of a persistent id; without it they are refused.
    names, find
        See `Machine`.
    machine : type of Machine

    Raises
    ------
    Refused
        It asks for what only an attack asks for, or is damaged.
    """
    try:
        run = machine(stream, storage or _no_storage, names or {}, find)
        value = _run(run)
        stream.seek(run.position)
        return value
    except Refused:
        raise
    except ERRORS as error:
        reason = reason_of(error)
        raise Refused(f"it is damaged ({reason})") from None


def _no_storage(pid: Any) -> Any:
    raise Refused("it refers to a storage where none is allowed")


def _run(machine: Machine) -> Any:
    steps = STEPS
    for _ in range(_MAX_OPERATIONS):
        at = machine.at
        if at >= machine.limit:
            machine.seek(machine.position)
            at = 0
            if not machine.end:
                raise EOFError("it does not end")
        code = machine.view[at]
        machine.at = at + 1
        step = steps[code]
        if step is not None:
            step(machine)
        elif code == _STOP:
            return machine.pop()
        else:
            raise ValueError(f"it has the operation 0x{code:02x}, which data never has")
    raise Refused(f"it has more than {_MAX_OPERATIONS:,} operations")

"""The stack machine that runs a pickle: its stack, and what stands for names and calls."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from typing import Any

from projector.loaders.decoders.pickles.placeholders import (
    Function,
    Refused,
    Shell,
    ShellClass,
    Skipped,
)
from projector.loaders.decoders.pickles.refused_names import is_refused
from projector.loaders.decoders.pickles.standard_names import STANDARD, instance, name_of
from projector.loaders.decoders.pickles.stream import Stream

_MAX_OBJECTS = 8_000_000
#: Bytes and elements that calls may copy beyond what the pickle has itself.
_MAX_COPIED = 1 << 20
#: What Python 2 called its modules, which every protocol before 3 still writes.
_OLD_NAMES = {"__builtin__": "builtins", "copy_reg": "copyreg"}

Storage = Callable[[Any], Any]


class Machine(Stream):
    """The state of one run: the position, the stack, the marks in it, and what was memorized.

    Parameters
    ----------
    stream : Stream
        Where the pickle starts; it is not moved.
    storage : callable
        Returns the value of a persistent id.
    names : mapping of str to object
        What stands for the names that this kind of pickle has, beside `STANDARD`.
    find : callable, optional
        Returns what stands for a name that is in no table; None for an empty shell.
    """

    def __init__(
        self,
        stream: Stream,
        storage: Storage,
        names: Mapping[str, Any],
        find: Callable[[str], Any] | None = None,
    ) -> None:
        super().__init__(stream.source, stream.position)
        self.storage = storage
        self.names = names
        self.find = find
        self.stack: list[Any] = []
        self.marks = array("Q")
        self.fence = 0
        self.memo: dict[int, Any] = {}
        self.objects = 0
        self.copied = 0

    def push(self, value: Any) -> None:
        """Put a value on the stack."""
        self.stack.append(value)

    def pop(self) -> Any:
        """Take the value from the top of the stack, but none from below a mark."""
        if len(self.stack) <= self.fence:
            raise IndexError("it takes a value where there is none")
        return self.stack.pop()

    def top(self) -> Any:
        """Return the value on the top of the stack."""
        if len(self.stack) <= self.fence:
            raise IndexError("it uses a value where there is none")
        return self.stack[-1]

    def pop_mark(self) -> list[Any]:
        """Take all values above the last mark."""
        start = self.marks.pop()
        self.fence = self.marks[-1] if self.marks else 0
        values = self.stack[start:]
        del self.stack[start:]
        return values

    def made(self) -> None:
        """Count an object that takes memory."""
        self.objects += 1
        if self.objects > _MAX_OBJECTS:
            raise Refused(f"it has more than {_MAX_OBJECTS:,} objects")

    def number(self, count: int) -> int:
        """Read an unsigned number of `count` bytes."""
        return int.from_bytes(self.read(count), "little")

    def remember(self, index: int) -> None:
        """Memorize the value on the top of the stack."""
        self.memo[index] = self.top()

    def named(self, module: str, name: str) -> Any:
        """Return what stands for a name."""
        module = _OLD_NAMES.get(module, module)
        name = "range" if (module, name) == ("builtins", "xrange") else name
        full = f"{module}.{name}"
        known = self.names.get(full) or STANDARD.get(full)
        if known is None and self.find is not None:
            known = self.find(full)
        if known is not None:
            return known
        if is_refused(module, name):
            raise Refused(f"it tries to run {full!r}; nothing was run")
        self.made()
        return ShellClass(full)

    def build(self, state: Any) -> None:
        """Set the state of the value on the top of the stack."""
        build = getattr(self.top(), "build", None)
        if build is not None:
            build(state)
        # Lists and dicts are filled by other operations; the rest of their state is not needed.

    def call(self, function: Any, args: Any) -> Any:
        """Return what stands for the result of a call."""
        self.made()
        if not isinstance(args, tuple):
            raise Refused(f"it tries to call {name_of(function)} without arguments")
        if isinstance(function, (ShellClass, Shell)):
            return instance(function, args)
        if isinstance(function, Skipped):
            return function
        if not isinstance(function, Function):
            raise Refused(f"it tries to call {name_of(function)}; nothing was run")
        self.copied += sum(len(arg) for arg in args if isinstance(arg, (str, list, tuple, dict)))
        if self.copied > _MAX_COPIED + 2 * self.size:
            raise Refused("it copies more than it contains")
        return function.call(*args)

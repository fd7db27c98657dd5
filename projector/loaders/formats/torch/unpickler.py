"""Reads pickles that PyTorch wrote, without running any code of theirs.

A pickle is a program. This reader knows a few dozen names, and each of them stands for a function
of this package; nothing is imported. Unknown classes become empty shells that keep their state. A
file that calls one is refused.
"""

from __future__ import annotations

import pickle
import struct
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.torch.values import (
    NUMPY,
    TORCH,
    Array,
    Refused,
    Skipped,
    StorageType,
    is_dtype,
    storage_types,
)

#: Modules whose functions can do harm: a file that names one is refused.
_DENIED = frozenset(
    str.split(
        """
        os posix nt posixpath ntpath sys subprocess shutil socket importlib runpy pty code codeop
        ctypes pickle _pickle marshal builtins __builtin__ __builtins__ operator functools itertools
        timeit cProfile profile pdb bdb doctest webbrowser urllib http ftplib smtplib asyncio
        multiprocessing threading signal inspect types gc tempfile pathlib2 glob io zipimport pip
        setuptools distutils commands popen2 platform site nturl2path imp
        """
    )
)
_DENIED_TORCH = ("torch.hub", "torch.serialization", "torch.utils.cpp_extension", "torch.jit.load")
#: What a damaged or hostile stream makes the unpickler raise.
ERRORS = (
    pickle.UnpicklingError,
    IndexError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OverflowError,
    MemoryError,
    RecursionError,
    UnicodeError,
    struct.error,
    NotImplementedError,
    AssertionError,
)


#: Names grow with depth; no model is nested this deeply.
_MAX_DEPTH = 100
#: An operation of one byte can create an object of a hundred. A model of 5,000 tensors with a
#: vocabulary of a million words takes about four million operations.
_MAX_READS = 8_000_000


class Shell:
    """An instance of a class that is not imported: the name and the state."""

    __slots__ = ("args", "kind", "state")

    def __init__(self, kind: str, args: tuple[Any, ...] = ()) -> None:
        self.kind = kind
        self.args = args
        self.state: Any = None


class ShellClass:
    """A class that is not imported. Its instances are `Shell` objects; calling it is refused."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Stream:
    """Bytes to read from; asking for more than there are is an error and allocates nothing."""

    def __init__(self, data: Any, at: int = 0) -> None:
        self.view: Any = data if isinstance(data, FileBytes) else memoryview(data)
        self.at = at
        self.reads = 0

    def read(self, count: int) -> bytes:
        """Return exactly `count` bytes."""
        self.reads += 1
        if self.reads > _MAX_READS:
            raise Refused(f"it has more than {_MAX_READS:,} operations")
        if count < 0 or count > len(self.view) - self.at:
            raise EOFError(f"{count:,} bytes are needed, but {len(self.view) - self.at:,} are left")
        data = bytes(self.view[self.at : self.at + count])
        self.at += count
        return data

    def readline(self) -> bytes:
        """Return a line of at most 64 KB, with its line end."""
        piece = bytes(self.view[self.at : self.at + 65536])
        end = piece.find(b"\n") + 1
        if not end:
            raise EOFError("a line does not end")
        self.at += end
        return piece[:end]

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer and return its length."""
        buffer[:] = self.read(len(buffer))
        return len(buffer)


# The pure-Python unpickler: operations can be removed from its table, unlike from the C one's.
class _Reader(pickle._Unpickler):
    stack: list[Any]
    dispatch: ClassVar[dict[int, Callable[..., Any]]] = dict(pickle._Unpickler.dispatch)

    def __init__(self, stream: Stream, storage: Callable[[Any], Any]) -> None:
        super().__init__(stream, encoding="latin-1")
        self._storage = storage

    def persistent_load(self, pid: Any) -> Any:
        return self._storage(pid)

    def find_class(self, module: Any, name: Any) -> Any:
        module, name = str(module), str(name)
        full = f"{module}.{name}"
        known = _KNOWN.get(full)
        if known is not None:
            return known
        kept = storage_types(full) or is_dtype(full)
        if kept is not None:
            return kept
        root = module.partition(".")[0]
        if root in _DENIED or full.startswith(_DENIED_TORCH) or "." in name or not module:
            raise Refused(f"it tries to run {full!r}; nothing was run")
        return ShellClass(full)

    def load_frame(self) -> None:
        # A frame only says how much to read ahead; without frames every read is counted.
        self.read(8)  # type: ignore[attr-defined]

    def load_newobj(self) -> None:
        args = self.stack.pop()
        self.stack[-1] = _instance(self.stack[-1], args)

    def load_newobj_ex(self) -> None:
        self.stack.pop()
        args = self.stack.pop()
        self.stack[-1] = _instance(self.stack[-1], args)

    def load_reduce(self) -> None:
        args = self.stack.pop()
        self.stack[-1] = _called(self.stack[-1], args)

    def load_build(self) -> None:
        state = self.stack.pop()
        target = self.stack[-1]
        if isinstance(target, Array):
            target.build(state)
        elif isinstance(target, Shell):
            target.state = state
        # Lists and dicts are filled by other operations; the rest of their state is not needed.


for _code, _method in (
    (pickle.FRAME, _Reader.load_frame),
    (pickle.NEWOBJ, _Reader.load_newobj),
    (pickle.NEWOBJ_EX, _Reader.load_newobj_ex),
    (pickle.REDUCE, _Reader.load_reduce),
    (pickle.BUILD, _Reader.load_build),
):
    _Reader.dispatch[_code[0]] = _method
for _code in (
    pickle.INST,  # these import, call, or allocate before they read; torch never writes them
    pickle.OBJ,
    pickle.EXT1,
    pickle.EXT2,
    pickle.EXT4,
    pickle.BYTEARRAY8,
    pickle.NEXT_BUFFER,
    pickle.READONLY_BUFFER,
):
    _Reader.dispatch.pop(_code[0], None)


def _instance(kind: Any, args: Any) -> Any:
    if isinstance(kind, ShellClass):
        return Shell(kind.name, args if isinstance(args, tuple) else ())
    if kind in (_ordered, _dict, _size, _set):
        return kind(*args)
    raise Refused(f"it tries to create an instance of {_name(kind)}; nothing was run")


def _called(function: Any, args: Any) -> Any:
    if isinstance(function, ShellClass):
        if function.name in _INERT:
            return Shell(function.name, args if isinstance(args, tuple) else ())
        raise Refused(f"it tries to call {function.name!r}; nothing was run")
    if function not in _FUNCTIONS or not isinstance(args, tuple):
        raise Refused(f"it tries to call {_name(function)}; nothing was run")
    return function(*args)


def _name(kind: Any) -> str:
    return getattr(kind, "__name__", None) or type(kind).__name__


#: Values whose classes are harmless and whose content is not needed.
_INERT = frozenset(
    str.split(
        """
        pathlib.PosixPath pathlib.WindowsPath pathlib.PurePosixPath pathlib.PureWindowsPath
        pathlib.Path datetime.datetime datetime.date datetime.timedelta uuid.UUID decimal.Decimal
        pathlib._local.PosixPath pathlib._local.WindowsPath
        torch.distributed.checkpoint.metadata._MEM_FORMAT_ENCODING
        """
    )
)


def _ordered(*items: Any) -> OrderedDict[Any, Any]:
    return OrderedDict(*[list(item) for item in items[:1]])


def _dict(*args: Any) -> dict[Any, Any]:
    return dict(args[0]) if args and isinstance(args[0], list) else {}


def _set(*args: Any) -> list[Any]:
    return list(args[0]) if args and isinstance(args[0], list) else []


def _size(*args: Any) -> tuple[Any, ...]:
    return tuple(args[0]) if args and isinstance(args[0], (tuple, list)) else ()


def _encode(text: str, encoding: str = "latin1", *_: Any) -> bytes:
    # Protocol 2 writes bytes as text in latin-1.
    return text.encode("latin-1")


def _nothing(*_: Any) -> None:
    return None


def _reconstructor(kind: Any, *_: Any) -> Any:
    return _instance(kind, ())


def _from_type(function: Any, kind: Any, args: Any, *_: Any) -> Any:
    """Rebuild a tensor subclass as the tensor that it wraps."""
    return _called(function, args)


def _parameter(tensor: Any, *_: Any) -> Any:
    return tensor


_skip_sparse = Skipped("a sparse tensor")
_skip_quantized = Skipped("a quantized tensor")
_OBJECT = ShellClass("object")

_KNOWN: dict[str, Any] = {
    "collections.OrderedDict": _ordered,
    "collections.defaultdict": _dict,
    "builtins.set": _set,
    "__builtin__.set": _set,
    "builtins.frozenset": _set,
    "builtins.dict": _dict,
    "builtins.list": ShellClass("list"),
    "builtins.int": ShellClass("int"),
    "builtins.float": ShellClass("float"),
    "builtins.object": _OBJECT,
    "__builtin__.object": _OBJECT,
    "builtins.bool": ShellClass("bool"),
    "builtins.str": ShellClass("str"),
    "_codecs.encode": _encode,
    "copyreg._reconstructor": _reconstructor,
    "copy_reg._reconstructor": _reconstructor,
    "torch.Size": _size,
    "torch.device": _nothing,
    "torch._utils._rebuild_parameter": _parameter,
    "torch._utils._rebuild_parameter_with_state": _parameter,
    "torch._tensor._rebuild_from_type_v2": _from_type,
    "torch.serialization._get_layout": _nothing,
    "torch._utils._rebuild_sparse_tensor": _skip_sparse,
    "torch._utils._rebuild_sparse_csr_tensor": _skip_sparse,
    "torch._utils._rebuild_qtensor": _skip_quantized,
    "torch._utils._rebuild_wrapper_subclass": Skipped("a wrapped tensor"),
    "torch._utils._rebuild_meta_tensor_no_storage": Skipped("a tensor without data"),
    **TORCH,
    **NUMPY,
}
_FUNCTIONS = [each for each in _KNOWN.values() if not isinstance(each, ShellClass)]


def read_pickle(stream: Stream, storage: Callable[[Any], Any]) -> Any:
    """Return the value of one pickle, made of harmless objects only.

    Parameters
    ----------
    stream : Stream
        Positioned after the pickle's end on return.
    storage : callable
        Returns the storage of a persistent id.

    Raises
    ------
    Refused
        It tries to run something, or is damaged.
    """
    try:
        return _Reader(stream, storage).load()
    except Refused:
        raise
    except ERRORS as error:
        reason = str(error)[:120] or type(error).__name__
        raise Refused(f"it is damaged ({reason})") from None


def find_tensors(value: Any) -> list[tuple[str, Any]]:
    """Return every tensor inside `value` with its dotted name.

    Uses no recursion, and enters each container only once.

    Raises
    ------
    Refused
        Containers are nested too deeply.
    """
    found: list[tuple[str, Any]] = []
    seen: set[int] = set()
    waiting: list[tuple[str, int, Any]] = [("", 0, value)]
    while waiting:
        name, depth, each = waiting.pop()
        children = _children(each)
        if children is None:
            found.append((name, each))
        elif id(each) not in seen:
            seen.add(id(each))
            if depth > _MAX_DEPTH:
                raise Refused(f"it is nested more than {_MAX_DEPTH} deep")
            dotted = [(f"{name}.{key}" if name else str(key), child) for key, child in children]
            waiting.extend((label, depth + 1, child) for label, child in reversed(dotted))
    return found


def _children(value: Any) -> Sequence[tuple[Any, Any]] | None:
    if isinstance(value, dict):
        return [(key, child) for key, child in value.items() if isinstance(key, (str, int))]
    if isinstance(value, (list, tuple)):
        return list(enumerate(value))
    if isinstance(value, Shell):
        return _shell_children(value.state)
    return None


def _shell_children(state: Any) -> list[tuple[Any, Any]]:
    """Return the tensors of a pickled module under the names of its state dict."""
    if isinstance(state, tuple) and len(state) == 2 and isinstance(state[0], dict):
        state = state[0]
    if not isinstance(state, dict):
        return []
    children: list[tuple[Any, Any]] = []
    inner = ("_buffers", "_parameters", "_modules")
    for group in inner:
        if isinstance(state.get(group), dict):
            children += state[group].items()
    children += [(k, v) for k, v in state.items() if k not in inner and isinstance(k, str)]
    return children


__all__ = ["Refused", "Shell", "StorageType", "Stream", "find_tensors", "read_pickle"]

"""What stands for the names of Python's own library in a pickle: plain containers and values."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from projector.loaders.decoders.pickles.arrays import NUMPY, raw_bytes
from projector.loaders.decoders.pickles.placeholders import Function, Refused, Shell, ShellClass
from projector.loaders.decoders.pickles.stream import Span

#: Values whose classes are harmless and whose content is not needed: not worth a word.
PLAIN_VALUES = frozenset(
    str.split(
        """
        pathlib.PosixPath pathlib.WindowsPath pathlib.PurePosixPath pathlib.PureWindowsPath
        pathlib.Path pathlib._local.PosixPath pathlib._local.WindowsPath datetime.datetime
        datetime.date datetime.time datetime.timedelta datetime.timezone uuid.UUID decimal.Decimal
        fractions.Fraction object builtins.slice builtins.range builtins.complex builtins.type
        torch.distributed.checkpoint.metadata._MEM_FORMAT_ENCODING
        """
    )
)


def dictionary(*args: Any) -> dict[Any, Any]:
    """Return a new dict of what one is made from: another one, or pairs."""
    made: dict[Any, Any] = {}
    _fill(made, args)
    return made


def _ordered(*args: Any) -> OrderedDict[Any, Any]:
    made: OrderedDict[Any, Any] = OrderedDict()
    _fill(made, args)
    return made


def _fill(made: dict[Any, Any], args: tuple[Any, ...]) -> None:
    content = args[0] if args else None
    if isinstance(content, dict):
        made.update(content)
    elif isinstance(content, (list, tuple)):
        for pair in content:
            if not isinstance(pair, (list, tuple)) or len(pair) != 2:
                raise Refused("a dict is made of something else than pairs")
            made[key_of(pair[0])] = pair[1]


def _default(*_: Any) -> dict[Any, Any]:
    return {}  # what it is made of is the function for missing keys


def _list(*args: Any) -> list[Any]:
    return list(args[0]) if args and isinstance(args[0], (list, tuple)) else []


def _tuple(*args: Any) -> tuple[Any, ...]:
    return tuple(_list(*args))


def _encode(text: Any, encoding: Any = "latin1", *_: Any) -> Any:
    return raw_bytes(text)  # protocol 2 writes bytes as text in Latin-1


def _bytes(*args: Any) -> Any:
    content = args[0] if args else b""
    if isinstance(content, str) and len(args) > 1:
        return content.encode("utf-8" if args[1] in ("utf-8", "utf8", "UTF-8") else "latin-1")
    return content if isinstance(content, (bytes, Span)) else b""


def instance(kind: Any, args: Any = (), *_: Any) -> Any:
    """Make an instance of a class: an empty shell, or one of the plain containers."""
    if isinstance(kind, ShellClass):
        return Shell(kind.name, args if isinstance(args, tuple) else ())
    if isinstance(kind, Shell):  # a class that the pickle itself has made
        return Shell(kind.kind, args if isinstance(args, tuple) else ())
    if isinstance(kind, Function) and kind.call in _CLASSES and isinstance(args, tuple):
        return kind.call(*args)
    raise Refused(f"it tries to create an instance of {name_of(kind)}; nothing was run")


def _reconstruct(kind: Any, *_: Any) -> Any:
    return instance(kind)


def _new(kind: Any, *args: Any) -> Any:
    return instance(kind, args)


def _new_with_names(kind: Any, args: Any = (), *_: Any) -> Any:
    return instance(kind, args)


def name_of(kind: Any) -> str:
    """Return what a value is called in a message."""
    if isinstance(kind, Function):
        return kind.call.__name__.lstrip("_")
    return getattr(kind, "name", None) or type(kind).__name__


def key_of(key: Any) -> Any:
    """Return what a dict uses in place of a key: something that is quick and safe to hash.

    Keys with one hash make a dict slow, and nested tuples that share their parts take forever.
    Texts have a hash that nobody can foresee.
    """
    if key is None or isinstance(key, (str, bytes, bool, float)):
        return key
    if isinstance(key, int):
        return key if -(1 << 64) < key < 1 << 64 else hex(key)
    if isinstance(key, tuple):
        return ", ".join(map(str, key)) if all(map(_is_short, key)) else Shell("tuple", key)
    if isinstance(key, (list, dict, Span)):
        return Shell(type(key).__name__)
    return key


def _is_short(value: Any) -> bool:
    return isinstance(value, (str, int, float, bool, type(None)))


_CLASSES = (_ordered, dictionary, _default, _list, _tuple, _bytes)

#: Names that stand for something else than an empty shell.
STANDARD: dict[str, Any] = {
    "collections.OrderedDict": Function(_ordered),
    "collections.defaultdict": Function(_default),
    "collections.deque": Function(_list),
    "_codecs.encode": Function(_encode),
    "codecs.encode": Function(_encode),
    "copyreg._reconstructor": Function(_reconstruct),
    "copyreg.__newobj__": Function(_new),
    "copyreg.__newobj_ex__": Function(_new_with_names),
    "builtins.dict": Function(dictionary),
    "builtins.list": Function(_list),
    "builtins.set": Function(_list),
    "builtins.frozenset": Function(_list),
    "builtins.tuple": Function(_tuple),
    "builtins.bytes": Function(_bytes),
    "builtins.bytearray": Function(_bytes),
    "builtins.object": ShellClass("object"),
    "builtins.int": ShellClass("int"),
    "builtins.long": ShellClass("int"),
    "builtins.float": ShellClass("float"),
    "builtins.bool": ShellClass("bool"),
    "builtins.str": ShellClass("str"),
    "builtins.unicode": ShellClass("str"),
    **NUMPY,
}

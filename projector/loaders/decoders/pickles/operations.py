"""The operations of pickles, by the names that Python's `pickletools` gives them.

Those that are missing name objects by a number of a registry, or take memory from elsewhere.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from projector.loaders.decoders.pickles.machine import Machine
from projector.loaders.decoders.pickles.placeholders import Shell
from projector.loaders.decoders.pickles.standard_names import instance, key_of

#: Longer strings of bytes stay where they are.
_SHORT = 1 << 12


def _mark(machine: Machine) -> None:
    machine.fence = len(machine.stack)
    machine.marks.append(machine.fence)


def _pop(machine: Machine) -> None:
    if machine.marks and len(machine.stack) == machine.fence:
        machine.pop_mark()
    else:
        machine.pop()


def _pop_mark(machine: Machine) -> None:
    machine.pop_mark()


def _skip(count: int) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        machine.read(count)

    return step


def _constant(value: Any) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        machine.stack.append(value)

    return step


def _empty(kind: Callable[[], Any]) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        machine.made()
        machine.stack.append(kind())

    return step


def _fixed(form: str) -> Callable[[Machine], None]:
    unpack, size = struct.Struct(form).unpack_from, struct.calcsize(form)

    def step(machine: Machine) -> None:
        machine.stack.append(unpack(machine.view, machine.at)[0])
        machine.at += size

    return step


def _short_text(machine: Machine) -> None:
    # The operation that vocabularies are made of.
    at, view = machine.at + 1, machine.view
    stop = at + view[at - 1]
    if stop > machine.end:
        raise EOFError("a text is cut off")
    machine.stack.append(str(view[at:stop], "utf-8", "surrogatepass"))
    machine.at = stop


def _text(width: int, encoding: str, errors: str) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        raw = machine.read(machine.number(width))
        machine.stack.append(str(raw, encoding, errors))

    return step


def _bytes(width: int) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        count = machine.number(width)
        machine.stack.append(machine.read(count) if count <= _SHORT else machine.span(count))

    return step


def _long(width: int) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        raw = machine.read(machine.number(width))
        machine.stack.append(int.from_bytes(raw, "little", signed=True))

    return step


def _int(machine: Machine) -> None:
    line = machine.readline()
    machine.push(line == b"01" if line in (b"00", b"01") else int(line))


def _long_line(machine: Machine) -> None:
    machine.push(int(machine.readline().rstrip(b"L")))


def _float(machine: Machine) -> None:
    machine.push(float(machine.readline()))


def _string(machine: Machine) -> None:
    line = machine.readline()
    if len(line) < 2 or line[:1] not in b"'\"" or line[-1:] != line[:1]:
        raise ValueError("a string has no quotes")
    raw = line[1:-1]
    machine.push(raw.decode("unicode_escape" if b"\\" in raw else "latin-1"))


def _unicode(machine: Machine) -> None:
    machine.push(machine.readline().decode("raw_unicode_escape"))


def _tuple(count: int) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        stack = machine.stack
        if len(stack) - machine.fence < count:
            raise IndexError("a tuple has too few values")
        machine.made()
        stack[-count:] = [tuple(stack[-count:])]

    return step


def _tuple_mark(machine: Machine) -> None:
    machine.made()
    machine.push(tuple(machine.pop_mark()))


def _list_mark(machine: Machine) -> None:
    machine.made()
    machine.push(machine.pop_mark())


def _dict_mark(machine: Machine) -> None:
    machine.made()
    values = machine.pop_mark()
    made: dict[Any, Any] = {}
    _set_all(made, values)
    machine.push(made)


def _append(machine: Machine) -> None:
    value = machine.pop()
    _extend(machine.top(), [value])


def _appends(machine: Machine) -> None:
    values = machine.pop_mark()
    _extend(machine.top(), values)


def _extend(target: Any, values: list[Any]) -> None:
    if isinstance(target, list):
        target.extend(values)
    elif isinstance(target, Shell):
        target.items = [] if target.items is None else target.items
        target.items.extend(values)
    else:
        raise TypeError("it appends to something else than a list")


def _setitem(machine: Machine) -> None:
    value, key = machine.pop(), machine.pop()
    _set_all(machine.top(), [key, value])


def _setitems(machine: Machine) -> None:
    values = machine.pop_mark()
    _set_all(machine.top(), values)


def _set_all(target: Any, values: list[Any]) -> None:
    if len(values) % 2:
        raise ValueError("a key has no value")
    if isinstance(target, Shell):
        target.entries = {} if target.entries is None else target.entries
        target = target.entries
    if not isinstance(target, dict):
        raise TypeError("it sets a key of something else than a dict")
    target.update(zip(map(key_of, values[::2]), values[1::2], strict=True))


def _global(machine: Machine) -> None:
    module, name = machine.readline(), machine.readline()
    machine.push(machine.named(module.decode("utf-8"), name.decode("utf-8")))


def _stack_global(machine: Machine) -> None:
    name, module = machine.pop(), machine.pop()
    if not isinstance(name, str) or not isinstance(module, str):
        raise TypeError("a name is not a text")
    machine.push(machine.named(module, name))


def _reduce(machine: Machine) -> None:
    args, function = machine.pop(), machine.pop()
    machine.push(machine.call(function, args))


def _newobj(machine: Machine) -> None:
    args, kind = machine.pop(), machine.pop()
    machine.made()
    machine.push(instance(kind, args))


def _newobj_ex(machine: Machine) -> None:
    machine.pop()  # named arguments
    _newobj(machine)


def _inst(machine: Machine) -> None:
    module, name = machine.readline(), machine.readline()
    args = tuple(machine.pop_mark())
    machine.push(instance(machine.named(module.decode("utf-8"), name.decode("utf-8")), args))


def _obj(machine: Machine) -> None:
    kind, *args = machine.pop_mark()
    machine.made()
    machine.push(instance(kind, tuple(args)))


def _build(machine: Machine) -> None:
    machine.build(machine.pop())


def _put(form: str) -> Callable[[Machine], None]:
    unpack, size = struct.Struct(form).unpack_from, struct.calcsize(form)

    def step(machine: Machine) -> None:
        machine.remember(unpack(machine.view, machine.at)[0])
        machine.at += size

    return step


def _get(form: str) -> Callable[[Machine], None]:
    unpack, size = struct.Struct(form).unpack_from, struct.calcsize(form)

    def step(machine: Machine) -> None:
        machine.stack.append(machine.memo[unpack(machine.view, machine.at)[0]])
        machine.at += size

    return step


def _memoize(machine: Machine) -> None:
    memo = machine.memo
    memo[len(memo)] = machine.top()


_BY_CODE: dict[int, Callable[[Machine], None]] = {
    ord("("): _mark,
    ord("0"): _pop,
    ord("1"): _pop_mark,
    ord("2"): lambda machine: machine.push(machine.top()),
    0x80: _skip(1),  # PROTO
    0x95: _skip(8),  # FRAME
    ord("N"): _constant(None),
    0x88: _constant(True),
    0x89: _constant(False),
    ord(")"): _constant(()),
    ord("]"): _empty(list),
    ord("}"): _empty(dict),
    0x8F: _empty(list),  # EMPTY_SET
    ord("K"): _fixed("<B"),
    ord("M"): _fixed("<H"),
    ord("J"): _fixed("<i"),
    ord("G"): _fixed(">d"),
    0x8A: _long(1),
    0x8B: _long(4),
    ord("I"): _int,
    ord("L"): _long_line,
    ord("F"): _float,
    ord("S"): _string,
    ord("T"): _text(4, "latin-1", "strict"),
    ord("U"): _text(1, "latin-1", "strict"),
    ord("V"): _unicode,
    ord("X"): _text(4, "utf-8", "surrogatepass"),
    0x8C: _short_text,
    0x8D: _text(8, "utf-8", "surrogatepass"),
    ord("B"): _bytes(4),
    ord("C"): _bytes(1),
    0x8E: _bytes(8),
    0x96: _bytes(8),  # BYTEARRAY8
    0x85: _tuple(1),
    0x86: _tuple(2),
    0x87: _tuple(3),
    ord("t"): _tuple_mark,
    ord("l"): _list_mark,
    0x91: _list_mark,  # FROZENSET
    ord("d"): _dict_mark,
    ord("a"): _append,
    ord("e"): _appends,
    0x90: _appends,  # ADDITEMS
    ord("s"): _setitem,
    ord("u"): _setitems,
    ord("c"): _global,
    0x93: _stack_global,
    ord("R"): _reduce,
    0x81: _newobj,
    0x92: _newobj_ex,
    ord("i"): _inst,
    ord("o"): _obj,
    ord("b"): _build,
    ord("P"): lambda machine: machine.push(machine.storage(machine.readline().decode("utf-8"))),
    ord("Q"): lambda machine: machine.push(machine.storage(machine.pop())),
    ord("p"): lambda machine: machine.remember(int(machine.readline())),
    ord("q"): _put("<B"),
    ord("r"): _put("<I"),
    0x94: _memoize,
    ord("g"): lambda machine: machine.push(machine.memo[int(machine.readline())]),
    ord("h"): _get("<B"),
    ord("j"): _get("<I"),
}

#: By the operation's code; None where there is none.
STEPS = [_BY_CODE.get(code) for code in range(256)]

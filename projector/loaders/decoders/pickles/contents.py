"""Finds the arrays inside the value of a pickle, and what else is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from projector.loaders.decoders.pickles.arrays import Array
from projector.loaders.decoders.pickles.placeholders import Refused, Shell
from projector.loaders.decoders.pickles.standard_names import PLAIN_VALUES
from projector.loaders.safe_files import printable

#: Names grow with depth; no model is nested this deeply.
_MAX_DEPTH = 100
#: Libraries whose objects hold their numbers in an order of their own: not looked into.
_CLOSED = ("pandas.",)
_NAMED, _NAME = 3, 80
#: Shorter lists are settings of a model, not labels of points.
_FEWEST = 3


@dataclass
class Contents:
    """What a pickle holds.

    Attributes
    ----------
    values : list of tuple
        Dotted name and value of everything that is no container.
    left_out : Counter of str
        How many objects of other libraries hold no matrix, by class; those inside one of them do
        not count again.
    """

    values: list[tuple[str, Any]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def note(self) -> str:
        """Say in one sentence what was left out; empty if that is nothing."""
        return note_of(self.left_out)


def note_of(left_out: Counter[str]) -> str:
    """Say in one sentence what was left out; empty if that is nothing."""
    count = sum(left_out.values())
    if not count:
        return ""
    named = [printable(name[:_NAME]) for name, _ in left_out.most_common(_NAMED)]
    some = ", ".join(named) + (" and others" if len(left_out) > _NAMED else "")
    things = "1 object was" if count == 1 else f"{count:,} objects were"
    return f"{things} left out ({some}). Only arrays are read, and nothing is run."


@dataclass
class _Holder:
    """A shell on the way from the outermost value, and whether a matrix is in it."""

    shell: Shell
    outer: _Holder | None
    holds: bool = False


def contents_of(value: Any) -> Contents:
    """Return everything inside `value` with its dotted name.

    Uses no recursion, and enters each container only once.

    Raises
    ------
    Refused
        Containers are nested too deeply.
    """
    found = Contents()
    holders: list[_Holder] = []
    seen: set[int] = set()
    waiting: list[tuple[str, int, Any, _Holder | None]] = [("", 0, value, None)]
    while waiting:
        name, depth, each, holder = waiting.pop()
        children = _children(each)
        if children is None:
            found.values.append((name, each))
            if len(getattr(each, "shape", ())) >= 2:
                _mark(holder)
            elif isinstance(each, Array) and (each.objects is not None or each.left_out):
                found.left_out[each.left_out or "an array of objects"] += 1
        elif id(each) not in seen:
            seen.add(id(each))
            if depth > _MAX_DEPTH:
                raise Refused(f"it is nested more than {_MAX_DEPTH} deep")
            if isinstance(each, Shell):
                holder = _Holder(each, holder)
                holders.append(holder)
            dotted = [(f"{name}.{key}" if name else str(key), child) for key, child in children]
            waiting += [(label, depth + 1, child, holder) for label, child in reversed(dotted)]
    found.left_out += _left_out(holders)
    return found


def _mark(holder: _Holder | None) -> None:
    while holder is not None and not holder.holds:
        holder.holds = True
        holder = holder.outer


def _left_out(holders: Iterable[_Holder]) -> Counter[str]:
    outermost = (h for h in holders if not h.holds and (h.outer is None or h.outer.holds))
    kinds = (h.shell.kind for h in outermost if not _is_module(h.shell))
    return Counter(kind for kind in kinds if kind not in PLAIN_VALUES)


def _is_module(shell: Shell) -> bool:
    """Recognize a layer without numbers of its own, such as an activation."""
    return shell.attribute("_modules") is not None


def is_list_of_values(value: Any) -> bool:
    """Tell whether a value is a list of nothing but texts or numbers, such as labels."""
    if not isinstance(value, (list, tuple)) or len(value) < _FEWEST:
        return False
    return all(type(each) in (str, int, float, bool) for each in value)


def is_numbering(value: Any) -> bool:
    """Tell whether a value gives each text a row: a dict of texts with numbers from 0 on."""
    if not isinstance(value, dict) or len(value) < _FEWEST:
        return False
    rows = list(value.values())
    if not all(type(row) is int for row in rows) or not all(type(key) is str for key in value):
        return False
    return min(rows) >= 0 and max(rows) < 2 * len(rows) and len(set(rows)) == len(rows)


def _children(value: Any) -> Sequence[tuple[Any, Any]] | None:
    if is_list_of_values(value) or is_numbering(value):
        return None
    if isinstance(value, dict):
        return [(key, child) for key, child in value.items() if isinstance(key, (str, int))]
    if isinstance(value, (list, tuple)):
        return list(enumerate(value))
    if isinstance(value, Shell):
        return [] if value.kind.startswith(_CLOSED) else _shell_children(value)
    return None


def _shell_children(shell: Shell) -> list[tuple[Any, Any]]:
    """Return what a shell holds, the tensors of a module under the names of its state dict."""
    children: list[tuple[Any, Any]] = [*enumerate(shell.args), *enumerate(shell.items or ())]
    children += [(k, v) for k, v in (shell.entries or {}).items() if isinstance(k, (str, int))]
    state = shell.state
    if isinstance(state, tuple) and len(state) == 2 and isinstance(state[0], dict):
        state = state[0]
    if not isinstance(state, dict):
        return children
    inner = ("_buffers", "_parameters", "_modules")
    for group in inner:
        if isinstance(state.get(group), dict):
            children += state[group].items()
    return children + [(k, v) for k, v in state.items() if k not in inner and isinstance(k, str)]

"""Declarations of method parameters and actions, from which all interfaces are generated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from projector.errors import ParameterError, UnknownNameError
from projector.model.arguments import shown
from projector.typing import Json

#: The types of values. The last three are text with a meaning: a set of points, the name of a
#: metadata column, and one of a column's values.
Kind: TypeAlias = Literal["int", "float", "bool", "choice", "text", "points", "column", "category"]
#: Where a parameter stands in the form; "" is the method's own part of it.
Group: TypeAlias = Literal["", "preprocessing", "labels", "scale"]
Value: TypeAlias = int | float | bool | str | None

_BOOLS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a method.

    Validation, command line, page, cache key and documentation read nothing but this: none of
    them knows a parameter by its name.

    Attributes
    ----------
    name : str
        As the field's libraries spell it: ``"perplexity"``, ``"min_dist"``.
    kind : {"int", "float", "bool", "choice", "text", "points", "column", "category"}
        ``"points"`` is text such as ``"3, 17, 20-40"`` or ``"= king + queen"``, ``"column"`` the
        name of a metadata column, ``"category"`` one of the values of a column.
    default : Value
    help : str
        One or two sentences: what it means and which value to use.
    low, high : float or None
        The inclusive range; None is open.
    choices : tuple of str
        For ``kind="choice"``.
    log : bool
        Whether a slider should be logarithmic.
    advanced : bool
        Whether the page may fold it away.
    group : {"", "preprocessing", "labels", "scale"}
        Where it stands in the form.
    unset : str
        What is shown for None: ``"all"``, ``"off"``, ``"auto"``. Where it is "", None is not
        allowed.
    note : str
        What the status bar says when the value is not the default; ``"{value}"`` is replaced by
        it, "" says nothing.
    of : str
        For ``kind="category"``: the parameter that names the column.
    only_3d : bool
        Whether it makes sense only where ``n_components`` is 3.
    requires : pair of str, or None
        Another parameter and the value that it must have for this one to have an effect.
    choices_if : dict of str to pair of str
        What some of the choices require, in the same way.

    Raises
    ------
    ParameterError
        The declaration contradicts itself.

    Examples
    --------
    >>> k = Parameter("k", "int", None, "Neighbors.", low=1, high=5000, unset="auto")
    >>> k.check("12", owner="demo"), k.check("", owner="demo")
    (12, None)
    >>> k.expected()
    'a whole number from 1 to 5,000'
    """

    name: str
    kind: Kind
    default: Value
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    log: bool = False
    advanced: bool = False
    group: Group = ""
    unset: str = ""
    note: str = ""
    of: str = ""
    only_3d: bool = False
    requires: tuple[str, str] | None = None
    choices_if: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        owner = "its declaration"
        if (self.kind == "choice") != bool(self.choices):
            raise ParameterError(f"{self.name!r}: 'choices' and kind 'choice' need each other.")
        if (self.kind == "category") != bool(self.of):
            raise ParameterError(f"{self.name!r}: 'of' and kind 'category' need each other.")
        if self.check(self.default, owner=owner) != self.default:
            raise self._error(self.default, owner)

    def check(self, value: Any, *, owner: str) -> Value:
        """Return `value` as this parameter's type, or raise.

        Text is understood where a number is meant, so that command line and URL need no
        parser of their own. Whether a point, a column or a category exists is not known here:
        see `projector.api.options`.

        Parameters
        ----------
        value : object
        owner : str
            The method's name, for the message.

        Raises
        ------
        ParameterError
            Wrong type or out of range.
        """
        if value is None or (isinstance(value, str) and value == ""):
            return self._checked_empty(value, owner)
        if self.kind == "bool":
            return self._as_bool(value, owner)
        if self.kind in ("int", "float"):
            return self._as_number(value, owner)
        if not isinstance(value, str):
            raise self._error(value, owner)
        if self.kind == "choice" and value not in self.choices:
            raise self._error(value, owner)
        return value

    def describe(self) -> dict[str, Json]:
        """Return the declaration as JSON, see docs/wire.md."""
        return {
            "name": self.name,
            "kind": self.kind,
            "default": self.default,
            "help": self.help,
            "low": self.low,
            "high": self.high,
            "choices": list(self.choices),
            "log": self.log,
            "advanced": self.advanced,
            "group": self.group,
            "unset": self.unset,
            "note": self.note,
            "of": self.of,
            "only_3d": self.only_3d,
            "requires": list(self.requires) if self.requires else None,
            "choices_if": {choice: list(pair) for choice, pair in self.choices_if.items()},
        }

    def expected(self) -> str:
        """Return in words which values are allowed: ``"a whole number from 2 to 200"``."""
        if self.kind in ("int", "float"):
            return self._expected_number()
        if self.kind == "choice":
            return "one of " + ", ".join(repr(choice) for choice in self.choices)
        return {
            "bool": "true or false",
            "text": "text",
            "points": "row indices such as 3, 17, 20-40, or labels such as = king + queen",
            "column": "the name of a metadata column",
            "category": f"a value of the column that {self.of!r} names",
        }[self.kind]

    def shown(self, value: Value) -> str:
        """Return a value as text for people: ``"auto"`` for None, ``"true"``, ``"0.5"``."""
        if value is None:
            return self.unset
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _expected_number(self) -> str:
        noun = "a whole number" if self.kind == "int" else "a number"
        low, high = self.low, self.high
        if low is not None and high is not None:
            if self.kind == "int" and low + 1 == high:
                return f"{_readable(low)} or {_readable(high)}"
            return f"{noun} from {_readable(low)} to {_readable(high)}"
        if low is not None:
            return f"{noun}, at least {_readable(low)}"
        return noun if high is None else f"{noun}, at most {_readable(high)}"

    def _checked_empty(self, value: Any, owner: str) -> Value:
        if self.unset:
            return None
        if self.kind == "text" and value == "":
            return ""
        raise self._error(value, owner)

    def _as_bool(self, value: Any, owner: str) -> bool:
        found = value if isinstance(value, bool) else _BOOLS.get(str(value).strip().lower())
        if found is None:
            raise self._error(value, owner)
        return found

    def _as_number(self, value: Any, owner: str) -> int | float:
        # numpy would make numbers of truth values, and of arrays of one number.
        if isinstance(value, bool | np.bool_) or bool(getattr(value, "shape", None)):
            raise self._error(value, owner)
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            raise self._error(value, owner) from None
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        if not (math.isfinite(number) and low <= number <= high):
            raise self._error(value, owner)
        if self.kind == "float":
            return number
        if number != int(number):
            raise self._error(value, owner)
        # The original, where it is whole already: a float is exact only up to 2**53.
        return value if isinstance(value, int) else int(number)

    def _error(self, value: Any, owner: str) -> ParameterError:
        return ParameterError(
            f"The parameter {self.name!r} of {owner} must be {self.expected()}. Got {shown(value)}."
        )


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a method can do once while it runs; not a parameter of its result.

    Attributes
    ----------
    name : str
        What the API and the URL say: ``"perturb"``.
    title : str
        What people read on the button: ``"Perturb"``.
    help : str
        One sentence: what it does and when to use it.
    """

    name: str
    title: str
    help: str

    def describe(self) -> dict[str, Json]:
        """Return the declaration as JSON, see docs/wire.md."""
        return {"name": self.name, "title": self.title, "help": self.help}


def resolve(
    declared: Iterable[Parameter], given: Mapping[str, Any], *, owner: str
) -> dict[str, Value]:
    """Check `given` against `declared` and fill in the defaults.

    Parameters
    ----------
    declared : iterable of Parameter
    given : mapping of str to value
        What was set; may be empty.
    owner : str
        The method's name, for messages: ``"umap"``.

    Returns
    -------
    dict
        A value for every declared parameter, in the order of declaration, so that equal
        settings are equal dictionaries whatever was left out.

    Raises
    ------
    UnknownNameError
        A name that is not declared.
    ParameterError
        A value out of its range.
    """
    by_name = {each.name: each for each in declared}
    for name in given:
        if name not in by_name:
            raise UnknownNameError(f"parameter of {owner}", name, by_name)
    found = {
        name: each.check(given[name], owner=owner) if name in given else each.default
        for name, each in by_name.items()
    }
    for name, each in by_name.items():
        needed = each.choices_if.get(str(found[name]))
        if needed is None and found[name] != each.default:
            needed = each.requires
        if needed is not None and found[needed[0]] != needed[1]:
            other, value = needed
            raise ParameterError(
                f"{name}={found[name]!r} of {owner} has no effect unless {other}={value!r}. Got "
                f"{other}={found[other]!r}."
            )
    return found


def _readable(number: float) -> str:
    """Return ``"2,147,483,647"``, ``"0.001"``: whole numbers never have an exponent."""
    return f"{int(number):,}" if number == int(number) else f"{number:g}"

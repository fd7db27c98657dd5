"""Parameters as data: one declaration that validation, CLI, page, cache and docs all read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from projector.errors import ParameterError, UnknownName
from projector.typing import Json

Kind: TypeAlias = Literal["int", "float", "bool", "choice", "text"]
Value: TypeAlias = int | float | bool | str | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a method.

    Attributes
    ----------
    name : str
        As the field's libraries spell it: ``"perplexity"``, ``"min_dist"``.
    kind : {"int", "float", "bool", "choice", "text"}
    default : Value
        Used where nobody gave one. None means "chosen from the data", and `help` says how;
        None may then be given as well.
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

    def check(self, value: Any, *, owner: str) -> Value:
        """Return `value` as this parameter's type, or say what is wrong with it.

        Text is understood where a number is meant, so that command line and URL need no
        parser of their own.

        Raises
        ------
        ParameterError
            Wrong type or out of range.
        """
        if value is None or value == "":
            if self.default is None:
                return None
            raise self._error(value, owner)
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
        """Return the declaration as JSON, for the page and for the documentation."""
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
        }

    def expected(self) -> str:
        """Say in words which values are allowed."""
        if self.kind == "bool":
            return "true or false"
        if self.kind == "choice":
            return "one of " + ", ".join(repr(choice) for choice in self.choices)
        if self.kind == "text":
            return "a text"
        noun = "a whole number" if self.kind == "int" else "a number"
        if self.low is not None and self.high is not None:
            return f"{noun} from {self.low:g} to {self.high:g}"
        if self.low is not None:
            return f"{noun}, at least {self.low:g}"
        if self.high is not None:
            return f"{noun}, at most {self.high:g}"
        return noun

    def _as_bool(self, value: Any, owner: str) -> bool:
        if isinstance(value, bool):
            return value
        known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        found = known.get(str(value).strip().lower())
        if found is None:
            raise self._error(value, owner)
        return found

    def _as_number(self, value: Any, owner: str) -> int | float:
        if isinstance(value, bool):
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
            f"The parameter {self.name!r} of {owner} must be {self.expected()}. Got {value!r}."
        )


def resolve(
    declared: Iterable[Parameter], given: Mapping[str, Any], *, owner: str
) -> dict[str, Value]:
    """Check `given` against `declared` and fill in the defaults.

    Parameters
    ----------
    declared : iterable of Parameter
    given : mapping of str to value
        What a person set; may be empty.
    owner : str
        Whose parameters these are, for messages: ``"umap"``.

    Returns
    -------
    dict
        A value for every declared parameter, in the order of declaration, so that equal
        settings are equal dictionaries whatever was left out.

    Raises
    ------
    UnknownName
        A name that is not declared.
    ParameterError
        A value out of its range.
    """
    by_name = {each.name: each for each in declared}
    for name in given:
        if name not in by_name:
            raise UnknownName(f"parameter of {owner}", name, by_name)
    return {
        name: each.check(given[name], owner=owner) if name in given else each.default
        for name, each in by_name.items()
    }

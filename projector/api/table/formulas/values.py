"""Computes a formula over the points of a dataset: a number, or true or false, for each."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from projector.api.table.formulas.syntax import Call, Literal, Name, Node, parse_formula
from projector.errors import ParameterError, UnknownNameError
from projector.model.dataset import Dataset
from projector.model.metadata import Column
from projector.model.sparse_rows import sparse_of

Numbers: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
#: What a part of a formula stands for: for each point, or the same for all.
_Value: TypeAlias = "Numbers | Mask | _Texts | str"

_FUNCTIONS: Mapping[str, Callable[..., Numbers]] = {
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "round": np.round,
    "sqrt": np.sqrt,
    "min": np.minimum,
    "max": np.maximum,
}
_N_ARGUMENTS = {"min": 2, "max": 2}
_ARITHMETIC: Mapping[str, Callable[..., Numbers]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.mod,
    "**": np.power,
}
_COMPARISONS: Mapping[str, Callable[..., Mask]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
#: What every dataset has besides its columns.
NORM, NEIGHBOR_DISTANCE = "norm", "neighbor_distance"


@dataclass(frozen=True)
class _Texts:
    """A column as it is written."""

    column: Column

    def matching(self, test: Callable[[str], bool]) -> Mask:
        """Return which points have a text that passes; a missing one does not."""
        codes, names, _ = self.column.categories()
        passes = np.array([*(test(name) for name in names), False])
        return passes[codes]

    def alike(self, other: _Texts, wanted: bool) -> Mask:
        """Return where two columns have equal texts, or different ones; missing is neither."""
        codes, names, _ = self.column.categories()
        others, other_names, _ = other.column.categories()
        place = {name: code for code, name in enumerate(names)}
        same = np.array([*(place.get(name, -2) for name in other_names), -2])[others] == codes
        return np.asarray((same == wanted) & (codes >= 0) & (others >= 0), np.bool_)


class Formula:
    """A formula over one dataset.

    Parameters
    ----------
    data : Dataset
    text : str
        See `parse_formula`.
    neighbor_distance : callable
        Returns the mean distance of each point to its neighbors, or None if it is not known.
    check : callable, optional
        Called before every part; if it raises, the work ends.
    """

    def __init__(
        self,
        data: Dataset,
        text: str,
        neighbor_distance: Callable[[], NDArray[np.float32] | None] = lambda: None,
        check: Callable[[], object] = lambda: None,
    ) -> None:
        self._data, self._check = data, check
        self._neighbor_distance = neighbor_distance
        self._tree = parse_formula(text)

    def mask(self) -> Mask:
        """Return for which points the formula is true, of shape (n_points,).

        Notes
        -----
        A comparison with a missing value is false; ``missing(column)`` is true there.

        Raises
        ------
        ParameterError, UnknownNameError
            It is no condition, or means nothing here; the message says what to do.
        """
        found = self._value(self._tree)
        if not isinstance(found, np.ndarray) or found.dtype != np.bool_:
            raise ParameterError(
                "A filter is a condition that is true or false, such as price > 20. Compare with "
                "something."
            )
        return np.broadcast_to(found, (self._data.n_points,))

    def column(self, name: str) -> Column:
        """Return what the formula gives as a column; see `mask`."""
        found = self._value(self._tree)
        if isinstance(found, _Texts | str):
            found = self._numbers(found, "the formula")
        whole = np.broadcast_to(found, (self._data.n_points,)).copy()
        if whole.dtype != np.bool_:
            whole[~np.isfinite(whole)] = np.nan
        return Column.from_values(name, whole)

    def _value(self, node: Node) -> _Value:
        self._check()
        if isinstance(node, Literal):
            return node.value if isinstance(node.value, str) else np.array(node.value)
        if isinstance(node, Name):
            return self._named(node.name)
        return self._called(node)

    def _named(self, name: str) -> _Value:
        columns = self._data.metadata
        if name in columns:
            return _Texts(columns[name])
        if name == NORM:
            return self._norms()
        if name == NEIGHBOR_DISTANCE:
            known = self._neighbor_distance()
            if known is None:
                raise ParameterError(
                    "'neighbor_distance' is not measured yet. Measure the distances among the "
                    "checks first."
                )
            return known.astype(np.float64)
        raise UnknownNameError("column", name, [*columns.names, NORM, NEIGHBOR_DISTANCE])

    def _norms(self) -> Numbers:
        sparse = sparse_of(self._data.vectors)
        if sparse is None:
            return np.sqrt(self._data.squared_lengths.astype(np.float64))
        matrix = sparse.matrix()
        return np.sqrt(np.asarray(matrix.multiply(matrix).sum(1), np.float64).ravel())

    def _called(self, node: Call) -> _Value:
        name, arguments = node.function, node.arguments
        if name in ("and", "or"):
            left, right = (self._condition(each, name) for each in arguments)
            return np.asarray(left & right if name == "and" else left | right)
        if name == "not":
            return np.asarray(~self._condition(arguments[0], name))
        if name == "in":
            return self._any_of(arguments[0], arguments[1:])
        if name in _COMPARISONS:
            return self._compared(name, *arguments)
        if name == "negative":
            return np.asarray(-self._number(arguments[0], name))
        if name in _ARITHMETIC:
            left_number, right_number = (self._number(each, name) for each in arguments)
            with np.errstate(all="ignore"):
                return np.asarray(_ARITHMETIC[name](left_number, right_number), np.float64)
        return self._function(name, arguments)

    def _function(self, name: str, arguments: tuple[Node, ...]) -> _Value:
        if name in ("missing", "length"):
            texts = self._texts(arguments, name, 1)
            if name == "missing":
                return texts.column.text.missing
            codes, names, _ = texts.column.categories()
            return np.array([*(float(len(each)) for each in names), np.nan])[codes]
        if name == "contains":
            texts, sought = self._texts(arguments, name, 2), self._value(arguments[1])
            if not isinstance(sought, str):
                raise ParameterError('contains() looks for a text: contains(review, "good").')
            folded = sought.casefold()
            return texts.matching(lambda text: folded in text.casefold())
        if name not in _FUNCTIONS:
            raise UnknownNameError("function", name, [*_FUNCTIONS, "contains", "length", "missing"])
        self._count(name, arguments, _N_ARGUMENTS.get(name, 1))
        numbers = [self._number(each, name) for each in arguments]
        with np.errstate(all="ignore"):
            return np.asarray(_FUNCTIONS[name](*numbers), np.float64)

    def _texts(self, arguments: tuple[Node, ...], name: str, n: int) -> _Texts:
        self._count(name, arguments, n)
        found = self._value(arguments[0])
        if not isinstance(found, _Texts):
            raise ParameterError(f"{name}() takes the name of a column first.")
        return found

    def _count(self, name: str, arguments: tuple[Node, ...], n: int) -> None:
        if len(arguments) != n:
            what = "1 value" if n == 1 else f"{n} values"
            raise ParameterError(f"{name}() takes {what}. Got {len(arguments)}.")

    def _any_of(self, tested: Node, others: tuple[Node, ...]) -> Mask:
        found = np.zeros(self._data.n_points, np.bool_)
        for each in others:
            found |= self._compared("==", tested, each)
        return found

    def _compared(self, sign: str, left: Node, right: Node) -> Mask:
        a, b = self._value(left), self._value(right)
        if isinstance(a, str) and isinstance(b, _Texts):
            turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
            return self._compared(turned.get(sign, sign), right, left)
        if isinstance(a, _Texts) and isinstance(b, str):
            test, text = _COMPARISONS[sign], b
            return a.matching(lambda own: bool(test(own, text)))
        if isinstance(a, _Texts) and isinstance(b, _Texts) and sign in ("==", "!="):
            return a.alike(b, sign == "==")
        x, y = self._numbers(a, sign), self._numbers(b, sign)
        with np.errstate(all="ignore"):
            known = ~(np.isnan(x) | np.isnan(y))
            return np.asarray(_COMPARISONS[sign](x, y) & known, np.bool_)

    def _condition(self, node: Node, name: str) -> Mask:
        found = self._value(node)
        if isinstance(found, np.ndarray) and found.dtype == np.bool_:
            return cast("Mask", found)
        raise ParameterError(
            f"{name!r} joins conditions, such as price > 20 {name} rating == 5. Got a value."
        )

    def _number(self, node: Node, name: str) -> Numbers:
        return self._numbers(self._value(node), name)

    def _numbers(self, found: _Value, name: str) -> Numbers:
        if isinstance(found, np.ndarray):
            return found.astype(np.float64)
        if isinstance(found, str):
            raise ParameterError(f"{name!r} takes numbers. Got the text {found!r}.")
        if found.column.numbers is None:
            raise ParameterError(
                f"Column {found.column.name!r} has texts, not numbers. Compare it with a text in "
                'quotes, such as "a".'
            )
        return found.column.numbers

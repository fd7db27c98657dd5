"""What is in a pickle: arrays by name, and one note on everything that was left out."""

from __future__ import annotations

import argparse
import collections
import dataclasses
import datetime
import enum
import functools
import pathlib
import pickle
import random
from collections import Counter
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy import sparse

from projector.loaders.decoders.pickles.contents import Contents, contents_of, note_of
from projector.loaders.decoders.pickles.reader import read_pickle
from projector.loaders.decoders.pickles.stream import Stream


class Color(enum.Enum):
    RED = 3


class Flags(enum.IntFlag):
    ONE = 1
    TWO = 2


@dataclasses.dataclass
class Settings:
    rate: float = 0.5
    table: Any = None


class Pair(NamedTuple):
    first: Any
    second: Any


class Ordered(collections.OrderedDict[str, Any]):
    """A dict of a class of its own."""


class Grown(list[Any]):
    """A list of a class of its own."""


FOREIGN = [
    collections.Counter(a=2),
    Color.RED,
    Flags.ONE | Flags.TWO,
    functools.partial(Settings, rate=1.0),
    np.random.default_rng(3),
    np.random.RandomState(4),
    random.Random(5),
    argparse.Namespace(lr=0.1, path=pathlib.Path("x")),
    Settings(),
    Pair(1, "two"),
    Ordered(a=1),
    Grown([1, 2]),
    Color,
]
TABLE = np.arange(20, dtype="f4").reshape(5, 4)


def read(value: Any, protocol: int) -> Contents:
    return contents_of(read_pickle(Stream(pickle.dumps(value, protocol))))


def arrays(found: Contents) -> dict[str, Any]:
    return {name: each.take() for name, each in found.values if getattr(each, "dtype", "")}


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("value", FOREIGN, ids=lambda v: type(v).__name__)
def test_objects_of_other_classes_leave_the_arrays_alone(value: Any, protocol: int) -> None:
    found = read({"before": value, "table": TABLE, "after": [value, {"deep": value}]}, protocol)
    np.testing.assert_array_equal(arrays(found)["table"], TABLE)
    # A class is no object, and a value that occurs twice is one.
    assert sum(found.left_out.values()) == (0 if value is Color else 1)


@pytest.mark.parametrize("protocol", [2, 4])
def test_values_of_no_interest_are_not_worth_a_word(protocol: int) -> None:
    plain = [pathlib.Path("a"), datetime.datetime(2026, 1, 2), slice(1, 2), range(3), 1j]
    found = read([*plain, collections.deque([1], 3), TABLE, np.arange(3)], protocol)
    assert found.note() == ""
    assert len(arrays(found)) == 2


def test_objects_that_hold_a_matrix_are_entered() -> None:
    value = [Settings(table=TABLE), Pair(TABLE, Color.RED), Ordered(rows=TABLE), Grown([TABLE])]
    found = read(value, 4)
    assert list(arrays(found)) == ["0.table", "1.0", "2.rows", "3.0"]
    assert found.left_out == {f"{__name__}.Color": 1}


def test_what_is_inside_something_left_out_does_not_count_again() -> None:
    inner = functools.partial(Settings, table=functools.partial(Settings))
    assert read([inner, Settings(table=[Color.RED])], 4).left_out == {
        "functools.partial": 1,
        f"{__name__}.Settings": 1,
    }


def test_a_note_names_some() -> None:
    assert note_of(Counter()) == ""
    assert note_of(Counter({"a.B": 1})).startswith("1 object was left out (a.B). Only arrays are")
    many = Counter({"a.B": 5000, "c.D": 2, "e.F": 2, "g.H": 1})
    assert note_of(many).startswith("5,005 objects were left out (a.B, c.D, e.F and others).")
    assert "\ud800" not in note_of(Counter({"a.\ud800": 1}))


def test_arrays_that_are_no_matrices_are_told_by_what_they_are() -> None:
    objects, times = np.array(["a", None], object), np.zeros(3, "M8[s]")
    assert read([objects, times], 4).left_out == {
        "an array of objects": 1,
        "an array of the type <M8": 1,
    }


def test_a_sparse_matrix_is_not_taken_for_its_parts() -> None:
    found = read({"m": sparse.csr_array(np.eye(4)), "table": TABLE}, 4)
    assert [name for name, each in arrays(found).items() if each.ndim == 2] == ["table"]
    assert list(found.left_out) == ["scipy.sparse._csr.csr_array"]

"""Pickles: what PyTorch writes is understood, and nothing else is ever run."""

from __future__ import annotations

import collections
import os
import pickle
import subprocess
from pathlib import Path
from typing import Any

import pytest

from projector.loaders.decoders.pickles import machine, reader, stream
from projector.loaders.decoders.pickles.contents import contents_of
from projector.loaders.decoders.pickles.placeholders import Refused, Shell
from projector.loaders.decoders.pickles.stream import Span, Stream
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.torch.values import View, read_torch_pickle
from tests.loaders.formats.torch.pickles import (
    START,
    call,
    function,
    many,
    mapping,
    number,
    storage,
    tensor,
    text,
    whole,
)


def read(raw: bytes) -> Any:
    return read_torch_pickle(Stream(raw))


def find_tensors(value: Any) -> list[tuple[str, Any]]:
    return contents_of(value).values


def test_a_state_dict_is_tensors_by_name() -> None:
    value = mapping(
        {
            "emb.weight": tensor("0", (2, 3), (3, 1)),
            "epoch": number(7),
            "state": mapping({"step": tensor("1", (), (), count=1)}),
        }
    )
    found = dict(find_tensors(read(whole(value))))
    weight = found["emb.weight"]
    assert isinstance(weight, View)
    assert (weight.shape, weight.strides, weight.dtype) == ((2, 3), (3, 1), "float32")
    assert found["epoch"] == 7
    assert isinstance(found["state.step"], View)


def test_a_module_is_an_empty_shell_with_its_state() -> None:
    state = mapping(
        {
            "_parameters": mapping({"weight": tensor("0", (2, 3), (3, 1))}),
            "_modules": mapping({"inner": mapping({"bias": tensor("1", (6,), (1,))})}),
            "training": b"\x88",
        }
    )
    module = function("my.models", "Net") + b")\x81" + state + b"b"
    value = read(whole(module))
    assert isinstance(value, Shell)
    assert value.kind == "my.models.Net"
    names = [name for name, each in find_tensors(value) if isinstance(each, View)]
    assert names == ["weight", "inner.bias"]


@pytest.mark.parametrize(
    "harmless",
    [
        call("collections", "OrderedDict"),
        call("torch", "Size", many(number(2), number(3))),
        call("torch", "device", text("cuda:0")),
        call("pathlib", "PosixPath", text("/etc")),
        call("torch._utils", "_rebuild_sparse_tensor", number(1)),
        call("_codecs", "encode", text("abc"), text("latin1")),
        function("any.thing", "Class"),
    ],
)
def test_harmless_values_are_read(harmless: bytes) -> None:
    read(whole(harmless))


class Runs:
    """Runs a command when a plain unpickler reads it."""

    def __init__(self, function: Any, *args: Any) -> None:
        self.function, self.args = function, args

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return self.function, self.args


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("harm", [os.system, eval, exec, subprocess.call, open, __import__])
def test_a_pickle_that_runs_something_is_refused(tmp_path: Path, protocol: int, harm: Any) -> None:
    mark = tmp_path / "ran"
    raw = pickle.dumps(Runs(harm, f"touch {mark}"), protocol)
    with pytest.raises(Refused, match=r"tries to run|damaged"):
        read(raw)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (call("posix", "system", text("true")), "tries to run 'posix.system'"),
        (call("os.path", "join", text("a")), "tries to run 'os.path.join'"),
        (call("torch.hub", "load", text("a")), "tries to run 'torch.hub.load'"),
        (call("torch.serialization", "load", text("a")), "tries to run"),
        (function("my.models", "Net.os.system"), "tries to run 'my.models.Net.os.system'"),
        (function("my.models", "Net.__globals__"), "tries to run 'my.models.Net.__globals__'"),
        (function("", "x"), "tries to run '.x'"),
        (b"(S'true'\nios\nsystem\n", "tries to run 'os.system'"),
        (b"(cos\nsystem\nS'true'\no", "tries to run 'os.system'"),
        # Extension codes name what they import by a number.
        (b"\x82\x01", "is damaged"),
        (b"\x84\x01\x00\x00\x00", "is damaged"),
        # A state that is set on a class, or an instance of a function.
        (function("torch", "Size") + b")R)\x81", "tries to create an instance"),
        (function("torch._utils", "_rebuild_tensor_v2") + b")\x81", "tries to create an instance"),
        (text("no function") + b")R", "tries to call str"),
        (b"(N0N0N1tR", "is damaged"),
        # Values below a mark belong to somebody else.
        (b"N(0N00.", "is damaged"),
        (b"N(\x85", "is damaged"),
        (b"](a", "is damaged"),
        (b"N]b(N1s", "is damaged"),
        (function("torch", "Size") + number(5) + b"R", "tries to call"),
        (function("my.models", "Net") + number(5) + b"R", "tries to call"),
        # Sizes that would be allocated before they are read.
        (b"\x96" + b"\xff" * 8, "is damaged"),
        (b"B\xff\xff\xff\x7f", "bytes are needed"),
        (b"\x8e" + b"\xff" * 8, "is damaged"),
        (text("abc")[:-1], "is damaged"),
        (b"K", "is damaged"),
        (b"I12", "is damaged"),
        (b"0", "is damaged"),
        (b"h\x05", "is damaged"),
        (b"", "is damaged"),
    ],
)
def test_hostile_and_damaged_pickles_are_refused(body: bytes, message: str) -> None:
    with pytest.raises(Refused, match=message):
        read(whole(body))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (many(text("else")) + b"Q", "expected a storage"),
        (text("storage") + b"Q", "expected a storage"),
        (storage("0", -1), "expected numbers from 0"),
        (storage("0", 6, "NoStorage"), "unknown type"),
        (many(*[number(1)] * 5) + b"Q", "expected a storage"),
        (tensor("0", (2, 4), (4, 1)), "extend past the storage's 6 numbers"),
        (tensor("0", (2, 3), (3, 1), offset=1), "extend past"),
        (tensor("0", (2, 3), (3,)), "do not match"),
        (tensor("0", (-1, 3), (3, 1)), "expected numbers from 0"),
        (tensor("0", (1 << 14, 1 << 14), (0, 0)), "extend past"),
    ],
)
def test_tensors_must_fit_their_storage(value: bytes, message: str) -> None:
    with pytest.raises(Refused, match=message):
        read(whole(value))


def test_containers_are_entered_once() -> None:
    # Thirty levels of a list that holds the level below twice: two to the thirtieth entries.
    raw = (
        START
        + b"]q\0"
        + b"".join(
            b"](h" + bytes([n]) + b"h" + bytes([n]) + b"eq" + bytes([n + 1]) for n in range(30)
        )
        + b"."
    )
    assert find_tensors(read(raw)) == []


def test_a_list_inside_itself_ends() -> None:
    assert find_tensors(read(START + b"]q\0h\0a.")) == []


def test_depth_is_limited_without_recursion() -> None:
    deep = read(START + b"]" * 5000 + b"a" * 4999 + b".")
    with pytest.raises(Refused, match="nested more than 100 deep"):
        find_tensors(deep)


def test_the_number_of_operations_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MAX_OPERATIONS", 50)
    with pytest.raises(Refused, match="more than 50 operations"):
        read(START + b"N0" * 40 + b"N.")


def test_the_number_of_objects_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_MAX_OBJECTS", 50)
    for body in (b"]", b"}", function("a.b", "C"), b"N\x85"):
        with pytest.raises(Refused, match="more than 50 objects"):
            read(START + body * 60 + b".")


def test_calls_copy_no_more_than_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    # One list of a thousand values that is made a set again and again.
    monkeypatch.setattr(machine, "_MAX_COPIED", 2_000)
    again = function("builtins", "set") + b"h\0\x85R0"
    with pytest.raises(Refused, match="copies more than it contains"):
        read(START + b"](" + b"N" * 1000 + b"eq\0" + again * 1000 + b".")


def test_keys_with_one_hash_and_nested_tuples_cost_nothing() -> None:
    # Each level holds the one below twice, so its hash takes twice as long.
    nested = b"h\0h\0\x86q\x000" * 64
    value = read(START + b"})q\x000" + nested + b"h\0Ns.")
    assert len(value) == 1
    same = (1 << 61) - 1
    keys = [same << shift for shift in range(200)]
    made = read(pickle.dumps(dict.fromkeys(keys), 2))
    assert len(made) == 200
    assert all(type(key) is str for key in made if str(key).startswith("0x"))
    assert len({hash(key) for key in made}) > 150


def test_a_stream_reads_no_more_than_there_is() -> None:
    read = Stream(b"line\nrest")
    assert read.readline() == b"line"
    assert read.read(4) == b"rest"
    for count in (1, -1):
        with pytest.raises(EOFError, match="bytes are needed"):
            read.read(count)
    for length in (0, 63, 64, 300, 70_000):
        with pytest.raises(EOFError, match="a line does not end"):
            Stream(b"x" * length).readline()
    assert Stream(b"y" * 60_000 + b"\n").readline() == b"y" * 60_000


VALUES = [
    {"text": "a", "ä": [1, -1, 255, 256, 65_536, 1 << 40, -(1 << 70)], "more": (1, 2, 3, 4, 5)},
    [True, False, None, 0.5, float("inf"), b"raw", bytearray(b"more"), ()],
    {1: {2: [(3,), (4, 5)]}, None: [], "long": "x" * 300, "bytes": b"y" * 5_000},
    [[], {}, {"again": "text"}, ["text"] * 3, "\ud800", "line\nline'\"\\"],
]


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_plain_values_are_read_as_python_reads_them(value: Any, protocol: int) -> None:
    assert plain(read(pickle.dumps(value, protocol))) == value


def plain(value: Any) -> Any:
    """Read the long bytes of a value, which stay where they are until somebody asks."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return value.tobytes() if isinstance(value, Span) else value


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("window", [513, 600, 5_000])
def test_a_file_is_read_through_a_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, protocol: int, window: int
) -> None:
    monkeypatch.setattr(stream, "_WINDOW", window)
    value = {"words": [f"word {n}" * (n % 40) for n in range(300)], "end": [1, 2.5, -3, 1 << 90]}
    value |= {f"bytes {n}": bytes([n]) * (n * n) for n in range(90)}
    raw = pickle.dumps(value, protocol) * 2
    (tmp_path / "value.pkl").write_bytes(raw)
    found = Stream(FileBytes(tmp_path / "value.pkl"))
    for n in (1, 2):  # the second pickle starts where the first one ends
        assert plain(read_torch_pickle(found)) == value
        assert found.position == n * len(raw) // 2
    with pytest.raises(Refused, match="it does not end"):
        read_torch_pickle(found)


@pytest.mark.parametrize("protocol", range(6))
def test_sets_and_tuples_as_keys_are_read_as_lists_and_texts(protocol: int) -> None:
    value = {"set": {1}, "frozen": frozenset([2]), ("a", 1): 3, "both": collections.deque([4])}
    expected = {"set": [1], "frozen": [2], "a, 1": 3, "both": [4]}
    assert read(pickle.dumps(value, protocol)) == expected


def test_a_value_that_holds_itself_is_read() -> None:
    value: list[Any] = []
    value.append({"self": value})
    made = read(pickle.dumps(value, 4))
    assert made[0]["self"] is made

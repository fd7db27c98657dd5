"""Pickles: what PyTorch writes is understood, and nothing else is ever run."""

from __future__ import annotations

import os
import pickle
import subprocess
from pathlib import Path
from typing import Any

import pytest

from projector.loaders.formats.torch import unpickler
from projector.loaders.formats.torch.unpickler import (
    Refused,
    Shell,
    Stream,
    find_tensors,
    read_pickle,
)
from projector.loaders.formats.torch.values import View, storage_of
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
    return read_pickle(Stream(raw), storage_of)


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
        (call("my.models", "Net", text("a")), "tries to call 'my.models.Net'"),
        (function("my.models", "Net.method"), "tries to run 'my.models.Net.method'"),
        (function("", "x"), "tries to run '.x'"),
        # Extension codes, INST and OBJ import without naming what they do.
        (b"(S'true'\nios\nsystem\n", "is damaged"),
        (b"(cos\nsystem\nS'true'\no", "tries to run 'os.system'"),
        (b"(" + function("my.models", "Net") + b"o", "is damaged"),
        (b"\x82\x01", "is damaged"),
        (b"\x84\x01\x00\x00\x00", "is damaged"),
        # A state that is set on a class, or an instance of a function.
        (function("torch", "Size") + b")R)\x81", "tries to create an instance"),
        (function("torch._utils", "_rebuild_tensor_v2") + b")\x81", "tries to create an instance"),
        (text("no function") + b")R", "tries to call str"),
        (function("torch", "Size") + number(5) + b"R", "tries to call"),
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
    monkeypatch.setattr(unpickler, "_MAX_READS", 50)
    with pytest.raises(Refused, match="more than 50 operations"):
        read(START + b"N0" * 40 + b"N.")


def test_a_stream_reads_no_more_than_there_is() -> None:
    stream = Stream(b"line\nrest")
    assert stream.readline() == b"line\n"
    assert stream.read(4) == b"rest"
    for count in (1, -1):
        with pytest.raises(EOFError, match="bytes are needed"):
            stream.read(count)
    with pytest.raises(EOFError, match="a line does not end"):
        Stream(b"endless").readline()
    buffer = bytearray(3)
    assert Stream(b"abc").readinto(buffer) == 3
    assert buffer == b"abc"

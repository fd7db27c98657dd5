"""Finds the weights in an ONNX model: their shapes, types and places; no bytes are copied.

Source: onnx/onnx.proto.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from projector.loaders.decoders.cursor import Source
from projector.loaders.decoders.protobuf import WireError, places, signed, varint

#: numpy's names of TensorProto.DataType; those that numpy has no type for are not read.
DTYPES = {
    1: "float32",
    2: "uint8",
    3: "int8",
    4: "uint16",
    5: "int16",
    6: "int32",
    7: "int64",
    9: "bool",
    10: "float16",
    11: "float64",
    12: "uint32",
    13: "uint64",
    16: "bfloat16",
    17: "float8_e4m3fn",
    18: "float8_e4m3fnuz",
    19: "float8_e5m2",
    20: "float8_e5m2fnuz",
}
_OTHERS = {
    8: "strings",
    14: "complex numbers",
    15: "complex numbers",
    21: "4 bits",
    22: "4 bits",
    23: "4 bits",
}
#: Fields of TensorProto that hold the numbers, and how: bytes as they are, or one varint each.
_RAW, _VARINTS = {9: "raw", 4: "<f4", 10: "<f8"}, {5, 7, 11}
_MAX_RANK, _MAX_NAME = 64, 1 << 16

_Field: TypeAlias = tuple[int, int, int | range]


@dataclass
class OnnxTensor:
    """One weight.

    Attributes
    ----------
    name : str
    shape : tuple of int
    dtype : str
        numpy's name; empty where there is none, and `other` says what it is.
    places : list of range
        Where its bytes are, if they are in the file.
    packed : bool
        Whether they are varints, one for each number.
    external : dict of str to str
        Where they are otherwise: ``location``, ``offset``, ``length``.
    is_looked_up : bool
        Whether the graph takes rows of it: a table of embeddings.
    """

    name: str = ""
    shape: tuple[int, ...] = ()
    dtype: str = ""
    other: str = ""
    places: list[range] = field(default_factory=list)
    packed: bool = False
    external: dict[str, str] = field(default_factory=dict)
    is_looked_up: bool = False


def read_tensors(data: Source) -> list[OnnxTensor]:
    """Return the weights of a model.

    Raises
    ------
    WireError
        It is not a protocol buffer, or not a model.
    """
    found: list[OnnxTensor] = []
    looked_up: set[str] = set()
    graphs = 0
    for number, _, value in places(data, 0, len(data)):
        if number == 7 and isinstance(value, range):
            graphs += 1
            _read_graph(data, value, found, looked_up)
    if not graphs:
        raise WireError("it has no graph")
    for tensor in found:
        tensor.is_looked_up = tensor.name in looked_up
    return found


def _read_graph(data: Source, graph: range, found: list[OnnxTensor], looked_up: set[str]) -> None:
    for number, _, value in _inside(data, graph):
        if not isinstance(value, range):
            continue
        if number == 5:
            found.append(_tensor(data, value))
        elif number == 1:
            _read_node(data, value, found, looked_up)


def _read_node(data: Source, node: range, found: list[OnnxTensor], looked_up: set[str]) -> None:
    """Note the table that a node takes rows of, and the value of a constant."""
    inputs: list[str] = []
    outputs: list[str] = []
    kind, values = "", []
    for number, _, value in _inside(data, node):
        if not isinstance(value, range):
            continue
        if number in (1, 2):
            (inputs if number == 1 else outputs).append(_text(data, value))
        elif number == 4:
            kind = _text(data, value)
        elif number == 5:
            values += [v for n, _, v in _inside(data, value) if n == 5 and isinstance(v, range)]
    if kind in ("Gather", "EmbedLayerNormalization") and inputs:
        looked_up.update(inputs[:1] if kind == "Gather" else inputs[2:5])
    if kind == "Constant" and outputs and values:
        constant = _tensor(data, values[0])
        constant.name = outputs[0]
        found.append(constant)


def _tensor(data: Source, where: range) -> OnnxTensor:
    made = OnnxTensor()
    sizes: list[int] = []
    for number, kind, value in _inside(data, where):
        if number == 1:
            sizes += _numbers(data, value)
        elif number == 2 and isinstance(value, int):
            made.dtype, made.other = DTYPES.get(value, ""), _OTHERS.get(value, f"type {value}")
        elif number == 8 and isinstance(value, range):
            made.name = _text(data, value)
        elif number == 13 and isinstance(value, range):
            key, text = _entry(data, value)
            made.external[key] = text
        elif isinstance(value, range) and number in _RAW:
            made.places.append(value)
        elif number in _VARINTS and kind == 2 and isinstance(value, range):
            made.packed = True
            made.places.append(value)
    if len(sizes) > _MAX_RANK or any(size < 0 for size in sizes):
        raise WireError(f"a tensor has the shape {tuple(sizes[:8])}")
    made.shape = tuple(sizes)
    return made


def _entry(data: Source, where: range) -> tuple[str, str]:
    texts = {n: _text(data, v) for n, _, v in _inside(data, where) if isinstance(v, range)}
    return texts.get(1, ""), texts.get(2, "")


def _numbers(data: Source, value: int | range) -> list[int]:
    if isinstance(value, int):
        return [signed(value)]
    numbers: list[int] = []
    at = value.start
    while at < value.stop and len(numbers) <= _MAX_RANK:
        number, at = varint(data, at)
        numbers.append(signed(number))
    return numbers


def _inside(data: Source, where: range) -> Iterator[_Field]:
    return places(data, where.start, where.stop)


def _text(data: Source, where: range) -> str:
    raw = bytes(data[where.start : min(where.stop, where.start + _MAX_NAME)])
    return raw.decode("utf-8", "replace")

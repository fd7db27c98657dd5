"""Reads frozen TensorFlow graphs (``.pb``), whose weights are constants in the graph.

Source: tensorflow/core/framework/graph.proto, node_def.proto, attr_value.proto, tensor.proto.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.decoders.dtypes import dtype_of, to_float32
from projector.loaders.decoders.protobuf import WireError, places, signed
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.tensorflow.records import DTYPES, NOT_NUMBERS
from projector.loaders.naming import role_of
from projector.loaders.safe_files import printable

#: Files of a SavedModel: its weights are in its folder `variables`.
_OTHERS = frozenset({"saved_model.pb", "keras_metadata.pb", "fingerprint.pb"})
_LOOKUPS = frozenset(str.split("Gather GatherV2 ResourceGather EmbeddingLookup"))
#: Types that are no numbers, or have several in a byte.
_UNREAD = NOT_NUMBERS | {"int4", "uint4", "int2", "uint2", "float4_e2m1fn"}
_MAX_RANK, _MAX_NAME = 64, 1 << 16


@dataclass
class _Constant:
    """A constant of the graph: its bytes, as they are or one number repeated."""

    name: str = ""
    dtype: str = ""
    shape: tuple[int, ...] = ()
    place: range | None = None
    is_looked_up: bool = False

    @property
    def size(self) -> int:
        return math.prod(self.shape) * dtype_of(self.dtype).itemsize


class FrozenGraph:
    """A graph of TensorFlow 1 whose variables were turned into constants."""

    name = "tensorflow-graph"
    title = "TensorFlow frozen graph"
    gives = "the constants that are matrices"
    extensions = (".pb",)

    def sniff(self, file: File) -> bool:
        """Recognize it by suffix, and by the kinds of nodes at its start."""
        if not file.name.lower().endswith(".pb") or file.name in _OTHERS:
            return False
        head = file.head()
        return head[:1] == b"\n" and any(kind in head for kind in (b"Const", b"Placeholder"))

    def list(self, file: File) -> Found:
        """Read the nodes without their numbers."""
        tensors = []
        problems = []
        for each in _constants(file, FileBytes(file.real)):
            if len(each.shape) != 2:
                continue
            if each.place is None or len(each.place) != each.size:
                found = 0 if each.place is None else len(each.place)
                problems.append(
                    FileProblem(
                        f"constant {printable(each.name)!r} has {found:,} bytes, but its shape "
                        f"{each.shape} of {each.dtype} takes {each.size:,}. It is not shown.",
                        "warning",
                    )
                )
                continue
            name = printable(each.name)
            role = "embedding" if each.is_looked_up else role_of(name, each.shape)
            tensors.append(Tensor(each.name, name, each.shape, each.dtype, role=role))
        if not tensors and not problems:
            raise LoadError(
                file.path,
                "is a TensorFlow graph without matrices: its weights are elsewhere. Open the "
                "checkpoint or the SavedModel that it belongs to.",
            )
        return Found(tuple(tensors), tuple(problems))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one constant."""
        raw = FileBytes(file.real)
        for each in _constants(file, raw):
            if each.name == tensor.key and each.shape == tensor.shape and each.place is not None:
                values = raw.array(each.place.start, each.place.stop).view(dtype_of(each.dtype))
                return Loaded(to_float32(values.reshape(each.shape)))
        raise LoadError(file.path, "has changed. Refresh the listing.")


def _constants(file: File, raw: FileBytes) -> list[_Constant]:
    found: list[_Constant] = []
    looked_up: set[str] = set()
    try:
        for number, _, value in places(raw, 0, len(raw)):
            if number == 1 and isinstance(value, range):
                found += _node(raw, value, looked_up)
    except WireError as error:
        raise LoadError(
            file.path, f"cannot be read as a TensorFlow graph: {error}. Copy it again."
        ) from None
    for each in found:
        each.is_looked_up = each.name in looked_up
    return found


def _node(raw: FileBytes, node: range, looked_up: set[str]) -> Iterator[_Constant]:
    fields: dict[int, list[range]] = defaultdict(list)
    for number, _, value in places(raw, node.start, node.stop):
        if isinstance(value, range):
            fields[number].append(value)
    name, kind = ("".join(_text(raw, each) for each in fields[number][-1:]) for number in (1, 2))
    if kind in _LOOKUPS and fields[3]:
        # A graph reads its constants through a node that passes them on.
        table = _text(raw, fields[3][0])
        looked_up |= {table, table.removesuffix("/read")}
    if kind == "Const":
        tensors = (_tensor_of(raw, attribute) for attribute in fields[5])
        yield from (_constant(raw, name, tensor) for tensor in tensors if tensor is not None)


def _tensor_of(raw: FileBytes, attribute: range) -> range | None:
    """Return where the tensor in an attribute is; the attributes of a node are a map."""
    for number, _, value in places(raw, attribute.start, attribute.stop):
        if number == 2 and isinstance(value, range):
            for inner, _, tensor in places(raw, value.start, value.stop):
                if inner == 8 and isinstance(tensor, range):
                    return tensor
    return None


def _constant(raw: FileBytes, name: str, tensor: range) -> _Constant:
    made = _Constant(name)
    for number, kind, value in places(raw, tensor.start, tensor.stop):
        if number == 1 and isinstance(value, int):
            dtype = DTYPES.get(value, "")
            made.dtype = "" if dtype in _UNREAD else dtype
        elif number == 2 and isinstance(value, range):
            made.shape = _shape(raw, value)
        elif isinstance(value, range) and (number == 4 or (number in (5, 6) and kind == 2)):
            # Bytes as they are; float32 and float64 in a row are the same.
            made.place = value
    if not made.dtype:
        made.dtype, made.shape = "uint8", ()  # no numbers: never a matrix
    return made


def _shape(raw: FileBytes, where: range) -> tuple[int, ...]:
    sizes = []
    for number, _, value in places(raw, where.start, where.stop):
        if number == 2 and isinstance(value, range):
            inner = places(raw, value.start, value.stop)
            sizes.append(next((signed(v) for n, _, v in inner if n == 1 and isinstance(v, int)), 0))
    if len(sizes) > _MAX_RANK or any(size < 0 for size in sizes):
        raise WireError(f"a constant has the shape {tuple(sizes[:8])}")
    return tuple(sizes)


def _text(raw: FileBytes, where: range) -> str:
    return raw[where.start : min(where.stop, where.start + _MAX_NAME)].decode("utf-8", "replace")

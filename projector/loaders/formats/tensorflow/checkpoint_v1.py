"""Reads TensorFlow V1 checkpoints: one table that contains the numbers themselves.

``PREFIX`` without a suffix, or ``PREFIX-SSSSS-of-NNNNN``; written before TensorFlow 0.12 and,
on request, ever since. Source: tensorflow/core/util/saved_tensor_slice.proto, tensor.proto.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.decoders.dtypes import dtype_of, to_float32
from projector.loaders.decoders.leveldb_table import is_table, read_table
from projector.loaders.decoders.protobuf import (
    WireError,
    as_bytes,
    as_int,
    fields,
    packed_varints,
    signed,
)
from projector.loaders.formats.tensorflow.records import (
    DTYPES,
    NOT_NUMBERS,
    Slice,
    read_shape,
    read_slice,
    slice_bounds,
    slice_key,
)
from projector.loaders.naming import role_of, step_of_checkpoint
from projector.typing import AnyArray

_SHARD = re.compile(r"^(?P<prefix>.+)-(?P<shard>\d{5})-of-(?P<count>\d{5})$")
#: The fields of TensorProto that contain the numbers of a type, and those of fixed width.
_FIXED = {5: "<f4", 6: "<f8", 9: "<c8", 12: "<c16"}
_FIELDS = {"float32": 5, "float64": 6, "int64": 10, "bool": 11, "float16": 13, "bfloat16": 13}
_FIELDS |= {"uint32": 16, "uint64": 17}
_INT_VAL = 7


@dataclass(frozen=True)
class _Meta:
    name: bytes
    shape: tuple[int, ...]
    dtype: str
    slices: tuple[Slice, ...]


class TensorFlowV1:
    """Version 1 checkpoints, whole, sharded and partitioned."""

    name = "tensorflow-v1"
    title = "TensorFlow checkpoint, version 1"
    gives = "every matrix"
    extensions = (".ckpt",)

    def sniff(self, file: File) -> bool:
        """Recognize it by the magic number of a table at the end, if it is not part of a V2 one."""
        if file.size < 48 or file.name.endswith(".index") or is_v2_data(file.name):
            return False
        try:
            return is_table(file.tail(8))
        except LoadError:
            return False

    def list(self, file: File) -> Found:
        """Decode the first record, which names all tensors, or those of a shard."""
        table = dict(reversed(read_table(file.real)))
        metas, damaged = _metas(file, table)
        names = {meta.name.decode("utf-8", "replace") for meta in metas}
        prefix = _SHARD.match(file.name)
        step = step_of_checkpoint(prefix["prefix"] if prefix else file.name)
        tensors, problems = [], list(damaged)
        for meta in metas:
            name = meta.name.decode("utf-8", "backslashreplace")
            missing = [s for s in meta.slices if slice_key(meta.name, s) not in table]
            if missing and meta.dtype not in NOT_NUMBERS:
                problems.append(
                    FileProblem(
                        f"tensor {name!r}: {len(missing)} of its slices have no record. Save the "
                        "checkpoint again."
                    )
                )
                continue
            real = meta.dtype not in NOT_NUMBERS
            role = role_of(name, meta.shape, names)
            tensors.append(
                Tensor(
                    name, name, meta.shape, meta.dtype, role=role, aliases=(f"{name}:0",), real=real
                )
            )
        return Found(tuple(tensors), tuple(problems), step=step)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Decode one tensor's slices."""
        table = dict(reversed(read_table(file.real)))
        metas, _ = _metas(file, table)
        for meta in metas:
            if meta.name.decode("utf-8", "backslashreplace") == tensor.key:
                try:
                    return Loaded(to_float32(_values(table, meta)))
                except WireError as error:
                    raise LoadError(
                        file.path, f"{error}. Save it again.", place=f"tensor {tensor.key!r}"
                    ) from None
        raise LoadError(
            file.path,
            "is no longer in the checkpoint. Refresh the listing.",
            place=f"tensor {tensor.key!r}",
        )


def is_v2_data(name: str) -> bool:
    """Recognize a data file of version 2 by name: it may happen to end like a table."""
    return ".data-" in name


def _metas(file: File, table: dict[bytes, bytes]) -> tuple[list[_Meta], list[FileProblem]]:
    metas: list[_Meta] = []
    problems: list[FileProblem] = []
    try:
        for number, _, content in fields(table.get(b"", b"")):
            if number != 1:
                continue
            for inner, _, entry in fields(as_bytes(content)):
                if inner == 1:
                    try:
                        metas.append(_meta(as_bytes(entry)))
                    except WireError as error:
                        problems.append(
                            FileProblem(
                                f"a tensor cannot be read: {error}. Save the checkpoint again."
                            )
                        )
    except WireError as error:
        raise LoadError(file.path, f"the header is damaged: {error}. Copy it again.") from None
    if not metas and not problems:
        raise LoadError(
            file.path, "is a table, but not a checkpoint: it names no tensors. Copy it again."
        )
    return metas, problems


def _meta(value: bytes) -> _Meta:
    name, dtype = b"", 0
    shape: tuple[int, ...] = ()
    slices: list[Slice] = []
    for number, _, content in fields(value):
        if number == 1:
            name = as_bytes(content)
        elif number == 2:
            shape = read_shape(as_bytes(content))
        elif number == 3:
            dtype = as_int(content)
        elif number == 4:
            slices.append(read_slice(as_bytes(content)))
    if dtype not in DTYPES:
        raise WireError(f"the data type number {dtype} is unknown")
    return _Meta(name, shape, DTYPES[dtype], tuple(slices))


def _values(table: dict[bytes, bytes], meta: _Meta) -> AnyArray:
    size = math.prod(meta.shape) * dtype_of(meta.dtype).itemsize
    stored = sum(len(table.get(slice_key(meta.name, piece), b"")) for piece in meta.slices)
    # A varint takes a byte at least, so a number of 8 bytes may be stored in one.
    if size > 8 * stored + 64:
        raise WireError(f"its shape {meta.shape} takes {size:,} bytes, but {stored:,} are stored")
    values = np.zeros(meta.shape, dtype_of(meta.dtype))
    covered = np.zeros(meta.shape, np.bool_)
    for piece in meta.slices:
        bounds = slice_bounds(piece, meta.shape)
        if covered[bounds].any():
            raise WireError("two of its slices overlap")
        covered[bounds] = True
        record = table.get(slice_key(meta.name, piece))
        if record is None:
            raise WireError(f"its slice {piece} has no record")
        values[bounds] = _numbers(record, meta.dtype, values[bounds].shape)
    if not covered.all():
        raise WireError("its slices leave a gap")
    return values


def _numbers(record: bytes, dtype: str, shape: tuple[int, ...]) -> AnyArray:
    """Decode SavedTensorSlices{2 data{3 TensorProto}}."""
    proto = b""
    for number, _, content in fields(record):
        if number == 2:
            for inner, _, value in fields(as_bytes(content)):
                if inner == 3:
                    proto = as_bytes(value)
    return tensor_numbers(proto, dtype, shape)


def tensor_numbers(proto: bytes, dtype: str, shape: tuple[int, ...]) -> AnyArray:
    """Return the numbers of a TensorProto, from whichever field contains them.

    Raises
    ------
    WireError
        There are more or fewer numbers than the shape has, or part of one.
    """
    field = _FIELDS.get(dtype, _INT_VAL)
    kind = dtype_of(dtype)
    pieces: list[AnyArray] = []
    for number, wire, content in fields(proto):
        if number == 4 and as_bytes(content):
            pieces = [_whole(as_bytes(content), kind)]
            break
        if number == field and field in _FIXED:
            raw = as_bytes(content) if wire == 2 else _one(as_int(content), _FIXED[field])
            pieces.append(_whole(raw, _FIXED[field]))
        elif number == field:
            pieces.append(_from_varints(packed_varints(content), dtype))
    found = np.concatenate(pieces) if pieces else np.zeros(0, kind)
    count = math.prod(shape)
    if len(found) == 1 and count > 1:  # TensorProto repeats its last value
        found = np.broadcast_to(found, (count,))
    if len(found) != count:
        raise WireError(f"{len(found):,} numbers are stored, but the shape {shape} has {count:,}")
    return found.reshape(shape)


def _one(value: int, kind: DTypeLike) -> bytes:
    size = np.dtype(kind).itemsize
    if value >> 8 * size:
        raise WireError(f"{value:,} has more bits than {np.dtype(kind).name}")
    return value.to_bytes(size, "little")


def _whole(raw: bytes, kind: DTypeLike) -> AnyArray:
    if len(raw) % np.dtype(kind).itemsize:
        raise WireError(f"{len(raw):,} bytes are no whole number of {np.dtype(kind).name}")
    return np.frombuffer(raw, kind)


def _from_varints(numbers: list[int], dtype: str) -> AnyArray:
    if dtype in ("float16", "bfloat16"):
        return np.array([n & 0xFFFF for n in numbers], np.uint16).view(dtype_of(dtype))
    if dtype == "uint64":
        return np.array(numbers, np.uint64)
    return np.array([signed(n) for n in numbers], np.int64).astype(dtype_of(dtype))

"""Decodes the records of a TensorFlow V2 checkpoint's index: header, entries and slices.

Source: tensorflow/core/protobuf/tensor_bundle.proto, core/util/tensor_bundle/naming.cc,
core/util/saved_tensor_slice_util.cc, core/lib/strings/ordered_code.cc.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from projector.loaders.decoders.dtypes import dtype_of
from projector.loaders.decoders.protobuf import WireError, as_bytes, as_int, fields, signed

#: tensorflow/core/framework/types.proto. Types narrower than a byte are listed, but not read.
DTYPES: dict[int, str] = {
    1: "float32",
    2: "float64",
    3: "int32",
    4: "uint8",
    5: "int16",
    6: "int8",
    7: "string",
    8: "complex64",
    9: "int64",
    10: "bool",
    11: "qint8",
    12: "quint8",
    13: "qint32",
    14: "bfloat16",
    15: "qint16",
    16: "quint16",
    17: "uint16",
    18: "complex128",
    19: "float16",
    20: "resource",
    21: "variant",
    22: "uint32",
    23: "uint64",
    24: "float8_e5m2",
    25: "float8_e4m3fn",
    26: "float8_e4m3fnuz",
    27: "float8_e4m3b11fnuz",
    28: "float8_e5m2fnuz",
    29: "int4",
    30: "uint4",
    31: "int2",
    32: "uint2",
    33: "float4_e2m1fn",
}
_QUANTIZED = {"qint8": "i1", "quint8": "u1", "qint32": "i4", "qint16": "i2", "quint16": "u2"}
NOT_NUMBERS = frozenset({"string", "resource", "variant", "complex64", "complex128"})
_HALF_BYTES = frozenset({"int4", "uint4", "int2", "uint2", "float4_e2m1fn"})
#: numpy's own limit is 64; TensorFlow's is 254.
_MAX_RANK = 64

_ESCAPES = {0x00: b"\x00\xff", 0xFF: b"\xff\x00"}

#: Start and length for each dimension; a length of -1 means the whole dimension.
Slice: TypeAlias = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class BundleHeader:
    """The header of a checkpoint's index."""

    n_shards: int
    big_endian: bool


@dataclass(frozen=True, slots=True)
class BundleEntry:
    """Type, shape and location of a tensor or of a slice."""

    dtype: str
    shape: tuple[int, ...]
    shard: int
    offset: int
    size: int
    crc: int
    slices: tuple[Slice, ...] = ()

    @property
    def is_real(self) -> bool:
        """Whether it contains real numbers of a type that can be read."""
        return self.dtype not in NOT_NUMBERS and self.dtype not in _HALF_BYTES

    def numpy_dtype(self, big_endian: bool) -> np.dtype[Any]:
        """Return the dtype of the stored bytes."""
        dtype = dtype_of(_QUANTIZED.get(self.dtype, self.dtype))
        return dtype.newbyteorder(">") if big_endian and dtype.itemsize > 1 else dtype

    def n_bytes(self) -> int:
        """Return how many bytes dtype and shape take."""
        return math.prod(self.shape) * self.numpy_dtype(False).itemsize


def read_header(value: bytes) -> BundleHeader:
    """Decode the value of the empty key."""
    n_shards, endianness = 0, 0
    for number, _, content in fields(value):
        if number == 1:
            n_shards = signed(as_int(content))
        elif number == 2:
            endianness = as_int(content)
    return BundleHeader(n_shards, endianness == 1)


def read_entry(value: bytes) -> BundleEntry:
    """Decode the value of a tensor's key.

    Raises
    ------
    WireError
        It is not an entry, or has an unknown dtype, or a negative or unknown dimension.
    """
    dtype, shard, offset, size, crc = 0, 0, 0, 0, 0
    shape: tuple[int, ...] = ()
    slices: list[Slice] = []
    for number, _, content in fields(value):
        if number == 1:
            dtype = as_int(content)
        elif number == 2:
            shape = read_shape(as_bytes(content))
        elif number == 3:
            shard = signed(as_int(content))
        elif number == 4:
            offset = signed(as_int(content))
        elif number == 5:
            size = signed(as_int(content))
        elif number == 6:
            crc = as_int(content)
        elif number == 7:
            slices.append(read_slice(as_bytes(content)))
    name = DTYPES.get(dtype)
    if name is None:
        raise WireError(f"the data type number {dtype} is unknown; expected 1 to {max(DTYPES)}")
    return BundleEntry(name, shape, shard, offset, size, crc, tuple(slices))


def read_shape(value: bytes) -> tuple[int, ...]:
    """Decode a TensorShapeProto; an empty `dim` is a dimension of size 0."""
    shape: list[int] = []
    for number, _, content in fields(value):
        if number == 2:
            size = 0
            for inner, _, inner_content in fields(as_bytes(content)):
                if inner == 1:
                    size = signed(as_int(inner_content))
            shape.append(size)
        elif number == 3 and content:
            raise WireError("the shape is unknown")
    if len(shape) > _MAX_RANK:
        raise WireError(f"the shape has {len(shape)} dimensions; at most {_MAX_RANK} are supported")
    if any(size < 0 for size in shape):
        raise WireError(f"the shape {shape} has a negative dimension")
    return tuple(shape)


def read_slice(value: bytes) -> Slice:
    """Decode a TensorSliceProto."""
    extents: list[tuple[int, int]] = []
    for number, _, content in fields(value):
        if number == 1:
            start, length = 0, -1
            for inner, _, inner_content in fields(as_bytes(content)):
                if inner == 1:
                    start = signed(as_int(inner_content))
                elif inner == 2:
                    length = signed(as_int(inner_content))
            extents.append((start, length))
    return tuple(extents)


def slice_bounds(piece: Slice, shape: tuple[int, ...]) -> tuple[slice, ...]:
    """Return a slice as numpy's slices.

    Raises
    ------
    WireError
        It has another rank than `shape`, or extends beyond it.
    """
    if len(piece) != len(shape):
        raise WireError(f"a slice has {len(piece)} dimensions, but the tensor has {len(shape)}")
    bounds = []
    for (start, length), size in zip(piece, shape, strict=True):
        stop = size if length == -1 else start + length
        if not 0 <= start <= stop <= size:
            raise WireError(f"a slice goes from {start} to {stop} in a dimension of {size}")
        bounds.append(slice(start, stop))
    return tuple(bounds)


def slice_key(name: bytes, piece: Slice) -> bytes:
    """Return the key of a slice's own record."""
    escaped = b"".join(_ESCAPES.get(byte, bytes((byte,))) for byte in name)
    key = b"\x00" + escaped + b"\x00\x01" + _increasing(len(piece))
    for start, length in piece:
        key += _signed_increasing(start) + _signed_increasing(length)
    return key


def _increasing(value: int) -> bytes:
    body = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return bytes((len(body),)) + body


def _signed_increasing(value: int) -> bytes:
    size = 1
    while not -(1 << (7 * size - 1)) <= value < 1 << (7 * size - 1):
        size += 1
    # The top bits of the first bytes are the length in unary; a negative number flips them all.
    header = ((1 << size) - 1) << (7 * size)
    return ((value & ((1 << (8 * size)) - 1)) ^ header).to_bytes(size, "big")

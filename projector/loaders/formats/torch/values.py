"""Stand-ins for the values of torch while a pickle is read: locations, not numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from projector.loaders.decoders.dtypes import dtype_of
from projector.loaders.decoders.pickles.arrays import whole_numbers
from projector.loaders.decoders.pickles.placeholders import Function, Refused, Skipped
from projector.loaders.decoders.pickles.reader import read_pickle
from projector.loaders.decoders.pickles.stream import Stream
from projector.typing import AnyArray

_STORAGES = {
    "FloatStorage": "float32",
    "DoubleStorage": "float64",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "LongStorage": "int64",
    "IntStorage": "int32",
    "ShortStorage": "int16",
    "CharStorage": "int8",
    "ByteStorage": "uint8",
    "BoolStorage": "bool",
    "ComplexFloatStorage": "complex64",
    "ComplexDoubleStorage": "complex128",
    "UntypedStorage": "uint8",
    "QInt8Storage": "int8",
    "QUInt8Storage": "uint8",
    "QInt32Storage": "int32",
}
_DTYPES = {
    "float32": "float32",
    "float": "float32",
    "float64": "float64",
    "double": "float64",
    "float16": "float16",
    "half": "float16",
    "bfloat16": "bfloat16",
    "int64": "int64",
    "long": "int64",
    "int32": "int32",
    "int": "int32",
    "int16": "int16",
    "short": "int16",
    "int8": "int8",
    "uint8": "uint8",
    "uint16": "uint16",
    "uint32": "uint32",
    "uint64": "uint64",
    "bool": "bool",
    "complex64": "complex64",
    "complex128": "complex128",
    "float8_e4m3fn": "float8_e4m3fn",
    "float8_e5m2": "float8_e5m2",
    "float8_e4m3fnuz": "float8_e4m3fnuz",
    "float8_e5m2fnuz": "float8_e5m2fnuz",
    "float8_e8m0fnu": "float8_e8m0fnu",
}
_MAX_RANK = 64

Storages: TypeAlias = Callable[[Any], Any]


@dataclass(frozen=True)
class StorageType:
    """Stands for a class such as ``torch.FloatStorage``."""

    dtype: str


@dataclass(frozen=True)
class DType:
    """Stands for a value such as ``torch.bfloat16``."""

    name: str


@dataclass(frozen=True)
class Storage:
    """A contiguous array of numbers in the file.

    Attributes
    ----------
    key : str
        The name of its record.
    dtype : str
    count : int
        How many numbers it has.
    """

    key: str
    dtype: str
    count: int

    @property
    def n_bytes(self) -> int:
        """How many bytes it takes."""
        return self.count * dtype_of(self.dtype).itemsize


@dataclass(frozen=True)
class View:
    """A tensor: a part of a storage, by offset, sizes and strides (in numbers, not bytes)."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: str

    def take(self, raw: NDArray[np.uint8], big_endian: bool) -> AnyArray:
        """Return the numbers from the storage's bytes; a contiguous tensor is not copied."""
        kind = dtype_of(self.dtype)
        if big_endian and kind.itemsize > 1:
            kind = kind.newbyteorder(">")
        if raw.ctypes.data % kind.itemsize:
            raw = raw.copy()
        numbers = raw.view(kind)
        count = math.prod(self.shape)
        if count == 0:
            return np.zeros(self.shape, kind)
        if self.strides == _contiguous(self.shape):
            return numbers[self.offset : self.offset + count].reshape(self.shape)
        strides = tuple(stride * kind.itemsize for stride in self.strides)
        view = np.lib.stride_tricks.as_strided(
            numbers[self.offset :], self.shape, strides, writeable=False
        )
        return np.ascontiguousarray(view)


def storage_types(full: str) -> StorageType | None:
    """Return the storage type of a name such as ``torch.FloatStorage``."""
    module, _, name = full.rpartition(".")
    if module in ("torch", "torch.cuda", "torch.storage") and name in _STORAGES:
        return StorageType(_STORAGES[name])
    return None


def is_dtype(full: str) -> DType | None:
    """Return the dtype of a name such as ``torch.float32``."""
    module, _, name = full.rpartition(".")
    return DType(_DTYPES[name]) if module == "torch" and name in _DTYPES else None


def _rebuild(storage: Any, offset: Any, size: Any, stride: Any, *_: Any) -> View:
    if not isinstance(storage, Storage):
        raise Refused("a tensor has no storage")
    return _view(storage, offset, size, stride, storage.dtype)


def _rebuild_v3(
    storage: Any, offset: Any, size: Any, stride: Any, _grad: Any, _hooks: Any, dtype: Any, *_: Any
) -> View:
    if not isinstance(storage, Storage) or not isinstance(dtype, DType):
        raise Refused("a tensor has no storage or no dtype")
    item = dtype_of(dtype.name).itemsize
    if storage.n_bytes % item:
        raise Refused(f"a storage of {storage.n_bytes} bytes is not a multiple of {dtype.name}")
    typed = Storage(storage.key, dtype.name, storage.n_bytes // item)
    return _view(typed, offset, size, stride, dtype.name)


def _view(storage: Storage, offset: Any, size: Any, stride: Any, dtype: str) -> View:
    shape, strides = whole_numbers(size, "a size"), whole_numbers(stride, "a stride")
    (start,) = whole_numbers((offset,), "an offset")
    if len(shape) != len(strides) or len(shape) > _MAX_RANK:
        raise Refused(f"size {shape} and stride {strides} do not match")
    if 0 not in shape:
        last = start + sum((n - 1) * s for n, s in zip(shape, strides, strict=True))
        # A stride of 0 repeats numbers: a file of a kilobyte could claim a terabyte.
        if last >= storage.count or math.prod(shape) > max(storage.count, 1 << 24):
            raise Refused(
                f"size {shape}, stride {strides} and offset {start} extend past the storage's "
                f"{storage.count:,} numbers"
            )
    return View(storage, start, shape, strides, dtype)


def _contiguous(shape: tuple[int, ...]) -> tuple[int, ...]:
    strides, step = [], 1
    for size in reversed(shape):
        strides.append(step)
        step *= max(size, 1)
    return tuple(reversed(strides))


def storage_of(pid: Any) -> Storage:
    """Return the storage of a persistent id.

    Ids are ``('storage', type, key, device, count)``; those of old files may have a view, too.
    """
    if not isinstance(pid, tuple) or len(pid) < 5 or pid[0] != "storage":
        raise Refused(f"it refers to {str(pid)[:60]!r}, expected a storage")
    _, kind, key, _, count = pid[:5]
    if not isinstance(kind, StorageType):
        raise Refused(f"its storage has the unknown type {str(getattr(kind, 'name', kind))[:60]!r}")
    if not isinstance(key, str):
        raise Refused(f"its storage has the key {str(key)[:60]!r}, expected a string")
    (count,) = whole_numbers((count,), "the size of a storage")
    return Storage(key, kind.dtype, count)


def _nothing(*_: Any) -> None:
    return None


def _size(*args: Any) -> tuple[Any, ...]:
    return tuple(args[0]) if args and isinstance(args[0], (tuple, list)) else ()


def _parameter(tensor: Any, *_: Any) -> Any:
    return tensor


def _from_type(function: Any, kind: Any, args: Any, *_: Any) -> Any:
    """Rebuild a tensor subclass as the tensor that it wraps."""
    if not isinstance(function, Function) or not isinstance(args, tuple):
        return Skipped("a tensor of a class of its own")
    return function.call(*args)


_SPARSE, _QUANTIZED = Skipped("a sparse tensor"), Skipped("a quantized tensor")

#: What torch's names stand for.
TORCH: dict[str, Any] = {
    "torch.Size": Function(_size),
    "torch.device": Function(_nothing),
    "torch._utils._rebuild_tensor": Function(_rebuild),
    "torch._utils._rebuild_tensor_v2": Function(_rebuild),
    "torch._utils._rebuild_tensor_v3": Function(_rebuild_v3),
    "torch._utils._rebuild_parameter": Function(_parameter),
    "torch._utils._rebuild_parameter_with_state": Function(_parameter),
    "torch._tensor._rebuild_from_type_v2": Function(_from_type),
    "torch.serialization._get_layout": Function(_nothing),
    "torch._utils._rebuild_sparse_tensor": _SPARSE,
    "torch._utils._rebuild_sparse_csr_tensor": _SPARSE,
    "torch._utils._rebuild_qtensor": _QUANTIZED,
    "torch._utils._rebuild_wrapper_subclass": Skipped("a wrapped tensor"),
    "torch._utils._rebuild_meta_tensor_no_storage": Skipped("a tensor without data"),
}


def torch_name(full: str) -> StorageType | DType | None:
    """Return what a name of torch that is no function stands for: a storage's type, or a dtype."""
    return storage_types(full) or is_dtype(full)


def read_torch_pickle(stream: Stream, storage: Storages = storage_of) -> Any:
    """Return the value of a pickle that PyTorch wrote; see `read_pickle`."""
    return read_pickle(stream, storage, TORCH, torch_name)

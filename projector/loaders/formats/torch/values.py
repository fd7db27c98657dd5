"""Stand-ins for the values of torch and numpy while a pickle is read: locations, not numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.loaders.decoders.dtypes import dtype_of
from projector.typing import AnyArray


class Refused(ValueError):
    """A pickle that PyTorch would not write; loaders turn it into a LoadError."""


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


@dataclass
class Array:
    """A numpy array whose bytes are in the pickle itself."""

    shape: tuple[int, ...] = (0,)
    dtype: str = ""
    data: bytes = field(default=b"", repr=False)
    fortran: bool = False

    def build(self, state: Any) -> None:
        """Set the state that numpy pickles: version, shape, dtype, order, bytes."""
        _, shape, dtype, fortran, data = state
        kind = _numpy_dtype(dtype)
        shape = _counts(shape, "the shape of an array")
        if not isinstance(data, bytes) or len(data) != math.prod(shape) * kind.itemsize:
            raise Refused(f"an array of shape {shape} has the wrong number of bytes")
        self.shape, self.dtype, self.data = shape, kind.str, data
        self.fortran = bool(fortran)

    def take(self) -> AnyArray:
        """Return the numbers."""
        values: AnyArray = np.frombuffer(self.data, np.dtype(self.dtype))
        return values.reshape(self.shape, order="F" if self.fortran else "C")


class Skipped:
    """A function that rebuilds a value that is not shown; only what it is, is kept."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __call__(self, *_: Any) -> Skipped:
        """Return itself, whatever the arguments are."""
        return self


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
    shape, strides = _counts(size, "a size"), _counts(stride, "a stride")
    (start,) = _counts((offset,), "an offset")
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


def _counts(values: Any, what: str) -> tuple[int, ...]:
    if not isinstance(values, (tuple, list)) or any(type(v) is not int for v in values):
        raise Refused(f"{what} is {str(values)[:60]}, expected whole numbers")
    if any(not 0 <= v < 1 << 62 for v in values):
        raise Refused(f"{what} is {tuple(values)}, expected numbers from 0")
    return tuple(values)


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
    (count,) = _counts((count,), "the size of a storage")
    return Storage(key, kind.dtype, count)


class NumpyType(Array):
    """A numpy dtype; like an array, it gets its state (the byte order) by BUILD."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def build(self, state: Any) -> None:
        """Set the state that numpy pickles: version, byte order, and more that is not needed."""
        order = state[1] if isinstance(state, tuple) and len(state) > 1 else "="
        if order in ("<", ">", "|", "=") and self.text[:1] not in "<>|=":
            self.text = ("" if order == "|" else order) + self.text


def _numpy_dtype(dtype: Any) -> np.dtype[Any]:
    text = dtype.text if isinstance(dtype, NumpyType) else ""
    try:
        kind = np.dtype(text) if text else None
    except (TypeError, ValueError):
        kind = None
    if kind is None or kind.hasobject or kind.kind not in "biufcSU":
        raise Refused(f"an array has the dtype {text!r}, expected numbers")
    return kind


def _make_dtype(text: Any, *_: Any) -> NumpyType:
    return NumpyType(str(text)[:8])


def _make_array(*_: Any) -> Array:
    return Array()


def _make_scalar(dtype: Any, data: Any = b"", *_: Any) -> Any:
    kind = _numpy_dtype(dtype)
    if not isinstance(data, bytes) or len(data) != kind.itemsize:
        raise Refused("a numpy number has the wrong number of bytes")
    return None  # single numbers are not shown


TORCH: dict[str, Any] = {
    "torch._utils._rebuild_tensor": _rebuild,
    "torch._utils._rebuild_tensor_v2": _rebuild,
    "torch._utils._rebuild_tensor_v3": _rebuild_v3,
}
NUMPY: dict[str, Any] = {
    f"{core}.{name}": function
    for core in ("numpy.core.multiarray", "numpy._core.multiarray", "numpy")
    for name, function in (
        ("_reconstruct", _make_array),
        ("scalar", _make_scalar),
        ("dtype", _make_dtype),
        ("ndarray", _make_array),
    )
}

"""numpy's arrays, types and single numbers in a pickle: their bytes are in the pickle itself."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from projector.loaders.decoders.dtypes import dtype_of
from projector.loaders.decoders.pickles.placeholders import Function, Refused, Shell
from projector.loaders.decoders.pickles.stream import Span
from projector.typing import AnyArray

#: Kinds of numpy's types that are numbers or texts of a fixed width.
_PLAIN = "biufcSU"
#: How numpy's own types are pickled: byte order, letter, bytes.
_TYPE = re.compile(r"[<>|=]?[biufcSUOVMm]\d{1,9}", re.ASCII)
_MAX_TEXT = 64


@dataclass(eq=False)
class Array:
    """A numpy array.

    Attributes
    ----------
    shape : tuple of int
    dtype : str
        numpy's short form, ``"<f4"``; empty before it is known, and where `left_out` says why the
        values are not read.
    data : bytes or Span
    fortran : bool
    objects : list or None
        The elements of an array of objects, in C order.
    left_out : str
        What the array is, if it is not one of numbers, texts or objects.
    """

    shape: tuple[int, ...] = (0,)
    dtype: str = ""
    data: bytes | Span = field(default=b"", repr=False)
    fortran: bool = False
    objects: list[Any] | None = field(default=None, repr=False)
    left_out: str = ""

    def build(self, state: Any) -> None:
        """Set the state that numpy pickles: version, shape, dtype, order, bytes."""
        if not isinstance(state, tuple) or len(state) != 5:
            return  # a subclass with a state of its own
        _, shape, dtype, fortran, data = state
        self._fill(whole_numbers(shape, "the shape of an array"), dtype, data, bool(fortran))

    def _fill(self, shape: tuple[int, ...], dtype: Any, data: Any, fortran: bool) -> None:
        self.shape, self.fortran = shape, fortran
        if not isinstance(dtype, NumpyType):
            raise Refused("an array has no dtype")
        kind = dtype.kind
        if kind is not None and kind.hasobject:
            if not isinstance(data, list) or len(data) != math.prod(shape):
                raise Refused(f"an array of shape {shape} has the wrong number of objects")
            self.objects = data
        elif kind is None or not (kind.kind in _PLAIN or kind.isbuiltin == 2):  # 2: ml_dtypes'
            self.left_out = f"an array of the type {dtype.text[:_MAX_TEXT]}"
        else:
            raw = raw_bytes(data)
            if raw is None or len(raw) != math.prod(shape) * kind.itemsize:
                raise Refused(f"an array of shape {shape} has the wrong number of bytes")
            self.dtype, self.data = kind.name if kind.isbuiltin == 2 else kind.str, raw

    def take(self) -> AnyArray:
        """Return the numbers or texts."""
        raw = self.data.array() if isinstance(self.data, Span) else self.data
        values: AnyArray = np.frombuffer(raw, dtype_of(self.dtype))
        return values.reshape(self.shape, order="F" if self.fortran else "C")


class NumpyType:
    """A numpy dtype; its byte order, and the fields of a table, come as its state."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._has_fields = False

    @property
    def kind(self) -> np.dtype[Any] | None:
        """The type; None if it is not a single known one."""
        if self._has_fields:
            return None
        if _TYPE.fullmatch(self.text):
            return np.dtype(self.text)
        try:
            return dtype_of(self.text.removeprefix("ml_dtypes.")) if "." in self.text else None
        except (TypeError, ValueError):
            return None

    def build(self, state: Any) -> None:
        """Set the state that numpy pickles: version, byte order, and more that is not needed."""
        order = state[1] if isinstance(state, tuple) and len(state) > 1 else "="
        if order in ("<", ">", "|", "=") and self.text[:1] not in "<>|=" and "." not in self.text:
            self.text = ("" if order == "|" else order) + self.text
        fields = state[2:4] if isinstance(state, tuple) else ()
        self._has_fields = any(each is not None for each in fields)


def raw_bytes(data: Any) -> bytes | Span | None:
    """Return the bytes of a value that holds bytes; Python 2 pickled them as text in Latin-1."""
    if isinstance(data, str):
        return data.encode("latin-1")
    return data if isinstance(data, (bytes, Span)) else None


def whole_numbers(values: Any, what: str) -> tuple[int, ...]:
    """Return a tuple of whole numbers from 0, or raise Refused; `what` names them."""
    if not isinstance(values, (tuple, list)) or any(type(v) is not int for v in values):
        raise Refused(f"{what} is {str(values)[:60]}, expected whole numbers")
    if any(not 0 <= v < 1 << 62 for v in values):
        raise Refused(f"{what} is {tuple(values)}, expected numbers from 0")
    return tuple(values)


def _make_dtype(text: Any, *_: Any) -> NumpyType:
    if isinstance(text, NumpyType):
        return text
    return NumpyType(str(getattr(text, "name", text))[:_MAX_TEXT])


def _make_array(*_: Any) -> Array:
    return Array()


def _from_buffer(data: Any, dtype: Any, shape: Any, order: Any = "C", *_: Any) -> Array:
    """Make an array as protocol 5 has it."""
    made = Array()
    kind = dtype if isinstance(dtype, NumpyType) else _make_dtype(dtype)
    made._fill(whole_numbers(shape, "the shape of an array"), kind, data, order == "F")
    return made


def _make_scalar(dtype: Any, data: Any = b"", *_: Any) -> Any:
    if not isinstance(dtype, NumpyType):
        raise Refused("a numpy number has no dtype")
    kind = dtype.kind
    if kind is None or kind.kind not in _PLAIN:
        return data if kind is not None and kind.hasobject else Shell(f"numpy.{dtype.text}")
    raw = raw_bytes(data)
    if raw is None or len(raw) != kind.itemsize:
        raise Refused("a numpy number has the wrong number of bytes")
    if isinstance(raw, Span):
        raw = raw.tobytes()
    return np.frombuffer(raw, kind)[0].item() if kind.itemsize else ""


NUMPY: dict[str, Any] = {
    f"{core}.{name}": Function(function)
    for core in (
        "numpy.core.multiarray",
        "numpy._core.multiarray",
        "numpy.core.numeric",
        "numpy._core.numeric",
        "numpy",
    )
    for name, function in (
        ("_reconstruct", _make_array),
        ("_frombuffer", _from_buffer),
        ("scalar", _make_scalar),
        ("dtype", _make_dtype),
        ("ndarray", _make_array),
        ("matrix", _make_array),
    )
}

"""joblib's pickles: the bytes of an array follow it in the file, and the whole may be compressed.

Source: joblib/numpy_pickle.py and joblib/compressor.py.
"""

from __future__ import annotations

import bz2
import lzma
import math
import zlib
from collections.abc import Callable
from typing import Any

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.decoders.pickles.arrays import Array, NumpyType, whole_numbers
from projector.loaders.decoders.pickles.machine import Machine
from projector.loaders.decoders.pickles.placeholders import Refused, Shell
from projector.loaders.decoders.pickles.reader import read_pickle
from projector.loaders.decoders.pickles.stream import Stream
from projector.loaders.file_bytes import FileBytes

_WRAPPER = "joblib.numpy_pickle.NumpyArrayWrapper"
_SEPARATE = ("joblib.numpy_pickle.NDArrayWrapper", "joblib.numpy_pickle_compat.")
#: The largest content of a compressed file. It is in memory while the file is read.
_LIMIT = 1 << 32


class JoblibMachine(Machine):
    """A machine that finds the arrays of joblib, which are not in the pickle itself."""

    def build(self, state: Any) -> None:
        """Set a state; in place of joblib's wrapper of an array comes the array."""
        super().build(state)
        target = self.top()
        if not isinstance(target, Shell):
            return
        if target.kind == _WRAPPER and isinstance(target.state, dict):
            self.pop()
            self.push(self._array(target.state))
        elif target.kind.startswith(_SEPARATE):
            raise Refused("its arrays are in other files, as before joblib 0.10")

    def _array(self, state: dict[Any, Any]) -> Array:
        """Read the array that follows."""
        shape, dtype = whole_numbers(state.get("shape"), "the shape of an array"), state["dtype"]
        made = Array()
        kind = dtype.kind if isinstance(dtype, NumpyType) else None
        if kind is not None and kind.hasobject:
            stream = Stream(self.source, self.position)
            value = read_pickle(stream, None, self.names, self.find, type(self))
            self.seek(stream.position)
            return value if isinstance(value, Array) else made
        if kind is None:
            raise Refused("an array has a type that is not known")
        if state.get("numpy_array_alignment_bytes") is not None:
            self.read(self.number(1))
        raw = self.span(math.prod(shape) * kind.itemsize)
        made.build((1, shape, dtype, state.get("order") == "F", raw))
        return made


def uncompressed(file: File) -> FileBytes | bytes:
    """Return the content of a file that joblib may have compressed.

    Raises
    ------
    LoadError
        It is damaged, or larger than can be read at once.
    """
    head, raw = file.head(), FileBytes(file.real)
    start = next((start for start in _DECOMPRESSORS if head.startswith(start)), None)
    if start is None:
        return raw
    try:
        machine = _DECOMPRESSORS[start]()
        content: bytes = machine.decompress(raw[:], _LIMIT)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
        raise LoadError(file.path, f"is compressed and damaged ({error}). Copy it again.") from None
    if not machine.eof:
        raise LoadError(
            file.path,
            f"is compressed and truncated, or has more than {_LIMIT >> 30} GB. Copy it again, or "
            "save it uncompressed.",
        )
    return content


_DECOMPRESSORS: dict[bytes, Callable[[], Any]] = {
    b"\x78": lambda: zlib.decompressobj(),
    b"\x1f\x8b": lambda: zlib.decompressobj(31),
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ": lzma.LZMADecompressor,
    b"\x5d\x00\x00": lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE),
}

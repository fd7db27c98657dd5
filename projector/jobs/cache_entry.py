"""The file of one result: an ``.npz`` archive, then what describes it, then a seal over all bytes.

An archive's own checksums leave out names, sizes, types and its directory. Here the seal is checked
before anything else is looked at, so that nothing damaged is ever interpreted: a flipped bit
anywhere, a part that is missing, or the entry of another key under this one. Any program that reads
``.npz`` still reads the arrays.
"""

from __future__ import annotations

import json
import math
import os
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from projector.machine.hashing import checksum
from projector.machine.memory import available_memory
from projector.machine.positioned import in_pieces, read_at
from projector.typing import AnyArray

#: A mark and the length of the description before it; then the checksum of all that and the key.
_SEAL, _TOTAL = struct.Struct("<8sQ"), struct.Struct("<Q")
_MARK = b"sealed 1"
#: Arrays start at multiples of this, so that they can be used where they are.
_ALIGNMENT = 64
#: The lengths of a member's header without its name, and of the sizes of large members in it.
_MEMBER, _SIZES = 30, 20
_PADDING = 0x5A50
#: From here on an entry must fit into the memory that is free.
_LARGE = 1 << 26


@dataclass(frozen=True)
class Stored:
    """One result: named arrays, and what describes them."""

    arrays: dict[str, AnyArray] = field(repr=False)
    about: dict[str, Any]


def write_entry(
    file: BinaryIO, key: str, arrays: Mapping[str, AnyArray], about: Mapping[str, Any]
) -> None:
    """Write the entry of `key` to an empty file."""
    out = _Summed(file)
    layout = {}
    with zipfile.ZipFile(cast(IO[bytes], out), "w") as archive:
        for name, array in arrays.items():
            values = np.asarray(array, order="C")
            info = zipfile.ZipInfo(f"{name}.npy")
            info.extra = _padding(out.length + _MEMBER + len(info.filename.encode()) + _SIZES)
            with archive.open(info, "w", force_zip64=True) as member:
                npy.write_array(member, values, allow_pickle=False)
                layout[name] = (out.length - values.nbytes, values.dtype.str, values.shape)
    text = json.dumps({"key": key, "arrays": layout, "about": dict(about)}).encode()
    out.write(text + _SEAL.pack(_MARK, len(text)))
    file.write(_TOTAL.pack(_with_key(out.sum, key)))


def read_entry(path: Path, key: str) -> Stored | None:
    """Return the entry of `key`; None if it is damaged, or that of another key.

    Raises
    ------
    OSError
        There is none, or it cannot be read.
    MemoryError
        It does not fit into the memory that is free.
    """
    content = _whole(path)
    if len(content) < _SEAL.size + _TOTAL.size:
        return None
    content, total = content[: -_TOTAL.size], content[-_TOTAL.size :].tobytes()
    if total != _TOTAL.pack(_with_key(checksum(content), key)):
        return None
    content, seal = content[: -_SEAL.size], content[-_SEAL.size :].tobytes()
    try:
        mark, length = _SEAL.unpack(seal)
        known = json.loads(content[len(content) - length :].tobytes() if mark == _MARK else b"")
        arrays = {name: _array(content, *place) for name, place in known["arrays"].items()}
        about = known["about"]
        return Stored(arrays, about) if known["key"] == key and isinstance(about, dict) else None
    except (LookupError, TypeError, ValueError, AttributeError):
        return None  # sealed, but by another program


def _array(content: NDArray[np.uint8], start: int, dtype: str, shape: list[int]) -> AnyArray:
    kind = np.dtype(dtype)
    size = math.prod(shape) * kind.itemsize
    if kind.hasobject or start < 0 or start + size > len(content):
        raise ValueError("no array of numbers in this file")
    return content[start : start + size].view(kind).reshape(shape)


def _padding(start: int) -> bytes:
    """Return an extra field of a member, after which its content starts at a round offset."""
    length = -start % _ALIGNMENT
    if not length:
        return b""
    length += _ALIGNMENT if length < 4 else 0
    return struct.pack("<HH", _PADDING, length - 4) + bytes(length - 4)


def _with_key(total: int, key: str) -> int:
    return checksum(np.frombuffer(key.encode(), np.uint8), total)


def _whole(path: Path) -> NDArray[np.uint8]:
    with path.open("rb") as file:
        source = file.fileno()
        size = os.fstat(source).st_size
        if size > _LARGE and size > available_memory() // 2:
            raise MemoryError
        content = np.empty(size, np.uint8)

        def read(start: int, stop: int) -> int:
            return start + read_at(source, content[start:stop].data, start)

        return content[: in_pieces(len(content), read)]


class _Summed:
    """A file that is only written from its start to its end, and the checksum of it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.length = 0
        self.sum = 0

    def write(self, data: bytes) -> int:
        self.sum = checksum(np.frombuffer(data, np.uint8), self.sum)
        self.length += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

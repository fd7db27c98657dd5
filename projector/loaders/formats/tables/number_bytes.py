"""Reads vectors that a database keeps as the bytes of their numbers, without any type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from projector.loaders.formats.tables.vector_rows import MOST, VectorRows, placed
from projector.loaders.formats.text.separators import usual

#: Sizes that coordinates have. Of random bytes, letters or pictures, one number in five has it.
_SMALLEST, _LARGEST = 1e-9, 1e6
#: Numbers that must have a coordinate's size before bytes are believed.
_FEWEST = 8
_SHORTEST = 4


@dataclass(frozen=True)
class BytesForm:
    """What the bytes of a column are.

    Attributes
    ----------
    dtype : {"float32", "float64"}
        Little-endian.
    n_dims : int
    """

    dtype: Literal["float32", "float64"]
    n_dims: int

    @property
    def note(self) -> str:
        """What was guessed."""
        return f"read as little-endian {self.dtype} numbers, which is a guess"


def bytes_form(blobs: Sequence[bytes | None]) -> BytesForm | None:
    """Return what the first bytes of a column are: numbers of a plausible size, or None.

    float64 is taken only where float32 is not plausible: the lower halves of float64 numbers are
    random or all zero.
    """
    present = [blob for blob in blobs if blob]
    length = usual([len(blob) for blob in present])
    if not present or any(len(blob) != length for blob in present) or length % 4:
        return None
    joined = b"".join(present)
    if length // 4 >= _SHORTEST and _is_plausible(np.frombuffer(joined, "<f4")):
        words = np.frombuffer(joined, "<u4")
        if length % 8 or length // 8 < _SHORTEST or words[::2].any():
            return BytesForm("float32", length // 4)
    if length % 8 or length // 8 < _SHORTEST or not _is_plausible(np.frombuffer(joined, "<f8")):
        return None
    return BytesForm("float64", length // 8)


def _is_plausible(values: NDArray[np.floating]) -> bool:
    with np.errstate(invalid="ignore", over="ignore"):
        sizes = np.abs(values.astype(np.float64))
    used = sizes[sizes != 0]
    if len(used) < _FEWEST:
        return False
    return bool(np.isfinite(sizes).all() and used.min() > _SMALLEST and used.max() < _LARGEST)


def parse_bytes(
    path: Path,
    name: str,
    blobs: Sequence[bytes | None],
    form: BytesForm,
    *,
    least: float = MOST,
) -> VectorRows:
    """Return the vectors of a column of bytes; rows without one are NaN. See `placed`.

    Raises
    ------
    LoadError
        Most rows have another length than the first.
    """
    kind = np.dtype(form.dtype).newbyteorder("<")
    width = form.n_dims * kind.itemsize
    rows = [row for row, blob in enumerate(blobs) if blob is not None and len(blob) == width]
    absent = [row for row, blob in enumerate(blobs) if not blob]
    joined = b"".join(blob for blob in blobs if blob is not None and len(blob) == width)
    values = np.frombuffer(joined, kind).reshape(len(rows), form.n_dims)
    return placed(path, name, values, np.array(rows, np.int64), absent, len(blobs), least=least)

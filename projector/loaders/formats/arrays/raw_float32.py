"""Raw little-endian float32, C order, whose shape stands in a config."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.safe_files import map_bytes

#: ``vectors_1000x64.bytes``: a shape in the name, where no config gives one.
_NAMED_SHAPE = re.compile(r"(?<!\d)(\d{1,12})x(\d{1,6})(?!\d)")


class RawFloat32:
    """Bytes without a header."""

    name = "raw-float32"
    title = "Raw float32"
    extensions = (".bytes", ".raw", ".f32", ".bin")

    def sniff(self, file: File) -> bool:
        """Tell by the suffix alone: bytes have no mark."""
        return file.name.lower().endswith((".bytes", ".raw", ".f32"))

    def list(self, file: File) -> Found:
        """List it where the name tells the shape; otherwise say that a config must."""
        named = _NAMED_SHAPE.search(file.name)
        if named is None:
            raise LoadError(
                file.path,
                f"{file.size:,} bytes without a shape: the number of columns can not be known. "
                "Give tensor_shape in a projector config, or put it in the name as in "
                "vectors_1000x64.bytes.",
            )
        return self.with_shape(file, (int(named[1]), int(named[2])))

    def with_shape(self, file: File, shape: tuple[int, ...]) -> Found:
        """List it with the shape that a config gives.

        Raises
        ------
        LoadError
            No matrix, or not even one row is there.
        """
        if len(shape) != 2 or min(shape) < 1:
            raise LoadError(
                file.path,
                f"tensor_shape is {list(shape)}, expected two positive numbers: rows, columns.",
            )
        rows, columns = shape
        wanted, there = 4 * math.prod(shape), file.size // (4 * columns)
        if there < 1 or not wanted / 2 <= file.size <= 2 * wanted:
            raise LoadError(
                file.path,
                f"tensor_shape {rows:,} x {columns:,} takes {wanted:,} bytes and the file has "
                f"{file.size:,}. Correct the shape, or copy the file again.",
            )
        problems: tuple[FileProblem, ...] = ()
        if wanted != file.size:
            told = _mismatch(rows, columns, file.size)
            problems = (FileProblem(told, "warning"),)
        tensor = Tensor(
            "", file.stem, (min(rows, there), columns), "float32", role="embedding", whole=True
        )
        return Found((replace(tensor, detail=shape),), problems)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Map the bytes; nothing is copied."""
        rows, columns = tensor.shape
        raw = map_bytes(file.real, 0, 4 * rows * columns)
        if len(raw) < 4 * rows * columns:
            raise LoadError(file.path, f"has {len(raw):,} bytes now: it was cut. Copy it again.")
        values = raw.view(np.dtype("<f4")).reshape(rows, columns)
        wanted, columns = tensor.detail or tensor.shape
        size = file.size
        told = () if 4 * wanted * columns == size else (_mismatch(wanted, columns, size),)
        return Loaded(values, warnings=told)


def _mismatch(rows: int, columns: int, size: int) -> str:
    there = size // (4 * columns)
    shown = min(rows, there)
    return (
        f"tensor_shape says {rows:,} x {columns:,} and the file has {size:,} bytes, which are "
        f"{size / (4 * columns):,.6g} rows of {columns:,}; the first {shown:,} are shown."
    )

"""Reads raw float32 numbers (little-endian, C order), whose shape a config gives."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.file_bytes import private_bytes

#: ``vectors_1000x64.bytes``: a shape in the name, where no config gives one.
_NAMED_SHAPE = re.compile(r"(?<!\d)(\d{1,12})x(\d{1,6})(?!\d)")


class RawFloat32:
    """Bytes without a header."""

    name = "raw-float32"
    title = "Raw float32"
    gives = "one embedding, if a config or the name gives its shape"
    extensions = (".bytes", ".raw", ".f32", ".bin")

    def sniff(self, file: File) -> bool:
        """Recognize it by suffix alone: there is no header."""
        return file.name.lower().endswith((".bytes", ".raw", ".f32"))

    def list(self, file: File) -> Found:
        """List it if its name has the shape; otherwise say that a config must give it."""
        named = _NAMED_SHAPE.search(file.name)
        if named is None:
            raise LoadError(
                file.path,
                f"has {file.size:,} bytes of unknown shape. Set tensor_shape in a projector "
                "config, or put the shape in the name, as in vectors_1000x64.bytes.",
            )
        return self.with_shape(file, (int(named[1]), int(named[2])))

    def with_shape(self, file: File, shape: tuple[int, ...]) -> Found:
        """List it with the shape that a config gives.

        Raises
        ------
        LoadError
            It is not a matrix, or the file has less than half or more than twice the bytes.
        """
        if len(shape) != 2 or min(shape) < 1:
            raise LoadError(
                file.path,
                f"tensor_shape is {list(shape)}; expected two positive numbers, rows and columns. "
                "Correct it in the config.",
            )
        rows, columns = shape
        wanted, there = 4 * math.prod(shape), file.size // (4 * columns)
        if there < 1 or not wanted / 2 <= file.size <= 2 * wanted:
            raise LoadError(
                file.path,
                f"tensor_shape {rows:,} x {columns:,} takes {wanted:,} bytes, but the file has "
                f"{file.size:,}. Correct the shape, or copy the file again.",
            )
        problems: tuple[FileProblem, ...] = ()
        if wanted != file.size:
            problems = (FileProblem(_mismatch(rows, columns, file.size), "warning"),)
        tensor = Tensor(
            "", file.stem, (min(rows, there), columns), "float32", role="embedding", whole=True
        )
        return Found((replace(tensor, detail=shape),), problems)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Memory-map the numbers; nothing is copied."""
        rows, columns = tensor.shape
        raw = private_bytes(file.real, 0, 4 * rows * columns)
        if len(raw) < 4 * rows * columns:
            raise LoadError(
                file.path, f"now has only {len(raw):,} bytes: it was truncated. Copy it again."
            )
        values = raw.view(np.dtype("<f4")).reshape(rows, columns)
        wanted, columns = tensor.detail or tensor.shape
        size = file.size
        fits = 4 * wanted * columns == size
        return Loaded(values, warnings=() if fits else (_mismatch(wanted, columns, size),))


def _mismatch(rows: int, columns: int, size: int) -> str:
    n_used = min(rows, size // (4 * columns))
    return (
        f"tensor_shape is {rows:,} x {columns:,}, but the file has {size:,} bytes, which is "
        f"{size / (4 * columns):,.6g} rows of {columns:,} numbers. The first {n_used:,} rows are "
        "shown."
    )

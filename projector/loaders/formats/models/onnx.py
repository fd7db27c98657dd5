"""Reads the weights of ONNX models, in the file itself and in files of external data."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError, ProjectorError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.decoders.dtypes import dtype_of, to_float32
from projector.loaders.decoders.protobuf import WireError, packed_varints
from projector.loaders.file_bytes import FileBytes, private_bytes
from projector.loaders.formats.models.onnx_graph import OnnxTensor, read_tensors
from projector.loaders.naming import role_of
from projector.loaders.safe_files import printable, resolve_inside
from projector.typing import AnyArray

#: The largest tensor whose numbers are varints, which Python decodes one by one.
_MAX_PACKED = 1 << 22


class Onnx:
    """A model in the exchange format of ONNX."""

    name = "onnx"
    title = "ONNX model"
    gives = "every weight; those that the graph looks rows up in are embeddings"
    extensions = (".onnx",)

    def sniff(self, file: File) -> bool:
        """Recognize it by suffix; a protocol buffer has no magic string."""
        return file.name.lower().endswith(".onnx") and bool(file.head())

    def list(self, file: File) -> Found:
        """Read the graph without its numbers."""
        tensors: list[Tensor] = []
        problems: list[FileProblem] = []
        others: Counter[str] = Counter()
        parts: dict[str, File] = {}
        for weight in _read(file)[1]:
            if not weight.dtype:
                others[weight.other] += 1
                continue
            try:
                _check(file, weight)
            except ProjectorError as error:
                problems.append(FileProblem(f"weight {printable(weight.name)!r}: {_reason(error)}"))
                continue
            if weight.external:
                name = weight.external.get("location", "")
                parts |= {name: file.folder[name]} if name in file.folder else {}
            tensors.append(_tensor(weight))
        if not tensors and not problems:
            raise LoadError(file.path, "is an ONNX model without weights. Export it with them.")
        matrices = {kind: count for kind, count in others.items() if kind != "strings"}
        if matrices:
            kinds = ", ".join(matrices)
            message = f"{sum(matrices.values()):,} weights of {kinds} are not read."
            problems.append(FileProblem(message, "warning"))
        return Found(tuple(tensors), tuple(problems), tuple(parts.values()))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Map the numbers of one weight."""
        raw, weights = _read(file)
        for weight in weights:
            if weight.name == tensor.key and weight.shape == tensor.shape:
                return Loaded(to_float32(_values(file, raw, weight)))
        raise LoadError(file.path, "has changed. Refresh the listing.")


def _reason(error: ProjectorError) -> str:
    return error.message if isinstance(error, LoadError) else str(error)


def _read(file: File) -> tuple[FileBytes, list[OnnxTensor]]:
    raw = FileBytes(file.real)
    try:
        return raw, read_tensors(raw)
    except WireError as error:
        raise LoadError(
            file.path, f"cannot be read as an ONNX model: {error}. Copy it again."
        ) from None


def _tensor(weight: OnnxTensor) -> Tensor:
    name = printable(weight.name)
    role = "embedding" if weight.is_looked_up else role_of(name, weight.shape)
    return Tensor(weight.name, name, weight.shape, weight.dtype, role=role)


def _check(file: File, weight: OnnxTensor) -> None:
    """Raise unless the number of a weight's bytes fits its shape; varints are not counted."""
    if weight.external:
        _outside(file, weight)
        return
    size, found = _size(weight), sum(map(len, weight.places))
    if weight.packed:
        if math.prod(weight.shape) > _MAX_PACKED:
            raise LoadError(file.path, "its numbers are packed one by one. Save it as raw data.")
    elif found != size:
        raise LoadError(
            file.path,
            f"has {found:,} bytes, but its shape {weight.shape} of {weight.dtype} takes {size:,}. "
            "Export the model again.",
        )


def _size(weight: OnnxTensor) -> int:
    return math.prod(weight.shape) * dtype_of(weight.dtype).itemsize


def _outside(file: File, weight: OnnxTensor) -> tuple[Path, int]:
    """Return the file of external data and the offset in it."""
    named, size = weight.external.get("location", ""), _size(weight)
    path = resolve_inside(file.root, file.path.parent, named, by=file.path)
    try:
        offset = int(weight.external.get("offset") or 0)
        length = int(weight.external.get("length") or size)
    except ValueError:
        raise LoadError(
            file.path, "has a place in external data that is no number. Export it again."
        ) from None
    if offset < 0 or length != size or offset + size > len(FileBytes(path)):
        raise LoadError(
            file.path,
            f"needs {size:,} bytes at byte {offset:,} of {printable(named)!r}, which has fewer. "
            "Copy both files again.",
        )
    return path, offset


def _bytes(file: File, raw: FileBytes, weight: OnnxTensor) -> NDArray[np.uint8]:
    if weight.external:
        path, offset = _outside(file, weight)
        return private_bytes(path, offset, _size(weight))
    if len(weight.places) == 1:
        return raw.array(weight.places[0].start, weight.places[0].stop)
    pieces = b"".join(raw[place.start : place.stop] for place in weight.places)
    return np.frombuffer(pieces, np.uint8)


def _values(file: File, whole: FileBytes, weight: OnnxTensor) -> AnyArray:
    _check(file, weight)
    raw, kind = _bytes(file, whole, weight), dtype_of(weight.dtype)
    if not weight.packed:
        return raw.view(kind).reshape(weight.shape)
    numbers: Any = packed_varints(raw.tobytes())
    if len(numbers) != math.prod(weight.shape):
        raise LoadError(
            file.path,
            f"has {len(numbers):,} numbers for the shape {weight.shape}. Export it again.",
            place=f"weight {weight.name!r}",
        )
    # Each number is the pattern of bits of a small type, or a whole number with its sign.
    wide = np.array(numbers, np.uint64)
    if kind.kind == "f" or kind.isbuiltin == 2:
        bits = wide.astype(np.dtype(f"u{kind.itemsize}"))
        return bits.view(kind).reshape(weight.shape)
    return wide.astype(np.int64 if kind.kind == "i" else kind).astype(kind).reshape(weight.shape)

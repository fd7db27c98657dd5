"""Reads the weights of ONNX models, in the file itself and in files of external data."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError, ProjectorError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.decoders.dtypes import dtype_of, to_float32
from projector.loaders.decoders.protobuf import WireError, packed_varints
from projector.loaders.formats.models.onnx_graph import OnnxTensor, read_tensors
from projector.loaders.naming import role_of
from projector.loaders.safe_files import map_bytes, printable, resolve_inside
from projector.typing import AnyArray

Raw: TypeAlias = "NDArray[np.uint8]"

#: The largest tensor whose numbers are varints, which Python decodes one by one.
_MAX_PACKED = 1 << 22


class Onnx:
    """A model in the exchange format of ONNX."""

    name = "onnx"
    title = "ONNX model"
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
        raw, weights = _read(file)
        for weight in weights:
            if not weight.dtype:
                others[weight.other] += 1
                continue
            try:
                _bytes(file, raw, weight)
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


def _read(file: File) -> tuple[Raw, list[OnnxTensor]]:
    raw = map_bytes(file.real)
    try:
        return raw, read_tensors(raw.data)
    except WireError as error:
        raise LoadError(
            file.path, f"cannot be read as an ONNX model: {error}. Copy it again."
        ) from None


def _tensor(weight: OnnxTensor) -> Tensor:
    name = printable(weight.name)
    role = "embedding" if weight.is_looked_up else role_of(name, weight.shape)
    return Tensor(weight.name, name, weight.shape, weight.dtype, role=role)


def _bytes(file: File, raw: Raw, weight: OnnxTensor) -> Raw:
    """Return the bytes of a weight, after checking their number; varints are not counted."""
    size = math.prod(weight.shape) * dtype_of(weight.dtype).itemsize
    if weight.external:
        return _external(file, weight, size)
    pieces = [raw[place.start : place.stop] for place in weight.places]
    whole = pieces[0] if len(pieces) == 1 else np.concatenate([raw[:0], *pieces])
    if weight.packed:
        if math.prod(weight.shape) > _MAX_PACKED:
            raise LoadError(file.path, "its numbers are packed one by one. Save it as raw data.")
    elif len(whole) != size:
        raise LoadError(
            file.path,
            f"has {len(whole):,} bytes, but its shape {weight.shape} of {weight.dtype} takes "
            f"{size:,}. Export the model again.",
        )
    return whole


def _external(file: File, weight: OnnxTensor, size: int) -> Raw:
    named = weight.external.get("location", "")
    path: Path = resolve_inside(file.root, file.path.parent, named, by=file.path)
    try:
        offset = int(weight.external.get("offset") or 0)
        length = int(weight.external.get("length") or size)
    except ValueError:
        raise LoadError(
            file.path, "has a place in external data that is no number. Export it again."
        ) from None
    raw = map_bytes(path, offset, length) if offset >= 0 and length == size else np.zeros(0, "u1")
    if len(raw) != size:
        raise LoadError(
            file.path,
            f"needs {size:,} bytes at byte {offset:,} of {printable(named)!r}, which has fewer. "
            "Copy both files again.",
        )
    return raw


def _values(file: File, whole: Raw, weight: OnnxTensor) -> AnyArray:
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

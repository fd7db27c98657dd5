"""Reads distributed PyTorch checkpoints: ``.distcp`` files and their index ``.metadata``.

The index is a pickle. Each piece of a tensor is a small torch archive inside
a ``.distcp`` file, at an offset that the index gives.
Source: torch/distributed/checkpoint/filesystem.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.decoders.dtypes import dtype_of, to_float32
from projector.loaders.decoders.pickles.placeholders import Refused, Shell
from projector.loaders.decoders.pickles.stream import Stream
from projector.loaders.decoders.zip_archive import Archive
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.torch.files import read_archive
from projector.loaders.formats.torch.values import DType, View, read_torch_pickle
from projector.loaders.naming import role_of
from projector.loaders.safe_files import printable, read_all
from projector.typing import AnyArray

_LIMIT = 1 << 30
_PART = ".distcp"


@dataclass(frozen=True)
class _Chunk:
    """A piece of a tensor: its position in the tensor, and the byte range of a file."""

    start: tuple[int, ...]
    shape: tuple[int, ...]
    part: File
    offset: int
    length: int


class TorchDistributed:
    """Folders that ``torch.distributed.checkpoint.save`` writes."""

    name = "torch-distributed"
    title = "PyTorch distributed checkpoint"
    gives = "every matrix, put together from its pieces"
    extensions = (_PART,)

    def sniff(self, file: File) -> bool:
        """Recognize an index by name and content, and its parts by suffix."""
        if file.name == ".metadata":
            return b"torch.distributed.checkpoint" in file.head()
        return file.name.endswith(_PART)

    def list(self, file: File) -> Found:
        """Read the index."""
        if file.name.endswith(_PART):
            if ".metadata" in file.folder:
                return Found()
            raise LoadError(file.path, "its index .metadata is missing. Copy the whole folder.")
        tensors: list[Tensor] = []
        problems: list[FileProblem] = []
        for name, (shape, dtype, pieces) in _index(file).items():
            try:
                chunks = _chunks(file, shape, dtype, pieces)
            except LoadError as error:
                problems.append(FileProblem(f"tensor {printable(name)!r}: {error.message}"))
                continue
            real = not dtype.startswith("complex")
            role = role_of(name, shape)
            tensors.append(
                Tensor(name, printable(name), shape, dtype, role=role, real=real, detail=chunks)
            )
        parts = tuple(each for n, each in file.folder.items() if n.endswith(_PART))
        return Found(tuple(tensors), tuple(problems), parts, folder_is_one=True)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Assemble a tensor from its pieces."""
        chunks: list[_Chunk] = tensor.detail
        if len(chunks) == 1 and chunks[0].shape == tensor.shape:
            return Loaded(to_float32(_read(file, chunks[0], tensor.dtype)))
        values = np.empty(tensor.shape, dtype_of(tensor.dtype))
        covered = np.zeros(tensor.shape, np.bool_)
        for chunk in chunks:
            where = tuple(slice(s, s + n) for s, n in zip(chunk.start, chunk.shape, strict=True))
            values[where] = _read(file, chunk, tensor.dtype)
            covered[where] = True
        if not covered.all():
            raise LoadError(
                file.path, "its pieces leave a gap. Save it again.", place=f"tensor {tensor.name!r}"
            )
        return Loaded(to_float32(values))


def _index(file: File) -> dict[str, tuple[tuple[int, ...], str, list[tuple[Any, Any]]]]:
    """Return shape, dtype, and (start, sizes, storage) of the pieces of each tensor by name."""
    try:
        whole = read_torch_pickle(
            Stream(read_all(file.real, limit=_LIMIT, what="an index")), _refuse
        )
    except Refused as error:
        raise LoadError(file.path, f"is refused: {error}. Save the checkpoint again.") from None
    tensors, storage = _state(whole, "state_dict_metadata"), _state(whole, "storage_data")
    if not isinstance(tensors, dict) or not isinstance(storage, dict):
        raise LoadError(file.path, "is not the index of a distributed checkpoint. Copy it again.")
    places: dict[tuple[str, Any], Any] = {}
    for key, info in storage.items():
        offset = _state(key, "offset")
        places[str(_state(key, "fqn")), tuple(offset) if offset is not None else None] = info
    found = {}
    for name, meta in tensors.items():
        size, chunks, dtype = _state(meta, "size"), _state(meta, "chunks"), _dtype(meta)
        if not isinstance(name, str) or dtype is None or not isinstance(chunks, list):
            continue  # other values, such as the number of an epoch
        pieces = []
        for chunk in chunks:
            start, sizes = _state(chunk, "offsets"), _state(chunk, "sizes")
            key = tuple(start) if isinstance(start, (tuple, list)) else None
            pieces.append(((start, sizes), places.get((name, key))))
        found[name] = (_counts(file, size), dtype, pieces)
    return found


def _refuse(pid: Any) -> Any:
    raise Refused("it contains tensors, which an index never does")


def _state(value: Any, key: str) -> Any:
    state = value.state if isinstance(value, Shell) else None
    return state.get(key) if isinstance(state, dict) else None


def _dtype(meta: Any) -> str | None:
    properties = _state(meta, "properties")
    state = properties.state if isinstance(properties, Shell) else None
    values = state if isinstance(state, (tuple, list)) else list((state or {}).values())
    return next((value.name for value in values if isinstance(value, DType)), None)


def _counts(file: File, values: Any) -> tuple[int, ...]:
    if not isinstance(values, (tuple, list)) or not all(
        type(value) is int and 0 <= value < 1 << 62 for value in values
    ):
        raise LoadError(
            file.path, f"a size is {str(values)[:60]}, expected whole numbers. Save it again."
        )
    return tuple(values)


def _chunks(file: File, shape: tuple[int, ...], dtype: str, pieces: list[Any]) -> list[_Chunk]:
    chunks = []
    for (start, sizes), info in pieces:
        begin, size = _counts(file, start), _counts(file, sizes)
        inside = len(begin) == len(size) == len(shape) and all(
            b + s <= whole for b, s, whole in zip(begin, size, shape, strict=False)
        )
        name = _state(info, "relative_path")
        part = file.folder.get(str(name))
        offset, length = _counts(file, (_state(info, "offset"), _state(info, "length")))
        if part is None or not inside:
            reason = (
                f"{printable(str(name))!r} is missing"
                if inside
                else f"a piece extends past the shape {shape}"
            )
            raise LoadError(file.path, f"{reason}. Copy the whole folder again.")
        wanted = math.prod(size) * dtype_of(dtype).itemsize
        if offset + length > part.size or wanted > length:
            raise LoadError(file.path, f"{printable(part.name)} is truncated. Copy it again.")
        chunks.append(_Chunk(begin, size, part, offset, length))
    if sum(math.prod(chunk.shape) for chunk in chunks) != math.prod(shape):
        raise LoadError(file.path, f"its pieces do not fill the shape {shape}. Save it again.")
    return chunks


def _read(file: File, chunk: _Chunk, dtype: str) -> AnyArray:
    archive = Archive(chunk.part.path, FileBytes(chunk.part.real, chunk.offset, chunk.length))
    try:
        value, root = read_archive(archive)
    except Refused as error:
        raise LoadError(
            chunk.part.path, f"is refused: {error}. Save the checkpoint again."
        ) from None
    if not isinstance(value, View) or value.shape != chunk.shape or value.dtype != dtype:
        raise LoadError(
            chunk.part.path, "contains another tensor than the index says. Save it again."
        )
    record = archive.stored(f"{root}data/{value.storage.key}")
    if len(record) != value.storage.n_bytes:
        raise LoadError(
            chunk.part.path, "a storage has another size than its tensor. Copy it again."
        )
    return value.take(record, big_endian=False)

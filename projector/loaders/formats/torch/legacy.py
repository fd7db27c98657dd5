"""Reads PyTorch's file format before 1.6: five pickles, then the bytes of every storage.

Source: torch/serialization.py, `_legacy_save`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.decoders.pickles.placeholders import Refused
from projector.loaders.decoders.pickles.reader import read_pickle
from projector.loaders.decoders.pickles.stream import Stream
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.torch.values import Storage, read_torch_pickle, storage_of

_MAGIC = 0x1950A86A20F9469CFC6C
_MAGIC_BYTES = _MAGIC.to_bytes(10, "little")


def is_legacy(head: bytes) -> bool:
    """Recognize a legacy file by the magic number inside its first pickle."""
    return head[:1] == b"\x80" and _MAGIC_BYTES in head[:24]


def read_legacy(file: File, raw: FileBytes) -> tuple[Any, dict[str, int]]:
    """Return the file's value, and the offset of each storage's bytes.

    Raises
    ------
    Refused
        See `read_pickle`.
    LoadError
        It is not a legacy file, or is truncated.
    """
    if not is_legacy(file.head()):
        raise LoadError(file.path, _other_kind(file))
    return read_legacy_bytes(file.path, raw)


def read_legacy_bytes(path: Path, raw: FileBytes | bytes) -> tuple[Any, dict[str, int]]:
    """Return the value in the bytes of a legacy file, and the offset of each storage's bytes.

    Raises
    ------
    Refused, LoadError
        See `read_legacy`; `path` is the file in which these bytes are.
    """
    value, keys, storages, at = _pickles(raw)
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise Refused("its list of storages is not a list of strings")
    places: dict[str, int] = {}
    for key in keys:
        known = storages.get(key)
        if known is None:
            raise Refused(f"its storage {key[:40]!r} belongs to no tensor")
        count = int.from_bytes(raw[at : at + 8], "little", signed=True)
        if count != known.count or at + 8 + known.n_bytes > len(raw):
            raise LoadError(
                path,
                f"storage {key!r} has {count:,} numbers, expected {known.count:,}, and "
                f"{len(raw) - at - 8:,} bytes are left. The file is truncated or damaged; copy it "
                "again.",
            )
        places[key] = at + 8
        at += 8 + known.n_bytes
    return value, places


def _pickles(raw: FileBytes | bytes) -> tuple[Any, Any, dict[str, Storage], int]:
    """Return the value, the list of its storages, these by key, and where their bytes begin."""
    storages: dict[str, Storage] = {}
    stream = Stream(raw)
    for _ in range(3):  # magic number, protocol version, system information
        read_pickle(stream)
    value = read_torch_pickle(stream, partial(_storage, storages))
    return value, read_pickle(stream), storages, stream.position


def _storage(storages: dict[str, Storage], pid: Any) -> Storage:
    found = storage_of(pid)
    root = storages.setdefault(found.key, found)
    view = pid[5] if len(pid) > 5 else None
    return root if view is None else _view(view, found)


def _view(view: Any, whole: Storage) -> Storage:
    """Refuse a storage that is part of another one, as only PyTorch before 0.4 writes it."""
    raise Refused(f"its storage {whole.key!r} is part of another, as before PyTorch 0.4")


def _other_kind(file: File) -> str:
    head = file.head()
    if not head:
        return "is empty. Save it again."
    if head.startswith(b"version https://git-lfs"):
        return "is a Git LFS pointer, not the weights. Run: git lfs pull"
    if head[:1] == b"\x80" or head[:1] in b"(c]}l":
        return (
            "is a plain Python pickle. Pickles can run any code and are never unpickled; save the "
            "tensors with torch.save, safetensors or numpy.save."
        )
    return "is not a PyTorch file, neither in zip nor in legacy format. Copy it again."

"""PyTorch's file format before 1.6: five pickles in a row, then every storage's bytes.

Source: torch/serialization.py, `_legacy_save`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.formats.torch.unpickler import Refused, Stream, read_pickle
from projector.loaders.formats.torch.values import Storage, storage_of

_MAGIC = 0x1950A86A20F9469CFC6C
_MAGIC_BYTES = _MAGIC.to_bytes(10, "little")


def is_legacy(head: bytes) -> bool:
    """Tell a legacy file by the magic number inside its first pickle."""
    return head[:1] == b"\x80" and _MAGIC_BYTES in head[:24]


def read_legacy(file: File, raw: NDArray[np.uint8]) -> tuple[Any, dict[str, int]]:
    """Return what the file holds, and where each storage's bytes begin.

    Raises
    ------
    Refused, LoadError
    """
    if not is_legacy(file.head()):
        raise LoadError(file.path, _what_it_is(file))
    storages: dict[str, Storage] = {}

    def storage(pid: Any) -> Storage:
        found = storage_of(pid)
        root = storages.setdefault(found.key, found)
        view = pid[5] if len(pid) > 5 else None
        if view is not None:
            return _view(view, found)
        return root

    stream = Stream(raw)
    for _ in range(3):  # magic number, protocol version, system information
        read_pickle(stream, _no_storage)
    value = read_pickle(stream, storage)
    keys = read_pickle(stream, _no_storage)
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise Refused("its list of storages is no list of texts")
    places: dict[str, int] = {}
    at = stream.at
    for key in keys:
        known = storages.get(key)
        if known is None:
            raise Refused(f"its storage {key[:40]!r} belongs to no tensor")
        count = int.from_bytes(raw[at : at + 8].tobytes(), "little", signed=True)
        if count != known.count or at + 8 + known.n_bytes > len(raw):
            raise LoadError(
                file.path,
                f"storage {key!r} has {count:,} numbers, expected {known.count:,}, in "
                f"{len(raw) - at - 8:,} bytes. The file is cut; copy it again.",
            )
        places[key] = at + 8
        at += 8 + known.n_bytes
    return value, places


def _view(view: Any, whole: Storage) -> Storage:
    """Refuse a storage inside another one: written by PyTorch before 0.4 only."""
    raise Refused(f"its storage {whole.key!r} is a part of another. Save it with a newer PyTorch")


def _no_storage(pid: Any) -> Any:
    raise Refused("a storage stands where none can be")


def _what_it_is(file: File) -> str:
    head = file.head()
    if not head:
        return "is empty. Save it again."
    if head.startswith(b"version https://git-lfs"):
        return "is a git-lfs pointer, not the weights. Fetch them: git lfs pull."
    if head[:1] == b"\x80" or head[:1] in b"(c]}l":
        return (
            "is a plain Python pickle, which could run anything and is never unpickled. Save "
            "tensors with torch.save, safetensors or numpy.save."
        )
    return "is no PyTorch file: neither its zip nor its legacy form. Copy it again."

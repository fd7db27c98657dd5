"""PyTorch's files without PyTorch: ``.pt``, ``.pth``, ``.bin``, zip or legacy.

State dicts, training checkpoints, whole modules and TorchScript: every tensor that can be
reached is listed under its dotted name. Nothing in the file is ever run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.decoders.dtypes import to_float32
from projector.loaders.decoders.zip_archive import MAGIC, Archive, names_in, open_archive
from projector.loaders.formats.torch.legacy import is_legacy, read_legacy
from projector.loaders.formats.torch.unpickler import Refused, Stream, read_pickle, walk
from projector.loaders.formats.torch.values import Array, Skipped, Storage, View, storage_of
from projector.loaders.naming import role_of
from projector.loaders.safe_files import map_bytes, printable

_SUFFIXES = (".pt", ".pth", ".ckpt", ".bin", ".model", ".pt2", ".t7")
_PICKLE_LIMIT = 1 << 30


@dataclass(frozen=True)
class _Content:
    """The tensors of a file, and how to get at their bytes."""

    tensors: Mapping[str, Any]
    archive: Archive | None
    root: str
    big_endian: bool
    places: Mapping[str, int]
    raw: NDArray[np.uint8]


class TorchFile:
    """What ``torch.save`` writes."""

    name = "torch"
    title = "PyTorch file"
    extensions = (".pt", ".pth", ".bin", ".ckpt")

    def sniff(self, file: File) -> bool:
        """Tell by a member data.pkl, by the legacy magic number, or by the suffix."""
        head = file.head()
        if head.startswith(MAGIC):
            return any(n.endswith("/data.pkl") or n == "data.pkl" for n in names_in(file)) or (
                file.name.lower().endswith((".pt", ".pth"))
            )
        return is_legacy(head) or file.name.lower().endswith((".pt", ".pth"))

    def list(self, file: File) -> Found:
        """Read the pickle, which holds names and shapes; no storage is read."""
        content = _open(file)
        tensors, problems = [], []
        for name, value in content.tensors.items():
            if isinstance(value, Skipped):
                problems.append(
                    FileProblem(f"{name!r} is {value.what} and is left out.", "warning")
                )
                continue
            try:
                if isinstance(value, View):
                    _check(file, content, value.storage)
                tensors.append(_tensor(name, value, file))
            except LoadError as error:
                problems.append(FileProblem(f"tensor {printable(name)!r}: {error.message}"))
        if not tensors and not problems:
            raise LoadError(file.path, "holds no tensor. Save a state dict: model.state_dict().")
        return Found(tuple(tensors), tuple(problems))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Map one tensor's storage; its checksum is verified where the file has one."""
        content = _open(file)
        value = content.tensors.get(tensor.key)
        if isinstance(value, Array):
            return Loaded(value.take())
        if not isinstance(value, View):
            raise LoadError(file.path, "is no longer in the file. Refresh.", place=tensor.name)
        raw = _check(file, content, value.storage, verify=True)
        return Loaded(to_float32(value.take(raw, content.big_endian)))


def _open(file: File) -> _Content:
    try:
        if not file.head().startswith(MAGIC):
            raw = map_bytes(file.real)
            value, places = read_legacy(file, raw)
            return _Content(_named(value, file), None, "", False, places, raw)
        archive = open_archive(file)
        value, root = read_archive(archive)
        order = f"{root}byteorder"
        big = order in archive.members and archive.read(order, limit=64).strip() == b"big"
        return _Content(_named(value, file), archive, root, big, {}, archive.raw)
    except Refused as error:
        raise LoadError(
            file.path,
            f"refused: {error}. Save tensors only: torch.save(model.state_dict(), path).",
        ) from None


def read_archive(archive: Archive) -> tuple[Any, str]:
    """Return what a torch archive's pickle holds, and the folder its records stand in.

    Raises
    ------
    Refused, LoadError
        See `read_pickle` and `Archive`.
    """
    pickles = [n for n in archive.names if n == "data.pkl" or n.endswith("/data.pkl")]
    if not pickles:
        raise LoadError(
            archive.path, "is a zip archive without data.pkl, so not PyTorch's. Unpack it."
        )
    name = min(pickles, key=lambda n: (n.count("/"), n))
    data = archive.read(name, limit=_PICKLE_LIMIT)
    return read_pickle(Stream(data), storage_of), name.removesuffix("data.pkl")


def _named(value: Any, file: File) -> dict[str, Any]:
    """Return the tensors by name; a bare tensor is called like its file."""
    found: dict[str, Any] = {}
    for name, each in walk(value):
        if isinstance(each, (View, Skipped)) or (isinstance(each, Array) and each.dtype):
            found.setdefault(name, each)
    return found


def _check(
    file: File, content: _Content, storage: Storage, *, verify: bool = False
) -> NDArray[np.uint8]:
    """Return a storage's bytes as a view of the map, after checking that they are there."""
    if content.archive is not None:
        record = f"{content.root}data/{storage.key}"
        raw = content.archive.stored(record, verify=verify)
        if len(raw) != storage.n_bytes:
            raise LoadError(
                file.path,
                f"has {len(raw):,} bytes, and {storage.count:,} {storage.dtype} take "
                f"{storage.n_bytes:,}. The file is damaged; copy it again.",
                place=f"record {record!r}",
            )
        return raw
    start = content.places.get(storage.key)
    if start is None:
        raise LoadError(file.path, f"the storage {storage.key!r} is missing. Copy it again.")
    raw = content.raw[start : start + storage.n_bytes]
    if len(raw) != storage.n_bytes:
        raise LoadError(file.path, f"the storage {storage.key!r} is cut. Copy the file again.")
    return raw


def _tensor(name: str, value: View | Array, file: File) -> Tensor:
    dtype = value.dtype if isinstance(value, View) else np.dtype(value.dtype).name
    return Tensor(
        name,
        printable(name) or file.stem,
        value.shape,
        dtype,
        role=role_of(name, value.shape) if name else "embedding",
        real=not dtype.startswith(("complex", "str", "bytes")),
        whole=not name,
    )

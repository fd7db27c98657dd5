"""Reads HDF5 files: every numeric dataset, including those of Keras weights.

A dataset can be in another file (external storage, external links, virtual datasets), claim 10^12
rows without storing any, or be reached by a loop of links. Data outside the file is refused, links
are not followed, and a size must be backed by stored bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.file_bytes import private_bytes
from projector.loaders.naming import role_of
from projector.loaders.safe_files import printable
from projector.typing import AnyArray

MAGIC = b"\x89HDF\r\n\x1a\n"
ERRORS = (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, OverflowError)
#: Compression beyond this factor is not plausible.
_MAX_RATIO = 1000
_MAX_GROUPS = 100_000


@contextmanager
def opened(file: File, source: Any = None) -> Iterator[Any]:
    """Open an HDF5 file, or one inside an archive, for reading.

    Raises
    ------
    LoadError
        It is not HDF5, or is damaged; also if that shows only while it is read.
    """
    import h5py

    # No lock: a training could not open its own file while it is read.
    how = {"locking": False} if source is None else {}
    try:
        with h5py.File(file.real if source is None else source, "r", **how) as handle:
            yield handle
    except ERRORS as error:
        reason = str(error).partition("\n")[0][:160]
        raise LoadError(
            file.path,
            f"cannot be read as HDF5 ({reason}). It is truncated or damaged; copy it again.",
        ) from None


class Hdf5:
    """Plain HDF5 and Keras' ``.weights.h5`` and ``.h5``."""

    name = "hdf5"
    title = "HDF5 and Keras weights"
    extensions = (".h5", ".hdf5")

    def sniff(self, file: File) -> bool:
        """Recognize it by the magic string, or by suffix."""
        return file.head().startswith(MAGIC) or file.name.lower().endswith((".h5", ".hdf5"))

    def list(self, file: File) -> Found:
        """Walk the groups; no dataset is read."""
        with opened(file) as handle:
            tensors, problems = list_datasets(handle)
        return Found(tensors, problems)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one dataset; of a contiguous one take a private copy."""
        with opened(file) as handle:
            return Loaded(read_dataset(file, handle, tensor.key))


def list_datasets(handle: Any) -> tuple[tuple[Tensor, ...], tuple[FileProblem, ...]]:
    """Return the tensors of an open file, and the problems of those that are not read."""
    tensors: list[Tensor] = []
    problems: list[FileProblem] = []
    for path, dataset, layer in _datasets(handle, problems):
        reason = refusal(dataset)
        if reason:
            problems.append(FileProblem(f"dataset {path!r} {reason}"))
            continue
        aliases = (layer,) if layer else ()
        tensors.append(
            Tensor(
                path,
                printable(path),
                tuple(dataset.shape or ()),
                _dtype_name(dataset),
                role=_role(path, dataset.shape or (), layer),
                aliases=aliases,
                real=dataset.shape is not None and dataset.dtype.kind in "biuf",
            )
        )
    return tuple(tensors), tuple(problems)


def _dtype_name(dataset: Any) -> str:
    return str(dataset.dtype.newbyteorder("=").name)


def _role(path: str, shape: tuple[int, ...], layer: str) -> Any:
    if path.startswith(("optimizer/", "optimizer_weights/")):
        return "slot"
    return role_of(f"{path}/{layer}", shape)


def _datasets(handle: Any, problems: list[FileProblem]) -> Iterator[tuple[str, Any, str]]:
    """Yield every dataset once: its path, itself, and the name of its Keras layer."""
    import h5py

    waiting: list[tuple[str, Any, str]] = [("", handle, "")]
    seen: set[Any] = set()
    while waiting:
        path, group, layer = waiting.pop()
        address = h5py.h5o.get_info(group.id).addr
        if address in seen or len(seen) > _MAX_GROUPS:
            continue
        seen.add(address)
        name = group.attrs.get("name") if group.name.endswith("/vars") else None
        if isinstance(name, bytes):
            name = name.decode("utf-8", "replace")
        layer = name if isinstance(name, str) else layer
        below = []
        for key in group:
            full = f"{path}/{key}" if path else key
            child = _child(group, key, full, problems)
            if isinstance(child, h5py.Dataset):
                yield full, child, layer
            elif isinstance(child, h5py.Group):
                below.append((full, child, layer))
        waiting += reversed(below)


def _child(group: Any, key: str, full: str, problems: list[FileProblem]) -> Any:
    import h5py

    link = group.get(key, getlink=True)
    if isinstance(link, h5py.HardLink):
        return group[key]
    if isinstance(link, h5py.ExternalLink):
        message = f"{full!r} is a link to another file, {link.filename!r}, and is not followed."
        problems.append(FileProblem(f"{message} Copy the data into this file."))
    else:
        message = f"{full!r} is a link inside the file and is not followed. Its target is listed."
        problems.append(FileProblem(message, "warning"))
    return None


def refusal(dataset: Any) -> str:
    """Return why a dataset is not read, or an empty string. Reads headers only."""
    if dataset.is_virtual:
        files = sorted({str(source.file_name) for source in dataset.virtual_sources()})
        return f"is a virtual dataset of other files, {files[:3]}. Copy the data into this file."
    if dataset.external:
        files = [str(each[0]) for each in dataset.external]
        return f"stores its data in other files, {files[:3]}. Copy the data into this file."
    if dataset.shape is None or dataset.dtype.kind not in "biuf":
        return ""
    wanted = math.prod(dataset.shape) * dataset.dtype.itemsize
    stored = int(dataset.id.get_storage_size())
    limit = (
        stored if dataset.compression is None and dataset.chunks is None else stored * _MAX_RATIO
    )
    if wanted > max(limit, 0):
        return (
            f"claims {' x '.join(map(str, dataset.shape))} numbers ({wanted:,} bytes), but only "
            f"{stored:,} bytes are stored. It was never written completely; save it again."
        )
    return ""


def read_dataset(file: File, handle: Any, path: str, *, inside: bool = False) -> AnyArray:
    """Return the numbers of a dataset; `inside` if `handle` is a file inside of `file`."""
    dataset = handle[path]
    reason = refusal(dataset)
    if reason:
        raise LoadError(file.path, reason, place=f"dataset {path!r}")
    offset = None if inside else dataset.id.get_offset()
    size = math.prod(dataset.shape) * dataset.dtype.itemsize
    if offset is not None and size:
        raw = private_bytes(file.real, offset, size)
        if len(raw) == size:
            values: AnyArray = raw.view(dataset.dtype).reshape(dataset.shape)
            return values
    return np.asarray(dataset[()])

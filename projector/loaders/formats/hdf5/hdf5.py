"""HDF5: every numeric dataset inside the file, whoever wrote it. Keras' layouts are known.

A dataset can lie in another file (external storage, external links, virtual datasets), claim
10^12 rows of nothing, or be reached by a loop of links. What lies outside is refused, links are
not followed, and a size must be backed by bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.naming import role_of
from projector.loaders.safe_files import map_bytes, printable
from projector.typing import AnyArray

MAGIC = b"\x89HDF\r\n\x1a\n"
ERRORS = (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, OverflowError)
#: Compressed data that would grow beyond this factor is not believed.
_MAX_RATIO = 1000
_MANY = 100_000


@contextmanager
def opened(file: File, source: Any = None) -> Iterator[Any]:
    """Open an HDF5 file, or one inside an archive, for reading.

    Raises
    ------
    LoadError
        Not HDF5, or damaged, now or while it is read.
    """
    import h5py

    try:
        with h5py.File(file.real if source is None else source, "r") as handle:
            yield handle
    except ERRORS as error:
        told = str(error).partition("\n")[0][:160]
        raise LoadError(
            file.path, f"can not be read as HDF5 ({told}). It is cut or damaged; copy it again."
        ) from None


class Hdf5:
    """Plain HDF5 and Keras' ``.weights.h5`` and ``.h5``."""

    name = "hdf5"
    title = "HDF5 and Keras weights"
    extensions = (".h5", ".hdf5")

    def sniff(self, file: File) -> bool:
        """Tell by the magic string, or by the suffix."""
        return file.head().startswith(MAGIC) or file.name.lower().endswith((".h5", ".hdf5"))

    def list(self, file: File) -> Found:
        """Walk the groups; no dataset is read."""
        with opened(file) as handle:
            tensors, problems = list_datasets(handle)
        return Found(tensors, problems)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one dataset; a contiguous one is mapped."""
        with opened(file) as handle:
            return Loaded(read_dataset(file, handle, tensor.key))


def list_datasets(handle: Any) -> tuple[tuple[Tensor, ...], tuple[FileProblem, ...]]:
    """Return what an open file holds, and what was left out."""
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
    """Yield every dataset once: its path, itself, and Keras' name of the layer it is in."""
    import h5py

    waiting: list[tuple[str, Any, str]] = [("", handle, "")]
    seen: set[Any] = set()
    while waiting:
        path, group, layer = waiting.pop()
        address = h5py.h5o.get_info(group.id).addr
        if address in seen or len(seen) > _MANY:
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
        told = f"{full!r} is a link to another file, {link.filename!r}, and is not followed."
        problems.append(FileProblem(f"{told} Copy the data into this one."))
    else:
        told = f"{full!r} is a link inside the file and is not followed; its target is listed."
        problems.append(FileProblem(told, "warning"))
    return None


def refusal(dataset: Any) -> str:
    """Return why a dataset is not read, or nothing. Looks at headers only."""
    if dataset.is_virtual:
        files = sorted({str(source.file_name) for source in dataset.virtual_sources()})
        return f"is put together of other files, {files[:3]}, and is not read. Copy it into one."
    if dataset.external:
        files = [str(each[0]) for each in dataset.external]
        return f"keeps its bytes in other files, {files[:3]}, and is not read. Copy it into one."
    if dataset.shape is None or dataset.dtype.kind not in "biuf":
        return ""
    wanted = math.prod(dataset.shape) * dataset.dtype.itemsize
    stored = int(dataset.id.get_storage_size())
    limit = (
        stored if dataset.compression is None and dataset.chunks is None else stored * _MAX_RATIO
    )
    if wanted > max(limit, 0):
        return (
            f"claims {' x '.join(map(str, dataset.shape))} numbers, {wanted:,} bytes, and "
            f"{stored:,} are stored. It was never written; save it anew."
        )
    return ""


def read_dataset(file: File, handle: Any, path: str, *, mapped: bool = True) -> AnyArray:
    """Return a dataset's numbers, by a memory map where they lie in the file as they are."""
    dataset = handle[path]
    reason = refusal(dataset)
    if reason:
        raise LoadError(file.path, reason, place=f"dataset {path!r}")
    offset = dataset.id.get_offset() if mapped else None
    size = math.prod(dataset.shape) * dataset.dtype.itemsize
    if offset is not None and size:
        raw = map_bytes(file.real, offset, size)
        if len(raw) == size and offset % dataset.dtype.itemsize == 0:
            mapped_values: AnyArray = raw.view(dataset.dtype).reshape(dataset.shape)
            return mapped_values
    return np.asarray(dataset[()])

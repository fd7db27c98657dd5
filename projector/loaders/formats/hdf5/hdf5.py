"""Reads HDF5 files: every numeric dataset, including those of Keras weights.

A dataset can be in another file (external storage, external links, virtual datasets), claim 10^12
rows without storing any, or be reached by a loop of links. Data outside the file is refused, links
are not followed, and a size must be backed by stored bytes.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Operations, Tensor
from projector.loaders.file_bytes import private_bytes
from projector.loaders.naming import role_of
from projector.loaders.safe_files import descriptor_path, open_regular, printable, reason_of
from projector.machine.handover import empty_array
from projector.typing import AnyArray

_DEEPEST = 100
#: Formats whose datasets would be shown the wrong way round.
_OTHERS = (".h5seurat",)
#: The largest piece in which a dataset may be packed, however few bytes it has.
_LARGE_CHUNK = 1 << 26
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

    try:
        with contextlib.ExitStack() as stack:
            how: dict[str, bool] = {}
            if source is None:
                raw = stack.enter_context(open_regular(file.real))
                source = descriptor_path(raw) or raw
                # No lock: a training could not open its own file while it is read.
                how = {"locking": False} if isinstance(source, str) else {}
            yield stack.enter_context(h5py.File(source, "r", **how))
    except ERRORS as error:
        reason = reason_of(error, 160)
        raise LoadError(
            file.path,
            f"cannot be read as HDF5 ({reason}). It is truncated or damaged; copy it again.",
        ) from None


class Hdf5:
    """Plain HDF5 and Keras' ``.weights.h5`` and ``.h5``."""

    name = "hdf5"
    title = "HDF5 and Keras weights"
    gives = "every matrix by its path, with the rows of numbers and texts as labels"
    extensions = (".h5", ".hdf5")
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Recognize it by the magic string, or by suffix."""
        name = file.name.lower()
        is_hdf5 = file.head().startswith(MAGIC) and not name.endswith(_OTHERS)
        return is_hdf5 or name.endswith((".h5", ".hdf5"))

    def list(self, file: File) -> Found:
        """Walk the groups; no dataset is read."""
        with opened(file) as handle:
            tensors, problems = list_datasets(handle)
        return Found(tensors, problems)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one dataset; of a contiguous one take a private copy."""
        return next(iter(self.load_several(file, (tensor,))))

    def load_several(self, file: File, tensors: Sequence[Tensor]) -> Iterator[Loaded]:
        """Read some datasets one after the other; see `load`."""
        with opened(file) as handle:
            for tensor in tensors:
                yield Loaded(read_dataset(file, handle, tensor.key))


def list_datasets(handle: Any) -> tuple[tuple[Tensor, ...], tuple[FileProblem, ...]]:
    """Return the tensors of an open file, and the problems of those that are not read."""
    tensors: list[Tensor] = []
    problems: list[FileProblem] = []
    for path, dataset, layer in _datasets(handle, problems):
        try:
            reason = refusal(dataset)
            if not reason:
                tensors.append(_tensor(path, dataset, layer))
        except ERRORS as error:
            reason = f"cannot be read ({reason_of(error, 100)}). Save it again."
        if reason:
            problems.append(FileProblem(f"dataset {printable(path)!r} {reason}"))
    return tuple(tensors), tuple(problems)


def _tensor(path: str, dataset: Any, layer: str) -> Tensor:
    return Tensor(
        path,
        printable(path),
        tuple(dataset.shape or ()),
        _dtype_name(dataset),
        role=_role(path, dataset.shape or (), layer),
        aliases=(layer,) if layer else (),
        real=dataset.shape is not None and dataset.dtype.kind in "biuf",
    )


def _dtype_name(dataset: Any) -> str:
    return str(dataset.dtype.newbyteorder("=").name)


def _role(path: str, shape: tuple[int, ...], layer: str) -> Any:
    if path.startswith(("optimizer/", "optimizer_weights/")):
        return "slot"
    return role_of(f"{path}/{layer}", shape)


def _datasets(handle: Any, problems: list[FileProblem]) -> Iterator[tuple[str, Any, str]]:
    """Yield every dataset once: its path, itself, and the name of its Keras layer."""
    import h5py

    layers: dict[str, str] = {"": ""}
    for path, group in _groups(handle, problems):
        layers[path] = layer_of(group) or layers.get(path.rpartition("/")[0], "")
        for key in group:
            full = f"{path}/{key}" if path else key
            child = _child(group, key, full, problems)
            if isinstance(child, h5py.Dataset):
                yield full, child, layers[path]


def layer_of(group: Any) -> str:
    """Return the name of a Keras layer, which the group of its variables has; else nothing."""
    name = group.attrs.get("name") if str(group.name).endswith("/vars") else None
    if isinstance(name, bytes):
        name = name.decode("utf-8", "replace")
    return name if isinstance(name, str) else ""


def _groups(handle: Any, problems: list[FileProblem]) -> Iterator[tuple[str, Any]]:
    """Yield every group once with its path, outer ones before inner ones."""
    import h5py

    waiting: list[tuple[str, int, Any]] = [("", 0, handle)]
    seen: set[Any] = set()
    while waiting:
        path, depth, group = waiting.pop()
        address = h5py.h5o.get_info(group.id).addr
        if address in seen:
            continue
        if len(seen) >= _MAX_GROUPS or depth > _DEEPEST:
            limit = f"{_DEEPEST} deep" if depth > _DEEPEST else f"{_MAX_GROUPS:,} groups"
            message = f"only what is within {limit} is listed. Save the weights in fewer groups."
            problems.append(FileProblem(message))
            if depth > _DEEPEST:
                continue
            return
        seen.add(address)
        yield path, group
        below = []
        for key in group:
            link = group.get(key, getlink=True)
            if isinstance(link, h5py.HardLink) and group.get(key, getclass=True) is h5py.Group:
                below.append((f"{path}/{key}" if path else key, depth + 1, group[key]))
        waiting += reversed(below)


def layers_of(handle: Any) -> dict[str, str]:
    """Return the layers' names by the path of their variables."""
    found = {path: layer_of(group) for path, group in _groups(handle, [])}
    return {path: name for path, name in found.items() if name}


def _child(group: Any, key: str, full: str, problems: list[FileProblem]) -> Any:
    """Return what a link leads to, or report a link that is not followed."""
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


def member(group: Any, path: str) -> Any:
    """Return what is at a path below a group, without following links that leave the file.

    Raises
    ------
    KeyError
        It does not exist, or is reached through a link.
    """
    import h5py

    for key in path.split("/"):
        if not isinstance(group, h5py.Group) or not isinstance(
            group.get(key, getlink=True), h5py.HardLink
        ):
            raise KeyError(f"{path!r} is not in the file")
        group = group[key]
    return group


def refusal(dataset: Any) -> str:
    """Return why a dataset is not read, or an empty string. Reads headers only."""
    if dataset.is_virtual:
        files = sorted({str(source.file_name) for source in dataset.virtual_sources()})
        return f"is a virtual dataset of other files, {files[:3]}. Copy the data into this file."
    if dataset.external:
        files = [str(each[0]) for each in dataset.external]
        return f"stores its data in other files, {files[:3]}. Copy the data into this file."
    if dataset.shape is None or dataset.dtype.kind not in "biufSO":
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
    chunk = math.prod(dataset.chunks or ()) * dataset.dtype.itemsize
    if chunk > max(_LARGE_CHUNK, limit):
        return (
            f"is stored in pieces of {chunk:,} bytes, but only {stored:,} bytes are stored. Save "
            "it again, with smaller chunks."
        )
    return _missing_filter(dataset)


def _missing_filter(dataset: Any) -> str:
    """Return that a dataset is packed in a way that cannot be unpacked here, or nothing."""
    import h5py

    about = dataset.id.get_create_plist()
    for number in range(about.get_nfilters()):
        code, _, _, name = about.get_filter(number)
        if not h5py.h5z.filter_avail(code):
            shown = name.decode("utf-8", "replace")[:40] or "without a name"
            return (
                f"is packed with the filter {code} ({shown}), which is not installed here. Save "
                "it with gzip, or without compression."
            )
    return ""


def read_dataset(file: File, handle: Any, path: str, *, inside: bool = False) -> AnyArray:
    """Return the numbers of a dataset; `inside` if `handle` is a file inside of `file`."""
    dataset = member(handle, path)
    reason = refusal(dataset)
    if reason:
        raise LoadError(file.path, reason, place=f"dataset {path!r}")
    is_plain = not inside and not dataset.dtype.hasobject
    offset = dataset.id.get_offset() if is_plain else None
    size = math.prod(dataset.shape) * dataset.dtype.itemsize
    if offset is not None and size:
        raw = private_bytes(file.real, offset, size)
        if len(raw) == size:
            values: AnyArray = raw.view(dataset.dtype).reshape(dataset.shape)
            return values
    if not size or dataset.dtype.hasobject:
        return np.asarray(dataset[()])
    read = empty_array(dataset.shape, dataset.dtype)
    dataset.read_direct(read)
    return read

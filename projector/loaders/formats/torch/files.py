"""Reads PyTorch files (``.pt``, ``.pth``, ``.bin``; zip or legacy format) without PyTorch.

State dicts, training checkpoints, whole modules and TorchScript: every tensor inside is listed
under its dotted name. No code of the file is ever run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.decoders.dtypes import dtype_of, to_float32
from projector.loaders.decoders.pickles.arrays import Array
from projector.loaders.decoders.pickles.contents import contents_of
from projector.loaders.decoders.pickles.placeholders import Refused, Skipped
from projector.loaders.decoders.pickles.stream import Stream
from projector.loaders.decoders.zip_archive import MAGIC, Archive, names_in, open_archive
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.torch.legacy import is_legacy, read_legacy
from projector.loaders.formats.torch.training import Moment, Values, moment_of, values_of
from projector.loaders.formats.torch.values import Storage, View, read_torch_pickle
from projector.loaders.naming import role_of
from projector.loaders.safe_files import printable

_SUFFIXES = (".pt", ".pth", ".ckpt", ".bin", ".model", ".pt2", ".t7")
_PICKLE_LIMIT = 1 << 30


@dataclass(frozen=True)
class _Content:
    """The tensors of a file, what was left out of it, and where their bytes are."""

    tensors: Mapping[str, Any]
    note: str
    moment: Moment
    archive: Archive | None
    root: str
    big_endian: bool
    places: Mapping[str, int]
    raw: FileBytes


class TorchFile:
    """What ``torch.save`` writes."""

    name = "torch"
    title = "PyTorch file"
    gives = "every matrix by its name; objects of other libraries are counted"
    extensions = (".pt", ".pth", ".bin", ".ckpt")

    def sniff(self, file: File) -> bool:
        """Recognize it by a member data.pkl, the legacy magic number, or suffix."""
        head = file.head()
        if head.startswith(MAGIC):
            return any(n.endswith("/data.pkl") or n == "data.pkl" for n in names_in(file)) or (
                file.name.lower().endswith((".pt", ".pth"))
            )
        return is_legacy(head) or file.name.lower().endswith((".pt", ".pth"))

    def list(self, file: File) -> Found:
        """Read the pickle, which has names and shapes; no numbers are read."""
        content = _open(file)
        tensors, problems = [], []
        for name, value in content.tensors.items():
            if isinstance(value, Skipped):
                problems.append(
                    FileProblem(f"{printable(name)!r} is {value.what} and is not shown.", "warning")
                )
                continue
            try:
                if isinstance(value, View):
                    _place(file, content, value.storage)
                tensors.append(
                    value.tensor(name, file.stem)
                    if isinstance(value, Values)
                    else _tensor(name, value, file)
                )
            except LoadError as error:
                problems.append(FileProblem(f"tensor {printable(name)!r}: {error.message}"))
        if not tensors and not problems:
            more = f" {content.note}" if content.note else ""
            raise LoadError(
                file.path,
                f"contains no tensors.{more} Save a state dict: "
                "torch.save(model.state_dict(), path).",
            )
        step, epoch = content.moment
        return Found(tuple(tensors), tuple(problems), step=step, epoch=epoch)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Take a private copy of one tensor's storage; verify its checksum if the file has one."""
        return _loaded(file, _open(file), tensor)

    def load_several(self, file: File, tensors: Sequence[Tensor]) -> Iterator[Loaded]:
        """Read some tensors one after the other; the pickle is read once."""
        content = _open(file)
        for tensor in tensors:
            yield _loaded(file, content, tensor)


def _loaded(file: File, content: _Content, tensor: Tensor) -> Loaded:
    value = content.tensors.get(tensor.key)
    warnings = (content.note,) if content.note else ()
    if isinstance(value, Values):
        return Loaded(value.take(), warnings=warnings)
    if isinstance(value, Array):
        return Loaded(to_float32(value.take()), warnings=warnings)
    if not isinstance(value, View):
        raise LoadError(
            file.path,
            "is no longer in the file. Refresh the listing.",
            place=f"tensor {tensor.name!r}",
        )
    start = _place(file, content, value.storage)
    raw = content.raw.array(start, start + value.storage.n_bytes)
    if content.archive is not None:
        content.archive.verify(f"{content.root}data/{value.storage.key}", raw)
    return Loaded(to_float32(value.take(raw, content.big_endian)), warnings=warnings)


def _open(file: File) -> _Content:
    try:
        if not file.head().startswith(MAGIC):
            raw = FileBytes(file.real)
            value, places = read_legacy(file, raw)
            return _Content(*_named(value), None, "", False, places, raw)
        archive = open_archive(file)
        value, root = read_archive(archive)
        order = f"{root}byteorder"
        big = order in archive.members and archive.read(order, limit=64).strip() == b"big"
        return _Content(*_named(value), archive, root, big, {}, archive.raw)
    except Refused as error:
        raise LoadError(
            file.path,
            f"is refused: {error}. Save tensors only: torch.save(model.state_dict(), path).",
        ) from None


def read_archive(archive: Archive) -> tuple[Any, str]:
    """Return the value of a torch archive's pickle, and the folder of its records.

    Raises
    ------
    Refused
        See `read_pickle`.
    LoadError
        The archive has no pickle; see also `Archive`.
    """
    pickles = [n for n in archive.names if n == "data.pkl" or n.endswith("/data.pkl")]
    if not pickles:
        raise LoadError(
            archive.path, "is a zip archive without data.pkl, so not a PyTorch file. Unpack it."
        )
    name = pickles[0]
    if len(pickles) > 1 or name in archive.repeated:
        # Programs that look for harm in a pickle and programs that read it may take another one.
        raise Refused(f"it has several pickles, {', '.join(map(repr, pickles[:3]))}, expected one")
    data = archive.read(name, limit=_PICKLE_LIMIT)
    return read_torch_pickle(Stream(data)), name.removesuffix("data.pkl")


def _named(value: Any) -> tuple[dict[str, Any], str, Moment]:
    """Return the tensors by name, what was left out, and when it was saved.

    A single tensor has an empty name.
    """
    found: dict[str, Any] = {}
    contents = contents_of(value)
    for name, each in contents.values:
        if isinstance(each, (View, Skipped)) or (isinstance(each, Array) and each.dtype):
            found.setdefault(name, each)
        elif (labels := values_of(name, each)) is not None:
            found.setdefault(name, labels)
    return found, contents.note(), moment_of(value)


def _place(file: File, content: _Content, storage: Storage) -> int:
    """Return the offset of a storage's bytes, after checking their number."""
    if content.archive is not None:
        record = f"{content.root}data/{storage.key}"
        start, stop = content.archive.place(record)
        if stop - start != storage.n_bytes:
            raise LoadError(
                file.path,
                f"has {stop - start:,} bytes, but {storage.count:,} numbers of type "
                f"{storage.dtype} take {storage.n_bytes:,}. The file is damaged; copy it again.",
                place=f"record {record!r}",
            )
        return start
    found = content.places.get(storage.key)
    if found is None:
        raise LoadError(file.path, f"the storage {storage.key!r} is missing. Copy the file again.")
    if found + storage.n_bytes > len(content.raw):
        raise LoadError(
            file.path, f"the storage {storage.key!r} is truncated. Copy the file again."
        )
    return found


def _tensor(name: str, value: View | Array, file: File) -> Tensor:
    dtype = dtype_of(value.dtype).name
    return Tensor(
        name,
        printable(name) or file.stem,
        value.shape,
        dtype,
        role=role_of(name, value.shape) if name else "embedding",
        real=not dtype.startswith(("complex", "str", "bytes")),
        whole=not name,
    )

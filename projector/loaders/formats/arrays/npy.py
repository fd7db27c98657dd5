"""Reads NumPy's files, ``.npy`` and ``.npz``. Pickled objects in them are never unpickled."""

from __future__ import annotations

import io
import math
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.decoders.dtypes import dtype_of, to_float32
from projector.loaders.decoders.zip_archive import MAGIC, Archive, names_in, open_archive
from projector.loaders.file_bytes import private_bytes
from projector.loaders.formats.arrays.object_members import MAX_MEMBER, is_objects, texts_in
from projector.loaders.formats.arrays.scipy_sparse import (
    is_sparse_archive,
    load_sparse,
    sparse_tensor,
)
from projector.loaders.naming import is_parameter, role_of
from projector.loaders.safe_files import read_head, reason_of
from projector.model.listing import Role
from projector.typing import AnyArray

_MAGIC = b"\x93NUMPY"
#: Headers are one line of text; this is numpy's own limit for evaluating it.
_HEADER = 10_000
#: Files up to this size are read at once.
_SMALL = 1 << 16
_ERRORS = (
    ValueError,
    SyntaxError,
    TypeError,
    EOFError,
    RecursionError,
    MemoryError,
    KeyError,
    tokenize.TokenError,  # headers of Python 2 are tokenized first
)
_ARCHIVE_LIMIT = 1 << 36


@dataclass(frozen=True)
class Header:
    """What the header of an array says.

    Attributes
    ----------
    shape : tuple of int
    fortran : bool
        Whether the first axis varies fastest.
    dtype : dtype
    offset : int
        Where the numbers begin.
    """

    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype[Any]
    offset: int

    @property
    def size(self) -> int:
        """The bytes of the numbers."""
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def is_bfloat16(self) -> bool:
        """Whether its type is unknown to numpy, which writes such as voids, and has two bytes."""
        return self.dtype.kind == "V" and self.dtype.itemsize == 2 and not self.dtype.fields


def _has_header(head: bytes) -> bool:
    """Tell whether the first bytes of a file are all of its header, as they mostly are."""
    return 10 + int.from_bytes(head[8:10], "little") <= len(head) and head[6:7] == b"\1"


def _read_header(path: Path, head: bytes, place: str | None) -> Header:
    try:
        end = 10 + int.from_bytes(head[8:10], "little")
        shape, fortran, dtype, offset = _parsed(head[:end] if _has_header(head) else head)
    except _ERRORS as error:
        raise LoadError(
            path, f"has a damaged NumPy header ({reason_of(error)}). Save it again.", place=place
        ) from None
    if dtype.hasobject:
        raise LoadError(
            path,
            "contains pickled Python objects, which are never unpickled. Save numbers: "
            "np.save(path, array.astype('float32')).",
            place=place,
        )
    if any(size < 0 for size in shape):
        raise LoadError(path, f"has the impossible shape {shape}. Save it again.", place=place)
    return Header(shape, fortran, dtype, offset)


def data_offset(file: File, head: bytes) -> int:
    """Return where the numbers of an array begin, given the first bytes of its file.

    Raises
    ------
    LoadError
        They are no header.
    """
    return _read_header(file.path, head, None).offset


def header_of(file: File) -> Header:
    """Return the header of an array's file, which has all of its numbers.

    Raises
    ------
    LoadError
        It is damaged, or the file is shorter than it says.
    """
    head = file.head()
    if not _has_header(head):
        head = read_head(file.real, 2 * _HEADER)
    header = _read_header(file.path, head, None)
    if header.offset + header.size > file.size:
        raise LoadError(
            file.path,
            f"a {header.dtype} array of shape {header.shape} takes {header.size:,} bytes, but "
            f"the file has {file.size - header.offset:,}. It is truncated; copy it again.",
        )
    return header


@lru_cache(maxsize=256)
def _parsed(header: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    """Return shape, order, type and offset of an array; thousands of files have the same header."""
    stream = io.BytesIO(header)
    version = npy.read_magic(stream)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, fortran, dtype = read(stream, max_header_size=_HEADER)
    return shape, fortran, dtype, stream.tell()


def _tensor(key: str, name: str, header: Header, *, whole: bool) -> Tensor:
    return Tensor(
        key,
        name,
        header.shape,
        "bfloat16" if header.is_bfloat16 else header.dtype.newbyteorder("=").name,
        role=_role(name, header.shape, whole=whole),
        real=header.dtype.kind in "biuf" or header.is_bfloat16,
        whole=whole,
    )


def _role(name: str, shape: tuple[int, ...], *, whole: bool) -> Role:
    """Return what an array is: an embedding, unless its name is that of a model's parameter."""
    by_name = role_of(name, shape)
    is_model = is_parameter(name) and not whole
    return by_name if by_name == "slot" or is_model else "embedding"


def _shaped(values: AnyArray, header: Header) -> AnyArray:
    return values.reshape(header.shape, order="F" if header.fortran else "C")


def _loaded(values: Any, tensor: Tensor) -> Loaded:
    if tensor.dtype == "bfloat16":
        warning = "two-byte values without a type were read as bfloat16."
        return Loaded(to_float32(values.view(dtype_of("bfloat16"))), warnings=(warning,))
    return Loaded(values)


class Npy:
    """One array."""

    name = "npy"
    title = "NumPy array"
    gives = "one embedding; a row of numbers or texts serves as labels"
    extensions = (".npy",)

    def sniff(self, file: File) -> bool:
        """Recognize it by the magic string, or by suffix."""
        return file.head().startswith(_MAGIC) or file.name.lower().endswith(".npy")

    def list(self, file: File) -> Found:
        """Read the header and compare it with the size of the file."""
        return Found((_tensor("", file.stem, header_of(file), whole=True),))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Take a private copy of the array's bytes."""
        if file.size <= _SMALL:
            whole = private_bytes(file.real)
            header = _read_header(file.path, whole[: 2 * _HEADER].tobytes(), None)
            raw = whole[header.offset : header.offset + header.size]
        else:
            header = _read_header(file.path, read_head(file.real, 2 * _HEADER), None)
            raw = private_bytes(file.real, header.offset, header.size)
        if len(raw) != header.size:
            raise LoadError(file.path, "was truncated after it was listed. Copy it again.")
        return _loaded(_shaped(raw.view(header.dtype), header), tensor)


class Npz:
    """Several arrays in a zip archive."""

    name = "npz"
    title = "NumPy archive"
    gives = "every matrix, with the rows of numbers and texts as labels"
    extensions = (".npz",)

    def sniff(self, file: File) -> bool:
        """Recognize it by suffix, or by members that are arrays."""
        name = file.name.lower()
        if not file.head().startswith(MAGIC) or name.endswith(".npz"):
            return name.endswith(".npz")
        arrays = [member.endswith(".npy") for member in names_in(file)]
        # An archive of files of several kinds is unpacked file by file.
        return all(arrays) if name.endswith(".zip") and arrays else any(arrays)

    def list(self, file: File) -> Found:
        """Read every member's header."""
        archive = open_archive(file)
        tensors, problems = [], []
        members = [name for name in archive.names if name.endswith(".npy")]
        if is_sparse_archive(members):
            head = archive.read("data.npy", limit=_ARCHIVE_LIMIT, count=2 * _HEADER)
            dtype = _read_header(file.path, head, "member 'data'").dtype.newbyteorder("=").name
            return Found((sparse_tensor(file, partial(_array, file, archive), dtype),), ())
        for member in members:
            key = member.removesuffix(".npy")
            try:
                head = archive.read(member, limit=_ARCHIVE_LIMIT, count=2 * _HEADER)
                texts = _texts(archive, member) if is_objects(head) else None
                if texts is not None:
                    tensors.append(Tensor(key, key, texts.shape, "object", real=False))
                    continue
                header = _read_header(file.path, head, f"member {member!r}")
                if header.offset + header.size != archive.members[member].file_size:
                    raise LoadError(
                        file.path,
                        f"its shape {header.shape} takes {header.offset + header.size:,} bytes, "
                        f"but the archive lists {archive.members[member].file_size:,}. Save it "
                        "again.",
                    )
                tensors.append(_tensor(key, key, header, whole=False))
            except LoadError as error:
                problems.append(FileProblem(f"member {member!r}: {error.message}"))
        if not members:
            raise LoadError(file.path, "contains no arrays. Save it with np.savez.")
        return Found(tuple(tensors), tuple(problems))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one member and verify its checksum."""
        return next(iter(self.load_several(file, (tensor,))))

    def load_several(self, file: File, tensors: Sequence[Tensor]) -> Iterator[Loaded]:
        """Read some members one after the other; see `load`."""
        archive = open_archive(file)
        for tensor in tensors:
            yield _member(file, archive, tensor)


def _texts(archive: Archive, member: str) -> AnyArray | None:
    """Return a member that is a list of texts; None if it is not, or is too large for labels."""
    if archive.members[member].file_size > MAX_MEMBER:
        return None
    return texts_in(archive.read(member, limit=MAX_MEMBER))


def _member(file: File, archive: Archive, tensor: Tensor) -> Loaded:
    if tensor.whole:
        return load_sparse(file, partial(_array, file, archive), _ARCHIVE_LIMIT)
    texts = _texts(archive, f"{tensor.key}.npy") if tensor.dtype == "object" else None
    if texts is not None:
        return Loaded(texts)
    return _loaded(_array(file, archive, tensor.key, _ARCHIVE_LIMIT), tensor)


def _array(file: File, archive: Archive, key: str, limit: int) -> AnyArray:
    data = archive.read(f"{key}.npy", limit=limit)
    header = _read_header(file.path, data[: 2 * _HEADER], f"member {key!r}")
    if header.offset + header.size != len(data):
        raise LoadError(
            file.path,
            f"has {len(data) - header.offset:,} bytes, but its shape {header.shape} takes "
            f"{header.size:,}. Save it again.",
            place=f"member {key!r}",
        )
    return _shaped(np.frombuffer(data, header.dtype, offset=header.offset), header)

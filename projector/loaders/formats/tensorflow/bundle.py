"""Decodes the index of a TensorFlow V2 checkpoint, and checks and reads its tensors.

Every checksum is verified: the index's when it is decoded, a tensor's when it is read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem
from projector.loaders.decoders.crc32c import masked_crc32c
from projector.loaders.decoders.leveldb_table import read_table
from projector.loaders.decoders.protobuf import WireError
from projector.loaders.file_bytes import private_bytes
from projector.loaders.formats.tensorflow.records import (
    BundleEntry,
    BundleHeader,
    Slice,
    read_entry,
    read_header,
    slice_bounds,
    slice_key,
)
from projector.loaders.safe_files import printable
from projector.typing import AnyArray


@dataclass(frozen=True)
class Bundle:
    """The decoded index of one checkpoint."""

    file: File
    header: BundleHeader
    entries: dict[bytes, BundleEntry]
    problems: tuple[FileProblem, ...]

    @property
    def prefix(self) -> str:
        """The checkpoint's name without ``.index``."""
        return self.file.name.removesuffix(".index")

    def shard(self, number: int) -> File:
        """Return the data file with this number.

        Raises
        ------
        LoadError
            It is missing, or there cannot be one with this number.
        """
        if not 0 <= number < self.header.n_shards:
            raise LoadError(
                self.file.path,
                f"an entry points to shard {number}, but there are {self.header.n_shards} shards. "
                "The index is damaged; copy it again.",
            )
        name = f"{self.prefix}.data-{number:05d}-of-{self.header.n_shards:05d}"
        found = self.file.folder.get(name)
        if found is None:
            raise LoadError(
                self.file.path,
                f"the data file {printable(name)} is missing. Copy it into the index's folder.",
            )
        return found

    def check(self, key: bytes, entry: BundleEntry) -> None:
        """Raise LoadError unless the files can contain what `entry` says. Reads nothing."""
        if not entry.slices:
            self._check_piece(key, entry)
            return
        covered = 0
        for piece in entry.slices:
            record = self.record(key, entry, piece)
            self._check_piece(key, record)
            covered += math.prod(b.stop - b.start for b in slice_bounds(piece, entry.shape))
        total = math.prod(entry.shape)
        if covered != total:
            raise LoadError(
                self.file.path,
                f"its {len(entry.slices)} slices have {covered:,} values, but the tensor has "
                f"{total:,}: a slice is missing, or two overlap. Save the checkpoint again.",
                place=place_of(key),
            )

    def record(self, key: bytes, entry: BundleEntry, piece: Slice) -> BundleEntry:
        """Return the entry of one slice.

        Raises
        ------
        LoadError
            It is missing, or does not match the tensor.
        """
        bounds = slice_bounds(piece, entry.shape)
        record = self.entries.get(slice_key(key, piece))
        expected = tuple(bound.stop - bound.start for bound in bounds)
        if record is None:
            raise LoadError(
                self.file.path,
                f"its slice {piece} has no record. Save the checkpoint again.",
                place=place_of(key),
            )
        if record.shape != expected or record.dtype != entry.dtype or record.slices:
            raise LoadError(
                self.file.path,
                f"a slice is {record.dtype} {record.shape}, expected {entry.dtype} {expected}. "
                "Save the checkpoint again.",
                place=place_of(key),
            )
        return record

    def _check_piece(self, key: bytes, entry: BundleEntry) -> None:
        wanted = entry.n_bytes()
        if entry.size != wanted:
            raise LoadError(
                self.file.path,
                f"the entry says {entry.size:,} bytes, but a {entry.dtype} tensor of shape "
                f"{entry.shape} has {wanted:,}. The index is damaged; copy it again.",
                place=place_of(key),
            )
        shard = self.shard(entry.shard)
        if entry.offset < 0 or entry.offset + entry.size > shard.size:
            raise LoadError(
                self.file.path,
                f"bytes {entry.offset:,} to {entry.offset + entry.size:,} are needed, but "
                f"{printable(shard.name)} has only {shard.size:,}. It is truncated; copy it again.",
                place=place_of(key),
            )


def read_bundle(file: File) -> Bundle:
    """Decode an index file; invalid entries become problems.

    Raises
    ------
    LoadError
        It is not a table, or its first record is not a header.
    """
    table = read_table(file.real, file.head() if file.is_read else None)
    problems: list[FileProblem] = []
    if not table or table[0][0] != b"":
        raise LoadError(file.path, "the index has no header. Save the checkpoint again.")
    entries: dict[bytes, BundleEntry] = {}
    try:
        header = read_header(table[0][1])
    except WireError as error:
        raise LoadError(file.path, f"the header is damaged: {error}. Copy it again.") from None
    for key, value in table[1:]:
        try:
            if key in entries:
                problems.append(
                    FileProblem(f"{place_of(key)} occurs twice. The first one is shown.", "warning")
                )
            entries.setdefault(key, read_entry(value))
        except WireError as error:
            problems.append(FileProblem(f"{place_of(key)} cannot be read: {error}. Save it again."))
    return Bundle(file, header, entries, tuple(problems))


def read_values(bundle: Bundle, key: bytes, entry: BundleEntry) -> AnyArray:
    """Return a tensor's numbers in their stored type, assembled from slices if it has any.

    Raises
    ------
    LoadError
        Bytes are missing, or a checksum is wrong.

    Notes
    -----
    A whole tensor is a private copy of its bytes, and one pass over them for the checksum.
    """
    if not entry.slices:
        return _piece(bundle, key, entry)
    values = np.empty(entry.shape, entry.numpy_dtype(False))
    covered = np.zeros(entry.shape, np.bool_)
    for piece in entry.slices:
        bounds = slice_bounds(piece, entry.shape)
        if covered[bounds].any():
            raise LoadError(
                bundle.file.path, "two of its slices overlap. Save it again.", place=place_of(key)
            )
        covered[bounds] = True
        values[bounds] = _piece(bundle, key, bundle.record(key, entry, piece))
    if not covered.all():
        raise LoadError(
            bundle.file.path, "its slices leave a gap. Save it again.", place=place_of(key)
        )
    return values


def _piece(bundle: Bundle, key: bytes, entry: BundleEntry) -> AnyArray:
    shard = bundle.shard(entry.shard)
    raw = private_bytes(shard.real, entry.offset, entry.size)
    if len(raw) != entry.size:
        raise LoadError(
            shard.path,
            f"{entry.size:,} bytes are needed at byte {entry.offset:,}, but only {len(raw):,} are "
            "there. The file is truncated; copy it again.",
            place=place_of(key),
        )
    found = masked_crc32c(raw)
    if found != entry.crc:
        raise LoadError(
            shard.path,
            f"checksum mismatch: {entry.crc:#010x} is stored, but the {entry.size:,} bytes at byte "
            f"{entry.offset:,} have {found:#010x}. The file is damaged; copy it again.",
            place=place_of(key),
        )
    return raw.view(entry.numpy_dtype(bundle.header.big_endian)).reshape(entry.shape)


def name_of(key: bytes) -> str:
    """Return a key as readable text."""
    return key.decode("utf-8", "backslashreplace")


def place_of(key: bytes) -> str:
    """Return a tensor's place for a message."""
    return f"tensor {name_of(key)!r}"

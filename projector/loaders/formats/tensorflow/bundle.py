"""One TensorFlow checkpoint: its index decoded, its tensors checked and read.

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
from projector.loaders.formats.tensorflow.records import (
    BundleEntry,
    BundleHeader,
    Slice,
    read_entry,
    read_header,
    slice_bounds,
    slice_key,
)
from projector.loaders.safe_files import map_bytes, printable
from projector.typing import AnyArray


@dataclass(frozen=True)
class Bundle:
    """One checkpoint's index, decoded."""

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
            There is none.
        """
        if not 0 <= number < self.header.n_shards:
            raise LoadError(
                self.file.path,
                f"an entry points to shard {number} and there are {self.header.n_shards}. "
                "The index is damaged; copy it again.",
            )
        name = f"{self.prefix}.data-{number:05d}-of-{self.header.n_shards:05d}"
        found = self.file.folder.get(name)
        if found is None:
            raise LoadError(
                self.file.path,
                f"the data file {printable(name)} is missing. Copy it beside the index.",
            )
        return found

    def check(self, key: bytes, entry: BundleEntry) -> None:
        """Raise LoadError unless the files can hold what `entry` says. Reads nothing."""
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
                f"its {len(entry.slices)} slices hold {covered:,} of {total:,} values: a slice is "
                "missing or two overlap. Save the checkpoint anew.",
                place=place_of(key),
            )

    def record(self, key: bytes, entry: BundleEntry, piece: Slice) -> BundleEntry:
        """Return the entry of one slice's own bytes."""
        bounds = slice_bounds(piece, entry.shape)
        record = self.entries.get(slice_key(key, piece))
        expected = tuple(bound.stop - bound.start for bound in bounds)
        if record is None:
            raise LoadError(
                self.file.path,
                f"the slice {piece} is named and has no record. Save the checkpoint anew.",
                place=place_of(key),
            )
        if record.shape != expected or record.dtype != entry.dtype or record.slices:
            raise LoadError(
                self.file.path,
                f"a slice is {record.dtype} {record.shape}, expected {entry.dtype} {expected}. "
                "Save the checkpoint anew.",
                place=place_of(key),
            )
        return record

    def _check_piece(self, key: bytes, entry: BundleEntry) -> None:
        wanted = entry.n_bytes()
        if entry.size != wanted:
            raise LoadError(
                self.file.path,
                f"the entry says {entry.size:,} bytes and a {entry.dtype} tensor of shape "
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
    """Decode an index file; entries that make no sense become problems.

    Raises
    ------
    LoadError
        No table, or its first record is no header.
    """
    table = read_table(file.real)
    problems: list[FileProblem] = []
    if not table or table[0][0] != b"":
        raise LoadError(file.path, "the index has no header record. Save the checkpoint anew.")
    entries: dict[bytes, BundleEntry] = {}
    try:
        header = read_header(table[0][1])
    except WireError as error:
        raise LoadError(file.path, f"the header is damaged: {error}. Copy it again.") from None
    for key, value in table[1:]:
        try:
            if key in entries:
                problems.append(
                    FileProblem(f"{place_of(key)} stands twice; the first is shown.", "warning")
                )
            entries.setdefault(key, read_entry(value))
        except WireError as error:
            problems.append(FileProblem(f"{place_of(key)} can not be read: {error}. Save it anew."))
    return Bundle(file, header, entries, tuple(problems))


def read_values(bundle: Bundle, key: bytes, entry: BundleEntry) -> AnyArray:
    """Return a tensor's numbers in their stored type, put together where it is cut in slices.

    Notes
    -----
    A whole tensor costs no memory (it is mapped) and one pass over its bytes for the checksum.
    """
    if not entry.slices:
        return _piece(bundle, key, entry)
    values = np.empty(entry.shape, entry.numpy_dtype(False))
    covered = np.zeros(entry.shape, np.bool_)
    for piece in entry.slices:
        bounds = slice_bounds(piece, entry.shape)
        if covered[bounds].any():
            raise LoadError(
                bundle.file.path, "two of its slices overlap. Save it anew.", place=place_of(key)
            )
        covered[bounds] = True
        values[bounds] = _piece(bundle, key, bundle.record(key, entry, piece))
    if not covered.all():
        raise LoadError(
            bundle.file.path, "its slices leave a gap. Save it anew.", place=place_of(key)
        )
    return values


def _piece(bundle: Bundle, key: bytes, entry: BundleEntry) -> AnyArray:
    shard = bundle.shard(entry.shard)
    raw = map_bytes(shard.real, entry.offset, entry.size)
    if len(raw) != entry.size:
        raise LoadError(
            shard.path,
            f"{entry.size:,} bytes are wanted at {entry.offset:,} and {len(raw):,} are there. "
            "The file is cut; copy it again.",
            place=place_of(key),
        )
    found = masked_crc32c(raw)
    if found != entry.crc:
        raise LoadError(
            shard.path,
            f"checksum mismatch: {entry.crc:#010x} is stored and the {entry.size:,} bytes at "
            f"{entry.offset:,} give {found:#010x}. The file is damaged; copy it again.",
            place=place_of(key),
        )
    dtype = entry.numpy_dtype(bundle.header.big_endian)
    if entry.offset % dtype.itemsize:
        # Compiled code may take an array's alignment for granted, so this one is copied.
        return np.frombuffer(raw.tobytes(), dtype).reshape(entry.shape)
    return raw.view(dtype).reshape(entry.shape)


def name_of(key: bytes) -> str:
    """Return a key as text that people can read."""
    return key.decode("utf-8", "backslashreplace")


def place_of(key: bytes) -> str:
    """Return how a message names a tensor."""
    return f"tensor {name_of(key)!r}"

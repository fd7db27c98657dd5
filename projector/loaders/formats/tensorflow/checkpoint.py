"""Reads TensorFlow V2 checkpoints: ``PREFIX.index`` and ``PREFIX.data-SSSSS-of-NNNNN``.

TensorFlow itself is not needed. A damaged tensor costs that tensor only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor, located_message
from projector.loaders.decoders.dtypes import to_float32
from projector.loaders.decoders.leveldb_table import is_table
from projector.loaders.decoders.protobuf import WireError
from projector.loaders.formats.tensorflow.bundle import (
    Bundle,
    name_of,
    place_of,
    read_bundle,
    read_values,
)
from projector.loaders.formats.tensorflow.records import BundleEntry
from projector.loaders.formats.tensorflow.step import training_step
from projector.loaders.naming import readable_name, role_of, step_of_checkpoint
from projector.loaders.safe_files import is_unchanged, printable

_SHARD = re.compile(r"^(?P<prefix>.+)\.data-(?P<shard>\d{5,})-of-(?P<count>\d{5,})$")
#: Damaged tensors of one checkpoint that are reported one by one.
_LISTED = 3


class TensorFlowCheckpoint:
    """Version 2 checkpoints, name-based and object-based, SavedModel variables included."""

    name = "tensorflow"
    title = "TensorFlow checkpoint"
    gives = "every matrix at every step, optimizer slots last"
    extensions = (".index",)

    def sniff(self, file: File) -> bool:
        """Recognize a data file by name, and an index by name and its data files or content."""
        if _SHARD.match(file.name):
            return True
        if not file.name.endswith(".index"):
            return False
        return self._is_table(file) or file.name.removesuffix(".index") in _prefixes(file.folder)

    def list(self, file: File) -> Found:
        """List every tensor of the index; see `Loader.list`."""
        match = _SHARD.match(file.name)
        if match:
            return _orphan(file, match)
        bundle = read_bundle(file)
        tensors, problems = [], list(bundle.problems)
        damaged: list[LoadError] = []
        names = {readable_name(name_of(key)) for key in bundle.entries if not key.startswith(b"\0")}
        for key, entry in bundle.entries.items():
            if key.startswith(b"\0"):
                continue  # the record of a slice, not a tensor of its own
            try:
                if entry.is_real:
                    bundle.check(key, entry)
                tensors.append(_tensor(bundle, key, entry, names))
            except (LoadError, WireError) as error:
                damaged.append(
                    error
                    if isinstance(error, LoadError)
                    else LoadError(file.path, f"{error}. Save it again.", place=place_of(key))
                )
        problems += _problems_of(damaged)
        shards = tuple(_prefixes(file.folder).get(bundle.prefix, ()))
        step = training_step(bundle, step_of_checkpoint(bundle.prefix))
        return Found(tuple(tensors), tuple(problems), shards, step)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one tensor and verify its checksum."""
        bundle = (
            tensor.detail
            if is_unchanged(file.real, file.size, file.mtime_ns)
            else read_bundle(file)
        )
        key = tensor.key.encode("utf-8", "surrogateescape")
        entry = bundle.entries.get(key)
        if entry is None:
            raise LoadError(
                file.path,
                "is no longer in the checkpoint. Refresh the listing.",
                place=place_of(key),
            )
        try:
            bundle.check(key, entry)
            return Loaded(to_float32(read_values(bundle, key, entry)))
        except WireError as error:
            raise LoadError(file.path, f"{error}. Save it again.", place=place_of(key)) from None

    @staticmethod
    def _is_table(file: File) -> bool:
        if file.size < 48:
            return False
        try:
            return is_table(file.tail(8))
        except LoadError:
            return False


#: The folder that was asked for last: a folder of checkpoints is asked for each of them.
_last: list[tuple[Mapping[str, File], int, dict[str, list[File]]]] = []


def _prefixes(folder: Mapping[str, File]) -> dict[str, list[File]]:
    """Return the data files of a folder by the names of their checkpoints."""
    n_files = len(folder)
    kept = _last[0] if _last else None
    if kept is None or kept[0] is not folder or kept[1] != n_files:
        found: dict[str, list[File]] = {}
        for name, file in folder.items():
            match = _SHARD.match(name)
            if match:
                found.setdefault(match["prefix"], []).append(file)
        kept = (folder, n_files, found)
        _last[:] = [kept]
    return kept[2]


def _tensor(bundle: Bundle, key: bytes, entry: BundleEntry, names: set[str]) -> Tensor:
    text = name_of(key)
    name = readable_name(text)
    aliases = (text,) if text != name else (f"{text}:0",)
    return Tensor(
        key=key.decode("utf-8", "surrogateescape"),
        name=name,
        shape=entry.shape,
        dtype=entry.dtype,
        role=role_of(name, entry.shape, names),
        aliases=aliases,
        real=entry.is_real,
        detail=bundle,
    )


def _orphan(file: File, match: re.Match[str]) -> Found:
    """Report data files without an index, once per checkpoint."""
    prefix = match["prefix"]
    if f"{prefix}.index" in file.folder or int(match["shard"]) != 0:
        return Found()
    return Found(
        problems=(
            FileProblem(
                f"the index file {printable(prefix)}.index is missing; without it the data cannot "
                "be read. Copy it into this folder."
            ),
        )
    )


def _problems_of(damaged: list[LoadError]) -> Iterator[FileProblem]:
    for error in damaged[:_LISTED]:
        yield FileProblem(located_message(error))
    if len(damaged) > _LISTED:
        names = ", ".join(str(error.place) for error in damaged[_LISTED : _LISTED + 5])
        yield FileProblem(
            f"{len(damaged) - _LISTED:,} more tensors cannot be read for similar reasons: {names}"
            f"{' …' if len(damaged) > _LISTED + 5 else ''}."
        )

"""Reads Keras containers: ``.keras`` archives and sharded ``.weights.json``.

Only weights are read. ``config.json`` may contain code (a Lambda layer) and is never opened.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import IO, cast

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Operations, Tensor
from projector.loaders.bounded_json import parse_json
from projector.loaders.decoders.zip_archive import MAGIC, names_in, open_archive
from projector.loaders.formats.hdf5.hdf5 import (
    layers_of,
    list_datasets,
    opened,
    read_dataset,
)
from projector.loaders.safe_files import printable, read_all

_WEIGHTS = "model.weights.h5"
_INDEX = ".weights.json"
_LIMIT = 1 << 36


class KerasArchive:
    """A ``.keras`` file: a zip archive around an HDF5 file of weights."""

    name = "keras"
    title = "Keras archive"
    gives = "every weight under the name of its layer"
    extensions = (".keras",)
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Recognize it by its member, or by suffix."""
        if not file.head().startswith(MAGIC):
            return file.name.lower().endswith(".keras")
        return file.name.lower().endswith(".keras") or _WEIGHTS in names_in(file)

    def list(self, file: File) -> Found:
        """List the weights."""
        with opened(file, self._weights(file)) as handle:
            tensors, problems = list_datasets(handle)
        return Found(tensors, problems)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one weight."""
        with opened(file, self._weights(file)) as handle:
            return Loaded(read_dataset(file, handle, tensor.key, inside=True))

    @staticmethod
    def _weights(file: File) -> IO[bytes]:
        archive = open_archive(file)
        info = archive.members.get(_WEIGHTS)
        if info is None:
            raise LoadError(
                file.path,
                f"has no member {_WEIGHTS!r} and so no weights. Save it with model.save(path).",
            )
        if info.compress_type == 0:
            return cast(IO[bytes], archive.stored_stream(_WEIGHTS))
        return io.BytesIO(archive.read(_WEIGHTS, limit=_LIMIT))


class KerasSharded:
    """Weights in several HDF5 files, and the index that names them."""

    name = "keras-sharded"
    title = "Keras sharded weights"
    gives = "every weight of all shards"
    extensions = (".weights.json",)
    native: Operations = ("list", "load")
    reads_siblings = True

    def sniff(self, file: File) -> bool:
        """Recognize it by suffix."""
        return file.name.endswith(_INDEX)

    def list(self, file: File) -> Found:
        """List every shard; a layer's name and its weights may be in different shards."""
        names = _shards(file)
        tensors: list[Tensor] = []
        problems: list[FileProblem] = []
        parts: list[File] = []
        layers: dict[str, str] = {}
        for name in names:
            part = file.folder.get(name)
            if part is None:
                problems.append(
                    FileProblem(
                        f"{printable(name)!r} is missing. Copy it into the folder of the index."
                    )
                )
                continue
            parts.append(part)
            try:
                with opened(part) as handle:
                    found, of_part = list_datasets(handle)
                    layers |= layers_of(handle)
            except LoadError as error:
                problems.append(FileProblem(error.message, path=part.path))
                continue
            problems += [FileProblem(n.message, n.severity, part.path) for n in of_part]
            tensors += [replace(t, key=f"{name}\0{t.key}", detail=part) for t in found]
        named = [self._with_layer(tensor, layers) for tensor in tensors]
        return Found(tuple(named), tuple(problems), tuple(parts))

    @staticmethod
    def _with_layer(tensor: Tensor, layers: dict[str, str]) -> Tensor:
        layer = layers.get(tensor.name.rpartition("/")[0])
        if layer is None or layer in tensor.aliases:
            return tensor
        return replace(tensor, aliases=(*tensor.aliases, layer))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one weight from its shard."""
        part: File = tensor.detail
        with opened(part) as handle:
            return Loaded(read_dataset(part, handle, tensor.key.partition("\0")[2]))


def _shards(file: File) -> list[str]:
    try:
        content = parse_json(read_all(file.real, limit=1 << 28, what="an index"))
    except ValueError as error:
        raise LoadError(file.path, f"is not JSON: {error}. Copy it again.") from None
    weight_map = content.get("weight_map") if isinstance(content, dict) else None
    if not isinstance(weight_map, dict):
        raise LoadError(
            file.path, "has no object 'weight_map' from weights to file names. Copy it again."
        )
    names: dict[str, None] = {}
    for value in weight_map.values():  # Keras writes one name or a list of them
        for name in value if isinstance(value, list) else [value]:
            names[str(name)] = None
    return list(names)

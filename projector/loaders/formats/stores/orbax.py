"""Reads Orbax checkpoints: the arrays of a tree, as zarr chunks in an OCDBT database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.bounded_json import parse_json
from projector.loaders.decoders.dtypes import to_float32
from projector.loaders.formats.stores.zarr import listed
from projector.loaders.formats.zarr.arrays import ZarrArray, ZarrGroup
from projector.loaders.formats.zarr.ocdbt import MANIFEST, OcdbtKeys
from projector.loaders.naming import role_of
from projector.loaders.safe_files import printable, read_all

_TREE = "_METADATA"
_TREE_LIMIT = 1 << 26
#: What Orbax calls the folder of the arrays within that of a step.
_ITEMS = frozenset(str.split("default state params items model train_state pytree"))


class Orbax:
    """What ``orbax.checkpoint`` writes, and flax through it."""

    name = "orbax"
    title = "Orbax checkpoint"
    gives = "every array under its path in the tree; the step from the folder"
    extensions = ()

    def sniff(self, file: File) -> bool:
        """Recognize the folder by the manifest of its database."""
        return file.name == MANIFEST

    def list(self, file: File) -> Found:
        """Read the tree of keys and the metadata of every array; no chunk is read."""
        names = _names(file)
        tensors: list[Tensor] = []
        problems: list[FileProblem] = []
        with _explained(file):
            found, problems = listed(ZarrGroup(OcdbtKeys(file.folder)).arrays(), "checkpoint")
        for tensor in found:
            name = printable(names.get(tensor.key, tensor.key))
            role = role_of(name, tensor.shape)
            tensors.append(replace(tensor, role=role).renamed(name))
        if not tensors and not problems:
            raise LoadError(file.path, "is an Orbax checkpoint without arrays. Save it again.")
        return Found(tuple(tensors), tuple(problems), step=_step(file), folder_is_one=True)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one array."""
        with _explained(file):
            found = ZarrGroup(OcdbtKeys(file.folder)).get(tensor.key)
            if not isinstance(found, ZarrArray) or found.shape != tensor.shape:
                raise LoadError(file.path, "has changed. Refresh the listing.")
            return Loaded(to_float32(found.read()))


@contextmanager
def _explained(file: File) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise LoadError(
            file.path,
            f"cannot be read as an Orbax checkpoint: {error}. Copy the whole folder again.",
        ) from None


def _names(file: File) -> dict[str, str]:
    """Return the path in the tree of each array by its key: ``params/Dense_0/kernel``."""
    about = file.folder.get(_TREE)
    if about is None:
        return {}
    try:
        content = parse_json(read_all(about.real, limit=_TREE_LIMIT, what="the tree"))
    except (ValueError, LoadError):
        return {}  # the keys are names, too
    tree = content.get("tree_metadata") if isinstance(content, dict) else None
    names = {}
    for entry in tree.values() if isinstance(tree, dict) else ():
        parts = _parts(entry)
        if parts:
            names[".".join(parts)] = "/".join(parts)
    return names


def _parts(entry: Any) -> list[str]:
    keys = entry.get("key_metadata") if isinstance(entry, dict) else None
    parts = [each.get("key") for each in keys or () if isinstance(each, dict)]
    return [str(part) for part in parts]


def _step(file: File) -> int | None:
    """Return the step of ``500/default``; that of ``500`` is found with its siblings."""
    home = file.path.parent
    if home.name in _ITEMS and home.parent.name.isdecimal() and file.root in home.parent.parents:
        return int(home.parent.name[:18])
    return None

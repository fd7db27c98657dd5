"""Reads compressed files: what is packed in them is read by the loader that recognizes it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from projector.errors import LoadError
from projector.loaders.base import (
    File,
    FileProblem,
    Found,
    Loaded,
    Loader,
    ShapedLoader,
    Tensor,
    located_message,
)
from projector.loaders.decoders.compression import (
    SUFFIXES,
    Packed,
    depth_of,
    packed_in,
    start_of,
    unpacked,
)
from projector.loaders.formats.text.layout import may_be_rows
from projector.loaders.formats.text.lines import looks_like_text

#: Bytes of a packed file by which its format is recognized.
_START = (1 << 20) + 1
#: Packed files inside packed files that are opened; there are files that unpack to themselves.
_DEEPEST = 2
#: Members of an archive that are looked at.
_MOST_MEMBERS = 64
#: Members that never contain vectors.
_MEDIA = re.compile(
    r"\.(?:png|jpe?g|gif|bmp|webp|tiff?|svg|mp[34]|wav|flac|pdf|html?|css"
    r"|js|ts|map|py|md|rst|yaml|xml|[ch]|class|dll|so|log)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Inner:
    """A tensor of a packed file, and the loader that reads it there."""

    packed: Packed
    loader: Loader
    tensor: Tensor


class Compressed:
    """gzip, bzip2, xz and zstd around a file, and zip archives with files in them.

    Parameters
    ----------
    find : callable
        Returns the loader of an unpacked file, or None.
    """

    name = "compressed"
    title = "Compressed files and archives"
    gives = "what is inside, as if it were unpacked"
    extensions = SUFFIXES

    def __init__(self, find: Callable[[File], Loader | None]) -> None:
        self._find = find

    def sniff(self, file: File) -> bool:
        """Recognize it by its first bytes, and by a packed file that another loader recognizes."""
        packed = _members(file)
        if not packed:
            return False
        if packed[0].kind != "zip" and not start_of(packed[0]):
            return "." in packed[0].name  # damaged: said when it is listed
        return any(self._loader(each) is not None for each in packed)

    def list(self, file: File) -> Found:
        """Unpack each file, and list it."""
        return self._listed(file, lambda loader, inner: loader.list(inner))

    def with_shape(self, file: File, shape: tuple[int, ...]) -> Found:
        """List a packed file without a header of its own, whose shape a config gives.

        Raises
        ------
        LoadError
            The shape does not fit.
        """

        def shaped(loader: Loader, inner: File) -> Found:
            if isinstance(loader, ShapedLoader):
                return loader.with_shape(inner, shape)
            return loader.list(inner)

        return self._listed(file, shaped)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Unpack the file that a tensor is in, and read it."""
        detail: Any = tensor.detail
        inner: _Inner = detail
        packed = replace(inner.packed, outer=file)
        with _said(packed), unpacked(packed) as within:
            return inner.loader.load(within, inner.tensor)

    def _loader(self, packed: Packed) -> Loader | None:
        head = start_of(packed)
        opens_json = head.lstrip()[:1] in (b"{", b"[")
        if looks_like_text(head) and not opens_json and not may_be_rows(head):
            return None  # a manual page, a log, a program
        try:
            with unpacked(packed, at_most=_START) as inner:
                return self._find(inner)
        except LoadError:
            return None

    def _listed(self, file: File, ask: Callable[[Loader, File], Found]) -> Found:
        members = _members(file)
        names = _names(members)
        tensors: list[Tensor] = []
        problems: list[FileProblem] = []
        for packed in members:
            try:
                with _said(packed), unpacked(packed) as inner:
                    loader = self._find(inner)
                    found = Found() if loader is None else ask(loader, inner)
            except LoadError as error:
                if len(members) == 1:
                    raise
                problems.append(FileProblem(located_message(error)))
                continue
            place = f"member {packed.member!r}: " if packed.member else ""
            problems += [replace(each, message=place + each.message) for each in found.problems]
            if loader is not None:
                several = len(members) > 1
                tensors += [
                    _outer(packed, loader, each, names[packed.member] if several else "")
                    for each in found.tensors
                ]
        return Found(tuple(tensors), tuple(problems))


def _members(file: File) -> list[Packed]:
    kept = file.__dict__.get("_packed")
    if depth_of(file) >= _DEEPEST:
        return []
    if kept is None:
        is_zip = file.name.lower().endswith(".zip")
        kept = [
            packed
            for packed in packed_in(file)
            if (packed.kind != "zip" or is_zip) and not _MEDIA.search(packed.name)
        ][:_MOST_MEMBERS]
        object.__setattr__(file, "_packed", kept)
    return list(kept)


def _names(members: list[Packed]) -> dict[str, str]:
    """Return what tells the members apart: their names, or their paths where these repeat."""
    stems = {packed.member: PurePosixPath(packed.member).stem for packed in members}
    counts = Counter(stems.values())
    return {
        member: stem if counts[stem] == 1 else str(PurePosixPath(member).with_suffix(""))
        for member, stem in stems.items()
    }


def _outer(packed: Packed, loader: Loader, tensor: Tensor, prefix: str) -> Tensor:
    """Return a packed file's tensor as one of the archive."""
    name = tensor.name
    if prefix:
        name = prefix if tensor.whole else f"{prefix}/{name}"
    return replace(
        tensor,
        key=f"{packed.member}\0{tensor.key}",
        name=name,
        whole=tensor.whole and not prefix,
        detail=_Inner(packed, loader, tensor),
    )


@contextmanager
def _said(packed: Packed) -> Iterator[None]:
    """Name the member of an archive in errors."""
    try:
        yield
    except LoadError as error:
        member = f"member {packed.member!r}" if packed.member else ""
        if not member or member in (error.place or ""):
            raise
        place = ", ".join(part for part in (member, error.place) if part)
        raise LoadError(packed.outer.path, error.message, place=place) from None

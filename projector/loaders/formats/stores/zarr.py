"""Reads zarr stores, in a folder or a zip archive, with AnnData's layout where they have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.decoders.dtypes import to_float32
from projector.loaders.decoders.zip_archive import Archive, names_in, open_archive
from projector.loaders.formats.anndata.layout import is_anndata, list_matrices, load_matrix
from projector.loaders.formats.zarr.arrays import ZarrArray, ZarrGroup, node
from projector.loaders.formats.zarr.codecs import CodecError
from projector.loaders.formats.zarr.key_values import FolderKeys, KeyValues
from projector.loaders.formats.zarr.metadata import MetadataError
from projector.loaders.naming import role_of
from projector.loaders.safe_files import printable

#: The files that make a folder a store.
MARKERS = (".zgroup", ".zarray", "zarr.json")
#: The largest member of an archive.
_LIMIT = 1 << 31


class _ArchiveKeys:
    """The members of a zip archive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._keys = sorted(archive.names)

    def keys(self) -> Sequence[str]:
        return self._keys

    def size(self, key: str) -> int:
        info = self._archive.members.get(key)
        return 0 if info is None else info.compress_size

    def get(self, key: str) -> bytes | None:
        if key not in self._archive.members:
            return None
        return self._archive.read(key, limit=_LIMIT)


class Zarr:
    """What zarr, xarray, tensorstore and ``AnnData.write_zarr`` write."""

    name = "zarr"
    title = "Zarr store"
    gives = "every array; AnnData with its observations"
    extensions = (".zarr",)

    def sniff(self, file: File) -> bool:
        """Recognize a folder by the file that describes it, and an archive by its members."""
        if file.name in MARKERS:
            return b"zarr_format" in file.head()
        return any(marker in names_in(file) for marker in MARKERS)

    def list(self, file: File) -> Found:
        """Read the metadata of every array; no chunk is read."""
        with _explained(file):
            root = _root(file)
            if isinstance(root, ZarrArray):
                tensors, problems = listed([(printable(file.stem) or "array", root)])
                tensors = [_whole(tensor) for tensor in tensors]
            elif is_anndata(root):
                tensors, problems = list_matrices(file, root)
            else:
                tensors, problems = listed(root.arrays())
        if not tensors and not problems:
            raise LoadError(file.path, "is a zarr store without arrays. Save the arrays again.")
        return Found(tuple(tensors), tuple(problems), folder_is_one=file.name in MARKERS)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one array."""
        with _explained(file):
            root = _root(file)
            if isinstance(root, ZarrArray):
                return Loaded(to_float32(root.read()))
            if is_anndata(root):
                return load_matrix(file, root, tensor)
            found = root.get(tensor.key)
            if not isinstance(found, ZarrArray) or found.shape != tensor.shape:
                raise LoadError(file.path, "has changed. Refresh the listing.")
            return Loaded(to_float32(found.read()))


@contextmanager
def _explained(file: File) -> Iterator[None]:
    try:
        yield
    except (MetadataError, CodecError) as error:
        raise LoadError(
            file.path, f"cannot be read as a zarr store: {error}. Copy or save it again."
        ) from None


def _root(file: File) -> ZarrArray | ZarrGroup:
    keys: KeyValues
    keys = FolderKeys(file.folder) if file.name in MARKERS else _ArchiveKeys(open_archive(file))
    root = node(keys)
    if root is None:
        raise LoadError(file.path, "is an empty zarr store. Save it again.")
    return root


def _whole(tensor: Tensor) -> Tensor:
    return replace(tensor, key="", role="embedding", whole=True)


def listed(
    arrays: Iterable[tuple[str, ZarrArray | MetadataError]], store: str = "zarr store"
) -> tuple[list[Tensor], list[FileProblem]]:
    """Return arrays as tensors, and why others are not read; `store` is what they are in."""
    tensors: list[Tensor] = []
    problems: list[FileProblem] = []
    for path, found in arrays:
        name = printable(path)
        reason = str(found) + "." if isinstance(found, MetadataError) else found.refusal()
        if isinstance(found, MetadataError) or reason:
            problems.append(FileProblem(f"the array {name!r} of this {store} {reason}"))
            continue
        is_text = found.dtype.kind in "OUS"
        dtype = "str" if is_text else found.dtype.newbyteorder("=").name
        real = found.dtype.kind in "biufV"
        role = role_of(path, found.shape)
        tensors.append(Tensor(path, name, found.shape, dtype, role=role, real=real))
    return tensors, problems

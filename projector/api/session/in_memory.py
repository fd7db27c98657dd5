"""Datasets in memory, shown like a log directory. No file is written."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from projector.errors import ConflictError, ParameterError, UnknownNameError
from projector.loaders.formats.tensorflow.events import Series
from projector.loaders.logdir.run import Run
from projector.loaders.tags.sidecar import Sidecar, revision_of, tags_bytes
from projector.machine.byte_size import byte_size
from projector.machine.private_copy import copy_of
from projector.machine.private_map import owner_of
from projector.machine.scratch import is_mapped
from projector.model.arrays import as_vectors
from projector.model.dataset import Dataset
from projector.model.listing import Entry, Listing, RemoteUse
from projector.model.partitioned import PartitionedDataset
from projector.model.projection import Projection
from projector.model.tags import Tags
from projector.typing import AnyArray

#: What can be shown: paths, or datasets in memory.
Source: TypeAlias = "str | Path | Sequence[Any] | Mapping[str, Any] | Dataset | Projection | Any"

#: Appears as the log directory in the listing.
ROOT = Path("in memory")
#: The format of these entries.
FORMAT = "memory"
#: The name of a tensor without one.
_UNNAMED = "vectors"


class InMemoryLog:
    """A `Catalog` of datasets in memory.

    Parameters
    ----------
    datasets : iterable of Dataset
        Each with a name; no two with the same run, name and step.
    """

    root = ROOT
    #: Datasets in memory do not change.
    watched: tuple[Path, ...] = ()
    #: There is no folder for a sidecar: tags are kept in memory, like their datasets.
    save_sidecars = False

    def __init__(self, datasets: Iterable[Dataset]) -> None:
        self._datasets = {entry_of(data): data for data in datasets}
        self._tags: dict[tuple[str, str, int], Sidecar] = {}
        self._lock = threading.Lock()
        self.listing = self._list()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """One entry per dataset, in the given order."""
        return self.listing.entries

    @property
    def remote(self) -> tuple[RemoteUse, ...]:
        """Nothing is elsewhere."""
        return ()

    @property
    def is_outdated(self) -> bool:
        """Nothing is elsewhere."""
        return False

    def refresh(
        self, _touched: Collection[str] | None = None, /, *, elsewhere: bool = True
    ) -> bool:
        """Return False: datasets in memory do not change."""
        return False

    def load(
        self,
        entry: Entry,
        *,
        tags: bool = True,
        on_vectors: Callable[[Dataset], object] = lambda vectors: None,
    ) -> Dataset:
        """Return the dataset itself, with its tags or without."""
        found = self._datasets.get(entry.untagged)
        if found is None:
            raise UnknownNameError("embedding", entry.name, [each.name for each in self.entries])
        return self.tagged(entry, found) if tags else found

    def parts(self, _entry: Entry) -> PartitionedDataset | None:
        """Return None: all points are in memory."""
        return None

    def tagged(self, entry: Entry, data: Dataset) -> Dataset:
        """Return a dataset that was loaded without tags, with the current tags."""
        tags = self.tags(entry)
        return data.with_metadata(tags.over(data.metadata)) if tags.columns else data

    def tags(self, entry: Entry) -> Tags:
        """Return the tags of an entry's tensor; without columns if there are none."""
        return self.sidecar(entry).tags or Tags(entry.name, entry.n_points)

    def sidecar(self, entry: Entry) -> Sidecar:
        """Return an entry's tags and their revision."""
        return self._tags.get(_point_space(entry)) or Sidecar(None, None, "")

    def save_tags(
        self, entry: Entry, tags: Tags, *, expected: str | None = None, to_file: bool = True
    ) -> Sidecar:
        """Replace an entry's tags, in memory; see `Log.save_tags`."""
        with self._lock:
            if (tags.tensor, tags.n_points) != (entry.name, entry.n_points):
                raise ParameterError(
                    f"These are tags of {tags.tensor!r} with {tags.n_points:,} points. Expected "
                    f"{entry.name!r} with {entry.n_points:,} points."
                )
            if expected is not None and expected != self.sidecar(entry).revision:
                raise ConflictError(
                    "These tags have been changed since. Reload them and try again."
                )
            saved = Sidecar(None, tags, revision_of(tags_bytes(tags)))
            self._tags[_point_space(entry)] = saved
            self.listing = self._list()
            return saved

    def bookmarks(self, entry: Entry) -> bytes:
        """Raise UnknownNameError: no config names bookmarks for a dataset in memory."""
        raise UnknownNameError.missing("bookmarks", repr(entry.name))

    def media(self, entry: Entry, named: str) -> tuple[bytes, str]:
        """Raise UnknownNameError: paths in the metadata lead nowhere without a folder."""
        raise UnknownNameError.missing("image or sound", repr(entry.name))

    def scalars(self, entry: Entry) -> tuple[dict[str, Series], list[str]]:
        """Return no scalars: a dataset in memory belongs to no training run."""
        return {}, []

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs that the datasets name; they have no event files."""
        names = dict.fromkeys(entry.run for entry in self.entries)
        return tuple(
            Run(name, [entry for entry in self.entries if entry.run == name], ()) for name in names
        )

    def _list(self) -> Listing:
        entries = tuple(
            replace(entry, tags=self.sidecar(entry).revision) for entry in self._datasets
        )
        runs = tuple(dict.fromkeys(entry.run for entry in entries))
        return Listing(ROOT, entries, (), runs)


def _point_space(entry: Entry) -> tuple[str, str, int]:
    return (entry.run, entry.name, entry.n_points)


def entry_of(data: Dataset, form: str = FORMAT) -> Entry:
    """Return the entry that lists a dataset; `form` is its format."""
    about = data.embedding
    return Entry(
        about.run,
        about.name,
        about.step,
        (data.n_points, data.n_dims),
        str(data.vectors.dtype),
        form,
        path="",
        has_metadata=bool(data.metadata.columns),
        has_sprite=data.sprite is not None,
    )


def is_in_memory(source: Source) -> bool:
    """Return whether `source` is something in memory, not a path or several paths."""
    if isinstance(source, (str, Path)):
        return False
    if isinstance(source, Sequence) and not isinstance(source, Mapping):
        return not (source and isinstance(source[0], (str, Path)))
    return True


def open_in_memory(source: Source) -> InMemoryLog:
    """Return a catalog of datasets, projections and arrays.

    Parameters
    ----------
    source : Dataset, Projection, array-like, or a sequence or mapping of them
        Arrays have the shape (n_points, n_dims). A mapping gives names. In a sequence a Dataset
        has its own name, and what has none is numbered. A Projection is shown by its positions.

    Raises
    ------
    ParameterError
        There is nothing that can be shown, or two datasets have the same run, name and step.
    """
    if isinstance(source, Mapping):
        named = [_dataset(each, str(name)) for name, each in source.items()]
    elif isinstance(source, Sequence):
        default = [
            _UNNAMED if len(source) == 1 else f"{_UNNAMED} {i + 1}" for i in range(len(source))
        ]
        named = [_dataset(each, None, name) for each, name in zip(source, default, strict=True)]
    else:
        named = [_dataset(source, None, _UNNAMED)]
    if not named:
        raise ParameterError("There is nothing to show. Give a path, a Dataset or an array.")
    places = Counter((d.embedding.run, d.embedding.name, d.embedding.step) for d in named)
    (run, name, step), n_times = places.most_common(1)[0]
    if n_times > 1:
        raise ParameterError(
            f"{n_times} datasets have the name {name!r}, run {run!r} and step {step}. Name them, "
            "as in serve({'before': a, 'after': b}), or give them different steps."
        )
    return InMemoryLog(named)


#: What objects have that are arrays, data frames or sparse matrices.
_PROTOCOLS = ("__array__", "__dlpack__", "__arrow_c_stream__", "__dataframe__", "toarray")


def _dataset(source: Any, name: str | None, otherwise: str = _UNNAMED) -> Dataset:
    data = _as_dataset(source)
    final = name if name is not None else data.embedding.name or otherwise
    return data if data.embedding.name == final else data.renamed(final)


def _as_dataset(source: Any) -> Dataset:
    if isinstance(source, Dataset):
        own = _private(source.vectors)
        if own is source.vectors:
            return source
        embedding = replace(source.embedding, vectors=own)
        warnings = source.given_warnings
        return source.like(Dataset(embedding, source.metadata, source.sprite, warnings=warnings))
    if isinstance(source, Projection):
        return Dataset(source.positions, name=source.method)
    # A list of numbers could mean anything; an array has a shape.
    if any(hasattr(source, protocol) for protocol in _PROTOCOLS):
        vectors, notes = as_vectors(source)
        return Dataset(_private(vectors), warnings=notes)
    raise ParameterError(
        "Expected a Dataset, a Projection or an array of shape (n_points, n_dims). Got "
        f"{type(source).__name__}. Do not mix paths with datasets in memory."
    )


def _private(vectors: AnyArray) -> AnyArray:
    """Return vectors that no other program can shorten: a copy if they are a map of a file."""
    if not is_mapped(vectors) or owner_of(vectors) is not None:
        return vectors
    try:
        return copy_of(vectors)
    except OSError as error:
        raise ParameterError(
            f"A memory map of {byte_size(vectors.nbytes)} cannot be copied ({error.strerror}): "
            "its file was shortened, or the temporary folder is full. Load it again, or set TMPDIR "
            "to a folder with more space."
        ) from None

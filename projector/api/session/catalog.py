"""The interface through which a session sees its datasets, on disk or in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Protocol

from projector.loaders.formats.tensorflow.events import Series
from projector.loaders.logdir.run import Run
from projector.loaders.tags.sidecar import Sidecar
from projector.model.dataset import Dataset
from projector.model.listing import Entry, Listing, RemoteUse
from projector.model.partitioned import PartitionedDataset
from projector.model.tags import Tags


class Catalog(Protocol):
    """A listing of embeddings, and everything that belongs to its entries.

    `LogdirCatalog` implements it for a log directory, `GroupedLogs` for several, `InMemoryLog`
    for the datasets of a notebook. All methods may be called from any thread. A method that is
    given an entry which is no longer listed raises UnknownNameError.
    """

    @property
    def listing(self) -> Listing:
        """Entries and problems as of the last refresh."""
        ...

    @property
    def runs(self) -> Sequence[Run]:
        """Every training run, with what its event files say; see `Log.runs`."""
        ...

    @property
    def root(self) -> Path:
        """The log directory; for datasets in memory a placeholder."""
        ...

    @property
    def watched(self) -> tuple[Path, ...]:
        """The folders or files whose changes ask for a `refresh`; none if nothing can change."""
        ...

    @property
    def save_sidecars(self) -> bool:
        """Whether tags are saved in sidecar files; else they are kept in memory only."""
        ...

    @property
    def remote(self) -> tuple[RemoteUse, ...]:
        """What each remote log directory has cost so far; empty if all is on this machine."""
        ...

    @property
    def is_outdated(self) -> bool:
        """Whether an object elsewhere was found to be another one than listed."""
        ...

    def refresh(self, touched: Collection[str] | None = None, /, *, elsewhere: bool = True) -> bool:
        """Read again what has changed; return whether the listing is different.

        What is not on this machine is looked at only if `elsewhere`.
        """
        ...

    def load(
        self,
        entry: Entry,
        *,
        tags: bool = True,
        on_vectors: Callable[[Dataset], object] = ...,
    ) -> Dataset:
        """Return the dataset of an entry, with or without its tags.

        `on_vectors` may be called with its vectors alone, before anything else is read.
        """
        ...

    def parts(self, entry: Entry) -> PartitionedDataset | None:
        """Return an entry whose vectors are in several files by these; see `Log.parts`."""
        ...

    def tagged(self, entry: Entry, data: Dataset) -> Dataset:
        """Return a dataset that was loaded without tags, with the current tags."""
        ...

    def tags(self, entry: Entry) -> Tags:
        """Return the tags of an entry's tensor; without columns if there are none."""
        ...

    def sidecar(self, entry: Entry) -> Sidecar:
        """Return where an entry's tags are stored, or will be."""
        ...

    def save_tags(
        self, entry: Entry, tags: Tags, *, expected: str | None = None, to_file: bool = True
    ) -> Sidecar:
        """Replace an entry's tags; see `Log.save_tags`."""
        ...

    def bookmarks(self, entry: Entry) -> bytes:
        """Return the bookmarks that a config names for an entry, as JSON."""
        ...

    def media(self, entry: Entry, named: str) -> tuple[bytes, str]:
        """Return the image or sound that a metadata value names, and its media type."""
        ...

    def scalars(self, entry: Entry) -> tuple[dict[str, Series], list[str]]:
        """Return the scalars of an entry's run by tag, and why reading ended early."""
        ...

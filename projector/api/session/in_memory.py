"""Arrays that a notebook holds, shown as a log directory is: nothing is written for it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from projector.errors import ChangedMeanwhile, ParameterError, UnknownName
from projector.loaders.tags.sidecar import Sidecar, revision_of, tags_bytes
from projector.model.dataset import Dataset
from projector.model.listing import Entry, Listing
from projector.model.projection import Projection
from projector.model.tags import Tags

#: What can be shown: paths, or things in memory.
Source: TypeAlias = "str | Path | Sequence[Any] | Mapping[str, Any] | Dataset | Projection | Any"

#: What the listing calls the place where no file is.
NOWHERE = Path("in memory")
#: The format of such an entry.
FORMAT = "memory"
#: What a tensor is called that bears no name.
_UNNAMED = "vectors"


class HeldLog:
    """Datasets in memory, with the face of a `Log`.

    Parameters
    ----------
    datasets : iterable of Dataset
        Each with a name; no two with the same run, name and step.
    """

    root = NOWHERE
    #: There is no folder for a file of tags: they are kept as what they belong to is, in memory.
    save_sidecars = False

    def __init__(self, datasets: Iterable[Dataset]) -> None:
        self._datasets = {entry_of(data): data for data in datasets}
        self._tags: dict[tuple[str, str, int], Sidecar] = {}
        self._lock = threading.Lock()
        self.listing = self._list()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """One entry a dataset, in the order in which they were given."""
        return self.listing.entries

    def refresh(self) -> bool:
        """Return False: what is held does not change."""
        return False

    def load(self, entry: Entry, *, tags: bool = True) -> Dataset:
        """Return the dataset itself; an entry that is not held is an `UnknownName`."""
        found = self._datasets.get(entry.untagged)
        if found is None:
            raise UnknownName("embedding", entry.name, [each.name for each in self.entries])
        return self.tagged(entry, found) if tags else found

    def tagged(self, entry: Entry, data: Dataset) -> Dataset:
        """Return a dataset that was loaded without tags with those that there are now."""
        tags = self.tags(entry)
        return data.with_metadata(tags.over(data.metadata)) if tags.columns else data

    def tags(self, entry: Entry) -> Tags:
        """Return the tags of an entry's tensor; without columns where there are none."""
        return self.sidecar(entry).tags or Tags(entry.name, entry.n_points)

    def sidecar(self, entry: Entry) -> Sidecar:
        """Return what is kept of an entry's tags."""
        return self._tags.get(_tags_key(entry)) or Sidecar(None, None, "")

    def save_tags(
        self, entry: Entry, tags: Tags, *, expected: str | None = None, to_file: bool = True
    ) -> Sidecar:
        """Keep tags in memory in place of what there was; see `Log.save_tags`."""
        with self._lock:
            if (tags.tensor, tags.n_points) != (entry.name, entry.n_points):
                raise ParameterError(
                    f"These are tags of {tags.tensor!r} with {tags.n_points:,} points. Expected "
                    f"{entry.name!r} with {entry.n_points:,}."
                )
            if expected is not None and expected != self.sidecar(entry).revision:
                raise ChangedMeanwhile("These tags were changed meanwhile.")
            saved = Sidecar(None, tags, revision_of(tags_bytes(tags)))
            self._tags[_tags_key(entry)] = saved
            self.listing = self._list()
            return saved

    def _list(self) -> Listing:
        entries = tuple(
            replace(entry, tags=self.sidecar(entry).revision) for entry in self._datasets
        )
        runs = tuple(dict.fromkeys(entry.run for entry in entries))
        return Listing(NOWHERE, entries, (), runs)


def _tags_key(entry: Entry) -> tuple[str, str, int]:
    return (entry.run, entry.name, entry.n_points)


def entry_of(data: Dataset) -> Entry:
    """Return how a dataset stands in a listing."""
    about = data.embedding
    return Entry(
        about.run,
        about.name,
        about.step,
        (data.n_points, data.n_dims),
        str(data.vectors.dtype),
        FORMAT,
        path="",
        has_metadata=bool(data.metadata.columns),
        has_sprite=data.sprite is not None,
    )


def is_held(source: Source) -> bool:
    """Tell whether `source` is something in memory and no path, nor several of them."""
    if isinstance(source, (str, Path)):
        return False
    if isinstance(source, Sequence) and not isinstance(source, Mapping):
        return not (source and isinstance(source[0], (str, Path)))
    return True


def hold(source: Source) -> HeldLog:
    """Return a log of what a notebook holds.

    Parameters
    ----------
    source : Dataset, Projection, array-like, or a sequence or mapping of them
        Arrays have the shape (n_points, n_dims). A mapping gives names; in a sequence a Dataset
        bears its own, and what has none is numbered. A Projection is shown by its positions.

    Raises
    ------
    ParameterError
        Nothing that can be shown, or two things under one run, name and step.
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
        raise ParameterError("There is nothing to show: give a path, a Dataset or an array.")
    places = Counter((d.embedding.run, d.embedding.name, d.embedding.step) for d in named)
    (run, name, step), n_times = places.most_common(1)[0]
    if n_times > 1:
        raise ParameterError(
            f"{n_times} datasets are called {name!r} in run {run!r} at step {step}. Give each a "
            "name, as in serve({'before': a, 'after': b}), or a step of its own."
        )
    return HeldLog(named)


def _dataset(source: Any, name: str | None, otherwise: str = _UNNAMED) -> Dataset:
    data = _as_dataset(source)
    wanted = name if name is not None else data.embedding.name or otherwise
    return data if data.embedding.name == wanted else data.renamed(wanted)


def _as_dataset(source: Any) -> Dataset:
    if isinstance(source, Dataset):
        return source
    if isinstance(source, Projection):
        return Dataset(source.positions, name=source.method)
    # A list of numbers could be anything; what numpy and its relatives hold says what it is.
    if hasattr(source, "__array__"):
        return Dataset(np.asarray(source))
    raise ParameterError(
        "What is shown from memory is a Dataset, a Projection or an array of the shape "
        f"(n_points, n_dims). Got {type(source).__name__}; paths are given by themselves."
    )

"""What a server holds open: one log directory, its datasets in use, and the work on them."""

from __future__ import annotations

import shutil
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from projector.api.result_store import default_cache
from projector.api.session.column_cache import Recent
from projector.api.session.computations import Computation, Projections
from projector.api.session.demo import demo_folder
from projector.api.session.gathered_files import gather
from projector.api.session.in_memory import HeldLog, Source, hold, is_held
from projector.api.session.shared_selection import Selected, SharedSelection
from projector.api.session.uploads import RUN, Uploads
from projector.api.table.search import rows_containing, rows_matching
from projector.api.watch import Watch
from projector.errors import ChangedMeanwhile, ParameterError, UnknownName
from projector.jobs.broadcast import Broadcast, Event
from projector.jobs.cache import ResultCache
from projector.loaders.companions.media import read_media
from projector.loaders.formats.tensorflow.events import Series
from projector.loaders.logdir.log import Log, existing
from projector.loaders.logdir.run_scalars import run_scalars
from projector.loaders.tags.sidecar import Sidecar
from projector.model.dataset import Dataset
from projector.model.listing import Entry, Listing
from projector.model.metadata import Column
from projector.model.ordering import row_order, sort_keys
from projector.model.tags import Tags

#: Datasets kept open. Most are memory maps and cost nothing; the bound is for the others.
_OPEN_DATASETS = 12


Key = TypeVar("Key")
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Opened:
    """A dataset with the id under which it was asked for."""

    id: str
    entry: Entry
    data: Dataset


class Session:
    """One log directory and everything that is being done with it.

    All methods may be called from any thread.

    Parameters
    ----------
    source : str, Path or sequence of them, Dataset, Projection, array, or several of these
        A log directory, a single file, several files, or what a notebook holds in memory.
    cache : ResultCache, optional
        Where results are kept; the user's own cache by default.
    watch : bool
        Whether to notice what changes on disk.
    save_sidecars : bool
        Whether tags are kept in files beside the data, or in memory until the session ends.
    """

    def __init__(
        self,
        source: Source,
        *,
        cache: ResultCache | None = None,
        watch: bool = True,
        save_sidecars: bool = True,
    ) -> None:
        self.events = Broadcast()
        self.projections = Projections(cache or default_cache(), self._tell_computation)
        self._gathered: Path | None = None
        try:
            # The process starts while the directory is read: both take a moment.
            self.projections.warm()
            self.log: Log | HeldLog = self._open(source, save_sidecars)
        except BaseException:
            self.projections.close()
            self._remove_gathered()
            raise
        self._uploads = Uploads()
        self._demo: Log | None = None
        self._lock = threading.Lock()
        self._refreshing = threading.Lock()
        self._datasets: OrderedDict[Entry, Opened] = OrderedDict()
        #: The same without tags: another tag costs no second look at the vectors.
        self._untagged: OrderedDict[Entry, Dataset] = OrderedDict()
        self._loading: dict[Entry, threading.Lock] = {}
        self._keys: Recent[NDArray[np.float64]] = Recent(8)
        self.selecting = SharedSelection(lambda: self.listing, self._tell_selected)
        on_disk = isinstance(self.log, Log)
        self._watch = Watch(self.log.root, self.refresh) if watch and on_disk else None

    @property
    def listing(self) -> Listing:
        """Entries and problems, as of the last change on disk; what was dropped comes first."""
        main = self.log.listing
        others = [log.listing for log in (self._uploads.log, self._demo) if log is not None]
        if not others:
            return main
        return Listing(
            main.root,
            tuple(entry for each in (*others, main) for entry in each.entries),
            tuple(problem for each in (*others, main) for problem in each.problems),
            tuple(run for each in (*others, main) for run in each.runs),
        )

    def upload(self, batch: str, name: str, content: IO[bytes]) -> tuple[Entry, ...]:
        """Take a file that was dropped on the page, and return the entries of its batch."""
        with self._refreshing:
            self._uploads.save(batch, name, content)
        self._changed()
        run = f"{RUN}/{batch}"
        return tuple(entry for entry in self.listing.entries if entry.run == run)

    def open_demo(self) -> tuple[Entry, ...]:
        """List the demo data too, and return its entries.

        Raises
        ------
        UnknownName
            It was not installed.
        """
        folder = demo_folder()
        if folder is None:
            raise UnknownName("data", "demo_data")
        with self._refreshing:
            if self.log.listing.root == folder:
                return self.log.listing.entries
            self._demo = self._demo or Log(existing(folder), save_sidecars=False)
        self._changed()
        return self._demo.listing.entries

    def refresh(self) -> None:
        """Look at the disk again and tell listeners if anything changed."""
        with self._refreshing:
            changed = self.log.refresh()
        if changed:
            self._changed()

    def dataset(self, dataset_id: str) -> Opened:
        """Return the dataset of an entry, read when it is first asked for.

        Raises
        ------
        UnknownName
            No entry has this id.
        LoadError
            Its file can not be read.
        """
        entry = self.listing.by_id.get(dataset_id)
        while entry is not None:
            try:
                return self._opened(dataset_id, entry)
            except UnknownName:
                # The log may have changed between the look at its list and the reading.
                newer = self.listing.by_id.get(dataset_id)
                if newer == entry:
                    raise
                entry = newer
        raise UnknownName("dataset", dataset_id)

    def _opened(self, dataset_id: str, entry: Entry) -> Opened:
        with self._lock:
            found = self._datasets.get(entry)
            if found is not None:
                self._datasets.move_to_end(entry)
                return found
            loading = self._loading.setdefault(entry, threading.Lock())
        with loading:  # two requests for one dataset read it once
            try:
                found = self._datasets.get(entry)
                if found is None:
                    log = self._log_of(entry)
                    bare = entry.untagged
                    base = self._untagged.get(bare) or log.load(entry, tags=False)
                    found = Opened(dataset_id, entry, log.tagged(entry, base))
                    with self._lock:
                        keep_newest(self._untagged, bare, base, _OPEN_DATASETS)
                        keep_newest(self._datasets, entry, found, _OPEN_DATASETS)
            finally:
                with self._lock:
                    self._loading.pop(entry, None)
        return found

    def sidecar(self, opened: Opened) -> tuple[Sidecar, Path]:
        """Return where a dataset's tags are kept or will be, and the log directory of it."""
        log = self._log_of(opened.entry)
        return log.sidecar(opened.entry), log.root

    def keeps_tags_beside(self, opened: Opened) -> bool:
        """Tell whether a dataset has a place for a file of tags, or only this session's memory."""
        return self._log_of(opened.entry).save_sidecars

    def tags(self, opened: Opened) -> Tags:
        """Return the tags of a dataset's tensor."""
        return self._log_of(opened.entry).tags(opened.entry)

    def save_tags(self, opened: Opened, tags: Tags, expected: str, *, beside: bool) -> None:
        """Keep tags in place of those with the revision `expected`; see `Log.save_tags`."""
        log = self._log_of(opened.entry)
        try:
            log.save_tags(opened.entry, tags, expected=expected, to_file=beside)
        except ChangedMeanwhile:
            self.refresh()  # whoever asks next sees what was changed
            raise
        self._changed()

    def media(self, opened: Opened, point: int, column: int) -> tuple[bytes, str]:
        """Return the picture or sound that a point's metadata names, and its media type."""
        named = column_at(opened.data, column).text[check_point(opened.data, point)]
        log = self._log_of(opened.entry)
        if named is None or isinstance(log, HeldLog):
            raise UnknownName("picture or sound", named or "")
        root = log.root
        table = root / opened.entry.path
        return read_media(root if root.is_dir() else root.parent, table, named)

    def scalars(self, opened: Opened) -> tuple[dict[str, Series], list[str]]:
        """Return what the dataset's run wrote as scalars, and why reading ended early."""
        log = self._log_of(opened.entry)
        if isinstance(log, HeldLog) or not log.root.is_dir():
            return {}, []
        return run_scalars(log.root, opened.entry.run)

    def bookmarks(self, opened: Opened) -> bytes:
        """Return the bookmarks beside a dataset, as JSON."""
        log = self._log_of(opened.entry)
        if isinstance(log, HeldLog):
            raise UnknownName("file of bookmarks for", opened.entry.name)
        return log.bookmarks(opened.entry)

    def search(
        self, data: Dataset, text: str, column: int | None, *, regex: bool = False
    ) -> NDArray[np.uint32]:
        """Return the rows whose metadata contain `text`, whatever its case, ascending.

        Parameters
        ----------
        data : Dataset
        text : str
        column : int or None
            None searches all of them.
        regex : bool
            Read `text` as a regular expression of RE2, whose time never explodes.

        Raises
        ------
        ParameterError
            Not a regular expression.
        """
        columns = data.metadata.columns
        if column is not None:
            columns = (column_at(data, column),)
        if not text:
            return np.zeros(0, np.uint32)
        if regex:
            return rows_matching(columns, text, data.n_points)
        if not columns and text.isdecimal():
            return np.arange(data.n_points, dtype=np.uint32)[int(text) : int(text) + 1]
        return rows_containing(columns, text, data.n_points)

    def order(self, column: Column, *, descending: bool) -> NDArray[np.uint32]:
        """Return all rows in the order of a column (see `row_order`)."""
        keys = self._keys.get(column, lambda: sort_keys(column))
        return row_order(keys, descending=descending)

    def close(self) -> None:
        """Stop all work, send listeners home, leave nothing behind."""
        if self._watch is not None:
            self._watch.close()
        self.selecting.close()
        self.events.close()
        self.projections.close()
        self._uploads.close()
        self._remove_gathered()

    def _open(self, source: Source, save_sidecars: bool) -> Log | HeldLog:
        if is_held(source):
            return hold(source)
        if not isinstance(source, (str, Path)):
            source = self._gathered = gather(cast("Sequence[str | Path]", source))
        # What was gathered into a folder for the session takes its tags with it.
        return Log(existing(source), save_sidecars=save_sidecars and self._gathered is None)

    def _remove_gathered(self) -> None:
        if self._gathered is not None:
            shutil.rmtree(self._gathered, ignore_errors=True)

    def _changed(self) -> None:
        there = set(self.listing.entries)
        bare = {entry.untagged for entry in there}
        with self._lock:
            for kept, alive in ((self._datasets, there), (self._untagged, bare)):
                for entry in kept.keys() - alive:
                    del kept[entry]
        self.events.publish(Event("log", "", self.listing))

    def _log_of(self, entry: Entry) -> Log | HeldLog:
        for log in (self.log, self._uploads.log, self._demo):
            if log is not None and entry.id in log.listing.by_id:
                return log
        return self.log

    def _tell_computation(self, computation: Computation) -> None:
        self.events.publish(Event("projection", computation.id, computation))

    def _tell_selected(self, selected: Selected) -> None:
        self.events.publish(Event("selection", "", selected))


def keep_newest(kept: OrderedDict[Key, Kept], key: Key, value: Kept, most: int) -> None:
    """Put a value last, and let go of the first ones where there are more than `most`."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)


def column_at(data: Dataset, index: int) -> Column:
    """Return a column by its number, or raise."""
    if not 0 <= index < len(data.metadata.columns):
        raise UnknownName("column", str(index), data.metadata.names)
    return data.metadata.columns[index]


def check_point(data: Dataset, index: int) -> int:
    """Return `index` if it is a row of `data`, or raise."""
    if not 0 <= index < data.n_points:
        raise ParameterError(
            f"A point is a row number from 0 to {data.n_points - 1:,}. Got {index:,}."
        )
    return index

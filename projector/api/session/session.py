"""What a server keeps open: one log directory, its datasets in use, and the jobs on them."""

from __future__ import annotations

import itertools
import operator
import threading
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from projector.api.leftovers import sweep
from projector.api.options import needs_metadata
from projector.api.panels import load_plugins
from projector.api.result_store import default_cache
from projector.api.session.analyses import Analyses, Analysis
from projector.api.session.atlas_cache import Atlas, AtlasCache
from projector.api.session.catalog import Catalog
from projector.api.session.change_columns import ChangeColumns
from projector.api.session.cluster_columns import ClusterColumns
from projector.api.session.column_cache import ColumnCache
from projector.api.session.computations import Computation, Projections
from projector.api.session.computed_columns import ComputedColumns
from projector.api.session.dataset_cache import DatasetCache, Opened
from projector.api.session.demo import demo_folder
from projector.api.session.densities import Densities
from projector.api.session.elsewhere import Elsewhere
from projector.api.session.first_look import FirstLook
from projector.api.session.first_picture import FirstPicture
from projector.api.session.gathered_files import GatheredFiles
from projector.api.session.grouped_logs import GroupedLogs, groups_of
from projector.api.session.in_memory import Source, is_in_memory, open_in_memory
from projector.api.session.logdir_catalog import LogdirCatalog
from projector.api.session.noticed_listing import NoticedListing
from projector.api.session.shared_selection import Selected, SharedSelection
from projector.api.session.subsets import Subset, Subsets
from projector.api.session.text_queries import Embed, TextQueries
from projector.api.session.timings import Timings
from projector.api.session.uploads import RUN, Uploads
from projector.api.table.formulas.values import Formula
from projector.api.table.lookup import check_point, column_at
from projector.api.table.words import Words, words_of
from projector.api.watch import POLL_SECONDS, Watch, poll_interval
from projector.errors import ConflictError, ProjectorError, UnknownNameError
from projector.jobs.broadcast import Broadcast, Event
from projector.jobs.cache import ResultCache
from projector.loaders.formats.tensorflow.events import Series
from projector.loaders.logdir.existing_path import existing
from projector.loaders.logdir.run import Run
from projector.loaders.tags.sidecar import Sidecar
from projector.model.dataset import Dataset
from projector.model.listing import Entry, Listing
from projector.model.metadata import Column
from projector.model.ordering import row_order, sort_keys
from projector.model.sprite import Sprite
from projector.model.tags import Tags

#: Datasets that are kept open (see `DatasetCache`).
_OPEN_DATASETS = 12
#: Columns whose sort keys are kept, and those whose words are.
_SORTED_COLUMNS, _READ_COLUMNS = 8, 4

Read = TypeVar("Read")


class Session:
    """One log directory, or datasets in memory, and everything that is done with them.

    All methods may be called from any thread. A log directory is listed in a thread of its own;
    what was found so far is in `listing_now`, and whoever asks for the `listing` waits for it.

    Parameters
    ----------
    source : str, Path or sequence of them, Dataset, Projection, array, or several of these
        A log directory, a single file, several of them, or what a notebook has in memory.
    cache : ResultCache, optional
        Where results are stored; the user's own cache by default.
    watch : bool
        Whether to watch the log directory for changes.
    save_sidecars : bool
        Whether tags are saved in sidecar files; else they are kept in memory until the session
        ends.
    embed : callable, optional
        Turns a text into a vector to search by.
    poll_seconds : float
        Between two looks at a remote log directory; 0 for never.
    """

    def __init__(
        self,
        source: Source,
        *,
        cache: ResultCache | None = None,
        watch: bool = True,
        save_sidecars: bool = True,
        embed: Embed | None = None,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self.text_queries, self.events = TextQueries(embed), Broadcast()
        cache = cache or default_cache()
        self.projections = Projections(cache, self._publish_computation)
        self.analyses = Analyses(self.projections.runner, cache, self._publish_analysis)
        self.projections.on_other_job = self.analyses.job_changed
        # What killed processes have left behind is nobody's: it goes while others begin to look.
        threading.Thread(target=sweep, args=(cache,), name="sweep", daemon=True).start()
        self._gathered: GatheredFiles | None = None
        self._watch: Watch | None = None
        self._first = FirstLook(self._look, partial(self._looked, watch=watch))
        self._failed = ""
        try:
            # The process starts while the directory is read: both take a moment.
            self.projections.warm()
            self.catalog: Catalog = self._open(source, save_sidecars)
            poll = poll_interval(poll_seconds)
            self._elsewhere = Elsewhere(self.catalog, self.refresh, self._listing_changed, poll)
        except BaseException:
            self.projections.close()
            self._remove_gathered()
            raise
        self._uploads = Uploads()
        self._demo: LogdirCatalog | None = None
        self._subsets = Subsets()
        self.timings, self.densities = Timings(cache), Densities(cache)
        self._refreshing, self._adding = threading.Lock(), threading.Lock()
        #: What the listing was joined of last.
        self._joined: tuple[tuple[Listing, ...], Listing] = ((), self.catalog.listing)
        self._noticed = NoticedListing()
        #: The listing of the log directory that was published last.
        self._told = self.catalog.listing
        self._datasets = DatasetCache(_OPEN_DATASETS)
        self._clusters, self._changes = ClusterColumns(), ChangeColumns()
        self._asked = itertools.count(1)
        self._atlases = AtlasCache()
        self._sort_keys: ColumnCache[NDArray[np.float64]] = ColumnCache(_SORTED_COLUMNS)
        self._computed = ComputedColumns(self.formula)
        self._words: ColumnCache[Words] = ColumnCache(_READ_COLUMNS)
        self.selection = SharedSelection(lambda: self.listing_now, self._publish_selection)
        self._picture = FirstPicture(lambda: self.listing, self.project)
        self._first.start()

    def _look(self) -> None:
        with self._refreshing:
            self.catalog.refresh(elsewhere=False)  # it was listed when it was opened
        load_plugins()  # the page asks for methods and panels soon; the broken ones are told

    def _found_more(self) -> None:
        """Publish what the first look has found so far."""
        self._first.check()
        self._listing_changed()

    def _looked(self, failed: str, *, watch: bool) -> None:
        """Go on when everything was looked at once."""
        self._failed = failed
        if watch and (names := self._watched()):
            self._watch = Watch(names, self._see_changes)
            self._watch.start()
            if self._first.is_closed:
                self._watch.close()
        if watch and not self._first.is_closed:
            self._elsewhere.start()
        self._listing_changed()

    @property
    def listing(self) -> Listing:
        """Entries and problems as of the last refresh; dropped files and demo data come first.

        Waits until everything was looked at once.
        """
        self.wait()
        return self.listing_now

    def wait(self) -> None:
        """Wait until everything was looked at once."""
        self._first.wait()

    @property
    def listing_now(self) -> Listing:
        """What was found so far; the same object as long as nothing has changed."""
        main = self._main_listing()
        others = [each.listing for each in (self._uploads.catalog, self._demo) if each is not None]
        # What somebody made of the others comes last: it is never what is opened first.
        later = (self._subsets.listing,) if self._subsets.entries else ()
        parts = (*others, main, *later)
        kept = self._joined
        if len(kept[0]) == len(parts) and all(map(operator.is_, kept[0], parts)):
            return kept[1]
        joined = main
        if len(parts) > 1:
            joined = Listing(
                main.root,
                tuple(entry for each in parts for entry in each.entries),
                tuple(problem for each in parts for problem in each.problems),
                tuple(run for each in parts for run in each.runs),
                main.is_missing,
                main.n_seen,
            )
        self._joined = (parts, joined)
        return joined

    def upload(
        self, batch: str, name: str, content: IO[bytes], size: int | None = None
    ) -> tuple[Entry, ...]:
        """Save a file that was dropped on the page, and return the entries of its batch."""
        self._uploads.receive(batch, name, content, size)
        with self._adding:
            self._uploads.refresh()
        self._listing_changed()
        run = f"{RUN}/{batch}"
        return tuple(entry for entry in self.listing_now.entries if entry.run == run)

    def open_demo(self) -> tuple[Entry, ...]:
        """List the demo data, too, and return its entries.

        Raises
        ------
        UnknownNameError
            It is not installed.
        """
        folder = demo_folder()
        if folder is None:
            raise UnknownNameError.missing("demo data", "This installation")
        with self._adding:
            if self.catalog.root == folder:
                return self.listing.entries
            self._demo = self._demo or LogdirCatalog(existing(folder), save_sidecars=False)
        self._listing_changed()
        return self._demo.listing.entries

    def _see_changes(self) -> None:
        """Refresh what the watch reports."""
        watch = self._watch
        touched = watch.touched if watch is not None and self._gathered is None else None
        self.refresh(touched, elsewhere=False)

    def refresh(self, touched: Collection[str] | None = None, *, elsewhere: bool = True) -> None:
        """Read again what has changed, and publish the listing if it is different.

        Takes `touched` paths, if nothing else has changed. What is `elsewhere` may be left out.
        """
        with self._refreshing:
            if self._gathered is not None:
                self._gathered.update()
            self.catalog.refresh(touched, elsewhere=elsewhere)
            self._failed = ""
            now, told = self._main_listing(), self._told
        if now is not told and now != told:
            self._listing_changed()

    def dataset(self, dataset_id: str) -> Opened:
        """Return the dataset of an entry, read when it is requested first.

        Raises
        ------
        UnknownNameError
            No entry has this id.
        LoadError
            Its file cannot be read.
        """
        opened = self._of_listed(dataset_id, self._datasets.get)
        return self._computed.over(self._changes.over(self._clusters.over(opened)))

    def vectors(self, dataset_id: str) -> Dataset:
        """Return the vectors of an entry as soon as they are there, perhaps without metadata.

        The rest is read when `drawn` is called for the dataset, or a few seconds later.

        Raises
        ------
        UnknownNameError, LoadError
            See `dataset`.
        """
        return self._of_listed(dataset_id, self._datasets.vectors)

    def drawn(self, dataset_id: str) -> None:
        """Go on with the rest of a dataset: the first picture of its `vectors` was sent."""
        self._datasets.drawn(dataset_id)

    def project(
        self, dataset_id: str, method: str, params: dict[str, Any], **asked: Any
    ) -> Computation:
        """Start a projection of a dataset, or return the one that is there.

        See `Projections.start`, which says what else can be `asked`, and what is raised.
        """
        # A picture of the vectors waits for nothing else of the dataset.
        needs_all = asked.get("label_column") is not None or needs_metadata(method, params)
        data = self.dataset(dataset_id).data if needs_all else self.vectors(dataset_id)
        try:
            return self.projections.start(dataset_id, data, method, params, **asked)
        except ProjectorError:
            self.drawn(dataset_id)  # there will be no picture
            raise

    def expect_page(self) -> None:
        """Make the first picture before a page asks for it: somebody is loading one."""
        self._picture.expect()

    def _of_listed(self, dataset_id: str, read: Callable[[str, Entry, Catalog], Read]) -> Read:
        entry = self.listing_now.by_id.get(dataset_id) or self.listing.by_id.get(dataset_id)
        while entry is not None:
            try:
                return read(dataset_id, entry, self._catalog_of(entry))
            except UnknownNameError:
                # The listing may have changed before the file was read.
                newer = self.listing_now.by_id.get(dataset_id)
                if newer == entry:
                    raise
                entry = newer
        raise UnknownNameError("dataset", dataset_id)

    def sidecar(self, opened: Opened) -> tuple[Sidecar, Path]:
        """Return where a dataset's tags are stored or will be, and its log directory."""
        catalog = self._catalog_of(opened.entry)
        return catalog.sidecar(opened.entry), catalog.root

    def saves_sidecars(self, opened: Opened) -> bool:
        """Return whether a dataset's tags can be saved in a file, or only in memory."""
        return self._catalog_of(opened.entry).save_sidecars

    def tags(self, opened: Opened) -> Tags:
        """Return the tags of a dataset's tensor."""
        return self._catalog_of(opened.entry).tags(opened.entry)

    def save_tags(self, opened: Opened, tags: Tags, expected: str, *, to_file: bool) -> None:
        """Replace tags whose revision is `expected`; see `Log.save_tags`.

        Raises
        ------
        ConflictError
            Their revision is another one.
        SaveError
            The sidecar file cannot be written.
        """
        catalog = self._catalog_of(opened.entry)
        try:
            catalog.save_tags(opened.entry, tags, expected=expected, to_file=to_file)
        except ConflictError:
            self.refresh()  # the next request sees the other change
            raise
        self._listing_changed()

    def media(self, opened: Opened, point: int, column: int) -> tuple[bytes, str]:
        """Return the image or sound that a point's metadata names, and its media type."""
        value = column_at(opened.data, column).text[check_point(opened.data, point)]
        if value is None:
            raise UnknownNameError.missing("image or sound", f"Point {point}")
        entry = opened.entry
        while (above := self._subsets.of(entry.id)) is not None:
            entry = above.parent  # paths lead somewhere from there
        return self._catalog_of(entry).media(entry, value)

    def make_subset(self, opened: Opened, rows: NDArray[np.int64]) -> Entry:
        """List some points of a dataset as a dataset of their own (see `Subsets`)."""
        entry = self._subsets.make(opened, rows)
        self._listing_changed()
        return entry

    def subset(self, dataset_id: str) -> Subset | None:
        """Return where a subset's points are from; None for what is no subset."""
        return self._subsets.of(dataset_id)

    def scalars(self, opened: Opened) -> tuple[dict[str, Series], list[str]]:
        """Return the scalars of the dataset's run, and why reading ended early."""
        return self._catalog_of(opened.entry).scalars(opened.entry)

    def runs(self) -> tuple[Run, ...]:
        """Return every training run, those of dropped files and demo data first."""
        self.wait()
        parts = (self._uploads.catalog, self._demo, self.catalog)
        return tuple(run for each in parts if each is not None for run in each.runs)

    def bookmarks(self, opened: Opened) -> bytes:
        """Return the bookmarks that a config names for a dataset, as JSON."""
        return self._catalog_of(opened.entry).bookmarks(opened.entry)

    def order(self, column: Column, *, descending: bool) -> NDArray[np.uint32]:
        """Return all rows in the order of a column (see `row_order`)."""
        keys = self._sort_keys.get(column, lambda: sort_keys(column))
        return row_order(keys, descending=descending)

    def formula(
        self, opened: Opened, text: str, check: Callable[[], object] = lambda: None
    ) -> Formula:
        """Return a formula over a dataset; distances are those that were measured last."""

        def distances() -> NDArray[np.float32] | None:
            found = self.analyses.newest("nearness", opened.id)
            return None if found is None else found.distance

        return Formula(opened.data, text, distances, check)

    def compute_column(self, opened: Opened, name: str, formula: str) -> None:
        """Add a column to all steps of a dataset's tensor (see `ComputedColumns.add`)."""
        self._computed.add(opened, name, formula)

    def remove_column(self, opened: Opened, name: str) -> None:
        """Remove a computed column, or raise UnknownNameError."""
        self._computed.remove(opened, name)

    def computed(self, opened: Opened) -> dict[str, str]:
        """Return the formulas of a dataset's computed columns by their names."""
        return dict(self._computed.formulas(opened))

    def words(self, column: Column, check: Callable[[], object]) -> Words:
        """Return the words of a column of texts (see `words_of`)."""
        return self._words.get(column, lambda: words_of(column.text, check))

    def atlas(self, sprite: Sprite, max_side: int, check: Callable[[], object]) -> Atlas:
        """Return the image of a sprite with no side above `max_side` (see `AtlasCache`)."""
        return self._atlases.get(sprite, max_side, check)

    def close(self) -> None:
        """Cancel all jobs, end all event streams, and delete temporary files."""
        self._first.close()
        self._elsewhere.close()
        if self._watch is not None:
            self._watch.close()
        self.selection.close()
        self.events.close()
        self.projections.close()
        self._uploads.close()
        self._remove_gathered()

    def _remove_gathered(self) -> None:
        if self._gathered is not None:
            self._gathered.remove()

    def _open(self, source: Source, save_sidecars: bool) -> Catalog:
        if is_in_memory(source):
            return open_in_memory(source)
        if not isinstance(source, (str, Path)):
            paths = cast("Sequence[str | Path]", source)
            groups = groups_of(paths)
            if groups is not None:
                return GroupedLogs(groups, save_sidecars=save_sidecars, on_found=self._found_more)
            self._gathered = GatheredFiles(paths)
            source = self._gathered.folder
        # A folder that was gathered for the session is deleted with it, and so would its tags be.
        keep = save_sidecars and self._gathered is None
        return LogdirCatalog(existing(source), save_sidecars=keep, on_found=self._found_more)

    def _watched(self) -> tuple[Path, ...]:
        """Return the names whose changes ask for a refresh."""
        if self._gathered is not None:
            return (*self._gathered.paths, self._gathered.folder)
        return self.catalog.watched

    def _main_listing(self) -> Listing:
        """Return the log directory's listing, and how changes are found if not at once."""
        found = self.catalog.listing
        notices = [self._watch.notice] if self._watch is not None and self._watch.notice else []
        if self._failed:
            notices.append(f"was not listed to its end: {self._failed} It is tried again soon.")
        return self._noticed.of(found, notices, self._elsewhere.uses)

    def _listing_changed(self) -> None:
        self._told = self._main_listing()
        listing = self.listing_now
        if listing.n_seen is None:  # until then, what is not listed may be listed yet
            self._datasets.keep_only(listing.by_id)
        self.events.publish(Event("log", "", listing))

    def _catalog_of(self, entry: Entry) -> Catalog:
        for catalog in (self.catalog, self._uploads.catalog, self._demo, self._subsets):
            if catalog is not None and entry.id in catalog.listing.by_id:
                return catalog
        return self.catalog

    def _publish_computation(self, computation: Computation) -> None:
        if computation.snapshot().state in ("failed", "cancelled"):
            self.drawn(computation.dataset_id)
        self.timings.note_ended(computation, self._datasets)
        self.events.publish(Event("projection", computation.id, computation))

    def ask_columns(self, analysis: Analysis) -> None:
        """Let the columns of an analysis stand in place of all that were asked for before."""
        analysis.asked = next(self._asked)

    def show_columns(self, analysis: Analysis) -> None:
        """Make columns of clusters that were found, or of a comparison that is to have them."""
        is_shown = analysis.kind == "clusters" or analysis.has_columns
        found = analysis.result() if is_shown else None
        if found is None:
            return
        if analysis.kind == "clusters":
            self._clusters.show(analysis.contents[0], analysis.id, found, analysis.asked)
        else:
            (a, b), (first, second) = analysis.dataset_ids, analysis.contents
            self._changes.show((a, b), (first, second), analysis.id, found, analysis.asked)

    def _publish_analysis(self, analysis: Analysis) -> None:
        self.show_columns(analysis)
        self.events.publish(Event("analysis", analysis.id, analysis))

    def _publish_selection(self, selected: Selected) -> None:
        self.events.publish(Event("selection", "", selected))

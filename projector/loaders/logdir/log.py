"""The log directory as users open it: its listing, and loading one entry at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path

from projector.errors import UnknownNameError
from projector.loaders.companions.bookmarks import read_bookmarks
from projector.loaders.formats.registry import FORMATS
from projector.loaders.formats.tensorflow.events import Series
from projector.loaders.logdir.attach_tags import tagged
from projector.loaders.logdir.dataset_reading import read_source
from projector.loaders.logdir.discovery import Discovery, discover, discover_file, removed
from projector.loaders.logdir.existing_path import existing
from projector.loaders.logdir.log_runs import log_runs
from projector.loaders.logdir.named_parts import (
    discover_parts,
    folder_of_parts,
    is_named_parts,
)
from projector.loaders.logdir.part_members import Joined
from projector.loaders.logdir.partitioned_members import partitioned_of
from projector.loaders.logdir.run import Run
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.sources import Source
from projector.loaders.logdir.tag_store import TagStore
from projector.loaders.naming import natural_key
from projector.loaders.remote.mirrors import mirror_of
from projector.loaders.safe_files import printable
from projector.loaders.tags.sidecar import Sidecar
from projector.machine.collector import without_collector
from projector.model.dataset import Dataset
from projector.model.listing import Entry, Listing, Problem, RemoteUse, steps_of
from projector.model.partitioned import PartitionedDataset
from projector.model.tags import Tags

__all__ = ["Log", "open_logdir"]


class Log:
    """The contents of a log directory, of a single file, or of parts. Returned by `open_logdir`.

    Safe to use from several threads: a refresh replaces the listing as a whole.

    Parameters
    ----------
    name : Path
        Where the log directory or the file is. It may be replaced by another, and a link may be
        pointed elsewhere: a refresh reads what is there then.
    save_sidecars : bool
        Whether tags are saved in sidecar files next to the data; else they are kept in memory for
        as long as the log exists.
    on_found : callable, optional
        If given, nothing is listed before the first `refresh`, and this is called during it
        whenever more was found: the listing then says how many files were seen.

    Attributes
    ----------
    name : Path
        As given, absolute.
    root : Path
        The log directory, or the folder of the single file or of the parts, resolved.
    is_pattern : bool
        Whether `name` is a pattern of the names of parts.
    """

    def __init__(
        self,
        name: Path,
        *,
        save_sidecars: bool = True,
        on_found: Callable[[], None] | None = None,
    ) -> None:
        self.name = name.absolute()
        self._path = self.name.resolve()
        self._mirror = mirror_of(self._path)
        self.is_pattern = is_named_parts(self.name)
        if self.is_pattern:
            self.root = folder_of_parts(self.name)
        else:
            self.root = self._path if self._path.is_dir() else self._path.parent
        self._scanner = Scanner()
        self._tags = TagStore(self.root, self._scanner, save_sidecars=save_sidecars)
        self._lock = threading.Lock()
        self._found: Discovery | None = None
        self._on_found = on_found
        self._listing = Listing(self.root, n_seen=0)
        self._sources: dict[str, Source] = {}
        if on_found is None:
            with without_collector():
                self._take(self._discover())

    def _locate(self) -> bool:
        """Follow the name to where it leads now; return whether there is something."""
        if self.is_pattern:
            return True
        try:
            path = self.name.resolve(strict=True)
            root = path if path.is_dir() else path.parent
        except (OSError, RuntimeError):
            return False
        if (path, root) != (self._path, self.root):
            self._path, self.root = path, root
            self._tags.move(root)
        return True

    def _discover(self, touched: Collection[str] | None = None) -> Discovery:
        if self.is_pattern:
            return discover_parts(self.name, self.root)
        if self._path == self.root:
            is_first = self._found is None and self._on_found is not None
            tell = self._tell if is_first else None
            return discover(self.root, self._scanner, self._found, tell, touched)
        return discover_file(self._path, self._scanner)

    def _take(self, found: Discovery) -> None:
        if found is self._found:
            return
        self._found = found
        self._show(found)

    def _tell(self, found: Discovery) -> None:
        """Show what is found while the rest is still looked at."""
        self._show(found)
        if self._on_found is not None:
            self._on_found()

    def _show(self, found: Discovery) -> None:
        self._tags.update(found.sources, found.folders)
        entries = tuple(source.entry(self.root) for source in found.sources)
        runs = sorted({entry.run for entry in entries}, key=natural_key)
        self._listing = Listing(
            self.root,
            entries,
            (*found.problems, *_plugin_problems(), *self._mirror_problems()),
            tuple(runs),
            is_missing=found.is_missing,
            n_seen=found.n_seen,
        )
        self._sources = {e.id: s for e, s in zip(entries, found.sources, strict=True)}

    @property
    def listing(self) -> Listing:
        """Entries and problems as of the last refresh."""
        return self._listing

    @property
    def remote(self) -> tuple[RemoteUse, ...]:
        """What an address has cost so far; empty for a path of this machine."""
        return () if self._mirror is None else (self._mirror.use,)

    @property
    def is_outdated(self) -> bool:
        """Whether an object elsewhere was found to be another one than listed."""
        return self._mirror is not None and self._mirror.replaced.is_set()

    @property
    def address(self) -> str:
        """Where it is, as it is shown: of a remote log directory without what may be secret."""
        return printable(self.root) if self._mirror is None else self._mirror.shown

    def _mirror_problems(self) -> list[Problem]:
        mirror = self._mirror
        if mirror is None:
            return []
        said = [*mirror.notices, *([mirror.trouble] if mirror.trouble else [])]
        return [Problem(".", ".", each, "warning") for each in said]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every embedding: the likeliest first, optimizer slots last, steps ascending."""
        return self._listing.entries

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every file that could not be read, and what to do about it."""
        return self._listing.problems

    @property
    def runs(self) -> tuple[Run, ...]:
        """Every training run, with hyperparameters, metrics, scalars, histograms and tensors.

        Found anew each time that it is asked for; event files are read when something of them is.

        Examples
        --------
        >>> import projector
        >>> [run.name for run in projector.open_logdir("demo_data").runs]
        ['cnn-tanh-32', 'mlp-relu-16']
        """
        only = None if self._path == self.root else self._path
        return log_runs(self.root, self.entries, only=only)

    def run_scalars(self, tag: str) -> dict[str, Series]:
        """Return the scalar `tag` of every run that has it, by the run's name.

        Raises
        ------
        UnknownNameError
            No run has it.
        """
        runs = self.runs
        found = {run.name: run.scalars(tag) for run in runs if tag in run.scalar_tags}
        if not found:
            known = {each for run in runs for each in run.scalar_tags}
            raise UnknownNameError("scalar", tag, sorted(known))
        return found

    @property
    def save_sidecars(self) -> bool:
        """Whether tags are saved in sidecar files; else they are kept in memory only."""
        return self._tags.save_sidecars

    def refresh(self, touched: Collection[str] | None = None, *, elsewhere: bool = True) -> bool:
        """Read again what has changed; return whether the listing is different.

        Parameters
        ----------
        touched : collection of str, optional
            Paths of files and directories, as a watch of `name` reports them: all others are
            taken as they were. By default everything is looked at.
        elsewhere : bool
            Whether a remote log directory is listed on its server, too. If that fails, the
            problems say so, and what was read before can still be opened.

        Notes
        -----
        Costs one `stat` per directory and file that is looked at. A file counts as changed when
        its size or one of its times differs.
        """
        with self._lock:
            before = self._listing
            is_other = elsewhere and self._mirror is not None and self._mirror.refresh()
            if self._locate():
                # Reports are of the name; behind a link, the paths are others.
                is_plain = self.name == self._path
                with without_collector():
                    self._take(self._discover(touched if is_plain else None))
                if is_other and self._listing is before and self._found is not None:
                    self._show(self._found)  # with what the server said
            else:
                self._take(removed(self._path, self.root))
            return before is not self._listing and before != self._listing

    def find(
        self, *, name: str | None = None, run: str | None = None, step: int | None = None
    ) -> Entry:
        """Return the entry with this name, run and step.

        Parameters
        ----------
        name : str, optional
            The tensor's name, or one of its aliases such as ``"emb:0"``. The first of the listing
            if left out.
        run : str, optional
            As in `Entry.run`.
        step : int, optional
            The latest if left out.

        Raises
        ------
        UnknownNameError
            There is no such entry; the message lists what there is.

        Examples
        --------
        >>> import projector
        >>> log = projector.open_logdir("demo_data")
        >>> log.find(run="mlp-relu-16", name="hidden").step
        2000
        """
        found = list(self.entries)
        if run is not None:
            found = _narrow("run", run, [(entry.run, entry) for entry in found])
        if name is not None:
            found = _narrow("embedding", name, [(n, e) for e in found for n in self._names(e)])
        if step is not None:
            found = _narrow("step", str(step), [(str(entry.step), entry) for entry in found])
        if not found:
            raise UnknownNameError("embedding", name or str(self.root), ())
        return steps_of(found, found[0].run, found[0].name)[-1]

    def _names(self, entry: Entry) -> Iterable[str]:
        yield from self._sources[entry.id].names

    def load(
        self,
        entry: Entry,
        *,
        tags: bool = True,
        on_vectors: Callable[[Dataset], object] = lambda vectors: None,
    ) -> Dataset:
        """Read one embedding with its metadata, sprite and tags.

        Parameters
        ----------
        entry : Entry
            One of `entries`.
        tags : bool
            False leaves the metadata as the data has it.
        on_vectors : callable
            Called with the vectors alone as soon as they are there, before metadata and sprite are
            read; once more if they have to be read again because a file changed meanwhile.

        Returns
        -------
        Dataset
            Vectors of the shape (n_points, n_dims), a private copy: what happens to the file later
            does not change them. Metadata, a sprite or tags that cannot be read are left out, with
            one of the `Dataset.warnings`.

        Raises
        ------
        UnknownNameError
            The entry is not, or no longer, in this log.
        LoadError
            The tensor cannot be read.

        Examples
        --------
        >>> import projector
        >>> log = projector.open_logdir("demo_data")
        >>> data = log.load(log.find(run="cnn-tanh-32", step=100))
        >>> data.vectors.shape
        (1797, 32)
        >>> data.metadata["label"].text.to_list()[:3]
        ['0', '1', '2']
        """
        source = self._source(entry)
        data = read_source(source, on_vectors)
        return tagged(data, source) if tags else data

    def tagged(self, entry: Entry, data: Dataset) -> Dataset:
        """Return a dataset that was loaded without tags, with the current tags."""
        return tagged(data, self._source(entry))

    def parts(self, entry: Entry) -> PartitionedDataset | None:
        """Return an entry whose vectors are in several files by these, which are read in pieces.

        None if they are in one, or of a format that is only read as a whole.

        Raises
        ------
        UnknownNameError
            The entry is not, or no longer, in this log.
        LoadError
            A part cannot be read.
        """
        source = self._source(entry)
        plan = source.tensor.detail
        return partitioned_of(plan, source.tensor) if isinstance(plan, Joined) else None

    def tags(self, entry: Entry) -> Tags:
        """Return the tags of an entry's tensor; without columns where there are none.

        Raises
        ------
        UnknownNameError
            The entry is not, or no longer, in this log.
        """
        return self._tags.tags(self._source(entry))

    def tag(
        self, entry: Entry, rows: Iterable[int], column: str, value: str | None
    ) -> tuple[Entry, ...]:
        """Tag some points and save the tags in a sidecar file; the data itself never changes.

        Parameters
        ----------
        entry : Entry
            Any step: tags apply to all of the tensor's steps with as many points.
        rows : iterable of int
            Row numbers, from 0 to n_points - 1.
        column : str
            May be a column of the data: its other rows stay as they are.
        value : str or None
            None removes the tag.

        Returns
        -------
        tuple of Entry
            The log's entries from now on.

        Raises
        ------
        UnknownNameError, ParameterError
            The entry is unknown, or a row, a name or a value is invalid.
        ConflictError
            The sidecar file has changed since this log last read it; `refresh` and try again.
        SaveError
            It cannot be written.
        """
        self.save_tags(entry, self.tags(entry).with_values(rows, column, value))
        return self.entries

    def sidecar(self, entry: Entry) -> Sidecar:
        """Return where an entry's tags are stored, or will be."""
        return self._tags.sidecar(self._source(entry))

    def save_tags(
        self, entry: Entry, tags: Tags, *, expected: str | None = None, to_file: bool = True
    ) -> Sidecar:
        """Replace an entry's tags; see `tag`.

        Parameters
        ----------
        entry : Entry
        tags : Tags
        expected : str, optional
            The revision that `tags` is based on, empty if there were none; the revision that this
            log knows if left out.
        to_file : bool
            False keeps the tags in memory until the log is closed.
        """
        with self._lock:
            saved = self._tags.save(self._source(entry), tags, expected=expected, to_file=to_file)
            old = self._listing
            entries = tuple(self._sources[each.id].entry(self.root) for each in old.entries)
            self._listing = replace(old, entries=entries)
            return saved

    def bookmarks(self, entry: Entry) -> bytes:
        """Return the bookmarks that a config names for an embedding (see `read_bookmarks`).

        Raises
        ------
        UnknownNameError
            No config names bookmarks for the entry, or it is no longer in this log.
        LoadError
            They cannot be read.
        """
        source = self._source(entry)
        if source.bookmarks is None:
            raise UnknownNameError.missing("bookmarks", repr(entry.name))
        return read_bookmarks(source.bookmarks)

    def _source(self, entry: Entry) -> Source:
        source = self._sources.get(entry.id)
        if source is None:
            raise UnknownNameError("embedding", entry.name, [e.name for e in self.entries])
        return source


def _narrow(kind: str, wanted: str, named: list[tuple[str, Entry]]) -> list[Entry]:
    found = list(dict.fromkeys(entry for name, entry in named if name == wanted))
    if not found:
        raise UnknownNameError(kind, wanted, dict.fromkeys(name for name, _ in named))
    return found


def open_logdir(path: str | Path) -> Log:
    """List the embeddings of a log directory, or of a single file. No tensor is read.

    Parameters
    ----------
    path : str or Path
        A directory of any depth, a file of any format that projector reads, or a pattern such as
        ``"dir/*.parquet"``: the files are the parts of one embedding (see `open_parts`). Also an
        address of one, such as ``"s3://bucket/runs"`` (docs/remote.md).

    Returns
    -------
    Log
        With `entries` and `problems`: a file that cannot be read becomes a problem, never an
        error.

    Raises
    ------
    LoadError
        There is nothing at `path`, or its server cannot be reached.

    Notes
    -----
    Reads headers only: 10,000 small files take about one second.

    Examples
    --------
    >>> import projector
    >>> log = projector.open_logdir("demo_data")
    >>> for entry in log.entries[:3]:
    ...     print(entry.run, entry.name, entry.step, entry.shape)
    mlp-relu-16 hidden 0 (1797, 16)
    mlp-relu-16 hidden 20 (1797, 16)
    mlp-relu-16 hidden 50 (1797, 16)
    >>> log.problems
    ()
    """
    return Log(existing(path))


def _plugin_problems() -> list[Problem]:
    """Return a problem for each plug-in of a format that was tried and cannot be used."""
    return [Problem(".", ".", each.message, "warning") for each in FORMATS.failures()]

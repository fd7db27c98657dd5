"""Finds the numbered tables of numbered arrays: ``meta_0.parquet`` of ``emb_0.npy``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.companions.label_files import LabelFile, may_be_labels
from projector.loaders.logdir.name_numbers import Meaning, numbered
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.surroundings import Surroundings

_FREE: frozenset[Meaning] = frozenset({"part", "saved", "open", "step", "epoch"})
#: More folders beside that of the arrays are not looked into.
MOST_FOLDERS = 32


class PartTables:
    """The numbered tables of a log directory, by folder.

    Parameters
    ----------
    folders : Surroundings
    scanner : Scanner
    """

    def __init__(self, folders: Surroundings, scanner: Scanner) -> None:
        self._folders = folders
        self._scanner = scanner
        self._known: dict[Path, list[dict[int, File]]] = {}

    def of(self, parts: Sequence[tuple[File, int, int]]) -> tuple[LabelFile, ...]:
        """Return one table for each part, with as many rows; nothing if there are none.

        Parameters
        ----------
        parts : sequence of (File, int, int)
            The array, its number, and its number of rows.
        """
        numbers = {number for _, number, _ in parts}
        own = {file.path for file, _, _ in parts}
        for folder in self._near(parts[0][0].path.parent):
            for series in self._series(folder):
                if numbers <= series.keys() and not own & {f.path for f in series.values()}:
                    tables = [self._scanner.labels(series[number]) for _, number, _ in parts]
                    fitting = [
                        table
                        for table, (_, _, n_rows) in zip(tables, parts, strict=True)
                        if table is not None and table.fits(n_rows)
                    ]
                    if len(fitting) == len(parts):
                        return tuple(fitting)
        return ()

    def _near(self, folder: Path) -> list[Path]:
        """Return a folder, the one above, and those beside it."""
        above = self._folders.get(folder.parent)
        if above is None:
            return [folder]
        beside = [above.path / name for name in above.folders if name != folder.name]
        return [folder, *beside[:MOST_FOLDERS], above.path]

    def _series(self, folder: Path) -> list[dict[int, File]]:
        if folder not in self._known:
            found: dict[tuple[str, str], dict[int, File]] = defaultdict(dict)
            known = self._folders.get(folder)
            for file in known.files.values() if known is not None else ():
                if may_be_labels(file):
                    name = numbered(file.stem)
                    numbers = [each for each in name.numbers if each.meaning in _FREE]
                    if len(numbers) == 1:
                        key = (name.pattern(_FREE), file.name[len(file.stem) :])
                        found[key][numbers[0].value] = file
            self._known[folder] = [series for series in found.values() if len(series) > 1]
        return self._known[folder]


def differ(tables: Sequence[LabelFile]) -> bool:
    """Tell whether tables are not all the same: then they are of different points."""
    try:
        return len({(t.n_rows, t.file.size, t.file.head(), t.file.tail(256)) for t in tables}) > 1
    except LoadError:
        return False

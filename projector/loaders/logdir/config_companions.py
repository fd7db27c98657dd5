"""Resolves and checks the companion files that a config names for a tensor."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from projector.errors import LoadError
from projector.loaders.base import File, located_message
from projector.loaders.companions.sprites import refusal
from projector.loaders.logdir.config_file import Config, Info
from projector.loaders.logdir.reporting import Report
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.sources import Source
from projector.loaders.safe_files import printable, relative_path, resolve_inside
from projector.machine.no_links import status_without_links

#: Files that are named where the one of a config is missing.
_TABLE = re.compile(r"\.(tsv|txt|csv|labels|vocab|json|jsonl|parquet)$", re.IGNORECASE)
_NAMED = 5

#: The last parts of a path that are looked for.
_MOST_PARTS = 32


@dataclass
class ConfigCompanions:
    """Attaches the metadata, sprites and bookmarks that the entries of configs name.

    Parameters
    ----------
    root : Path
        The log directory, resolved.
    scanner : Scanner
    files : mapping of Path to File
        All files that the walk found.
    report : Report
        A companion that is missing, outside `root` or unusable is reported; its tensor is listed
        without it.
    is_done : bool
        Whether all files that configs name were found by the walk, which sees when they change.
    """

    root: Path
    scanner: Scanner
    files: dict[Path, File]
    report: Report
    is_done: bool = True
    _near: tuple[Config, list[str], list[str]] | None = field(default=None, repr=False)
    _tables: dict[Path, str] = field(default_factory=dict, repr=False)

    def file(self, config: Config, named: str, info: Info, run: str) -> File | None:
        """Return the file that an entry names, or report why there is none.

        A path of where the training ran is looked for by its last parts; that one is used instead
        is reported as well.
        """
        file, said = self.find(config, named)
        if said:
            where = f"{info.place}, tensor {info.tensor_name!r}: "
            self.report(run, config.file.path, where + said, "warning")
        return file

    def find(self, config: Config, named: str) -> tuple[File | None, str]:
        """Return the file that a config names, and what there is to say about it."""
        try:
            real = resolve_inside(self.root, config.base, named, by=config.file.path)
            known = self.files.get(real)
            self.is_done = self.is_done and known is not None
            return known or self._unlisted_file(config, real), ""
        except LoadError as error:
            self.is_done = False
            moved = self._by_last_parts(config, named)
            if moved is None:
                return None, f"{error.message}{self._beside(config)}"
            place = printable(relative_path(self.root, moved.path))
            return moved, (
                f"{printable(named)!r} is not here. {place} is used instead, because its path ends "
                "alike. Correct the path in the config."
            )

    def _by_last_parts(self, config: Config, named: str) -> File | None:
        """Return the file whose path ends as the path of another place or machine does."""
        parts = [each for each in re.split(r"[/\\]+", named) if each not in ("", ".", "..")]
        near, above = self._folders_of(config)
        for first in range(max(0, len(parts) - _MOST_PARTS), len(parts)):
            # A part of a path is looked for beside the config; a whole one may start further up.
            for folder in (*near, *above) if first == 0 or first < len(parts) - 1 else near:
                file = self._by_path.get(os.path.join(folder, *parts[first:]))
                if file is not None and file is not config.file:
                    return file
        return None

    @cached_property
    def _by_path(self) -> dict[str, File]:
        return {str(path): file for path, file in self.files.items()}

    def _folders_of(self, config: Config) -> tuple[list[str], list[str]]:
        """Return the folders in which the files of a config are looked for first, and others."""
        if self._near is None or self._near[0] is not config:
            near = dict.fromkeys((str(config.base), str(config.run_folder)))
            above = [each for each in config.base.parents if each.is_relative_to(self.root)]
            self._near = (config, [*near], [*map(str, above)])
        return self._near[1], self._near[2]

    def _beside(self, config: Config) -> str:
        """Name the tables that lie beside a config."""
        if config.file.path not in self._tables:
            self._tables[config.file.path] = self._tables_beside(config)
        return self._tables[config.file.path]

    def _tables_beside(self, config: Config) -> str:
        tables = [name for name in config.file.folder if _TABLE.search(name)]
        if not tables:
            return ""
        more = " …" if len(tables) > _NAMED else ""
        return f" Beside the config there are {', '.join(map(printable, tables[:_NAMED]))}{more}."

    def _unlisted_file(self, config: Config, real: Path) -> File:
        """Return a file that the walk skipped: hidden, or behind a link to a folder."""
        try:
            status = status_without_links(str(real))
        except OSError as error:
            raise LoadError(
                config.file.path, f"{printable(real)!r} has disappeared: {error}."
            ) from None
        return File.of(real, self.root, status, real)

    def attach(self, source: Source, config: Config, info: Info, run: str) -> None:
        """Give a source the companions that an entry names."""
        source.named = True
        if info.metadata_path:
            source.metadata = self.file(config, info.metadata_path, info, run)
            source.lost_metadata = source.metadata is None
        if info.image_path:
            source.sprite = self._sprite(config, info, run)
            source.tile = info.tile or (0, 0)
        if info.bookmarks_path:
            source.bookmarks = self._bookmarks(config, info, run)

    def _sprite(self, config: Config, info: Info, run: str) -> File | None:
        file = self.file(config, info.image_path, info, run)
        if file is None:
            return None
        try:
            reason = refusal(file.head())
        except LoadError as error:
            reason = error.message
        if reason:
            self.report(run, file.path, reason, "error")
        # Kept even so: loading the tensor then warns of it, too.
        return file

    def _bookmarks(self, config: Config, info: Info, run: str) -> File | None:
        file = self.file(config, info.bookmarks_path, info, run)
        if file is None:
            return None
        try:
            self.scanner.check_bookmarks(file)
        except LoadError as error:
            self.report(run, file.path, located_message(error), "error")
            return None
        return file

"""Resolves and checks the companion files that a config names for a tensor."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from projector.errors import LoadError
from projector.loaders.base import File, located_message
from projector.loaders.companions.sprites import refusal
from projector.loaders.logdir.config_file import Config, Info
from projector.loaders.logdir.reporting import Report
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.sources import Source
from projector.loaders.safe_files import printable, resolve_inside


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
    """

    root: Path
    scanner: Scanner
    files: dict[Path, File]
    report: Report

    def file(self, config: Config, named: str, info: Info, run: str) -> File | None:
        """Return the file that an entry names, or report why there is none."""
        try:
            real = resolve_inside(self.root, config.base, named, by=config.file.path)
            return self.files.get(real) or self._unlisted_file(config, real)
        except LoadError as error:
            where = f"{info.place}, tensor {info.tensor_name!r}: "
            self.report(run, config.file.path, where + error.message, "warning")
            return None

    def _unlisted_file(self, config: Config, real: Path) -> File:
        """Return a file that the walk skipped: hidden, or behind a link to a folder."""
        try:
            status = real.stat()
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

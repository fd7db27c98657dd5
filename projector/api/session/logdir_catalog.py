"""A log directory as a session sees it: the log, its media files and its scalars."""

from __future__ import annotations

from pathlib import Path

from projector.loaders.companions.media import read_media
from projector.loaders.formats.tensorflow.events import Series
from projector.loaders.logdir.log import Log
from projector.loaders.logdir.run_scalars import run_scalars
from projector.model.listing import Entry


class LogdirCatalog(Log):
    """A `Log` that also reads the companions which no dataset contains."""

    @property
    def watched(self) -> tuple[Path, ...]:
        """What is watched: the log directory or the file, of parts their folder; none elsewhere."""
        if self.remote:
            return ()
        return (self.root if self.is_pattern else self.name,)

    def media(self, entry: Entry, named: str) -> tuple[bytes, str]:
        """Return the image or sound that a metadata value names (see `read_media`)."""
        return read_media(self.root, self.root / entry.path, named)

    def scalars(self, entry: Entry) -> tuple[dict[str, Series], list[str]]:
        """Return the scalars of an entry's run (see `run_scalars`)."""
        return run_scalars(self.root, entry.run)

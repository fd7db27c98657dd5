"""Files that were dropped on the page: kept on this machine until the session ends."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import IO

from projector.api.session.logdir_catalog import LogdirCatalog
from projector.errors import ParameterError
from projector.machine.atomic_write import atomic_write

#: The run of dropped files; each drop is a folder in it.
RUN = "dropped"
_BATCH = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_PIECE = 1 << 20


class Uploads:
    """A temporary log directory for dropped files."""

    def __init__(self) -> None:
        self._root: Path | None = None
        self.catalog: LogdirCatalog | None = None

    def save(self, batch: str, name: str, content: IO[bytes]) -> None:
        """Write one file; files of one batch are in one folder.

        Parameters
        ----------
        batch : str
            Identifies the drop: lower-case letters, digits and hyphens, at most 40.
        name : str
            The file's name, without a folder.
        content : binary file
            Copied in pieces, never read into memory as a whole.

        Raises
        ------
        ParameterError
            An invalid batch, or a name that is empty or a path.
        """
        if not _BATCH.fullmatch(batch):
            raise ParameterError(
                f"'batch' must be lower-case letters, digits and hyphens. Got {batch!r}."
            )
        is_plain = bool(name) and not name.startswith(".") and not set(name) & set("/\\\0:")
        if not is_plain or len(name.encode()) > 200:
            raise ParameterError(f"'name' must be a file name without a folder. Got {name!r}.")
        if self._root is None:
            self._root = Path(tempfile.mkdtemp(prefix="projector-dropped-"))
        folder = self._root / RUN / batch
        # The unfinished file is outside of the folder that is listed.
        with atomic_write(folder / name, scratch=self._root, sync=False, private=True) as file:
            shutil.copyfileobj(content, file, _PIECE)
        if self.catalog is None:
            # The files are deleted at the end of the session, and their tags with them.
            self.catalog = LogdirCatalog(self._root.resolve(), save_sidecars=False)
        else:
            self.catalog.refresh()

    def close(self) -> None:
        """Delete all dropped files."""
        self.catalog = None
        if self._root is not None:
            shutil.rmtree(self._root, ignore_errors=True)
            self._root = None

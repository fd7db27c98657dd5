"""Files that a person dropped on the page: kept on this machine, until the session ends."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import IO

from projector.errors import ParameterError
from projector.loaders.logdir.log import Log

#: The run under which dropped files appear, one folder a drop.
RUN = "dropped"
_BATCH = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_PIECE = 1 << 20


class Uploads:
    """A log directory of its own for what was dropped."""

    def __init__(self) -> None:
        self._root: Path | None = None
        self.log: Log | None = None

    def save(self, batch: str, name: str, content: IO[bytes]) -> None:
        """Write one file; files of one batch stand beside each other, as in a folder.

        Parameters
        ----------
        batch : str
            Names the drop: lower-case letters, digits and hyphens.
        name : str
            The file's own name, without a folder.
        content : binary file
            Read piece by piece, never as a whole.

        Raises
        ------
        ParameterError
            A name that is a path, or no name at all.
        """
        if not _BATCH.fullmatch(batch):
            raise ParameterError(
                f"'batch' must be lower-case letters, digits and hyphens. Got {batch!r}."
            )
        plain = bool(name) and not name.startswith(".") and not set(name) & set("/\\\0:")
        if not plain or len(name.encode()) > 200:
            raise ParameterError(f"'name' must be a file name without a folder. Got {name!r}.")
        if self._root is None:
            self._root = Path(tempfile.mkdtemp(prefix="projector-dropped-"))
        folder = self._root / RUN / batch
        folder.mkdir(parents=True, exist_ok=True)
        # The part lies outside of what is listed: nobody ever sees half a file.
        with tempfile.NamedTemporaryFile(dir=self._root, prefix=".part-", delete=False) as part:
            try:
                shutil.copyfileobj(content, part, _PIECE)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
        Path(part.name).replace(folder / name)
        if self.log is None:
            # They go when the session does, and so do tags of them.
            self.log = Log(self._root.resolve(), save_sidecars=False)
        else:
            self.log.refresh()

    def close(self) -> None:
        """Remove everything that was dropped."""
        self.log = None
        if self._root is not None:
            shutil.rmtree(self._root, ignore_errors=True)
            self._root = None

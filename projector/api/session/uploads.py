"""Files that were dropped on the page: kept on this machine until the session ends."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO

from projector.api.session.logdir_catalog import LogdirCatalog
from projector.errors import InvalidStateError, ParameterError, SaveError
from projector.machine.atomic_write import atomic_write
from projector.machine.free_space import free_space
from projector.machine.owned_folder import OwnedFolder
from projector.machine.shortages import saving

#: The run of dropped files; each drop is a folder in it.
RUN = "dropped"
_BATCH = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_PIECE = 1 << 20
#: Bytes after which the free space is looked at again: others write, too.
_LOOK = 64 << 20


class Uploads:
    """A temporary log directory for dropped files. Several may arrive at once."""

    def __init__(self) -> None:
        self._owned: OwnedFolder | None = None
        self._lock = threading.Lock()
        self._is_closed = False
        #: Bytes that are still to come, of each file that is arriving, and where it goes.
        self._coming: dict[int, int] = {}
        self._places: dict[int, Path] = {}
        self.catalog: LogdirCatalog | None = None

    def receive(self, batch: str, name: str, content: IO[bytes], size: int | None) -> None:
        """Write one file while it arrives; files of one batch are in one folder.

        Parameters
        ----------
        batch : str
            Identifies the drop: lower-case letters, digits and hyphens, at most 40.
        name : str
            The file's name, without a folder.
        content : binary file
            Copied in pieces, never read into memory as a whole. If reading fails, nothing of the
            file is kept, nor an empty folder for it.
        size : int or None
            Its bytes, if they are known before.

        Raises
        ------
        ParameterError
            An invalid batch, or a name that is empty or a path.
        SaveError
            There is not enough space; it says how much there is.
        """
        if not _BATCH.fullmatch(batch):
            raise ParameterError(
                f"'batch' must be lower-case letters, digits and hyphens. Got {batch!r}."
            )
        is_plain = bool(name) and not name.startswith(".") and not set(name) & set("/\\\0:")
        if not is_plain or len(name.encode()) > 200:
            raise ParameterError(f"'name' must be a file name without a folder. Got {name!r}.")
        root = self._folder()
        path = root / RUN / batch / name
        with (
            self._announced(path, size) as key,
            saving(path, otherwise=_OTHERWISE),
            # The unfinished file is outside of the folder that is listed.
            atomic_write(path, scratch=root, sync=False, private=True) as file,
        ):
            self._copy(content, file, path, key)

    def refresh(self) -> None:
        """List what has arrived."""
        root = self._folder()
        if self.catalog is None:
            # The files are deleted at the end of the session, and their tags with them.
            self.catalog = LogdirCatalog(root.resolve(), save_sidecars=False)
        else:
            self.catalog.refresh()

    def close(self) -> None:
        """Delete all dropped files."""
        self.catalog = None
        with self._lock:
            self._is_closed = True
            if self._owned is not None:
                self._owned.remove()
                self._owned = None

    def _folder(self) -> Path:
        with self._lock:
            if self._is_closed:
                raise InvalidStateError("The server is closing.")
            if self._owned is None:
                self._owned = OwnedFolder("dropped-")
            # Temporary folders are swept by others, too.
            return self._owned.path

    @contextlib.contextmanager
    def _announced(self, path: Path, size: int | None) -> Iterator[int]:
        """Count a file among those that are arriving, if there is space for all of them."""
        with self._lock:
            key = max(self._coming, default=0) + 1
            self._coming[key], self._places[key] = size or 0, path
        try:
            self._check_space(path, key)
            yield key
        finally:
            with self._lock:
                del self._coming[key], self._places[key]
                self._remove_empty(path)

    def _remove_empty(self, path: Path) -> None:
        """Remove the folders of a file that did not arrive, unless another one needs them."""
        for folder in path.parents[:2]:
            if any(folder in other.parents for other in self._places.values()):
                return
            with contextlib.suppress(OSError):  # mostly because it is not empty
                folder.rmdir()

    def _copy(self, content: IO[bytes], file: BinaryIO, path: Path, key: int) -> None:
        looked = 0
        while piece := content.read(_PIECE):
            file.write(piece)
            with self._lock:
                self._coming[key] = max(0, self._coming[key] - len(piece))
            looked += len(piece)
            if looked >= _LOOK:
                looked = 0
                self._check_space(path, key)

    def _check_space(self, path: Path, key: int) -> None:
        with self._lock:
            own, all_files = self._coming[key], sum(self._coming.values())
        folder = path.parents[2]
        free = free_space(folder)
        if all_files > free.n_bytes or free.n_bytes == 0:
            others = f" beside {all_files - own:,} of other files" if all_files > own else ""
            raise SaveError(
                path,
                f"{own:,} bytes of it are still to come{others}, but {free}. Free space "
                f"there, {_OTHERWISE}.",
            )


#: What else may be done where there is no space.
_OTHERWISE = "set TMPDIR to another folder, or open the file with --logdir, which copies nothing"

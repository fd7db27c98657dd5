"""Links several files into one folder, so that they open as one log directory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from projector.errors import ParameterError
from projector.loaders.remote.mirrors import mirror_of
from projector.machine.owned_folder import OwnedFolder


class GatheredFiles:
    """A folder with several files, so that metadata is found next to its vectors.

    Parameters
    ----------
    paths : sequence of path
        Regular files with different names. They are linked, and copied only from another file
        system.

    Attributes
    ----------
    paths : tuple of Path
        The files where they are, absolute.

    Raises
    ------
    ParameterError
        One of them is not a file, or two have the same name.
    """

    def __init__(self, paths: Sequence[str | Path]) -> None:
        self.paths = tuple(Path(path).absolute() for path in paths)
        for file in self.paths:
            if mirror_of(file) is not None:
                raise ParameterError(
                    f"{file.name} is not on this machine. Give the address of its folder."
                )
            if not file.is_file():
                raise ParameterError(
                    f"{file} is not a file. Give one log directory, or several files."
                )
        names = [file.name for file in self.paths]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ParameterError(f"Two files have the name {twice!r}. Rename one of them.")
        self._owned = OwnedFolder("files-")
        self._taken: dict[Path, tuple[int, ...]] = {}
        try:
            self.update()
        except BaseException:
            self.remove()
            raise

    @property
    def folder(self) -> Path:
        """Where they are together; made again if somebody has removed it."""
        return self._owned.path

    def update(self) -> None:
        """Take the files again that were replaced or rewritten, and drop those that are gone."""
        folder = self.folder
        for path in self.paths:
            taken = folder / path.name
            try:
                status = os.stat(path)
                now = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
                if self._taken.get(path) != now or not taken.exists():
                    self._take(path.resolve(), taken)
                    self._taken[path] = now
            except FileNotFoundError:
                taken.unlink(missing_ok=True)
                self._taken.pop(path, None)

    def remove(self) -> None:
        """Delete the folder."""
        self._owned.remove()

    def _take(self, source: Path, taken: Path) -> None:
        part = taken.with_name(f".{taken.name}.part")
        part.unlink(missing_ok=True)
        try:
            os.link(source, part)
        except OSError:
            shutil.copy2(source, part)
        part.replace(taken)
        part.unlink(missing_ok=True)  # a link that was renamed to another one of itself stays

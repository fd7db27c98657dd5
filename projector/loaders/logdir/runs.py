"""Finds the run that a directory belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from projector.loaders.formats.tensorflow.events import is_event_file
from projector.loaders.logdir.config_file import Config
from projector.loaders.logdir.walk import Folder
from projector.loaders.safe_files import printable, relative_path

#: What a SavedModel's directory contains next to its ``variables``.
_SAVED_MODEL = ("saved_model.pb", "saved_model.pbtxt", "keras_metadata.pb", "fingerprint.pb")


class Runs:
    """Finds runs: the nearest directory upwards that contains event files or a config.

    Parameters
    ----------
    root : Path
        The log directory, resolved.
    folders : sequence of Folder
    configs : sequence of Config
    """

    def __init__(self, root: Path, folders: Sequence[Folder], configs: Sequence[Config]) -> None:
        self._root = root
        self._every = folders
        self._cached: dict[Path, str] = {}
        self._nearest_run: dict[Path, str] = {}
        self._known = {config.run_folder for config in configs}
        self._known |= {f.path for f in folders if any(map(is_event_file, f.files))}

    @cached_property
    def _folders(self) -> dict[Path, Folder]:
        return {folder.path: folder for folder in self._every}

    def name(self, folder: Path) -> str:
        """Return the name of the run whose directory is `folder`."""
        if not folder.is_relative_to(self._root):
            return "."
        return printable(relative_path(self._root, folder))

    def run_of(self, folder: Path) -> str:
        """Return the name of the run that files in `folder` belong to."""
        if folder not in self._cached:
            self._cached[folder] = self._find(folder)
        return self._cached[folder]

    def _find(self, folder: Path) -> str:
        if folder.name == "variables" and self._is_saved_model(folder.parent):
            folder = folder.parent
        return self._nearest(folder) or self.name(folder)

    def _nearest(self, folder: Path) -> str:
        """Return the name of the nearest run upwards, or an empty string."""
        passed: list[Path] = []
        found = ""
        while folder not in self._nearest_run:
            passed.append(folder)
            if folder in self._known:
                found = self.name(folder)
                break
            if folder == self._root or folder == folder.parent:
                break
            folder = folder.parent
        else:
            found = self._nearest_run[folder]
        self._nearest_run |= dict.fromkeys(passed, found)
        return found

    def _is_saved_model(self, folder: Path) -> bool:
        known = self._folders.get(folder)
        return known is not None and any(name in known.files for name in _SAVED_MODEL)

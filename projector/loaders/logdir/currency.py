"""Tells whether files are still as the walk found them, and finds them as they are now."""

from __future__ import annotations

from projector.loaders.base import File
from projector.loaders.formats.tensorflow.events import is_event_file
from projector.loaders.logdir.walk import read_folder
from projector.machine.no_links import status_without_links


def is_as_listed(file: File) -> bool:
    """Tell whether a file still is as the walk found it; event files may have grown since."""
    return file.is_current(grows=is_event_file(file.name))


def read_again(file: File) -> File | None:
    """Return a file, and the files of its folder, as they are now; None if it is gone."""
    found = read_folder(file.path.parent, file.root).files.get(file.path.name)
    if found is not None:
        return found
    try:  # one that the walk skips: hidden, or behind a link to a folder
        return File.of(file.path, file.root, status_without_links(str(file.real)), file.real)
    except OSError:
        return None

"""Links several files into one folder, so that they open as one log directory."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from projector.errors import ParameterError


def gather(paths: Sequence[str | Path]) -> Path:
    """Return a new folder with the files, so that metadata is found next to its vectors.

    Parameters
    ----------
    paths : sequence of path
        Regular files with different names. They are linked, and copied only from another file
        system. Writes into a linked file are seen; a file that replaces it is not.

    Returns
    -------
    Path
        To be removed by the caller.

    Raises
    ------
    ParameterError
        One of them is not a file, or two have the same name.
    """
    files = [Path(path).absolute() for path in paths]
    for file in files:
        if not file.is_file():
            raise ParameterError(f"{file} is not a file. Give one log directory, or several files.")
    names = [file.name for file in files]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ParameterError(f"Two files have the name {twice!r}. Rename one of them.")
    folder = Path(tempfile.mkdtemp(prefix="projector-files-"))
    try:
        for file in files:
            source = file.resolve()
            try:
                os.link(source, folder / file.name)
            except OSError:
                shutil.copy2(source, folder / file.name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder

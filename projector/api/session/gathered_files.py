"""Several files, wherever they lie, opened as if they stood in one folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from projector.errors import ParameterError


def gather(paths: Sequence[str | Path]) -> Path:
    """Return a new folder that holds the files, so that labels stand beside their vectors.

    Parameters
    ----------
    paths : sequence of path
        Regular files with different names. They are linked, and copied only where the file
        system is another: what is written *into* a linked file is seen, a file that is replaced
        by another is not.

    Returns
    -------
    Path
        The caller removes it.

    Raises
    ------
    ParameterError
        A folder among them, or two of one name.
    """
    files = [Path(path).absolute() for path in paths]
    for file in files:
        if not file.is_file():
            raise ParameterError(f"{file} is not a file. Name one log directory, or several files.")
    names = [file.name for file in files]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ParameterError(f"Two of the files are called {twice!r}. Rename one of them.")
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

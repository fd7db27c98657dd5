"""Guesses the metadata and sprites of tensors that no config names."""

from __future__ import annotations

import re
from pathlib import Path

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.companions.metadata_tsv import fits
from projector.loaders.formats.text.lines import looks_like_text
from projector.loaders.formats.text.tensors_tsv import METADATA_NAME
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.sources import Source
from projector.loaders.logdir.walk import Folder

_TABLE = re.compile(r"\.(tsv|txt|tab|labels|vocab)$", re.IGNORECASE)
#: Tables that are considered in one folder; a folder with more is not a log directory.
_MAX_TABLES = 32


def guess_companions(
    sources: list[Source], folders: list[Folder], scanner: Scanner, used: set[Path]
) -> None:
    """Attach companions of the same folder: those with torch's names, other tables by rows.

    Parameters
    ----------
    sources : list of Source
        Changed in place; those that a config names are left as they are.
    folders : list of Folder
    scanner : Scanner
    used : set of Path
        Files that are something else already.
    """
    by_path = {folder.path: folder for folder in folders}
    taken = used | {source.file.path for source in sources}
    tables: dict[Path, list[File]] = {}
    for source in sources:
        folder = by_path.get(source.file.path.parent)
        if folder is None or source.named:
            continue
        if source.file.stem == "tensors":
            _torch_folder(source, folder, scanner)
        if source.has_metadata:
            continue
        if folder.path not in tables:
            tables[folder.path] = _tables(folder, taken)
        _by_rows(source, tables[folder.path], scanner)


def _torch_folder(source: Source, folder: Folder, scanner: Scanner) -> None:
    table, sheet = folder.files.get("metadata.tsv"), folder.files.get("sprite.png")
    reason = "not named by a config; used because add_embedding writes it next to the vectors."
    if table is not None and fits(scanner.n_lines(table), source.n_points):
        source.metadata, source.guessed = table, f"{table.name}: {reason}"
    if sheet is not None:
        source.sprite = sheet


def _tables(folder: Folder, taken: set[Path]) -> list[File]:
    named = (file for name, file in folder.files.items() if _TABLE.search(name))
    found = [file for file in named if file.path not in taken and _is_text(file)]
    return found[:_MAX_TABLES]


def _is_text(file: File) -> bool:
    try:
        return looks_like_text(file.head())
    except LoadError:
        return False  # reported where the file itself is listed


def _may_fit(file: File, n_points: int) -> bool:
    """Tell from the length of the first lines whether a table may fit, without reading it all."""
    head = file.head()
    lines = head.count(b"\n")
    return not lines or n_points / 8 < file.size * lines / len(head) < n_points * 8 + 8


def _by_rows(source: Source, tables: list[File], scanner: Scanner) -> None:
    possible = [file for file in tables if _may_fit(file, source.n_points)]
    fitting = [file for file in possible if fits(scanner.n_lines(file), source.n_points)]
    named = [file for file in fitting if METADATA_NAME.search(file.name)] or fitting
    if len(named) == 1 and source.n_points > 1:
        source.metadata = named[0]
        source.guessed = (
            f"{named[0].name}: not named by a config; used as metadata because it is in the same "
            f"folder and has as many rows, {source.n_points:,}."
        )

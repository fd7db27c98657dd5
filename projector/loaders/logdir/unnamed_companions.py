"""Take the table and the pictures that lie beside vectors though no config names them."""

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
#: Tables that are looked at in one folder; a folder with more is no log directory.
_MANY = 32


def guess_companions(
    sources: list[Source], folders: list[Folder], scanner: Scanner, used: set[Path]
) -> None:
    """Attach what lies beside: torch's own names at once, other tables by their row count."""
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
    told = "no config names them; they lie beside the vectors as add_embedding puts them."
    if table is not None and fits(scanner.n_lines(table), source.n_points):
        source.metadata, source.guessed = table, f"{table.name}: {told}"
    if sheet is not None:
        source.sprite = sheet


def _tables(folder: Folder, taken: set[Path]) -> list[File]:
    named = (file for name, file in folder.files.items() if _TABLE.search(name))
    found = [file for file in named if file.path not in taken and _is_text(file)]
    return found[:_MANY]


def _is_text(file: File) -> bool:
    try:
        return looks_like_text(file.head())
    except LoadError:
        return False  # unreadable: told of where it is listed


def _is_near(file: File, n_points: int) -> bool:
    """Tell from the first lines' length whether it can have so many; spares reading the rest."""
    head = file.head()
    lines = head.count(b"\n")
    return not lines or n_points / 8 < file.size * lines / len(head) < n_points * 8 + 8


def _by_rows(source: Source, tables: list[File], scanner: Scanner) -> None:
    near = [file for file in tables if _is_near(file, source.n_points)]
    fitting = [file for file in near if fits(scanner.n_lines(file), source.n_points)]
    named = [file for file in fitting if METADATA_NAME.search(file.name)] or fitting
    if len(named) == 1 and source.n_points > 1:
        source.metadata = named[0]
        source.guessed = (
            f"{named[0].name}: no config names it; it was taken because it lies beside and has "
            f"as many rows, {source.n_points:,}."
        )

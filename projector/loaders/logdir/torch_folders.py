"""Finds the companions that ``add_embedding`` writes, where their config is lost."""

from __future__ import annotations

from collections.abc import Iterable

from projector.loaders.companions.label_files import LabelFile
from projector.loaders.companions.metadata_tsv import fits
from projector.loaders.logdir.label_use import FileLabels
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.sources import Source

_WHY = "not named by a config; used because add_embedding writes it next to the vectors."


def guess_torch_folders(sources: Iterable[Source], scanner: Scanner) -> None:
    """Attach ``metadata.tsv`` and ``sprite.png`` to the ``tensors.tsv`` of the same folder.

    Parameters
    ----------
    sources : iterable of Source
        Changed in place; those that a config names are left as they are.
    scanner : Scanner
    """
    for source in sources:
        if source.file.stem != "tensors" or source.named:
            continue
        beside = source.file.folder
        table, sheet = beside.get("metadata.tsv"), beside.get("sprite.png")
        if table is not None:
            n_lines = scanner.n_lines(table)
            if fits(n_lines, source.n_points):
                labels = LabelFile(table, "tsv", n_lines, maybe_header=True)
                source.labels.append(FileLabels(labels, _WHY))
        if sheet is not None:
            source.sprite = sheet

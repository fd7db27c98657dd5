"""Gathers what may be labels: arrays of the same file, and arrays, tables and lists beside it."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from projector.loaders.base import File, Tensor
from projector.loaders.companions.label_files import LabelFile, may_be_labels
from projector.loaders.logdir.label_names import LabelName, label_name
from projector.loaders.logdir.label_use import ArrayLabels, FileLabels, LabelUse
from projector.loaders.logdir.scanner import Listed, Scanner
from projector.loaders.logdir.surroundings import Surroundings
from projector.loaders.naming import is_parameter

#: Tables without a telling name that are considered in one folder.
_MAX_TABLES = 32
#: Texts up to this size are counted in any case.
_LARGE, _LINES = 1 << 20, frozenset({".tsv", ".txt", ".tab", ".csv", ".labels", ".vocab", ".jsonl"})
_VOCABULARY = re.compile(
    r"(^|[^a-z])(stoi|itos|vocab|vocabulary|tokens?|w(ord)?2i(d|dx)?)($|[^a-z])", re.I
)


@dataclass(frozen=True)
class Candidate:
    """Something that may be labels.

    Attributes
    ----------
    name : LabelName
    title : str
        What people call it.
    n_rows : int
        Without a header.
    listed : Listed or None
        The file of an array.
    tensor : Tensor or None
        The array.
    labels : LabelFile or None
        A table, a list or a vocabulary.
    own : bool
        Whether it is in the same file as the vectors.
    """

    name: LabelName
    title: str
    n_rows: int
    listed: Listed | None = None
    tensor: Tensor | None = None
    labels: LabelFile | None = None
    own: bool = False

    @property
    def file(self) -> File:
        """The file that has it."""
        if self.labels is not None:
            return self.labels.file
        assert self.listed is not None
        return self.listed.file

    @property
    def is_vocabulary(self) -> bool:
        """Whether its rows are those of tokens, so that an embedding may have more."""
        if self.labels is not None:
            return self.labels.is_vocabulary
        return (
            self.tensor is not None
            and _is_text(self.tensor)
            and bool(_VOCABULARY.search(self.title))
        )

    @property
    def is_keyed(self) -> bool:
        """Whether the order of its rows means nothing."""
        return self.labels is not None and self.labels.keyed

    @property
    def is_column(self) -> bool:
        """Whether it is a single column, several of which may be used together."""
        return self.labels is None or self.labels.n_columns == 1

    def fits(self, n_points: int) -> bool:
        """Tell whether it has one row per point."""
        if self.is_keyed:
            return False
        return self.labels.fits(n_points) if self.labels is not None else n_points == self.n_rows

    def use(self, why: str) -> LabelUse:
        """Return the use of these labels, for the reason `why`; without one by names only."""
        if self.labels is not None:
            plain = self.name.kinds <= {"label", "metadata"}
            return FileLabels(self.labels, why, "" if plain else self.title)
        assert self.listed is not None
        assert self.tensor is not None
        return ArrayLabels(self.listed, self.tensor, self.title, why)


def _is_text(tensor: Tensor) -> bool:
    return tensor.dtype.startswith(("str", "bytes", "object", "list"))


class Candidates:
    """What may be labels, by file and by folder; tables are described only when asked for.

    Parameters
    ----------
    folders : Surroundings
    listed : sequence of Listed
        What the files of the log directory have.
    scanner : Scanner
    taken : set of str
        Files that are something else: embeddings, or what a config names.
    """

    def __init__(
        self,
        folders: Surroundings,
        listed: Sequence[Listed],
        scanner: Scanner,
        taken: set[str],
    ) -> None:
        self._folders = folders
        self._scanner = scanner
        self._taken = taken
        self._own: dict[str, list[Candidate]] = {}
        self._arrays: dict[str, list[Candidate]] = defaultdict(list)
        self._tables: dict[str, list[File]] = {}
        for each in listed:
            found = arrays_of(each)
            if found:
                self._own[each.file.where] = found
                if all(_is_array(tensor) for tensor in each.found.tensors):
                    self._arrays[each.file.home] += found

    def of_file(self, where: str) -> list[Candidate]:
        """Return the arrays of one file."""
        return self._own.get(where, [])

    def arrays_in(self, folder: str) -> list[Candidate]:
        """Return the arrays of a folder's files that have nothing but arrays."""
        return self._arrays.get(folder, [])

    def tables_in(self, folder: str, counts: Collection[int]) -> list[Candidate]:
        """Return the tables, lists and vocabularies of a folder.

        Parameters
        ----------
        folder : str
        counts : collection of int
            Numbers of points; large texts that have none of these many lines are not read.
        """
        if folder not in self._tables:
            known = self._folders.get(folder)
            files = list(known.files.values()) if known is not None else []
            named = [f for f in files if may_be_labels(f) and f.where not in self._taken]
            if len(named) > _MAX_TABLES:
                named = [file for file in named if label_name(file.stem).kinds]
            self._tables[folder] = named
        found = (self._scanner.labels(f) for f in self._tables[folder] if _may_fit(f, counts))
        return [
            Candidate(label_name(each.file.stem), each.file.stem, each.n_rows, labels=each)
            for each in found
            if each is not None
        ]

    def around(self, folder: str) -> list[str]:
        """Return the folder above, and folders beside that are called after labels."""
        above = os.path.dirname(folder)
        known = self._folders.get(above)
        if known is None:
            return []
        beside = (os.path.join(above, name) for name in known.label_folders)
        return [above, *(each for each in beside if each != folder)]


def _may_fit(file: File, counts: Collection[int]) -> bool:
    """Tell from the length of the first lines whether a large text may have so many lines."""
    if file.size <= _LARGE or file.suffix not in _LINES:
        return True
    head = file.head()
    lines = head.count(b"\n")
    if not lines:
        return True
    likely = file.size * lines / len(head)
    return any(count / 8 < likely < count * 8 + 8 for count in counts)


def _is_array(tensor: Tensor) -> bool:
    """Tell whether a tensor is one value per row: of the shape (N,) or (N, 1)."""
    return len(tensor.shape) == 1 or (len(tensor.shape) == 2 and tensor.shape[1] == 1)


def arrays_of(listed: Listed) -> list[Candidate]:
    """Return the arrays of a file that may have one value per point."""
    found = []
    for tensor in listed.found.tensors:
        if not _is_array(tensor) or tensor.shape[0] < 2 or tensor.role == "slot":
            continue
        if tensor.step is not None or not (tensor.real or _is_text(tensor)):
            continue
        # The biases and statistics of a model are no labels.
        if is_parameter(tensor.name) or (listed.is_state_dict and not _is_text(tensor)):
            continue
        title = listed.file.stem if tensor.whole else tensor.name.rpartition("/")[2]
        name = label_name(title if tensor.whole else tensor.name)
        found.append(
            Candidate(name, title, tensor.shape[0], listed=listed, tensor=tensor, own=False)
        )
    return found

"""The source of an entry: a tensor in a file, with its companion files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from projector.loaders.base import File, Loader, Tensor
from projector.loaders.formats.text.evidence import METADATA_NAME
from projector.loaders.logdir.label_use import LabelUse
from projector.loaders.logdir.part_members import Joined
from projector.loaders.safe_files import printable, relative_path
from projector.loaders.tags.sidecar import Sidecar
from projector.model.listing import Entry, Role

#: A table with texts and no more numeric columns than this describes something.
_FEW_NUMBERS = 3


@dataclass
class Source:
    """One tensor at one step, while discovery finds its companions.

    Attributes
    ----------
    run : str
        Folder relative to the root.
    metadata : File or None
        The table that a config names.
    lost_metadata : bool
        Whether a config names a table that does not exist, so that labels are looked for.
    labels : list of LabelUse
        Labels that were found in the file and beside it.
    sprite : File or None
    bookmarks : File or None
    has_scalars : bool
        Whether the run's event files contain scalars.
    tile : tuple of int
        The sprite's (width, height) as the config gives it, unchecked; empty for a torch folder
        that lost its config.
    warnings : list of str
        For the dataset, when it is loaded.
    named : bool
        Whether a config names it.
    tags : Sidecar or None
        The tags of its rows.
    tags_warning : str
        Why tags of this tensor are not applied to this step.
    parts : tuple of File
        Other files that its tensor may be in.
    is_final : bool
        Whether `tensor` is of the file's version (see `Listed`).
    label : str
        What tells its file from others of the run, without the step.
    home : Path or None
        The folder that its run was found from, above those of its steps.
    in_series : bool
        Whether siblings at other steps were found.
    is_copy : bool
        Whether it is beside a series, and not one of its steps: ``best``, ``last``.
    """

    file: File
    loader: Loader
    tensor: Tensor
    run: str
    step: int | None
    metadata: File | None = None
    sprite: File | None = None
    bookmarks: File | None = None
    has_scalars: bool = False
    tile: tuple[int, ...] = ()
    warnings: list[str] = field(default_factory=list)
    named: bool = False
    tags: Sidecar | None = None
    tags_warning: str = ""
    parts: tuple[File, ...] = ()
    is_final: bool = True
    lost_metadata: bool = False
    labels: list[LabelUse] = field(default_factory=list)
    label: str = ""
    home: Path | None = None
    in_series: bool = False
    is_copy: bool = False
    _entry: Entry | None = field(default=None, init=False, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """All names that it is known by."""
        of_file = (printable(self.file.name),) if self.tensor.whole else ()
        return (self.tensor.name, *self.tensor.aliases, *of_file)

    @property
    def n_points(self) -> int:
        """Rows of the tensor."""
        return self.tensor.shape[0]

    @property
    def role(self) -> Role:
        """The tensor's role; one that a config names, or that has metadata, is an embedding.

        A doubtful one is an embedding only where a config names it.
        """
        if self.named:
            return "embedding"
        if self.tensor.role == "weight" and self.has_metadata and not self.tensor.doubtful:
            return "embedding"
        return self.tensor.role

    @property
    def is_table(self) -> bool:
        """Whether it is a table that rather describes other vectors than has its own."""
        return self.tensor.doubtful and (
            self.tensor.shape[1] <= _FEW_NUMBERS or METADATA_NAME.search(self.file.name) is not None
        )

    @property
    def has_metadata(self) -> bool:
        """Whether it has metadata, in a file of its own or in the tensor's."""
        if self.metadata is not None or self.tensor.labeled:
            return True
        return any(use.why for use in self.labels)

    def entry(self, root: Path) -> Entry:
        """Return the entry of the listing; made once, as only tags change after a search."""
        tags = self._tags_revision
        if self._entry is None:
            self._entry = self._new_entry(root, tags)
        elif self._entry.tags != tags:
            self._entry = replace(self._entry, tags=tags)
        return self._entry

    def _new_entry(self, root: Path, tags: str) -> Entry:
        rows, columns = self.tensor.shape
        return Entry(
            run=self.run,
            name=self.tensor.name,
            step=self.step,
            shape=(rows, columns),
            dtype=self.tensor.dtype,
            format=self.loader.name,
            path=printable(relative_path(root, self.file.where)),
            has_metadata=self.has_metadata,
            has_sprite=self.sprite is not None,
            has_bookmarks=self.bookmarks is not None,
            has_scalars=self.has_scalars,
            role=self.role,
            revision=self.revision,
            tags=tags,
            n_parts=self._n_parts,
        )

    @property
    def _n_parts(self) -> int:
        plan = self.tensor.detail
        return len(plan.files) if isinstance(plan, Joined) and not plan.texts else 1

    @property
    def _tags_revision(self) -> str:
        state = (self.tags.revision if self.tags else "", self.tags_warning)
        return hashlib.sha256(repr(state).encode()).hexdigest()[:16] if any(state) else ""

    @property
    def other_files(self) -> list[File]:
        """Further files that its tensor and its labels are in."""
        files = [*self.parts, *(file for use in self.labels for file in use.files)]
        if isinstance(self.tensor.detail, Joined):
            files += self.tensor.detail.files
        return files

    @property
    def revision(self) -> str:
        """Changes when the tensor's file, its metadata, sprite or bookmarks are rewritten."""
        others = self.other_files[len(self.parts) :]
        files = [self.file, self.metadata, self.sprite, self.bookmarks, *others]
        signatures = [file.content if file else None for file in files]
        signatures += [_signature_of(self.parts)] if self.parts else []
        text = "\0".join([each or "" for each in signatures])
        return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


#: The signatures of the parts that were asked for last, by identity: all tensors of one file have
#: the same ones, thousands of them.
_signed: list[tuple[Sequence[File], str]] = []
_MOST_SIGNED = 64


def _signature_of(parts: Sequence[File]) -> str:
    """Return what changes when one of these files is rewritten."""
    kept = list(_signed)
    for known, digest in reversed(kept):
        if known is parts:
            return digest
    digest = hashlib.sha256(repr([file.content for file in parts]).encode()).hexdigest()
    _signed[:] = [*kept[1 - _MOST_SIGNED :], (parts, digest)]
    return digest

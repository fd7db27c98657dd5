"""The source of an entry: a tensor in a file, with its companion files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from projector.loaders.base import File, Loader, Tensor
from projector.loaders.safe_files import printable, relative_path
from projector.loaders.tags.sidecar import Sidecar
from projector.model.listing import Entry, Role


@dataclass
class Source:
    """One tensor at one step, while discovery finds its companions.

    Attributes
    ----------
    run : str
        Folder relative to the root.
    metadata : File or None
    guessed : str
        The warning that the metadata was guessed; empty where a config names it.
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
    """

    file: File
    loader: Loader
    tensor: Tensor
    run: str
    step: int | None
    metadata: File | None = None
    guessed: str = ""
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

    @property
    def n_points(self) -> int:
        """Rows of the tensor."""
        return self.tensor.shape[0]

    @property
    def role(self) -> Role:
        """The tensor's role; one that a config names, or that has metadata, is an embedding."""
        if self.named:
            return "embedding"
        if self.tensor.role == "weight" and (self.metadata or self.tensor.labeled):
            return "embedding"
        return self.tensor.role

    @property
    def has_metadata(self) -> bool:
        """Whether it has metadata, in a file of its own or in the tensor's."""
        return self.metadata is not None or self.tensor.labeled

    def entry(self, root: Path) -> Entry:
        """Return the entry of the listing."""
        rows, columns = self.tensor.shape
        return Entry(
            run=self.run,
            name=self.tensor.name,
            step=self.step,
            shape=(rows, columns),
            dtype=self.tensor.dtype,
            format=self.loader.name,
            path=printable(relative_path(root, self.file.path)),
            has_metadata=self.has_metadata,
            has_sprite=self.sprite is not None,
            has_bookmarks=self.bookmarks is not None,
            has_scalars=self.has_scalars,
            role=self.role,
            revision=self.revision,
            tags=self._tags_revision,
        )

    @property
    def _tags_revision(self) -> str:
        state = (self.tags.revision if self.tags else "", self.tags_warning)
        return hashlib.sha256(repr(state).encode()).hexdigest()[:16] if any(state) else ""

    @property
    def revision(self) -> str:
        """Changes when the tensor's file, its metadata, sprite or bookmarks are rewritten."""
        files = (self.file, self.metadata, self.sprite, self.bookmarks, *self.parts)
        signatures = [file.signature if file else None for file in files]
        return hashlib.sha256(repr(signatures).encode()).hexdigest()[:16]

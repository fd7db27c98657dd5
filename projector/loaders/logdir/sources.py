"""What an entry is loaded from: a tensor in a file, with the table and pictures beside it."""

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
    """One tensor at one step, while discovery finds out what belongs to it.

    Attributes
    ----------
    run : str
        Folder relative to the root.
    metadata : File or None
    guessed : str
        Why the metadata was taken where nobody named it; empty where a config did.
    sprite : File or None
    bookmarks : File or None
    has_scalars : bool
        The run's event files hold some.
    tile : tuple of int
        As the config gives it, unchecked; empty for a torch folder that lost its config.
    notes : list of str
        To be told when the tensor is loaded.
    named : bool
        A config names it.
    tags : Sidecar or None
        What a person wrote beside its rows.
    tags_note : str
        Why tags of this tensor are not applied to this step.
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
    notes: list[str] = field(default_factory=list)
    named: bool = False
    tags: Sidecar | None = None
    tags_note: str = ""

    @property
    def n_points(self) -> int:
        """Rows of the tensor."""
        return self.tensor.shape[0]

    @property
    def role(self) -> Role:
        """The tensor's role; being named by a config, or having metadata, makes an embedding."""
        if self.named:
            return "embedding"
        if self.tensor.role == "weight" and (self.metadata or self.tensor.labeled):
            return "embedding"
        return self.tensor.role

    @property
    def has_metadata(self) -> bool:
        """Whether a table comes with it."""
        return self.metadata is not None or self.tensor.labeled

    def entry(self, root: Path) -> Entry:
        """Return the public description."""
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
        told = (self.tags.revision if self.tags else "", self.tags_note)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16] if any(told) else ""

    @property
    def revision(self) -> str:
        """Changes when the tensor's file, its table, pictures or bookmarks are rewritten."""
        files = (self.file, self.metadata, self.sprite, self.bookmarks)
        signatures = [file.signature if file else None for file in files]
        return hashlib.sha256(repr(signatures).encode()).hexdigest()[:16]

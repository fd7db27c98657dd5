"""The files that belong to one tensor of a store, where each tensor has its own."""

from __future__ import annotations

from dataclasses import dataclass

from projector.loaders.base import File


@dataclass(frozen=True)
class OwnFiles:
    """The files of one tensor: the `detail` of a tensor whose file is not that of the store.

    What changes one step of a training then does not change the others.

    Attributes
    ----------
    vectors : File
        What is read of the tensor; the store's loader lists and loads it by itself, too.
    metadata : File or None
        A table with a row for each point.
    sprite : File or None
    tile : tuple of int
        (width, height) of a tile of the sprite in pixels.
    """

    vectors: File
    metadata: File | None = None
    sprite: File | None = None
    tile: tuple[int, ...] = ()

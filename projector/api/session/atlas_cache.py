"""Keeps the images that were made of sprites, each made once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeAlias

from projector.model.sprite import MAX_SIDE, Sprite

#: PNG, size of a tile, tiles in a row (see `Sprite.atlas`).
Atlas: TypeAlias = tuple[bytes, tuple[int, int], int]

#: The smallest limit of a side; the others are its doubles.
MIN_SIDE = 256
#: Bytes of the images that are kept.
_MAX_BYTES = 256 << 20
#: How often a client that waits for another's image is looked for.
_CHECK_SECONDS = 0.2


class AtlasCache:
    """The images of sprites in a few sizes. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # One at a time: each keeps a processor busy for seconds.
        self._making = threading.Lock()
        # The sprite itself is kept, too: its id names it only as long as it exists.
        self._made: OrderedDict[tuple[int, int], tuple[Sprite, Atlas]] = OrderedDict()

    def get(self, sprite: Sprite, max_side: int, check: Callable[[], object]) -> Atlas:
        """Return the image of a sprite with no side above `max_side`.

        Parameters
        ----------
        sprite : Sprite
        max_side : int
            `MIN_SIDE` to `MAX_SIDE`; rounded down to a double of `MIN_SIDE`, so that there are
            few images to make.
        check : callable
            Called many times a second while the image is made; if it raises, it is not made.
        """
        fits = max(sprite.size) <= max_side
        key = (id(sprite), MAX_SIDE if fits else _rounded(max_side))
        while not self._making.acquire(timeout=_CHECK_SECONDS):
            check()
        try:
            with self._lock:
                known = self._made.get(key)
                if known is not None:
                    self._made.move_to_end(key)
                    return known[1]
            made = sprite.atlas(key[1], check)
            with self._lock:
                self._made[key] = sprite, made
                while len(self._made) > 1 and self._size() > _MAX_BYTES:
                    self._made.popitem(last=False)
            return made
        finally:
            self._making.release()

    def _size(self) -> int:
        return sum(len(atlas[0]) for _, atlas in self._made.values())


def _rounded(max_side: int) -> int:
    side = MIN_SIDE
    while side * 2 <= max_side:
        side *= 2
    return side

"""An image of a sprite is made once, in few sizes, and for nobody who has left."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from projector.api.session import atlas_cache
from projector.api.session.atlas_cache import Atlas, AtlasCache
from projector.errors import Cancelled
from projector.model.sprite import Sprite


@pytest.fixture
def sprite() -> Sprite:
    out = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 255, (800, 800, 3), np.uint8)
    Image.fromarray(pixels).save(out, "PNG")
    return Sprite(out.getvalue(), (8, 8), 10_000)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collect the sizes in which an image is made."""
    found: list[int] = []
    atlas = Sprite.atlas

    def counted(sprite: Sprite, max_side: int, check: Callable[[], object]) -> Atlas:
        found.append(max_side)
        return atlas(sprite, max_side, check)

    monkeypatch.setattr(Sprite, "atlas", counted)
    return found


def stay() -> None:
    return


def test_few_sizes_are_made_however_many_are_asked_for(sprite: Sprite, made: list[int]) -> None:
    cache = AtlasCache()
    for side in range(256, 1200, 7):
        png, _, _ = cache.get(sprite, side, stay)
        with Image.open(io.BytesIO(png)) as image:
            assert max(image.size) <= side
    assert sorted(made) == [256, 512, 16_384]


def test_many_at_once_wait_for_one(sprite: Sprite, made: list[int]) -> None:
    cache = AtlasCache()
    threads = [threading.Thread(target=cache.get, args=(sprite, 300 + i, stay)) for i in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [256]


def test_the_largest_are_not_kept(
    sprite: Sprite, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atlas_cache, "_MAX_BYTES", 1000)
    cache = AtlasCache()
    for side in (256, 512, 512, 256):
        cache.get(sprite, side, stay)
    assert made == [256, 512, 256]


def test_nothing_is_made_for_who_has_left_and_the_next_one_gets_it(
    sprite: Sprite, made: list[int]
) -> None:
    cache = AtlasCache()
    n_checks = 0

    def leave() -> None:
        nonlocal n_checks
        n_checks += 1
        if n_checks > 30:
            raise Cancelled

    with pytest.raises(Cancelled):
        cache.get(sprite, 256, leave)
    assert cache.get(sprite, 256, stay)[2] > 0
    assert made == [256, 256]

from __future__ import annotations

import numpy as np
import pytest

from projector.machine import hashing
from projector.machine.hashing import content_hash
from projector.typing import AnyArray


def test_the_hash_is_the_same_on_every_machine() -> None:
    assert (
        content_hash(np.arange(6, dtype="<f4").reshape(2, 3)) == "cc5fc14aed2fc50b8f235f237ac65975"
    )


def test_the_hash_changes_with_any_bit_and_with_the_shape() -> None:
    array = np.zeros((4, 3), np.float32)
    other = array.copy()
    other[3, 2] = np.float32(1e-45)
    negative = array.copy()
    negative[0, 0] = -0.0
    arrays: list[AnyArray] = [array, other, negative, array.reshape(3, 4), array[:3]]
    arrays.append(array.astype(np.float64))
    hashes = [content_hash(each) for each in arrays]
    assert len(set(hashes)) == len(hashes)
    assert all(len(each) == 32 for each in hashes)
    assert content_hash(np.asfortranarray(array)) == content_hash(array)


def test_pieces_are_hashed_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "_PIECE", 8)
    array = np.arange(100, dtype=np.int64)
    swapped = array.copy()
    swapped[[3, 70]] = swapped[[70, 3]]
    assert content_hash(array) != content_hash(swapped)
    assert content_hash(array) == content_hash(array.copy())

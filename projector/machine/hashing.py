"""Hashes large arrays on several cores."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from projector.typing import AnyArray

#: Bytes that are hashed as one piece.
_PIECE = 1 << 24


def content_hash(array: AnyArray) -> str:
    """Return 32 hexadecimal digits that change with any bit of an array, and with its shape.

    Notes
    -----
    Up to four cores hash at once: hashlib releases the interpreter lock.
    """
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    pieces = [flat[start : start + _PIECE] for start in range(0, len(flat), _PIECE)]
    with ThreadPoolExecutor(max_workers=4) as pool:
        digests = list(pool.map(lambda piece: hashlib.sha256(piece).digest(), pieces))
    whole = hashlib.sha256(repr(array.shape).encode())
    whole.update(b"".join(digests))
    return whole.hexdigest()[:32]

"""Counts different texts just far enough to tell whether there are more than a number of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Texts of more bytes are not looked at here.
_LONGEST = 64
#: Texts that are looked at before it is asked whether they are enough.
_BLOCK = 1 << 17
#: Places for each text that may be different: of two texts in one place one is not counted.
_PLACES = 8
#: With fewer texts than this, how many meet in one place is too much a matter of chance.
_FEWEST = 4096
#: How far a count must be below the limit for lost texts to make no difference.
_CERTAIN = 0.9
#: Bytes of all texts that are read without asking which texts are so long.
_ALL = 8
_MIX = np.uint64(0x9E3779B97F4A7C15)
#: Keeps the first bytes of a word of eight, for each number of bytes.
_KEPT = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)


def seen_texts(
    data: NDArray[np.uint8], offsets: NDArray[np.int64], missing: NDArray[np.bool_], limit: int
) -> bool | None:
    """Tell whether more than `limit` texts are different; None if it is too close to tell.

    Parameters
    ----------
    data : ndarray of shape (n_bytes,), uint8
        All texts, one after the other.
    offsets : ndarray of shape (n + 1,), int64
    missing : ndarray of shape (n,), bool
        Texts that do not count.
    limit : int

    Notes
    -----
    Each text marks a place of a table, by a hash of its bytes. Fewer places than texts are marked
    where hashes meet, so that more marks than `limit` are proof.
    """
    if limit < _FEWEST or int(np.diff(offsets).max(initial=0)) > _LONGEST:
        return None
    bits = int(limit * _PLACES).bit_length()
    marked = np.zeros(1 << bits, np.bool_)
    padded = np.concatenate((data, np.zeros(8, np.uint8)))
    words = np.ndarray((len(padded) - 7,), "<u8", padded, strides=(1,))
    for start in range(0, len(missing), _BLOCK):
        stop = min(start + _BLOCK, len(missing))
        hashes = _hashes(words, offsets[start : stop + 1])
        if missing[start:stop].any():
            hashes = hashes[~missing[start:stop]]
        marked[hashes >> np.uint64(64 - bits)] = True
        if stop > limit and int(np.count_nonzero(marked)) > limit:
            return True
    return False if int(np.count_nonzero(marked)) < _CERTAIN * limit else None


def _hashes(words: NDArray[np.uint64], offsets: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return 64 bits for each text, from all its bytes and its length."""
    starts, lengths = offsets[:-1], np.diff(offsets)
    hashes = lengths.view(np.uint64) * _MIX
    last = len(words) - 1
    for at in range(0, int(lengths.max(initial=0)), 8):
        if at <= _ALL:
            left = lengths - at
            # Not `take`: it would first copy the words, which overlap.
            word = words[np.minimum(starts + at, last)] & _KEPT.take(left, mode="clip")
            hashes = (hashes ^ word) * _MIX
            hashes ^= hashes >> np.uint64(29)
            continue
        rows = np.flatnonzero(lengths > at)
        word = words[np.minimum(starts[rows] + at, last)]
        word &= _KEPT.take(lengths[rows] - at, mode="clip")
        mixed = (hashes[rows] ^ word) * _MIX
        hashes[rows] = mixed ^ (mixed >> np.uint64(29))
    return hashes * _MIX

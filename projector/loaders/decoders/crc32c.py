"""The checksum of TensorFlow's files: CRC-32C (Castagnoli), masked as LevelDB masks it."""

from __future__ import annotations

import google_crc32c
import numpy as np

from projector.typing import AnyArray, Bytes

_MASK_DELTA = 0xA282EAD8
#: Bytes in one go: they stay in the processor's cache, and other threads get their turn.
_CHUNK = 1 << 22


def masked(crc: int) -> int:
    """Return a checksum as it is stored.

    A checksum over bytes that hold checksums is weak, so LevelDB rotates and shifts it.
    """
    return (((crc >> 15) | (crc << 17)) + _MASK_DELTA) & 0xFFFFFFFF


def crc32c(data: Bytes | AnyArray, crc: int = 0) -> int:
    """Return the checksum of bytes, or of an array's bytes (C order), continuing `crc`."""
    # The C function takes bytes and arrays, but no memoryview.
    flat = np.frombuffer(data, np.uint8)
    for start in range(0, len(flat), _CHUNK):
        crc = google_crc32c.extend(crc, flat[start : start + _CHUNK])
    return crc


def masked_crc32c(data: Bytes | AnyArray) -> int:
    """Return the masked checksum of bytes."""
    return masked(crc32c(data))

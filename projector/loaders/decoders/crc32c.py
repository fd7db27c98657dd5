"""CRC-32C checksums (Castagnoli), masked as in the files of LevelDB and TensorFlow."""

from __future__ import annotations

import google_crc32c
import numpy as np

from projector.typing import AnyArray, Bytes

_MASK_DELTA = 0xA282EAD8
#: Bytes per call: they stay in the processor's cache, and other threads can run in between.
_CHUNK = 1 << 22


def masked(crc: int) -> int:
    """Return a checksum in the form that is stored.

    A checksum of bytes that contain checksums is weak, so LevelDB rotates it and adds a constant.
    """
    return (((crc >> 15) | (crc << 17)) + _MASK_DELTA) & 0xFFFFFFFF


def crc32c(data: Bytes | AnyArray, crc: int = 0) -> int:
    """Return the checksum of bytes, or of an array's bytes (C order), continuing `crc`."""
    # The C function accepts bytes and arrays, but not a memoryview.
    flat = np.frombuffer(data, np.uint8)
    for start in range(0, len(flat), _CHUNK):
        crc = google_crc32c.extend(crc, flat[start : start + _CHUNK])
    return crc


def masked_crc32c(data: Bytes | AnyArray) -> int:
    """Return the masked checksum of bytes."""
    return masked(crc32c(data))

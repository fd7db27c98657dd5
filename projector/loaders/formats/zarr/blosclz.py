"""Decompresses BloscLZ, the compressor of Blosc's own: literal runs and copies of earlier bytes.

Source: blosclz.c of c-blosc.
"""

from __future__ import annotations

#: Copies from further back than this have their distance in two bytes of its own.
_FAR = 8191


def decompress(data: bytes, size: int) -> bytes | None:
    """Return `size` bytes; None where the data is damaged."""
    out = bytearray()
    at, end = 1, len(data)
    control = data[0] & 31 if data else 0
    while len(out) < size:
        if control < 32:  # a run
            stop = at + control + 1
            if stop > end:
                return None
            out += data[at:stop]
            at = stop
        else:
            found = _copy(data, at, control)
            if found is None or found[1] > len(out):
                return None
            length, distance, at = found
            start = len(out) - distance
            piece = out[start : start + length]
            # What is copied may overlap with what comes of it.
            out += (piece * (length // max(distance, 1) + 1))[:length]
        if at >= end:
            break
        control, at = data[at], at + 1
    return bytes(out) if len(out) == size else None


def _copy(data: bytes, at: int, control: int) -> tuple[int, int, int] | None:
    """Return length and distance of a copy, and where the next operation begins."""
    length, high = (control >> 5) - 1, (control & 31) << 8
    try:
        if length == 6:
            while True:
                length, at = length + data[at], at + 1
                if data[at - 1] != 255:
                    break
        low, at = data[at], at + 1
        distance = high + low
        if low == 255 and high == 31 << 8:
            distance, at = (data[at] << 8) + data[at + 1] + _FAR, at + 2
    except IndexError:
        return None
    return length + 3, distance + 1, at

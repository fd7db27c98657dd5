"""Bytes in words: one way of writing them in every message."""

from __future__ import annotations

_UNITS = ("kB", "MB", "GB", "TB")


def byte_size(count: int) -> str:
    """Write a number of bytes in the largest decimal unit that leaves it at least 1.

    Examples
    --------
    >>> byte_size(0), byte_size(1530), byte_size(24_000_000_000)
    ('0 bytes', '1.5 kB', '24.0 GB')
    """
    if count < 1000:
        return f"{count} byte{'' if count == 1 else 's'}"
    value = count / 1000
    for unit in _UNITS[:-1]:
        if value < 999.95:  # which would be written as 1000.0
            return f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:,.1f} {_UNITS[-1]}"

"""Reads an array of Python objects that are texts or numbers: the names that belong to vectors.

numpy pickles such an array. Nothing in the pickle is run: see `decoders/pickles`.
"""

from __future__ import annotations

import numpy as np

from projector.loaders.decoders.pickles.arrays import Array
from projector.loaders.decoders.pickles.placeholders import Refused
from projector.loaders.decoders.pickles.reader import read_pickle
from projector.loaders.decoders.pickles.stream import Stream
from projector.typing import AnyArray

#: The largest pickle of names.
LIMIT = 1 << 28
_PLAIN = frozenset((str, int, float, bool, bytes, type(None)))


def read_texts(data: bytes, offset: int, shape: tuple[int, ...]) -> AnyArray | None:
    """Return the objects of an array of one dimension as texts; None if they are something else.

    Parameters
    ----------
    data : bytes
        A ``.npy`` file.
    offset : int
        Where its header ends.
    shape : tuple of int
        As the header has it.

    Raises
    ------
    Refused
        The pickle is damaged, or asks for what only an attack asks for.
    """
    found = read_pickle(Stream(data, offset))
    if not isinstance(found, Array) or found.objects is None:
        return None
    if found.shape != shape or len(shape) != 1 or not set(map(type, found.objects)) <= _PLAIN:
        return None
    return np.array([_text(each) for each in found.objects]) if shape[0] else np.zeros(0, "U1")


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


__all__ = ["LIMIT", "Refused", "read_texts"]

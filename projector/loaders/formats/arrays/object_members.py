"""Reads lists of texts in NumPy archives, which numpy pickles as arrays of objects."""

from __future__ import annotations

import io
import re
from typing import Any

import numpy as np

from projector.loaders.decoders.pickles.arrays import Array
from projector.loaders.decoders.pickles.placeholders import Refused
from projector.loaders.decoders.pickles.reader import read_pickle
from projector.loaders.decoders.pickles.stream import Stream
from projector.typing import AnyArray

_MAGIC = b"\x93NUMPY"
_OBJECTS = re.compile(rb"'descr': *'\|?O\d?'")
_HEADER = 256
#: Longer members are vectors rather than labels, and are not read to be listed.
MAX_MEMBER = 1 << 26


def is_objects(head: bytes) -> bool:
    """Recognize an array of objects by its header."""
    return head.startswith(_MAGIC) and _OBJECTS.search(head[:_HEADER]) is not None


def texts_in(data: bytes) -> AnyArray | None:
    """Return a one-dimensional array of texts and numbers; None if it has something else.

    Parameters
    ----------
    data : bytes
        The whole ``.npy`` file. Nothing that its pickle names is run.
    """
    stream = io.BytesIO(data)
    try:
        np.lib.format.read_magic(stream)
        end = data.index(b"\n", stream.tell()) + 1
        value: Any = read_pickle(Stream(data[end:]))
    except (Refused, ValueError):
        return None
    objects = value.objects if isinstance(value, Array) and len(value.shape) == 1 else None
    plain = (str, bytes, int, float, bool, type(None))
    if not objects or not all(isinstance(each, plain) for each in objects):
        return None
    texts = np.empty(len(objects), object)
    texts[:] = objects
    return texts

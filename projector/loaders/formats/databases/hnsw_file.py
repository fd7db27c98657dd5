"""Reads the vectors in the files of hnswlib, as Chroma keeps them on the disk.

Source: hnswalg.h of hnswlib, `saveIndex`, with Chroma's version number in front.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from projector.typing import AnyArray

HEADER, DATA, IDS = "header.bin", "data_level0.bin", "index_metadata.pickle"
_HEADER = struct.Struct("<i6Q")


class HnswError(ValueError):
    """The files do not fit together."""


@dataclass(frozen=True)
class Vectors:
    """The vectors of an index, and the labels under which they were added."""

    values: AnyArray
    labels: AnyArray


def read_vectors(header: bytes, data: bytes, n_dims: int) -> Vectors:
    """Return the vectors of an index.

    Raises
    ------
    HnswError
        The sizes do not fit.
    """
    if len(header) < _HEADER.size:
        raise HnswError("the header is truncated")
    _, _, _, count, width, label_at, vector_at = _HEADER.unpack_from(header)
    fits = vector_at + 4 * n_dims <= width and label_at + 8 <= width
    if not 0 < width <= 1 << 30 or not fits or count * width > len(data):
        raise HnswError(f"{count:,} vectors of {width:,} bytes are claimed of {len(data):,}")
    table = np.frombuffer(data, np.uint8, count * width).reshape(count, width)
    values = np.ascontiguousarray(table[:, vector_at : vector_at + 4 * n_dims]).view("<f4")
    labels = np.ascontiguousarray(table[:, label_at : label_at + 8]).view("<i8").reshape(-1)
    return Vectors(values, labels)

"""The formats that are read in pieces."""

from __future__ import annotations

from projector.loaders.base import Loader
from projector.loaders.formats.arrays.npy import Npy
from projector.loaders.formats.tables.loaders import Arrow, Parquet

#: Their loaders, by name.
PIECE_LOADERS: dict[str, Loader] = {each.name: each for each in (Parquet(), Arrow(), Npy())}

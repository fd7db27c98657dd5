"""Reads positions back from a file that `Projection.save` wrote."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.model.export import AXES, extension
from projector.typing import AnyArray

_ADVICE = "Use a file written by `projector reduce`."


def read_positions(path: Path) -> AnyArray:
    """Return the positions in a file that `Projection.save` or ``projector reduce`` wrote.

    Returns
    -------
    ndarray of shape (n_points, 2 or 3), float32

    Raises
    ------
    LoadError
        The file has no positions.
    """
    try:
        positions = np.asarray(_read(path), np.float32)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise LoadError(path, f"contains no positions ({error}). {_ADVICE}") from None
    if positions.ndim != 2 or positions.shape[1] not in (2, 3):
        raise LoadError(
            path, f"contains an array of shape {positions.shape}, not (n_points, 2 or 3). {_ADVICE}"
        )
    return positions


def _read(path: Path) -> AnyArray:
    suffix = extension(path.name)
    if suffix == ".npy":
        return np.asarray(np.load(path, allow_pickle=False))
    if suffix == ".npz":
        # Given a path, numpy would leave a damaged file open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return np.asarray(archive["positions"])
    table = _read_table(path, suffix)
    axes = [name for name in AXES if name in table.column_names]
    if len(axes) < 2:
        raise KeyError("x")
    return np.column_stack([table[name].to_numpy() for name in axes])


def _read_table(path: Path, suffix: str) -> Any:
    if suffix == ".parquet":
        import pyarrow.parquet as pq

        return pq.read_table(path)
    if suffix in (".arrow", ".feather"):
        from pyarrow import feather

        return feather.read_table(path)
    from pyarrow import csv

    delimiter = "\t" if suffix == ".tsv" else ","
    return csv.read_csv(path, parse_options=csv.ParseOptions(delimiter=delimiter))

"""Writes the folder of a partitioned projection, as `projector.project` does with `out`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray


def write_projection(
    folder: Path, counts: Sequence[int], dims: int = 2, *, is_complete: bool = True
) -> NDArray[np.float32]:
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(3)
    whole = (rng.normal(size=(sum(counts), dims)) * [9, 2, 1][:dims]).astype(np.float32)
    parts, at = [], 0
    for number, count in enumerate(counts):
        name = f"part-{number:06d}.parquet"
        columns = {"index": pa.array(np.arange(at, at + count))}
        for axis in range(dims):
            columns["xyz"[axis]] = pa.array(whole[at : at + count, axis].copy())
        pq.write_table(pa.table(columns), folder / name)
        parts.append({"file": name, "source": f"/s/{number}", "first_row": at, "n_rows": count})
        at += count
    np.savez(
        folder / "landmarks.npz",
        rows=np.arange(5),
        vectors=np.ones((5, 7), np.float32),
        positions=np.ones((5, 2), np.float32),
    )
    about = {
        "projector": "partitioned projection",
        "version": 1,
        "is_complete": is_complete,
        "n_points": at,
        "n_dims": 64,
        "method": "umap",
        "parts": parts,
    }
    (folder / "projection.json").write_text(json.dumps(about, indent=1))
    return whole

"""The points that everybody draws: groups in three dimensions, a number and two texts a point.

As a log directory of projector, as one of TensorBoard, and as bytes for libraries.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

N_GROUPS = 20
#: TensorBoard's page asks its server for so many rows and no more.
TENSORBOARD_ROWS = 100_000


def groups(n_points: int) -> tuple[NDArray[np.float32], NDArray[np.uint8], NDArray[np.float32]]:
    """Return points, shape (n_points, 3), the group of each and a positive number of each."""
    rng = np.random.default_rng(20261123)
    centers = rng.normal(size=(N_GROUPS, 3)) * 3
    spread = rng.uniform(0.3, 1, N_GROUPS)
    group = rng.integers(0, N_GROUPS, n_points)
    noise = rng.normal(size=(n_points, 3)) * spread[group, None]
    points = (centers[group] + noise).astype(np.float32)
    return points, group.astype(np.uint8), np.exp(rng.normal(size=n_points)).astype(np.float32)


def log_directory(n_points: int) -> Path:
    """Return a log directory of the points with metadata, kept in the temporary directory."""
    folder = Path(tempfile.gettempdir()) / f"projector-benchmark-view-{n_points}"
    if not (folder / "metadata.tsv").exists():
        points, group, number = groups(n_points)
        folder.mkdir(exist_ok=True)
        np.save(folder / "points.npy", points)
        rows = zip(group.tolist(), number.tolist(), strict=True)
        lines = (f"class {a}\t{b:.4f}\tteam {a % 7}\n" for a, b in rows)
        (folder / "metadata.tsv").write_text("class\tvalue\tteam\n" + "".join(lines))
    return folder


def tensorboard_directory(n_points: int) -> Path:
    """Return what TensorBoard reads: a config, vectors as text and their metadata."""
    folder = Path(tempfile.gettempdir()) / f"projector-benchmark-tensorboard-{n_points}"
    if not (folder / "projector_config.pbtxt").exists():
        points, group, number = groups(n_points)
        folder.mkdir(exist_ok=True)
        np.savetxt(folder / "tensors.tsv", points, fmt="%.6g", delimiter="\t")
        rows = zip(group.tolist(), number.tolist(), strict=True)
        lines = (f"class {a}\t{b:.4f}\n" for a, b in rows)
        (folder / "metadata.tsv").write_text("class\tvalue\n" + "".join(lines))
        (folder / "projector_config.pbtxt").write_text(
            'embeddings { tensor_name: "points" tensor_path: "tensors.tsv" '
            'metadata_path: "metadata.tsv" }\n'
        )
    return folder


def bytes_of(n_points: int) -> dict[str, bytes]:
    """Return x and y between -1 and 1, groups and numbers as raw arrays."""
    points, group, number = groups(n_points)
    flat = points[:, :2] - points[:, :2].mean(axis=0)
    places = np.ascontiguousarray((flat / np.abs(flat).max()).T)
    return {"places": places.tobytes(), "groups": group.tobytes(), "numbers": number.tobytes()}

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector.api.saved_positions import read_positions
from projector.errors import LoadError
from projector.model.metadata import Metadata
from projector.model.projection import Projection


@pytest.mark.parametrize("n_components", [2, 3])
@pytest.mark.parametrize(
    "extension", [".parquet", ".arrow", ".feather", ".csv", ".tsv", ".npy", ".npz", ".NPY"]
)
def test_what_was_saved_reads_back_as_the_same_bytes(
    tmp_path: Path, rng: np.random.Generator, extension: str, n_components: int
) -> None:
    positions = rng.normal(size=(20, n_components)).astype(np.float32)
    metadata = Metadata.from_mapping({"x": list(range(20)), "label": ["a"] * 20})
    path = Projection(positions, "pca", {}).save(tmp_path / f"map{extension}", metadata=metadata)
    found = read_positions(path)
    assert found.dtype == np.float32
    assert found.tobytes() == positions.tobytes()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("no-axes.csv", b"a,b\n1,2\n"),
        ("one-axis.csv", b"x,b\n1,2\n"),
        ("damaged.npz", b"PK\x03\x04 and then nothing"),
        ("damaged.npy", b"\x93NUMPY"),
        ("damaged.parquet", b"PAR1"),
        ("empty.tsv", b""),
    ],
)
def test_a_file_without_positions_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(LoadError, match=rf"{name}: contains no positions.*projector reduce"):
        read_positions(path)


def test_arrays_of_other_shapes_are_refused(tmp_path: Path) -> None:
    for shape in ((5,), (5, 4), (5, 1), (2, 5, 2)):
        np.save(tmp_path / "a.npy", np.zeros(shape))
        with pytest.raises(LoadError, match=r"not \(n_points, 2 or 3\)"):
            read_positions(tmp_path / "a.npy")

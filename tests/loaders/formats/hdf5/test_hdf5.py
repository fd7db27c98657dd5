"""HDF5: every dataset that is really in the file, and nothing that is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.formats.hdf5.hdf5 import Hdf5, opened
from tests.loaders.writers import file_at, file_with

VALUES = np.arange(6, dtype=np.float32).reshape(2, 3)


def test_datasets_are_named_by_their_path(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["emb"] = VALUES
        file.create_dataset("layers/packed", data=VALUES, compression="gzip", chunks=(1, 3))
        file["optimizer/emb"] = VALUES
        file["text"] = np.array([b"a", b"b"])
    loader, file = Hdf5(), file_at(tmp_path / "m.h5")
    assert loader.sniff(file)
    found = {tensor.name: tensor for tensor in loader.list(file).tensors}
    assert {name: t.role for name, t in found.items()} == {
        "emb": "embedding",
        "layers/packed": "weight",
        "optimizer/emb": "slot",
        "text": "weight",
    }
    assert not found["text"].real
    for name in ("emb", "layers/packed"):
        np.testing.assert_array_equal(loader.load(file, found[name]).values, VALUES)


def test_links_and_data_outside_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.bin").write_bytes(VALUES.tobytes())
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["emb"] = VALUES
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["emb"] = VALUES
        file["again"] = h5py.SoftLink("/emb")
        file["loop"] = h5py.SoftLink("/")
        file["outside"] = h5py.ExternalLink("other.h5", "/emb")
        file.create_dataset("stored", (2, 3), "f4", external=[(tmp_path / "secret.bin", 0, 24)])
        layout = h5py.VirtualLayout((2, 3), "f4")
        layout[:] = h5py.VirtualSource(tmp_path / "other.h5", "emb", (2, 3))
        file.create_virtual_dataset("virtual", layout)
        file.create_dataset("never", (1 << 20, 1 << 20), "f4", chunks=(1024, 1024))
    found = Hdf5().list(file_at(tmp_path / "m.h5"))
    assert [tensor.name for tensor in found.tensors] == ["emb"]
    messages = "\n".join(problem.message for problem in found.problems)
    for part in (
        "'again' is a link inside the file and is not followed",
        "'outside' is a link to another file, 'other.h5'",
        "dataset 'stored' stores its data in other files",
        "dataset 'virtual' is a virtual dataset of other files",
        "dataset 'never' claims 1048576 x 1048576 numbers",
    ):
        assert part in messages
    assert len(found.problems) == 6


def test_hard_links_in_a_circle_end(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["group/emb"] = VALUES
        file["group/self"] = file["group"]
    found = Hdf5().list(file_at(tmp_path / "m.h5"))
    assert [tensor.name for tensor in found.tensors] == ["group/emb"]


@pytest.mark.parametrize("content", [b"", b"\x89HDF\r\n\x1a\n", b"text"])
def test_damaged_files_say_so(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(LoadError, match="cannot be read as HDF5"):
        Hdf5().list(file_with(tmp_path / "m.h5", content))


def test_reading_never_keeps_the_writer_out(tmp_path: Path) -> None:
    """HDF5 locks a file that it reads, and a training that saves meanwhile would fail."""
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["emb"] = VALUES
    with opened(file_at(tmp_path / "m.h5")) as handle:
        code = "import h5py, sys; h5py.File(sys.argv[1], 'w')['emb'] = [[1.0]]"
        subprocess.run([sys.executable, "-c", code, str(tmp_path / "m.h5")], check=True)
        assert "emb" in handle

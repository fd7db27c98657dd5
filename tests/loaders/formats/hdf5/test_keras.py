"""Keras archives and sharded weights: only the weights are read."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.formats.hdf5.keras import KerasArchive, KerasSharded
from tests.loaders.writers import file_with, write

VALUES = np.arange(6, dtype=np.float32).reshape(2, 3)


def weights(**groups: str) -> bytes:
    """Return an HDF5 file with a variable for each layer, under the names of users."""
    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        for layer, name in groups.items():
            file[f"layers/{layer}/vars/0"] = VALUES
            file[f"layers/{layer}/vars"].attrs["name"] = name
    return out.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_weights_of_an_archive_are_read(tmp_path: Path, method: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("config.json", "code that is never read")
        archive.writestr("model.weights.h5", weights(embedding="items"))
    file = file_with(tmp_path / "m.keras", out.getvalue())
    loader = KerasArchive()
    assert loader.sniff(file)
    (tensor,) = loader.list(file).tensors
    assert (tensor.name, tensor.aliases) == ("layers/embedding/vars/0", ("items",))
    np.testing.assert_array_equal(loader.load(file, tensor).values, VALUES)


def test_an_archive_without_weights_says_so(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("config.json", "{}")
    with pytest.raises(LoadError, match=r"has no member 'model\.weights\.h5' and so no weights"):
        KerasArchive().list(file_with(tmp_path / "m.keras", out.getvalue()))


def test_shards_are_read_through_their_index(tmp_path: Path) -> None:
    write(tmp_path / "m_0.weights.h5", weights(embedding="items"))
    write(tmp_path / "bad.weights.h5", b"text")
    index = {"weight_map": {
        "a": "m_0.weights.h5", "b": ["m_0.weights.h5", "gone.h5"], "c": "bad.weights.h5",
    }}  # fmt: skip
    file = file_with(tmp_path / "m.weights.json", json.dumps(index))
    loader = KerasSharded()
    assert loader.sniff(file)
    found = loader.list(file)
    (tensor,) = found.tensors
    assert tensor.aliases == ("items",)
    np.testing.assert_array_equal(loader.load(file, tensor).values, VALUES)
    messages = [problem.message for problem in found.problems]
    assert "'gone.h5' is missing. Copy it into the folder of the index." in messages
    assert any(message.startswith("cannot be read as HDF5") for message in messages)


@pytest.mark.parametrize("index", ["no", "[]", "{}", '{"weight_map": 5}', "[" * 100_000])
def test_a_bad_index_is_refused(tmp_path: Path, index: str) -> None:
    with pytest.raises(LoadError, match=r"is not JSON|has no object 'weight_map'"):
        KerasSharded().list(file_with(tmp_path / "m.weights.json", index))

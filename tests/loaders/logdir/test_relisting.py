"""A file that changed after it was listed gives its new tensor, whole, or one sentence."""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray
from pyarrow import feather, ipc

from projector.errors import FileChangedError, LoadError
from projector.loaders import Log, open_logdir
from projector.loaders.logdir import dataset_reading
from tests.loaders.formats.torch.pickles import mapping, tensor, whole
from tests.loaders.writers import checkpoint

Array = NDArray[np.float32]


def npy(path: Path, values: Array, pad: int) -> None:
    np.save(path.with_suffix(".npy"), values)


def npz(path: Path, values: Array, pad: int) -> None:
    arrays: dict[str, Any] = {"a" * (pad + 1): np.ones(pad + 1), "emb": values}
    np.savez(path.with_suffix(".npz"), **arrays)


def safetensors(path: Path, values: Array, pad: int) -> None:
    raw = values.tobytes()
    header = {
        "first": {"dtype": "U8", "shape": [pad], "data_offsets": [0, pad]},
        "emb": {"dtype": "F32", "shape": values.shape, "data_offsets": [pad, pad + len(raw)]},
    }
    text = json.dumps(header).encode()
    content = struct.pack("<Q", len(text)) + text + bytes(pad) + raw
    path.with_suffix(".safetensors").write_bytes(content)


def torch(path: Path, values: Array, pad: int) -> None:
    state = mapping({"emb": tensor("0", values.shape, (values.shape[1], 1), count=values.size)})
    with zipfile.ZipFile(path.with_suffix(".pt"), "w") as archive:
        archive.writestr("m/extra", bytes(pad))
        archive.writestr("m/data.pkl", whole(state))
        archive.writestr("m/data/0", values.tobytes())


def bundle(path: Path, values: Array, pad: int) -> None:
    checkpoint(path.with_name("m.ckpt-1"), {"a": np.ones(pad + 1, np.float32), "emb": values})


def tsv(path: Path, values: Array, pad: int) -> None:
    np.savetxt(path.with_suffix(".tsv"), values, delimiter="\t", fmt=f"%.{3 + pad % 3}f")


def hdf5(path: Path, values: Array, pad: int) -> None:
    with h5py.File(path.with_suffix(".h5"), "w") as file:
        file["pad"] = np.zeros(pad + 1)
        file["emb"] = values


def lists(values: Array) -> pa.Table:
    flat = pa.FixedSizeListArray.from_arrays(values.reshape(-1), values.shape[1])
    return pa.table({"id": range(len(values)), "emb": flat})


def parquet(path: Path, values: Array, pad: int) -> None:
    pq.write_table(lists(values), path.with_suffix(".parquet"), row_group_size=50 + pad)


def arrow(path: Path, values: Array, pad: int) -> None:
    table = lists(values)
    with ipc.new_file(path.with_suffix(".arrow"), table.schema) as writer:
        writer.write_table(table, max_chunksize=50 + pad)


def write_feather(path: Path, values: Array, pad: int) -> None:
    feather.write_feather(lists(values), path.with_suffix(".feather"), chunksize=50 + pad)


def raw(path: Path, values: Array, pad: int) -> None:
    name = f"x_{values.shape[0]}x{values.shape[1]}.bytes"
    values.tofile(path.with_name(name))


FORMATS: list[Callable[[Path, Array, int], None]] = [
    npy,
    npz,
    safetensors,
    torch,
    bundle,
    tsv,
    hdf5,
    parquet,
    arrow,
    write_feather,
    raw,
]
every_format = pytest.mark.parametrize("save", FORMATS, ids=lambda save: save.__name__)


def version(number: int) -> Array:
    return np.full((120, 8), number, np.float32)


def listed(folder: Path, save: Callable[[Path, Array, int], None]) -> Log:
    save(folder / "x", version(1), 0)
    return open_logdir(folder)


def data_file(folder: Path) -> Path:
    return max(folder.iterdir(), key=lambda path: path.stat().st_size)


@every_format
def test_a_rewritten_file_is_read_as_it_is_now(
    tmp_path: Path, save: Callable[[Path, Array, int], None]
) -> None:
    """Its tensor is at another place than the listing says."""
    log = listed(tmp_path, save)
    (entry,) = [each for each in log.entries if each.shape == (120, 8)]
    for number in (2, 3):
        save(tmp_path / "x", version(number), 8 * number)
        np.testing.assert_array_equal(log.load(entry).vectors, version(number))


@every_format
@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_shortened_file_is_one_sentence(
    tmp_path: Path, save: Callable[[Path, Array, int], None], share: float
) -> None:
    log = listed(tmp_path, save)
    (entry,) = [each for each in log.entries if each.shape == (120, 8)]
    path = data_file(tmp_path)
    size = path.stat().st_size
    os.truncate(path, int(size * share))
    if save in (tsv, raw) and share:
        assert 0 < len(log.load(entry).vectors) < 120  # a shorter file is a whole one
        return
    with pytest.raises(LoadError) as caught:
        log.load(entry)
    text = str(caught.value)
    assert "\n" not in text
    assert f"{int(size * share):,}" in text or "empty" in text, text
    assert f"{size:,}" in text or "needed" in text, text


@every_format
def test_a_deleted_file_is_one_sentence(
    tmp_path: Path, save: Callable[[Path, Array, int], None]
) -> None:
    log = listed(tmp_path, save)
    (entry,) = [each for each in log.entries if each.shape == (120, 8)]
    data_file(tmp_path).unlink()
    with pytest.raises(LoadError, match=r"was deleted after it was listed|is missing"):
        log.load(entry)


@every_format
def test_a_file_that_changes_while_it_is_read_is_read_again(
    tmp_path: Path,
    save: Callable[[Path, Array, int], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = listed(tmp_path, save)
    (entry,) = [each for each in log.entries if each.shape == (120, 8)]
    loader = log._sources[entry.id].loader
    really = loader.load
    numbers = [2, 3]

    def load(*given: object) -> object:
        found = really(*given)  # type: ignore[arg-type]
        if numbers:
            save(tmp_path / "x", version(number := numbers.pop(0)), 8 * number)
        return found

    monkeypatch.setattr(type(loader), "load", lambda self, *given: load(*given))
    np.testing.assert_array_equal(log.load(entry).vectors, version(3))
    assert numbers == []


def test_a_file_that_never_rests_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset_reading, "_PATIENCE", 0.4)
    log = listed(tmp_path, npy)
    (entry,) = log.entries
    loader = log._sources[entry.id].loader
    really = loader.load
    count = 0

    def load(*given: object) -> object:
        nonlocal count
        count += 1
        found = really(*given)  # type: ignore[arg-type]
        npy(tmp_path / "x", version(count), 0)
        return found

    monkeypatch.setattr(type(loader), "load", lambda self, *given: load(*given))
    with pytest.raises(FileChangedError, match=r"x\.npy: is being written: it changed each of"):
        log.load(entry)


def test_metadata_and_vectors_are_of_one_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npy(tmp_path / "x", version(1), 0)
    metadata = tmp_path / "metadata.tsv"
    metadata.write_text("old\n" * 120)
    log = open_logdir(tmp_path)
    (entry,) = log.entries
    loader = log._sources[entry.id].loader
    really = loader.load

    def load(*given: object) -> object:
        found = really(*given)  # type: ignore[arg-type]
        monkeypatch.undo()
        npy(tmp_path / "x", version(2), 0)
        metadata.write_text("new\n" * 120)
        return found

    monkeypatch.setattr(type(loader), "load", lambda self, *given: load(*given))
    data = log.load(entry)
    assert data.vectors[0, 0] == 2
    assert data.metadata.columns[0].text[0] == "new"


def test_a_tensor_that_is_no_longer_there_is_one_sentence(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", emb=version(1))
    log = open_logdir(tmp_path)
    np.savez(tmp_path / "x.npz", other=version(1))
    with pytest.raises(LoadError, match="was rewritten after it was listed, and 'emb' cannot be"):
        log.load(log.entries[0])


def test_other_points_than_were_listed_are_shown(tmp_path: Path) -> None:
    log = listed(tmp_path, npy)
    npy(tmp_path / "x", np.ones((300, 4), np.float32), 0)
    assert log.load(log.entries[0]).vectors.shape == (300, 4)


def test_a_shard_that_is_rewritten_changes_the_entry(tmp_path: Path) -> None:
    log = listed(tmp_path, bundle)
    before = log.entries
    shard = data_file(tmp_path)
    content = io.BytesIO(shard.read_bytes())
    shard.write_bytes(content.getvalue())
    assert log.refresh()
    assert log.entries != before


def vectors_by_word(folder: Path, number: int) -> None:
    words: dict[str, Any] = {f"word{i}": np.full(8, number + i, np.float32) for i in range(30)}
    more: dict[str, Any] = {"a" * number: np.eye(3)} if number > 1 else {}
    np.savez(folder / "words.npz", **more, **words)


def test_vectors_that_are_put_together_are_of_one_version(tmp_path: Path) -> None:
    vectors_by_word(tmp_path, 1)
    log = open_logdir(tmp_path)
    (entry,) = [each for each in log.entries if each.shape == (30, 8)]
    vectors_by_word(tmp_path, 50)
    np.testing.assert_array_equal(log.load(entry).vectors[:, 0], np.arange(50, 80))


def test_labels_in_an_array_are_found_where_they_are_now(tmp_path: Path) -> None:
    def save(first: int) -> None:
        npy(tmp_path / "x", version(first), 0)
        more: dict[str, Any] = {"b" * first: np.eye(first)} if first > 1 else {}
        np.savez(tmp_path / "labels.npz", **more, labels=np.arange(first, first + 120))

    save(1)
    log = open_logdir(tmp_path)
    (entry,) = [each for each in log.entries if each.shape == (120, 8)]
    assert log.load(entry).metadata.names
    save(7)
    data = log.load(entry)
    assert data.vectors[0, 0] == 7
    (column,) = data.metadata.columns
    assert column.text[0] == "7"

"""Orbax checkpoints: OCDBT databases of several levels, steps, and damages."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.formats.stores.orbax import Orbax
from projector.loaders.logdir.log import open_logdir
from tests.fixtures.make_formats import table
from tests.loaders.formats.fixture_files import listed, loaded
from tests.loaders.formats.stores.archive import marker, unpacked
from tests.loaders.writers import write


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(tmp_path_factory.mktemp("ocdbt"), "ocdbt/")


def test_steps_of_a_run_are_one_series(databases: Path) -> None:
    log = open_logdir(databases / "run")
    found = [(entry.name, entry.step, entry.role) for entry in log.entries]
    assert found == [
        ("params.emb", 5, "embedding"),
        ("params.emb", 10, "embedding"),
        ("opt_state.0.mu", 5, "slot"),
        ("opt_state.0.mu", 10, "slot"),
    ]
    assert len({entry.run for entry in log.entries}) == 1
    for entry in log.entries[:2]:
        np.testing.assert_array_equal(log.load(entry).vectors, table(9, 4) + (entry.step or 0))


def test_a_tree_of_several_levels_is_walked(databases: Path) -> None:
    file = marker(databases / "deep" / "7")
    assert len(listed(file).tensors) == 60
    for layer in (0, 31, 59):
        values = loaded(file, f"layer{layer:02}.w").values
        np.testing.assert_array_equal(values, table(3, 3) + layer)


@pytest.mark.parametrize("name", ["v3", "plain"])
def test_other_versions_are_read(databases: Path, name: str) -> None:
    values = loaded(marker(databases / name / "1"), "a").values
    np.testing.assert_array_equal(values, table(9, 4))


def test_names_come_from_the_tree(databases: Path) -> None:
    home = databases / "run" / "5" / "default"
    parts = [{"key": "params", "key_type": 2}, {"key": "emb", "key_type": 2}]
    tree = {"tree_metadata": {"('params', 'emb')": {"key_metadata": parts}}}
    write(home / "_METADATA", json.dumps(tree))
    tensor = next(each for each in listed(marker(home)).tensors if "emb" in each.name)
    assert (tensor.name, tensor.aliases) == ("params/emb", ("params.emb",))
    for damaged in (b"", b"[", b'{"tree_metadata": {"a": {"key_metadata": [1, {}]}}}'):
        write(home / "_METADATA", damaged)
        assert {each.name for each in listed(marker(home)).tensors} >= {"params.emb"}
    (home / "_METADATA").unlink()


def copied(databases: Path, tmp_path: Path) -> Path:
    """Return a copy of a database."""
    for source in (databases / "plain" / "1").rglob("*"):
        if source.is_file():
            write(tmp_path / source.relative_to(databases / "plain"), source.read_bytes())
    return tmp_path / "1"


@pytest.mark.parametrize("at", [0, 5, 12, 13, 40, -1])
def test_a_damaged_manifest_is_refused(databases: Path, tmp_path: Path, at: int) -> None:
    home = copied(databases, tmp_path)
    raw = bytearray((home / "manifest.ocdbt").read_bytes())
    raw[at] ^= 0xFF
    (home / "manifest.ocdbt").write_bytes(bytes(raw))
    with pytest.raises(LoadError, match="cannot be read as an Orbax checkpoint"):
        Orbax().list(marker(home))


def test_missing_and_truncated_files_are_named(databases: Path, tmp_path: Path) -> None:
    home = copied(databases, tmp_path)
    for data in (home / "d").iterdir():
        data.write_bytes(data.read_bytes()[:-1])
    with pytest.raises(LoadError, match=r"its file 'd/[0-9a-f]+' is truncated"):
        Orbax().list(marker(home))
    for data in (home / "d").iterdir():
        data.unlink()
    with pytest.raises(LoadError, match=r"its file 'd/[0-9a-f]+' is missing"):
        Orbax().list(marker(home))

"""TensorFlow V2 checkpoints that this file writes itself, and damage to them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projector.errors import LoadError
from projector.loaders import open_logdir
from projector.loaders.decoders.dtypes import dtype_of
from projector.loaders.formats.tensorflow.records import slice_key
from tests.loaders.writers import checkpoint

RNG = np.random.default_rng(3)
FAST = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_a_whole_float32_tensor_is_unchanged_to_the_byte(tmp_path: Path) -> None:
    values = RNG.normal(size=(50, 7)).astype(np.float32)
    checkpoint(tmp_path / "m.ckpt-3", {"a": values[:3], "emb": values})
    data = open_logdir(tmp_path).load(open_logdir(tmp_path).find(name="emb"))
    assert not data.vectors.flags.writeable
    np.testing.assert_array_equal(data.vectors, values)


@pytest.mark.parametrize(
    "dtype",
    [
        *("float64", "float16", "bfloat16", "int8", "uint8", "int16", "uint16", "int32"),
        *("uint32", "int64", "uint64", "bool", "float8_e5m2", "float8_e4m3fn"),
    ],
)
def test_every_dtype_becomes_its_float32(tmp_path: Path, dtype: str) -> None:
    values = (RNG.normal(size=(9, 4)) * 8).astype(np.float32).clip(0, 100).astype(dtype_of(dtype))
    checkpoint(tmp_path / "m", {"odd": np.ones((1, 3), np.int8), "v": values})
    data = open_logdir(tmp_path).load(open_logdir(tmp_path).find(name="v"))
    np.testing.assert_array_equal(data.vectors, values.astype(np.float32))


def test_many_blocks_are_all_read(tmp_path: Path) -> None:
    tensors = {f"layer_{i:03d}/kernel": np.full((2, 3), i, np.float32) for i in range(300)}
    checkpoint(tmp_path / "m", tensors, block_entries=7)
    assert len(open_logdir(tmp_path).entries) == 300


@FAST
@given(
    rows=st.integers(1, 20),
    columns=st.integers(1, 20),
    cuts=st.lists(st.integers(0, 20), max_size=3),
    axis=st.integers(0, 1),
)
def test_slices_along_any_axis_are_put_together(
    tmp_path: Path, rows: int, columns: int, cuts: list[int], axis: int
) -> None:
    values = RNG.normal(size=(rows, columns)).astype(np.float32)
    size = values.shape[axis]
    places = sorted({0, size, *(cut for cut in cuts if cut < size)})
    whole = (0, -1)
    slices = [
        ((start, stop - start), whole) if axis == 0 else (whole, (start, stop - start))
        for start, stop in pairwise(places)
    ]
    checkpoint(tmp_path / "m", {"emb": values}, slices={"emb": slices})
    log = open_logdir(tmp_path)
    assert [entry.name for entry in log.entries] == ["emb"]
    np.testing.assert_array_equal(log.load(log.entries[0]).vectors, values)


def test_slice_keys_are_tensorflows_own() -> None:
    key = slice_key(b"big/by_columns", ((0, 41), (5, 5)))
    assert key == b"\0big/by_columns\0\1\1\2\x80\xa9\x85\x85"
    assert slice_key(b"a\0b\xff", ((0, -1),)) == b"\0a\0\xffb\xff\0\0\1\1\1\x80\x7f"


def test_a_flipped_byte_costs_its_tensor_only(tmp_path: Path) -> None:
    checkpoint(tmp_path / "m", {"a": np.ones((4, 4), np.float32), "b": np.ones((4, 4), np.float32)})
    shard = tmp_path / "m.data-00000-of-00001"
    raw = bytearray(shard.read_bytes())
    raw[70] ^= 1
    shard.write_bytes(bytes(raw))
    log = open_logdir(tmp_path)
    log.load(log.find(name="a"))
    with pytest.raises(LoadError, match=r"tensor 'b'.*checksum mismatch"):
        log.load(log.find(name="b"))


def test_a_truncated_shard_is_reported_when_it_is_listed(tmp_path: Path) -> None:
    checkpoint(tmp_path / "m", {"a": np.ones((4, 4), np.float32), "b": np.ones((4, 4), np.float32)})
    shard = tmp_path / "m.data-00000-of-00001"
    shard.write_bytes(shard.read_bytes()[:100])
    log = open_logdir(tmp_path)
    assert [entry.name for entry in log.entries] == ["a"]
    assert "truncated" in log.problems[0].message
    assert "tensor 'b'" in log.problems[0].message


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"model.ckpt-10": {}, "model.ckpt-9": {}}, [9, 10]),
        (
            {"ckpt-1": {"save_counter": 1, "step": 12}, "ckpt-2": {"save_counter": 2, "step": 24}},
            [12, 24],
        ),
        ({"ckpt-1": {"save_counter": 1, "opt/_iterations": 7}}, [7]),
        ({"ckpt-4": {"save_counter": 4}}, [4]),
        ({"ckpt-4": {"save_counter": 4, "it": 40}}, [40]),
        ({"best": {"global_step": 33}}, [33]),
        ({"variables": {}}, [None]),
    ],
)
def test_the_step_is_the_trainings_where_the_checkpoint_knows_it(
    tmp_path: Path, files: dict[str, dict[str, int]], expected: list[int | None]
) -> None:
    suffix = "/.ATTRIBUTES/VARIABLE_VALUE"
    for name, scalars in files.items():
        tensors = {f"{key}{suffix}": np.array(value, np.int64) for key, value in scalars.items()}
        checkpoint(tmp_path / name, {f"emb{suffix}": np.ones((3, 2), np.float32), **tensors})
    log = open_logdir(tmp_path)
    assert [(entry.name, entry.step) for entry in log.entries] == [("emb", s) for s in expected]


def test_slots_come_last_and_names_lose_their_escapes(tmp_path: Path) -> None:
    suffix = "/.ATTRIBUTES/VARIABLE_VALUE"
    ones = np.ones((5, 2), np.float32)
    names = [
        "a.Sb..c",
        "a.Sb..c/.OPTIMIZER_SLOT/opt/m",
        "opt/_variables/3",
    ]
    checkpoint(tmp_path / "m", {name + suffix: ones for name in names})
    checkpoint(tmp_path / "tf1", {"emb/w": ones, "emb/w/Adam": ones, "emb/w/MySlot": ones})
    log = open_logdir(tmp_path)
    roles = {entry.name: entry.role for entry in log.entries}
    assert roles["a/b.c"] != "slot"
    assert roles["emb/w"] == "embedding"
    assert [e.role for e in log.entries].count("slot") == 4
    assert [e.role for e in log.entries][-4:] == ["slot"] * 4

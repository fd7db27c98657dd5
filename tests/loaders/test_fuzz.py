"""Damage real files at random: only our own errors may come out, and soon.

The loaders are called themselves, without the net under them that a log directory has.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projector.errors import ProjectorError
from projector.loaders import LOADERS
from projector.loaders.base import File
from projector.loaders.decoders.msgpack import MsgpackError, decode
from projector.loaders.decoders.pickles.contents import contents_of
from projector.loaders.decoders.pickles.placeholders import Refused
from projector.loaders.decoders.pickles.stream import Stream
from projector.loaders.decoders.protobuf import WireError, fields
from projector.loaders.decoders.snappy import decompress
from projector.loaders.formats.torch.values import read_torch_pickle
from projector.loaders.logdir.walk import read_folder
from tests.loaders.formats.stores.archive import marker, unpacked

FILES = Path(__file__).parents[1] / "fixtures" / "formats"
EXAMPLES = int(os.environ.get("PROJECTOR_FUZZ", "60"))
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
#: There are many small files, and unpacking a store takes time.
FEW = settings(FUZZ, max_examples=max(1, EXAMPLES // 4))
SEEDS = [
    "tf2_max_shard_size/cut.ckpt.index",
    "tf1_saver/model.ckpt-75.index",
    "tf1_v1_format/old.ckpt-10",
    "tf1_saver/checkpoint",
    "safetensors_single/embeddings.safetensors",
    "safetensors_hf_sharded/model.safetensors.index.json",
    "numpy_files/vectors.npy",
    "numpy_files/many.npz",
    "numpy_files/packed.npz",
    "torch_state_dict/model.pt",
    "torch_dtypes_views/types.pt",
    "torch_legacy_nonzip/legacy.pt",
    "torch_dcp/step_7/.metadata",
    "flax_msgpack/checkpoint_7.msgpack",
    "word_vectors/w2v.bin",
    "word_vectors/w2v.txt",
    "word_vectors/w2v.txt.gz",
    "torch_add_embedding/events.out.tfevents.1795387379.vm.24793.0",
    "keras3_weights_sharded/big.weights.json",
    "loose_tsv_pair/vectors.tsv",
    "tables/iris.csv",
    "tables/records.jsonl",
]
#: Small files of other formats, in the fixtures.
FORMATS = [
    "gensim/vectors.kv",
    "gensim/apart.kv",
    "pickles/frame-2.pkl",
    "pickles/frame-3.pkl",
    "pickles/plain.joblib",
    "pickles/packed.joblib",
    "pickles/objects.npy",
    "indexes/flat.faiss",
    "indexes/ivf2.faiss",
    "models/small.gguf",
    "matlab/v4.mat",
    "matlab/v5.mat",
    "matlab/v7.mat",
    "models/small.onnx",
    "models/frozen.pb",
    "models/skipgram.bin",
    "models/classifier.bin",
    "models/outside.onnx",
]
#: A place, as a share of the file, and what happens there.
HARM = st.lists(
    st.tuples(
        st.one_of(st.floats(0, 1), st.integers(0, 400), st.integers(-400, -1)),
        st.sampled_from(["flip", "set", "cut", "insert", "drop"]),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=4,
)


def harmed(raw: bytes, harm: list[tuple[Any, str, int]]) -> bytes:
    data = bytearray(raw)
    for where, what, value in harm:
        at = int(where * len(data)) if isinstance(where, float) else where % max(1, len(data))
        at = min(at, max(0, len(data) - 1))
        if what == "flip" and data:
            data[at] ^= 1 << value % 8
        elif what == "set" and data:
            data[at] = value
        elif what == "cut":
            del data[at:]
        elif what == "insert":
            data[at:at] = bytes([value]) * (value % 9 + 1)
        else:
            del data[at : at + value % 17]
    return bytes(data)


def use(file: File) -> None:
    """List and load as discovery would, errors of ours aside."""
    loader = next((each for each in LOADERS if each.sniff(file)), None)
    if loader is None:
        return
    try:
        tensors = loader.list(file).tensors
    except ProjectorError:
        return
    for tensor in tensors[:20]:
        try:
            if tensor.real:
                loader.load(file, tensor)
        except ProjectorError:
            pass


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@FUZZ
@given(harm=HARM)
def test_a_damaged_file_gives_our_errors_only(
    seed: str, harm: list[tuple[Any, str, int]], real_logs: Path, tmp_path: Path
) -> None:
    damage_and_use(real_logs / "real_logs" / seed, harm, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", FORMATS)
@FEW
@given(harm=HARM)
def test_a_damaged_small_file_gives_our_errors_only(
    seed: str, harm: list[tuple[Any, str, int]], tmp_path: Path
) -> None:
    damage_and_use(FILES / seed, harm, tmp_path)


STORES = [
    "v2/lz4-1.zarr",
    "v2/blosclz-2.zarr",
    "v2/zstd-0.zarr",
    "v3/shards.zarr",
    "v3/checksum.zarr",
    "group.zarr",
    "anndata/v2.zarr",
    "anndata/v3.zarr",
    "ocdbt/deep/7",
]


@pytest.mark.slow
@pytest.mark.parametrize("store", STORES)
@FEW
@given(harm=HARM, which=st.integers(0, 1000))
def test_a_damaged_store_gives_our_errors_only(
    store: str, harm: list[tuple[Any, str, int]], which: int, tmp_path: Path
) -> None:
    home = tmp_path / store
    if not home.exists():
        unpacked(tmp_path, f"{store}/")
    files = sorted(path for path in home.rglob("*") if path.is_file())
    chosen = files[which % len(files)]
    before = chosen.read_bytes()
    chosen.write_bytes(harmed(before, harm))
    use(marker(home))
    chosen.write_bytes(before)


def damage_and_use(source: Path, harm: list[tuple[Any, str, int]], tmp_path: Path) -> None:
    """Damage a copy of a file among links to its neighbors, and use it."""
    folder = tmp_path / "f"
    if not folder.exists():
        folder.mkdir()
        for other in source.parent.iterdir():
            if other.is_file():
                (folder / other.name).symlink_to(other)
    (folder / source.name).unlink()
    (folder / source.name).write_bytes(harmed(source.read_bytes(), harm))
    # These links point outside the folder on purpose: a shard is then missing or readable.
    use(read_folder(folder).files[source.name])


@FUZZ
@given(st.binary(max_size=80))
def test_any_bytes_are_a_message_or_a_wire_error(data: bytes) -> None:
    with contextlib.suppress(WireError):
        list(fields(data))


@FUZZ
@given(st.binary(max_size=80))
def test_any_bytes_decompress_or_are_refused(data: bytes) -> None:
    with contextlib.suppress(WireError):
        assert len(decompress(data, limit=1 << 12)) <= 1 << 12


@FUZZ
@given(st.binary(max_size=80))
def test_any_bytes_are_msgpack_or_refused(data: bytes) -> None:
    with contextlib.suppress(MsgpackError, TypeError):
        decode(data)


@settings(max_examples=EXAMPLES * 5, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(
            list(b"\x80\x02()}{]lt.0123abcNKMJXUVqhrjRbdeosuacCi\x85\x86\x87\n\x93\x94\x95\x96\x8c")
        ),
        max_size=60,
    )
)
def test_any_pickle_is_harmless_or_refused(data: list[int]) -> None:
    with contextlib.suppress(Refused):
        contents_of(read_torch_pickle(Stream(bytes(data))))


@pytest.mark.slow
def test_a_pickle_of_endless_operations_is_refused() -> None:
    with pytest.raises(Refused, match="operations"):
        read_torch_pickle(Stream(b"\x80\x02" + b"N0" * 13_000_000 + b"N."))

"""Writes files that try to crash, block or blow up whoever lists or loads them."""

from __future__ import annotations

import gzip
import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import feather, ipc

from projector.typing import AnyArray

VECTORS = np.arange(24, dtype=np.float32).reshape(8, 3)


def good_files(folder: Path) -> set[str]:
    """Write a small good file of each native format; return the paths of their entries."""
    table = pa.table({"v": list(VECTORS), "text": [f"row {i}" for i in range(len(VECTORS))]})
    pq.write_table(table, folder / "good.parquet")
    feather.write_feather(table, folder / "good.arrow")
    with h5py.File(folder / "good.h5", "w") as file:
        file["emb"] = VECTORS
    lines = [json.dumps({"v": row.tolist(), "text": "a"}) for row in VECTORS]
    (folder / "good.jsonl").write_text("\n".join(lines))
    (folder / "good.csv").write_text("a,x0,x1\n" + "b,1.5,2.5\n" * 8)
    np.save(folder / "good.npy", VECTORS)
    return {f"good.{end}" for end in ("parquet", "arrow", "h5", "jsonl", "csv", "npy")}


# ---- tables ----


def deep_json_lines(path: Path) -> None:
    path.write_text('{"a":' * 30_000 + "1" + "}" * 30_000 + "\n")


def deep_lists_in_json_lines(path: Path) -> None:
    path.write_text('{"v":' + "[" * 200_000 + "1" + "]" * 200_000 + "}\n")


def one_long_line(path: Path) -> None:
    path.write_text('{"v":[' + "1.5," * 5_000_000 + "1\n")


def text_that_is_huge_when_written_out(path: Path) -> None:
    """A few kilobytes that stand for 21 GB of text."""
    text = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(21_000, np.int32)), pa.array(["x" * 1_000_000])
    )
    vectors = pa.FixedSizeListArray.from_arrays(np.zeros(42_000, np.float32), 2)
    pq.write_table(pa.table({"v": vectors, "text": text}), path, compression="zstd")


def dictionary_that_is_huge_when_written_out(path: Path) -> None:
    text = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(21_000, np.int32)), pa.array(["x" * 1_000_000])
    )
    vectors = pa.FixedSizeListArray.from_arrays(np.zeros(42_000, np.float32), 2)
    feather.write_feather(pa.table({"v": vectors, "text": text}), path, compression="zstd")


def _varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def _zigzag(value: int) -> bytes:
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _thrift_field(step: int, kind: int, value: bytes) -> bytes:
    return bytes((step << 4 | kind,)) + value


def parquet_with_schema(path: Path, elements: list[bytes], n_rows: int) -> None:
    """Write a Parquet file of nothing but a schema, in Thrift's compact protocol."""
    count = len(elements)
    head = bytes((0xFC,)) + _varint(count) if count > 14 else bytes((count << 4 | 0xC,))
    footer = _thrift_field(1, 5, _zigzag(2)) + _thrift_field(1, 9, head + b"".join(elements))
    footer += _thrift_field(1, 6, _zigzag(n_rows)) + _thrift_field(1, 9, b"\x0c") + b"\0"
    path.write_bytes(b"PAR1" + footer + struct.pack("<I", len(footer)) + b"PAR1")


def _group(name: bytes, n_children: int) -> bytes:
    repetition, name_at = _thrift_field(3, 5, _zigzag(1)), _thrift_field(1, 8, _varint(len(name)))
    return repetition + name_at + name + _thrift_field(1, 5, _zigzag(n_children)) + b"\0"


def _leaf(name: bytes) -> bytes:
    kind, repetition = _thrift_field(1, 5, _zigzag(4)), _thrift_field(2, 5, _zigzag(1))
    return kind + repetition + _thrift_field(1, 8, _varint(len(name))) + name + b"\0"


def deep_parquet(path: Path) -> None:
    """A schema nested 200,000 deep."""
    parquet_with_schema(path, [_group(b"a", 1)] * 200_000 + [_leaf(b"x")], 1)


def parquet_of_many_columns(path: Path) -> None:
    n_columns = 150_000
    leaves = [_leaf(b"x%d" % number) for number in range(n_columns)]
    parquet_with_schema(path, [_group(b"root", n_columns), *leaves], 5)


def parquet_that_lies_about_its_children(path: Path) -> None:
    parquet_with_schema(path, [_group(b"root", 1 << 30), _leaf(b"x")], 1 << 40)


def deep_arrow(path: Path) -> None:
    kind: pa.DataType = pa.float32()
    for _ in range(60):
        kind = pa.list_(kind)
    schema = pa.schema([("v", kind)])
    with ipc.new_file(str(path), schema, options=ipc.IpcWriteOptions()) as writer:
        writer.write_table(schema.empty_table())


def arrow_with_lying_offsets(path: Path) -> None:
    """A list column whose offsets lead far outside of its numbers."""
    table = pa.table({"v": pa.array([[1.5, 2.5]] * 1000)})
    feather.write_feather(table, path, compression="uncompressed")
    raw = path.read_bytes()
    honest = np.arange(0, 2002, 2, dtype=np.int32).tobytes()
    assert honest in raw
    lying = np.full(1001, 0x7FFFFFF0, np.int32)
    lying[0] = 0
    path.write_bytes(raw.replace(honest, lying.tobytes()))


def arrow_with_a_huge_buffer(path: Path) -> None:
    """A packed buffer that claims 2^40 bytes when unpacked."""
    table = pa.table({"v": pa.array([[1.5, 2.5]] * 1000)})
    feather.write_feather(table, path, compression="lz4")
    raw = bytearray(path.read_bytes())
    at = raw.find(struct.pack("<q", 16_000))
    assert at > 0
    raw[at : at + 8] = struct.pack("<q", 1 << 40)
    path.write_bytes(raw)


# ---- HDF5 ----


def hdf5_with_links_elsewhere(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["outside"] = h5py.ExternalLink("good.h5", "/emb")
        loop = file.create_group("loop")
        loop["again"] = loop
        file["soft"] = h5py.SoftLink("/loop/again/again")


def hdf5_with_huge_chunks(path: Path) -> None:
    with h5py.File(path, "w") as file:
        made = file.create_dataset(
            "emb", (10, 4), "f4", maxshape=(None, 4), chunks=(1 << 26, 4), compression="gzip"
        )
        made.id.write_direct_chunk((0, 0), zlib.compress(bytes(1 << 20)))


def hdf5_without_its_numbers(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file.create_dataset("emb", (1 << 30, 1 << 10), "f4", chunks=(1024, 1024))


def hdf5_with_an_unknown_filter(path: Path) -> None:
    with h5py.File(path, "w") as file:
        about = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        about.set_chunk((4, 3))
        about.set_filter(40_000, h5py.h5z.FLAG_OPTIONAL, (1,))
        space = h5py.h5s.create_simple(VECTORS.shape)
        h5py.h5d.create(file.id, b"emb", h5py.h5t.IEEE_F32LE, space, about)
        file["emb"].id.write_direct_chunk((0, 0), VECTORS[:4].tobytes())


def hdf5_of_deep_groups(path: Path) -> None:
    with h5py.File(path, "w") as file:
        group = file
        for _ in range(3_000):
            group = group.create_group("a")
        group["emb"] = VECTORS


# ---- archives and pickles ----


def zip_bomb(path: Path) -> None:
    """Ten megabytes that claim to be ten gigabytes of zeros."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f4", "fortran_order": False, "shape": (1 << 28, 10)}
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("emb.npy", header.getvalue() + bytes(10 << 20))
    raw = bytearray(path.read_bytes())
    size = (10 << 20) + len(header.getvalue())
    path.write_bytes(raw.replace(struct.pack("<I", size), struct.pack("<I", (10 << 28) - 1)))


def npz_of_many_members(path: Path, count: int = 70_000) -> None:
    array = io.BytesIO()
    np.save(array, np.float32(1))
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(count):
            archive.writestr(f"scalar{number}.npy", array.getvalue())
        array = io.BytesIO()
        np.save(array, VECTORS)
        archive.writestr("emb.npy", array.getvalue())


def gzip_bomb(path: Path) -> None:
    """Half a megabyte of word vectors that unpack to half a gigabyte."""
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(b"word 0.5 0.5 0.5\n" * 10)
        line = b"w " + b"0" * 1_000_000 + b" 0.5 0.5\n"
        for _ in range(500):
            file.write(line)


def torch_archive(path: Path, content: bytes) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("m/data.pkl", content)
        archive.writestr("m/version", "3")


def deep_pickle(path: Path) -> None:
    torch_archive(path, b"\x80\x02" + b"]" * 1_000_000 + b"a" * 999_999 + b".")


def pickle_of_marks(path: Path) -> None:
    torch_archive(path, b"\x80\x02" + b"(" * 3_000_000 + b".")


def pickle_of_marks_and_lists(path: Path) -> None:
    torch_archive(path, b"\x80\x02" + b"(" * 1_000_000 + b"l" * 1_000_000 + b".")


def pickle_that_doubles(path: Path) -> None:
    """A list of two lists of two lists …, 2^60 of them, in a few hundred bytes."""
    body = b"\x80\x02]q\0"
    for number in range(60):
        body += b"(h" + bytes((number,)) + b"h" + bytes((number,)) + b"lq" + bytes((number + 1,))
    torch_archive(path, body + b".")


def pickle_of_a_long_number(path: Path) -> None:
    torch_archive(path, b"\x80\x02\x8b" + struct.pack("<I", 4_000_000) + b"\x7f" * 4_000_000 + b".")


def pickle_of_long_digits(path: Path) -> None:
    torch_archive(path, b"L" + b"9" * 60_000 + b"L\n.")


# ---- headers of text ----


def safetensors_with_header(path: Path, header: bytes) -> None:
    path.write_bytes(struct.pack("<Q", len(header)) + header + bytes(96))


def deep_safetensors(path: Path) -> None:
    safetensors_with_header(path, b'{"a":' * 100_000 + b"1" + b"}" * 100_000)


def safetensors_of_a_huge_header(path: Path) -> None:
    safetensors_with_header(path, b"[" + b"[]," * 33_000_000 + b"1]")


def deep_config(path: Path) -> None:
    path.write_text("embeddings {" * 100_000)


def deep_json_config(path: Path) -> None:
    path.write_text('{"embeddings":' + "[" * 100_000 + "]" * 100_000 + "}")


def config_of_escapes(path: Path) -> None:
    path.write_text('embeddings { tensor_name: "' + "\\n" * 2_000_000 + '" tensor_path: "gone" }')


def deep_msgpack(path: Path) -> None:
    path.write_bytes(b"\x81\xa6params" + b"\x91" * 500_000 + b"\0")


def msgpack_that_claims(path: Path) -> None:
    path.write_bytes(b"\x81\xa6params\xdf\xff\xff\xff\xff" + b"\0" * 100)


def deep_keras_index(path: Path) -> None:
    path.write_text('{"weight_map":' * 100_000 + "1" + "}" * 100_000)


def long_numpy_header(path: Path) -> None:
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': " + b"(" * 9_000
    path.write_bytes(b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header)


#: Name of the file, what writes it, and a part of its problem.
BAD: tuple[tuple[str, Callable[[Path], None], str], ...] = (
    ("deep.jsonl", deep_json_lines, "nested more than 100 deep"),
    ("lists.jsonl", deep_lists_in_json_lines, "nested more than 100 deep"),
    ("line.jsonl", one_long_line, "cannot be read as JSON"),
    ("text.parquet", text_that_is_huge_when_written_out, "to 21,000,000,000 bytes"),
    ("text.arrow", dictionary_that_is_huge_when_written_out, "to 21,000,000,000 bytes"),
    ("deep.parquet", deep_parquet, "Parquet"),
    ("columns.parquet", parquet_of_many_columns, "150,000 columns"),
    ("lie.parquet", parquet_that_lies_about_its_children, "Parquet"),
    ("deep.arrow", deep_arrow, "neither a column of vectors"),
    ("offsets.arrow", arrow_with_lying_offsets, "out of bounds"),
    ("buffer.arrow", arrow_with_a_huge_buffer, "not plausible for its size"),
    ("links.h5", hdf5_with_links_elsewhere, "is not followed"),
    ("chunks.h5", hdf5_with_huge_chunks, "pieces of 1,073,741,824 bytes"),
    ("empty.h5", hdf5_without_its_numbers, "are stored"),
    ("filter.h5", hdf5_with_an_unknown_filter, "the filter 40000"),
    ("groups.h5", hdf5_of_deep_groups, "100 deep"),
    ("bomb.npz", zip_bomb, "takes 10,737,418,368 bytes"),
    ("bomb.txt.gz", gzip_bomb, "not plausible"),
    ("deep.pt", deep_pickle, "nested more than 100 deep"),
    ("marks.pt", pickle_of_marks, "is refused"),
    ("lists.pt", pickle_of_marks_and_lists, "nested more than 100 deep"),
    ("doubles.pt", pickle_that_doubles, "contains no tensors"),
    ("number.pt", pickle_of_a_long_number, "contains no tensors"),
    ("digits.pt", pickle_of_long_digits, "it is damaged"),
    ("deep.safetensors", deep_safetensors, "nested"),
    ("huge.safetensors", safetensors_of_a_huge_header, "more than 4,000,000 values"),
    ("deep.msgpack", deep_msgpack, "nested more than 200 deep"),
    ("claim.msgpack", msgpack_that_claims, "claimed"),
    ("deep.weights.json", deep_keras_index, "nested"),
    ("header.npy", long_numpy_header, "damaged NumPy header"),
)
CONFIGS: tuple[tuple[str, Callable[[Path], None], str], ...] = (
    ("projector_config.pbtxt", deep_config, "the text ends"),
    ("projector_config.json", deep_json_config, "nested"),
    ("projector_config.pbtxt", config_of_escapes, "a string of 4,000,002 letters"),
)


def damaged(raw: bytes, seed: int) -> bytes:
    """Damage bytes in one to four places, at random, most of them near either end."""
    rng = random.Random(seed)
    data = bytearray(raw)
    for _ in range(rng.randrange(1, 5)):
        length = len(data)
        at = rng.choice(
            (rng.randrange(length), rng.randrange(min(400, length)), length - 1 - rng.randrange(
                min(600, length)))
        )  # fmt: skip
        kind = rng.randrange(6)
        if kind == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at] = rng.randrange(256)
        elif kind == 2:
            size = rng.choice((0, 1, (1 << 31) - 1, 1 << 40, (1 << 64) - 1))
            data[at : at + 8] = size.to_bytes(8, "little")
        elif kind == 3:
            del data[at : at + rng.randrange(16)]
        elif kind == 4:
            data[at:at] = bytes(rng.randrange(9))
        else:
            del data[at:]
        data = data or bytearray(b"\0")
    return bytes(data)


def fuzz_seeds(folder: Path) -> dict[str, bytes]:
    """Return small files of the native formats, each with several layouts, by name."""
    rng = np.random.default_rng(20261123)
    values: AnyArray = rng.normal(size=(60, 8)).astype(np.float32)
    table = pa.table(
        {
            "fixed": pa.FixedSizeListArray.from_arrays(values.reshape(-1), 8),
            "lists": pa.array(values.tolist()),
            "text": [f"label {i % 7}" for i in range(60)],
            "codes": pa.array([f"l{i % 3}" for i in range(60)]).dictionary_encode(),
            "structs": [{"a": i, "b": [str(i)]} for i in range(60)],
            "times": pa.array(range(60), pa.timestamp("us")),
        }
    )
    pq.write_table(table, folder / "a.parquet")
    pq.write_table(
        table, folder / "b.parquet", compression="zstd", row_group_size=20, use_dictionary=False
    )
    feather.write_feather(table, folder / "a.arrow", compression="uncompressed")
    feather.write_feather(table, folder / "b.arrow", compression="lz4")
    with ipc.new_stream(str(folder / "a.arrows"), table.schema) as writer:
        writer.write_table(table)
    _hdf5_seeds(folder, values)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def _hdf5_seeds(folder: Path, values: Any) -> None:
    with h5py.File(folder / "a.h5", "w") as file:
        file["emb"] = values
        file.create_dataset("g/z", data=values, chunks=(10, 8), compression="gzip", shuffle=True)
        file["layers/a/vars/0"] = values
        file["layers/a/vars"].attrs["name"] = "emb"
    with h5py.File(folder / "b.h5", "w", libver="latest") as file:
        file["emb"] = values
        for number in range(20):
            file[f"many/{number}"] = values
    with h5py.File(folder / "c.h5ad", "w") as file:
        file["X"] = values
        table = file.create_group("obs")
        table.attrs["_index"] = "name"
        table.attrs["column-order"] = ["kind"]
        table["name"] = [b"a"] * 60
        table["kind/categories"] = [b"odd", b"even"]
        table["kind/codes"] = np.zeros(60, np.int8)

"""Writes small files of several formats for tests."""

from __future__ import annotations

import struct
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.loaders.base import File
from projector.loaders.decoders.crc32c import masked_crc32c
from projector.loaders.decoders.leveldb_table import MAGIC
from projector.loaders.formats.tensorflow.records import DTYPES, Slice, slice_key
from projector.loaders.logdir.walk import read_folder

_CODES = {name: number for number, name in DTYPES.items()}


def write(path: Path, content: bytes | str = b"") -> Path:
    """Write a file in a folder that may be new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def tsv(path: Path, rows: int = 4, columns: int = 3) -> Path:
    """Write vectors as text."""
    return write(path, ("\t".join(["0.5"] * columns) + "\n") * rows)


def file_at(path: Path, root: Path | None = None) -> File:
    """Return an existing file as the walk below `root` finds it."""
    files = read_folder(path.parent.resolve()).files
    for file in files.values():
        object.__setattr__(file, "root", root or file.root)
    return files[path.name]


def rested(file: File) -> File:
    """Return a file when any later change of it will show in its times."""
    while not file.is_settled:
        time.sleep(0.005)
    return file


def file_with(path: Path, content: bytes | str = b"", root: Path | None = None) -> File:
    """Write a file, and return it as the walk below `root` finds it."""
    return file_at(write(path, content), root)


def varint(value: int) -> bytes:
    """Encode an unsigned number as protocol buffers do."""
    value &= (1 << 64) - 1
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field: int, value: int) -> bytes:
    """Encode a numeric field; zero is left out, as proto3 does."""
    return varint(field << 3) + varint(value) if value else b""


def message(field: int, value: bytes) -> bytes:
    """Encode a length-delimited field."""
    return varint(field << 3 | 2) + varint(len(value)) + value


def shape_proto(shape: Sequence[int]) -> bytes:
    """Encode a TensorShapeProto."""
    return b"".join(message(2, number(1, size)) for size in shape)


def slice_proto(piece: Slice) -> bytes:
    """Encode a TensorSliceProto; a length of -1 is left out."""
    return b"".join(
        message(1, number(1, start) + (b"" if length < 0 else varint(2 << 3) + varint(length)))
        for start, length in piece
    )


def entry(
    dtype: str, shape: Sequence[int], offset: int, data: bytes, slices: Sequence[Slice] = ()
) -> bytes:
    """Encode a BundleEntryProto."""
    body = number(1, _CODES[dtype]) + message(2, shape_proto(shape))
    if slices:
        return body + b"".join(message(7, slice_proto(piece)) for piece in slices)
    body += number(4, offset) + number(5, len(data))
    return body + varint(6 << 3 | 5) + struct.pack("<I", masked_crc32c(data))


def table(entries: Sequence[tuple[bytes, bytes]], *, block_entries: int = 1000) -> bytes:
    """Write a LevelDB table with prefix compression and as many data blocks as asked for."""
    out = bytearray()
    index: list[tuple[bytes, bytes]] = []
    for start in range(0, len(entries), block_entries):
        piece = entries[start : start + block_entries]
        index.append((piece[-1][0], _append_block(out, piece)))
    metaindex = _append_block(out, [])
    footer = metaindex + _append_block(out, index)
    return bytes(out) + footer.ljust(40, b"\0") + MAGIC


def _append_block(out: bytearray, entries: Sequence[tuple[bytes, bytes]]) -> bytes:
    body, previous = bytearray(), b""
    for key, value in entries:
        shared = 0
        while shared < min(len(key), len(previous)) and key[shared] == previous[shared]:
            shared += 1
        body += varint(shared) + varint(len(key) - shared) + varint(len(value))
        body += key[shared:] + value
        previous = key
    body += struct.pack("<II", 0, 1)
    handle = varint(len(out)) + varint(len(body))
    out += body + b"\0" + struct.pack("<I", masked_crc32c(bytes(body) + b"\0"))
    return handle


def checkpoint(
    prefix: Path,
    tensors: dict[str, NDArray[Any]],
    *,
    slices: dict[str, Sequence[Slice]] | None = None,
    block_entries: int = 1000,
) -> None:
    """Write a version 2 checkpoint with one shard, as numpy arrays say."""
    data = bytearray()
    entries: list[tuple[bytes, bytes]] = []

    def put(key: bytes, values: NDArray[Any]) -> None:
        raw = np.ascontiguousarray(values).tobytes()
        entries.append((key, entry(values.dtype.name, values.shape, len(data), raw)))
        data.extend(raw)

    for name, values in tensors.items():
        pieces = (slices or {}).get(name, ())
        if not pieces:
            put(name.encode(), values)
            continue
        entries.append((name.encode(), entry(values.dtype.name, values.shape, 0, b"", pieces)))
        for piece in pieces:
            where = tuple(
                slice(start, size if length < 0 else start + length)
                for (start, length), size in zip(piece, values.shape, strict=True)
            )
            put(slice_key(name.encode(), piece), values[where])
    header = (b"", number(1, 1) + message(3, number(1, 1)))
    prefix.parent.mkdir(parents=True, exist_ok=True)
    Path(f"{prefix}.data-00000-of-00001").write_bytes(bytes(data))
    index = table([header, *sorted(entries)], block_entries=block_entries)
    Path(f"{prefix}.index").write_bytes(index)


def record(data: bytes) -> bytes:
    """Frame one event."""
    length = struct.pack("<Q", len(data))
    return (
        length
        + struct.pack("<I", masked_crc32c(length))
        + data
        + struct.pack("<I", masked_crc32c(data))
    )


def scalar_event(tag: str, step: int, value: float, wall_time: float = 0.0) -> bytes:
    """Encode an event with one scalar, as torch writes it."""
    summary = message(1, message(1, tag.encode()) + varint(2 << 3 | 5) + struct.pack("<f", value))
    body = varint(1 << 3 | 1) + struct.pack("<d", wall_time) + number(2, step)
    return record(body + message(5, summary))


def tensor_event(tag: str, step: int, values: NDArray[np.float32], *, plugin: str = "") -> bytes:
    """Encode an event with a float32 tensor in tensor_content."""
    proto = number(1, 1) + message(2, shape_proto(values.shape)) + message(4, values.tobytes())
    value = message(1, tag.encode()) + message(8, proto)
    if plugin:
        value += message(9, message(1, message(1, plugin.encode())))
    return record(number(2, step) + message(5, message(1, value)))


def double(field: int, value: float) -> bytes:
    """Encode a field of type double; zero is written, as a oneof does."""
    return varint(field << 3 | 1) + struct.pack("<d", value)


def summary_event(value: bytes, step: int = 0, wall_time: float = 0.0) -> bytes:
    """Encode an event with one summary value."""
    return record(double(1, wall_time) + number(2, step) + message(5, message(1, value)))


def hparam_value(value: object) -> bytes:
    """Encode a google.protobuf.Value; None is null."""
    if value is None:
        return varint(1 << 3) + varint(0)
    if isinstance(value, bool):
        return varint(4 << 3) + varint(int(value))
    if isinstance(value, int | float):
        return double(2, float(value))
    if isinstance(value, str):
        return message(3, value.encode())
    if isinstance(value, dict):
        return message(5, b"".join(message(1, hparam_entry(k, v)) for k, v in value.items()))
    assert isinstance(value, list), f"{value!r} is no value of a hyperparameter"
    return message(6, b"".join(message(1, hparam_value(each)) for each in value))


def hparam_entry(name: str, value: object) -> bytes:
    """Encode an entry of the map of hyperparameters; ``...`` leaves out the value."""
    found = message(1, name.encode())
    return found if value is ... else found + message(2, hparam_value(value))


def hparams_event(content: bytes, tag: str = "_hparams_/session_start_info") -> bytes:
    """Encode an event of the plug-in, with the dummy tensor that TensorFlow writes."""
    plugin = message(1, message(1, b"hparams") + message(2, content))
    dummy = bytes.fromhex("080112021200")
    return summary_event(message(1, tag.encode()) + message(8, dummy) + message(9, plugin))


def session_start(hparams: dict[str, object], *, group: str = "", at: float = 0.0) -> bytes:
    """Encode a HParamsPluginData with the start of a session."""
    body = b"".join(message(1, hparam_entry(name, value)) for name, value in hparams.items())
    body += message(4, group.encode()) if group else b""
    return message(3, body + (double(5, at) if at else b""))


def session_end(status: int, at: float) -> bytes:
    """Encode a HParamsPluginData with the end of a session."""
    return message(4, number(1, status) + double(2, at))


def experiment(metrics: Sequence[tuple[str, str]]) -> bytes:
    """Encode a HParamsPluginData that names metrics by group and tag."""
    infos = [
        message(5, message(1, message(1, group.encode()) + message(2, tag.encode())))
        for group, tag in metrics
    ]
    return message(2, b"".join(infos))


def histogram_event(tag: str, step: int, rows: NDArray[np.float64], at: float = 0.0) -> bytes:
    """Encode a histogram as TensorFlow 2 writes it."""
    proto = number(1, 2) + message(2, shape_proto(rows.shape)) + message(4, rows.tobytes())
    plugin = message(1, message(1, b"histograms") + message(2, b"\x08\x00"))
    return summary_event(
        message(1, tag.encode()) + message(8, proto) + message(9, plugin), step, at
    )


def old_histogram_event(
    tag: str, step: int, low: float, high: float, limits: Sequence[float], counts: Sequence[float]
) -> bytes:
    """Encode a histogram as torch, tensorboardX and TensorFlow 1 write it."""
    body = double(1, low) + double(2, high) + double(3, sum(counts))
    for field, values in ((6, limits), (7, counts)):
        body += message(field, np.array(values, "<f8").tobytes())
    return summary_event(message(1, tag.encode()) + message(5, body), step)

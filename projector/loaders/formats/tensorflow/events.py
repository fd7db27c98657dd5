"""TensorBoard's event files: scalars as series by step, and matrices as embeddings.

A record is a 64-bit length, its masked CRC-32C, the data, its masked CRC-32C. A cut last record
is how a running training looks; it ends the reading without a word.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.decoders.crc32c import masked_crc32c
from projector.loaders.decoders.dtypes import to_float32
from projector.loaders.decoders.protobuf import WireError, as_bytes, as_int, fields, signed
from projector.loaders.formats.tensorflow.checkpoint_v1 import tensor_numbers
from projector.loaders.formats.tensorflow.records import DTYPES, NOT_NUMBERS, read_shape
from projector.loaders.safe_files import open_regular, read_range
from projector.typing import AnyArray

#: One record; images and large tensors are far below it.
_MAX_RECORD = 1 << 30
#: Events with less than this hold no matrix worth a picture; they are not even parsed for one.
_SMALL = 48


#: Plugins whose tensors are matrices of vectors. Histograms are 30 x 3, curves and images have
#: layouts of their own.
_PLAIN = frozenset({"", "tensor", "tensors", "projector"})


class _Value(NamedTuple):
    """One value of a summary: a number, or a TensorProto and the plugin it is for."""

    tag: str
    number: float | None
    tensor: bytes
    plugin: str


@dataclass
class Series:
    """One scalar over a training, in the order of the steps.

    Attributes
    ----------
    steps : ndarray of shape (n,), int64
    values : ndarray of shape (n,), float64
    wall_times : ndarray of shape (n,), float64
        Seconds since 1970.
    """

    steps: NDArray[np.int64]
    values: NDArray[np.float64]
    wall_times: NDArray[np.float64]


class EventFile:
    """Matrices that a training wrote as tensor summaries."""

    name = "tfevents"
    title = "TensorBoard event file"
    extensions = ()

    def sniff(self, file: File) -> bool:
        """Tell by the name, as TensorBoard does."""
        return is_event_file(file.name)

    def list(self, file: File) -> Found:
        """Walk the records; only the heads of those that may hold a matrix are decoded."""
        problems: list[FileProblem] = []
        tensors: list[Tensor] = []
        plugins: dict[str, str] = {}
        has_scalars = False
        try:
            for offset, data in records(file.real, problems):
                has_scalars = has_scalars or _is_scalar(data)
                if len(data) < _SMALL:
                    continue
                step, _, values = _event(data)
                # Some writers name the plugin with a tag's first value only.
                plugins |= {value.tag: value.plugin for value in values if value.plugin}
                shown = [v if plugins.get(v.tag, "") in _PLAIN else None for v in values]
                tensors += _tensors(shown, step, offset, len(data))
        except WireError as error:
            problems.append(
                FileProblem(f"an event can not be read: {error}. Reading ended.", "warning")
            )
        tensors.sort(key=lambda tensor: (tensor.name, tensor.step or 0))
        # A restarted training writes a step again: the later one holds.
        latest = {(tensor.name, tensor.step): tensor for tensor in tensors}
        matrices = tuple(t for t in latest.values() if t.is_matrix)
        return Found(matrices, tuple(problems), has_scalars=has_scalars)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Decode one record's tensor; its checksum is verified."""
        offset, size, index = tensor.detail
        data = read_range(file.real, offset, size + 4)
        if masked_crc32c(data[:size]) != int.from_bytes(data[size:], "little"):
            raise LoadError(file.path, "checksum mismatch. Copy it again.", place=f"byte {offset}")
        try:
            _, _, values = _event(data[:size])
            return Loaded(to_float32(_numbers(values[index].tensor, tensor)))
        except (WireError, IndexError) as error:
            raise LoadError(file.path, f"{error}.", place=f"byte {offset}") from None


def is_event_file(name: str) -> bool:
    """Tell an event file by its name, as TensorBoard does."""
    return "tfevents" in name


def records(path: Path, problems: list[FileProblem]) -> Iterator[tuple[int, bytes]]:
    """Yield each whole record's place and data; say in `problems` why it ended early."""
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        while True:
            at = file.tell()
            head = file.read(12)
            if len(head) < 12:
                return
            length, crc = struct.unpack("<QI", head)
            if masked_crc32c(head[:8]) != crc:
                what = "is no event file" if at == 0 else "has a damaged record"
                told = f"{what} at byte {at:,}: the checksum of a length is wrong. Reading ended."
                problems.append(FileProblem(told, "warning"))
                return
            if length > _MAX_RECORD:
                told = f"claims a record of {length:,} bytes at byte {at:,}. Reading ended."
                problems.append(FileProblem(told, "warning"))
                return
            if at + 16 + length > size:
                return  # still being written
            data, stored = file.read(length), file.read(4)
            if masked_crc32c(data) != int.from_bytes(stored, "little"):
                told = f"has a damaged record at byte {at:,}, which was left out."
                problems.append(FileProblem(told, "warning"))
                continue
            yield at + 12, data


def _event(data: bytes) -> tuple[int, float, list[_Value]]:
    """Return step, wall time and values of one event."""
    step, wall_time = 0, 0.0
    values: list[_Value] = []
    for number, _, content in fields(data):
        if number == 1:
            wall_time = struct.unpack("<d", as_bytes(content))[0]
        elif number == 2:
            step = signed(as_int(content))
        elif number == 5:
            for inner, _, value in fields(as_bytes(content)):
                if inner == 1:
                    values.append(_value(as_bytes(value)))
    return step, wall_time, values


def _value(data: bytes) -> _Value:
    tag, number, tensor, plugin = "", None, b"", ""
    for field_number, _, content in fields(data):
        if field_number == 1:
            tag = as_bytes(content).decode("utf-8", "replace")
        elif field_number == 2:
            number = struct.unpack("<f", as_bytes(content))[0]
        elif field_number == 8:
            tensor = as_bytes(content)
        elif field_number == 9:
            plugin = _plugin(as_bytes(content))
    return _Value(tag, number, tensor, plugin)


def _plugin(metadata: bytes) -> str:
    """Return SummaryMetadata{1 plugin_data{1 plugin_name}}."""
    for number, _, content in fields(metadata):
        if number == 1:
            for inner, _, name in fields(as_bytes(content)):
                if inner == 1:
                    return as_bytes(name).decode("utf-8", "replace")
    return ""


def _shape_of(tensor: bytes) -> tuple[str, tuple[int, ...]]:
    dtype = 0
    shape: tuple[int, ...] = ()
    for number, _, content in fields(tensor):
        if number == 1:
            dtype = as_int(content)
        elif number == 2:
            shape = read_shape(as_bytes(content))
    return DTYPES.get(dtype, "string"), shape


def _tensors(values: list[_Value | None], step: int, offset: int, size: int) -> Iterator[Tensor]:
    for index, value in enumerate(values):
        if value is None or not value.tensor:
            continue
        dtype, shape = _shape_of(value.tensor)
        real = dtype not in NOT_NUMBERS
        if len(shape) == 2 and real and 0 not in shape and shape[0] * shape[1] <= 8 * size:
            yield Tensor(
                f"{value.tag}\0{step}",
                value.tag,
                shape,
                dtype,
                step=step,
                role="embedding",
                detail=(offset, size, index),
            )


def _numbers(proto: bytes, tensor: Tensor) -> AnyArray:
    dtype, shape = _shape_of(proto)
    if (dtype, shape) != (tensor.dtype, tensor.shape):
        raise WireError("the tensor is another one than was listed. Refresh")
    return tensor_numbers(proto, dtype, shape)


def read_scalars(path: Path) -> tuple[dict[str, Series], list[str]]:
    """Return every scalar of an event file by its tag, and why reading ended early.

    Steps that were written twice (a training that went on from a checkpoint) count as written
    last.
    """
    problems: list[FileProblem] = []
    points: dict[str, dict[int, tuple[float, float]]] = {}
    try:
        for _, data in records(path, problems):
            step, wall_time, values = _event(data)
            for tag, number, tensor, _ in values:
                value = number if number is not None else _scalar(tensor)
                if value is not None:
                    series = points.setdefault(tag, {})
                    if step not in series or series[step][1] <= wall_time:
                        series[step] = (value, wall_time)
    except (WireError, struct.error) as error:
        problems.append(
            FileProblem(f"an event can not be read: {error}. Reading ended.", "warning")
        )
    return {tag: _series(found) for tag, found in points.items()}, [n.message for n in problems]


def _is_scalar(data: bytes) -> bool:
    """Tell whether an event holds a scalar; one that can not be read holds none."""
    try:
        _, _, values = _event(data)
        return any(
            value.number is not None or _scalar(value.tensor) is not None for value in values
        )
    except (WireError, struct.error):
        return False


def _series(found: dict[int, tuple[float, float]]) -> Series:
    steps = sorted(found)
    values = np.array([found[step] for step in steps], np.float64).reshape(-1, 2)
    return Series(np.array(steps, np.int64), values[:, 0].copy(), values[:, 1].copy())


def _scalar(tensor: bytes) -> float | None:
    if not tensor:
        return None
    dtype, shape = _shape_of(tensor)
    if shape or dtype in NOT_NUMBERS:
        return None
    return float(np.asarray(to_float32(tensor_numbers(tensor, dtype, ()))).astype(np.float64))

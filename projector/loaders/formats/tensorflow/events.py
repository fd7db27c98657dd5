"""Reads TensorBoard event files: scalars as series by step, and matrices as embeddings.

A record is a 64-bit length, its masked CRC-32C, the data, and its masked CRC-32C. A training that
is still running has an incomplete last record, so that is not reported.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
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
from projector.loaders.formats.tensorflow.hparams import PLUGIN as HPARAMS
from projector.loaders.formats.tensorflow.hparams import Session, read_hparams
from projector.loaders.formats.tensorflow.records import DTYPES, NOT_NUMBERS, read_shape
from projector.loaders.safe_files import open_regular, read_range, size_of
from projector.typing import AnyArray

#: The largest record in bytes; images and large tensors are far below it.
_MAX_RECORD = 1 << 30
#: Events with fewer bytes contain no matrix worth showing; they are not searched for one.
_SMALL = 48
#: The end of a message about a record at which reading stops.
_IGNORED = "The rest of the file is ignored; copy it again."

#: Plugins whose tensors are matrices of vectors. Histograms are 30 x 3; curves and images have
#: layouts of their own.
_PLAIN = frozenset({"", "tensor", "tensors", "projector"})


class EventValue(NamedTuple):
    """One value of a summary: a number, or a TensorProto with the name of its plugin.

    ``histogram`` is a HistogramProto, and ``content`` what the plugin says.
    """

    tag: str
    number: float | None
    tensor: bytes
    plugin: str
    histogram: bytes = b""
    content: bytes = b""


@dataclass
class Series:
    """One scalar of a training, in the order of steps.

    Attributes
    ----------
    steps : ndarray of shape (n,), int64
    values : ndarray of shape (n,), float64
    wall_times : ndarray of shape (n,), float64
        Seconds since 1970 (UTC).
    """

    steps: NDArray[np.int64]
    values: NDArray[np.float64]
    wall_times: NDArray[np.float64]

    @property
    def relative_times(self) -> NDArray[np.float64]:
        """Seconds since the first value was written, shape (n,)."""
        return np.asarray(self.wall_times - self.wall_times.min(initial=np.inf))


class EventFile:
    """Matrices that were written as tensor summaries."""

    name = "tfevents"
    title = "TensorBoard event file"
    gives = "matrices by step, and scalars for the timeline"
    extensions = ()

    def sniff(self, file: File) -> bool:
        """Recognize it by name, as TensorBoard does."""
        return is_event_file(file.name)

    def list(self, file: File) -> Found:
        """Walk the records; numbers of matrices are not decoded."""
        problems: list[FileProblem] = []
        tensors: list[Tensor] = []
        plugins: dict[str, str] = {}
        has_scalars = False
        try:
            for offset, data in records(file.real, problems):
                has_scalars = has_scalars or _is_scalar(data)
                if len(data) < _SMALL:
                    continue
                step, _, values = event_of(data)
                # Some writers name the plugin with a tag's first value only.
                plugins |= {value.tag: value.plugin for value in values if value.plugin}
                problems += _hparam_problems(values)
                matrices = [v if plugins.get(v.tag, "") in _PLAIN else None for v in values]
                tensors += _tensors(matrices, step, offset, len(data))
        except (WireError, struct.error) as error:
            problems.append(FileProblem(f"an event cannot be read: {error}. {_IGNORED}", "warning"))
        tensors.sort(key=lambda tensor: (tensor.name, tensor.step or 0))
        # A restarted training writes a step again: the later one counts.
        latest = {(tensor.name, tensor.step): tensor for tensor in tensors}
        found = tuple(tensor for tensor in latest.values() if tensor.is_matrix)
        return Found(found, tuple(problems), has_scalars=has_scalars)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Decode the tensor of one record and verify the record's checksum."""
        offset, size, index = tensor.detail
        data = read_range(file.real, offset, size + 4)
        if masked_crc32c(data[:size]) != int.from_bytes(data[size:], "little"):
            raise LoadError(
                file.path,
                "checksum mismatch. The file is damaged; copy it again.",
                place=f"byte {offset}",
            )
        try:
            _, _, values = event_of(data[:size])
            return Loaded(to_float32(_numbers(values[index].tensor, tensor)))
        except (WireError, IndexError) as error:
            raise LoadError(
                file.path,
                f"{error}. Refresh the listing, or copy the file again.",
                place=f"byte {offset}",
            ) from None


def _hparam_problems(values: list[EventValue]) -> Iterator[FileProblem]:
    """Yield what is wrong with hyperparameters, which `Log.runs` reads."""
    for each in values:
        if each.plugin == HPARAMS:
            try:
                read_hparams(each.content, Session())
            except (WireError, struct.error) as error:
                yield FileProblem(f"hyperparameters cannot be read: {error}.", "warning")


def is_event_file(name: str) -> bool:
    """Recognize an event file by its name, as TensorBoard does."""
    return "tfevents" in name


def records(path: Path, problems: list[FileProblem]) -> Iterator[tuple[int, bytes]]:
    """Yield the offset and data of each complete record; add to `problems` why it ended early."""
    with open_regular(path) as file:
        size = size_of(file)
        while True:
            at = file.tell()
            head = file.read(12)
            if len(head) < 12:
                return
            length, crc = struct.unpack("<QI", head)
            if masked_crc32c(head[:8]) != crc:
                what = "is not an event file" if at == 0 else "has a damaged record"
                reason = f"{what}: the checksum of the length at byte {at:,} is wrong"
                problems.append(FileProblem(f"{reason}. {_IGNORED}", "warning"))
                return
            if length > _MAX_RECORD:
                reason = f"claims a record of {length:,} bytes at byte {at:,}"
                problems.append(FileProblem(f"{reason}. {_IGNORED}", "warning"))
                return
            if at + 16 + length > size:
                return  # still being written
            data, stored = file.read(length), file.read(4)
            if masked_crc32c(data) != int.from_bytes(stored, "little"):
                message = f"has a damaged record at byte {at:,}, which is ignored. Copy it again."
                problems.append(FileProblem(message, "warning"))
                continue
            yield at + 12, data


def event_of(data: bytes) -> tuple[int, float, list[EventValue]]:
    """Return step, wall time and values of one event."""
    step, wall_time = 0, 0.0
    values: list[EventValue] = []
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


def _value(data: bytes) -> EventValue:
    tag, number, tensor, plugin = "", None, b"", ""
    histogram, said = b"", b""
    for field_number, _, content in fields(data):
        if field_number == 1:
            tag = as_bytes(content).decode("utf-8", "replace")
        elif field_number == 2:
            number = struct.unpack("<f", as_bytes(content))[0]
        elif field_number == 5:
            histogram = as_bytes(content)
        elif field_number == 8:
            tensor = as_bytes(content)
        elif field_number == 9:
            plugin, said = _plugin(as_bytes(content))
    return EventValue(tag, number, tensor, plugin, histogram, said)


def _plugin(metadata: bytes) -> tuple[str, bytes]:
    """Return SummaryMetadata{1 plugin_data{1 plugin_name, 2 content}}."""
    name, said = "", b""
    for number, _, data in fields(metadata):
        if number == 1:
            for inner, _, value in fields(as_bytes(data)):
                if inner == 1:
                    name = as_bytes(value).decode("utf-8", "replace")
                elif inner == 2:
                    said = as_bytes(value)
    return name, said


def shape_of(tensor: bytes) -> tuple[str, tuple[int, ...]]:
    """Return dtype and shape of a TensorProto."""
    dtype = 0
    shape: tuple[int, ...] = ()
    for number, _, content in fields(tensor):
        if number == 1:
            dtype = as_int(content)
        elif number == 2:
            shape = read_shape(as_bytes(content))
    return DTYPES.get(dtype, "string"), shape


def _tensors(
    values: list[EventValue | None], step: int, offset: int, size: int
) -> Iterator[Tensor]:
    for index, value in enumerate(values):
        if value is None or not value.tensor:
            continue
        dtype, shape = shape_of(value.tensor)
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
    dtype, shape = shape_of(proto)
    if (dtype, shape) != (tensor.dtype, tensor.shape):
        raise WireError("the tensor has changed since it was listed")
    return tensor_numbers(proto, dtype, shape)


def read_scalars(path: Path) -> tuple[dict[str, Series], list[str]]:
    """Return every scalar of an event file by its tag, and why reading ended early.

    Of a step that was written twice (a training that continued from a checkpoint), the value
    written last counts.
    """
    found = Scalars()
    warnings = each_event(path, found.take)
    return found.series(), warnings


def each_event(path: Path, take: Callable[[int, float, list[EventValue]], None]) -> list[str]:
    """Call `take` with step, wall time and values of each event; return why it ended early."""
    problems: list[FileProblem] = []
    try:
        for _, data in records(path, problems):
            take(*event_of(data))
    except (WireError, struct.error) as error:
        problems.append(FileProblem(f"an event cannot be read: {error}. {_IGNORED}", "warning"))
    return [each.message for each in problems]


class Scalars:
    """The scalars of events, by tag and step; of a step written twice the later one counts."""

    def __init__(self) -> None:
        self._points: dict[str, dict[int, tuple[float, float]]] = {}

    def take(self, step: int, wall_time: float, values: list[EventValue]) -> None:
        """Take the scalars of one event; may raise WireError or struct.error."""
        for each in values:
            value = each.number if each.number is not None else _scalar(each.tensor)
            if value is not None:
                series = self._points.setdefault(each.tag, {})
                if step not in series or series[step][1] <= wall_time:
                    series[step] = (value, wall_time)

    def series(self) -> dict[str, Series]:
        """Return what was taken, by tag."""
        return {tag: _series(found) for tag, found in self._points.items()}


def _is_scalar(data: bytes) -> bool:
    """Tell whether an event contains a scalar; one that cannot be read contains none."""
    try:
        _, _, values = event_of(data)
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
    dtype, shape = shape_of(tensor)
    if shape or dtype in NOT_NUMBERS:
        return None
    return float(np.asarray(to_float32(tensor_numbers(tensor, dtype, ()))).astype(np.float64))

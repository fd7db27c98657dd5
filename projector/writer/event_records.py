"""Encodes scalars and hyperparameters as the records of a TensorBoard event file.

Source: tensorflow/core/util/event.proto, core/framework/summary.proto;
tensorboard/plugins/hparams/plugin_data.proto; google/protobuf/struct.proto.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from projector.errors import ParameterError
from projector.machine.hashing import checksum
from projector.model.arguments import shown

#: Lists and mappings of hyperparameters within each other.
_DEEPEST = 8
_MASK_DELTA = 0xA282EAD8
_STATUS = {"success": 1, "failure": 2}
#: An empty tensor of float32, which TensorBoard expects beside what a plug-in says.
_NO_TENSOR = b"\x08\x01\x12\x04\x12\x02\x08\x00"


def record(event: bytes) -> bytes:
    """Return an event as it stands in the file: length and bytes, each with its checksum."""
    length = struct.pack("<Q", len(event))
    return length + _masked(length) + event + _masked(event)


def first_event(time: float) -> bytes:
    """Return the event that every file begins with."""
    return _double(1, time) + _bytes(3, b"brain.Event:2")


def scalars_event(values: Mapping[str, float], step: int, time: float) -> bytes:
    """Return an event with one scalar for each tag."""
    summary = b"".join(
        _bytes(1, _bytes(1, tag.encode()) + b"\x15" + struct.pack("<f", value))
        for tag, value in values.items()
    )
    return _event(summary, step, time)


def hparams_event(values: Mapping[str, Any], group: str, time: float) -> bytes:
    """Return the event that a session starts with.

    Raises
    ------
    ParameterError
        A value is no number, text, truth value, None, list or mapping of these.
    """
    entries = b"".join(
        _bytes(1, _bytes(1, str(name).encode()) + _bytes(2, _value(value, str(name), 0)))
        for name, value in values.items()
    )
    start = entries + _bytes(4, group.encode()) + _double(5, time)
    return _plugin_event("_hparams_/session_start_info", _bytes(3, start), time)


def end_event(status: str, time: float) -> bytes:
    """Return the event that a session ends with: ``"success"`` or ``"failure"``."""
    end = _number(1, _STATUS[status]) + _double(2, time)
    return _plugin_event("_hparams_/session_end_info", _bytes(4, end), time)


def _plugin_event(tag: str, content: bytes, time: float) -> bytes:
    plugin = _bytes(1, b"hparams") + _bytes(2, content)
    value = _bytes(1, tag.encode()) + _bytes(8, _NO_TENSOR) + _bytes(9, _bytes(1, plugin))
    return _event(_bytes(1, value), 0, time)


def _event(summary: bytes, step: int, time: float) -> bytes:
    return _double(1, time) + _number(2, step) + _bytes(5, summary)


def _value(value: Any, name: str, depth: int) -> bytes:
    """Return a google.protobuf.Value."""
    if isinstance(value, bool | np.bool_):
        return _number(4, int(value))
    if isinstance(value, int | float | np.integer | np.floating):
        return _double(2, float(value))
    if isinstance(value, str):
        return _bytes(3, value.encode("utf-8", "replace"))
    if value is None:
        return _number(1, 0)
    if depth < _DEEPEST and isinstance(value, Mapping):
        entries = (
            _bytes(1, _bytes(1, str(key).encode()) + _bytes(2, _value(each, name, depth + 1)))
            for key, each in value.items()
        )
        return _bytes(5, b"".join(entries))
    if depth < _DEEPEST and isinstance(value, Sequence) and not isinstance(value, bytes):
        return _bytes(6, b"".join(_bytes(1, _value(each, name, depth + 1)) for each in value))
    raise ParameterError(
        f"The hyperparameter {name!r} must be a number, a text, a truth value, or a list or "
        f"mapping of these. Got {shown(value)}. Use str(value)."
    )


def _masked(data: bytes) -> bytes:
    crc = checksum(np.frombuffer(data, np.uint8))
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + _MASK_DELTA) & 0xFFFFFFFF)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _double(field: int, value: float) -> bytes:
    return _varint(field << 3 | 1) + struct.pack("<d", value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value

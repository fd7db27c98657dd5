"""Decodes the hyperparameters of a run, which stand in the content of TensorBoard's plug-in.

Source: tensorboard/plugins/hparams/plugin_data.proto and api.proto; google/protobuf/struct.proto.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from projector.loaders.decoders.protobuf import WireError, as_bytes, as_int, fields

#: A hyperparameter, as JSON has values. One that is null or unset is missing.
HParam: TypeAlias = bool | float | str | list["HParam"] | dict[str, "HParam"] | None

#: The name of the plug-in.
PLUGIN: Final = "hparams"
#: Lists and objects within each other, and entries of one message.
MAX_DEPTH, MAX_ENTRIES = 8, 100_000
STATUSES: Final = ("unknown", "success", "failure", "running")


@dataclass
class Session:
    """What the events of one folder say of its hyperparameters.

    Attributes
    ----------
    hparams : dict
        Empty unless a session started.
    metrics : list of (group, tag)
        Of the experiment, where this folder describes one.
    group : str
        Sessions of one group are repetitions.
    status : {"unknown", "success", "failure", "running"}
    start_time, end_time : float or None
        Seconds since 1970 (UTC).
    has_started : bool
    """

    hparams: dict[str, HParam] = field(default_factory=dict)
    metrics: list[tuple[str, str]] = field(default_factory=list)
    group: str = ""
    status: str = "unknown"
    start_time: float | None = None
    end_time: float | None = None
    has_started: bool = False


def read_hparams(content: bytes, session: Session) -> None:
    """Take the content of one summary of the plug-in into `session`; a later one counts.

    Raises
    ------
    WireError
        It is damaged, nested too deeply, or has too many entries.
    """
    for number, _, value in fields(content):
        if number == 2:
            session.metrics = list(_metrics(as_bytes(value)))
        elif number == 3:
            _start(as_bytes(value), session)
        elif number == 4:
            _end(as_bytes(value), session)


def _start(data: bytes, session: Session) -> None:
    session.has_started = True
    n_entries = 0
    for number, kind, value in fields(data):
        if number == 1:
            n_entries += 1
            if n_entries > MAX_ENTRIES:
                raise WireError(f"there are more than {MAX_ENTRIES:,} hyperparameters")
            name, found = _entry(as_bytes(value), 0)
            if found is not None:
                session.hparams[name] = found
        elif number == 4:
            session.group = _text(value)
        elif number == 5:
            session.start_time = _double(kind, value)


def _end(data: bytes, session: Session) -> None:
    for number, kind, value in fields(data):
        if number == 1:
            status = as_int(value)
            session.status = STATUSES[status] if status < len(STATUSES) else "unknown"
        elif number == 2:
            session.end_time = _double(kind, value)


def _metrics(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield group and tag of each metric of an experiment."""
    n_metrics = 0
    for number, _, info in fields(data):
        if number != 5:
            continue
        n_metrics += 1
        if n_metrics > MAX_ENTRIES:
            raise WireError(f"there are more than {MAX_ENTRIES:,} metrics")
        for inner, _, name in fields(as_bytes(info)):
            if inner == 1:
                parts = {1: "", 2: ""}
                for part, _, text in fields(as_bytes(name)):
                    if part in parts:
                        parts[part] = _text(text)
                yield parts[1], parts[2]


def _entry(data: bytes, depth: int) -> tuple[str, HParam]:
    """Return one entry of a map from text to value; either half may be missing."""
    name: str = ""
    found: HParam = None
    for number, _, value in fields(data):
        if number == 1:
            name = _text(value)
        elif number == 2:
            found = _value(as_bytes(value), depth)
    return name, found


def _value(data: bytes, depth: int) -> HParam:
    """Return a google.protobuf.Value; None for null and for unset. False and 0 are written."""
    if depth > MAX_DEPTH:
        raise WireError(f"values are nested more than {MAX_DEPTH} deep")
    found: HParam = None
    for number, kind, value in fields(data):
        if number == 1:
            found = None
        elif number == 2:
            found = _double(kind, value)
        elif number == 3:
            found = _text(value)
        elif number == 4:
            found = bool(as_int(value))
        elif number == 5:
            found = dict(_entry(each, depth + 1) for each in _ones(as_bytes(value)))
        elif number == 6:
            found = [_value(each, depth + 1) for each in _ones(as_bytes(value))]
    return found


def _ones(data: bytes) -> Iterator[bytes]:
    """Yield the messages of a repeated field 1."""
    for count, (number, _, value) in enumerate(fields(data)):
        if count >= MAX_ENTRIES:
            raise WireError(f"a value has more than {MAX_ENTRIES:,} entries")
        if number == 1:
            yield as_bytes(value)


def _text(value: int | bytes) -> str:
    return as_bytes(value).decode("utf-8", "replace")


def _double(kind: int, value: int | bytes) -> float:
    if kind != 1:
        raise WireError(f"found a field of wire type {kind}, expected a double")
    found: float = struct.unpack("<d", as_bytes(value))[0]
    return found

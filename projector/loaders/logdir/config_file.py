"""Parses the configs of TensorBoard's projector: ``projector_config.pbtxt`` and its JSON form.

Both say which tensor has which metadata and sprite. They are hints: what they name is looked up
inside the log directory, and what they do not name is found all the same.
Fields: tensorboard/plugins/projector/projector_config.proto.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem
from projector.loaders.bounded_json import JsonBoundsError, parse_json
from projector.loaders.decoders.pbtxt import Message, Value, Word, parse
from projector.loaders.safe_files import printable, read_all

PBTXT = "projector_config.pbtxt"
#: Where TensorBoard keeps a plugin's files inside a run.
ASSETS = ("plugins", "org_tensorflow_tensorboard_projector")
_JSON_NAME = re.compile(r"projector.*config.*\.json$|^config.*projector.*\.json$", re.IGNORECASE)
_LIMIT = 1 << 26
_UINT32 = 1 << 32
#: Entries of one config that are read: one for each tensor at each step.
_MOST_ENTRIES = 50_000
_MOST_PROBLEMS = 1000
_SKIPPED = {False: " This entry is skipped.", True: ""}
#: Letters of a name, letters of a path, numbers of a shape: more are none.
_LONGEST_NAME, _LONGEST_PATH, _LONGEST_SHAPE = 1000, 4096, 64
_BOUNDS = {
    "tensor_name": _LONGEST_NAME,
    "tensor_path": _LONGEST_PATH,
    "metadata_path": _LONGEST_PATH,
    "bookmarks_path": _LONGEST_PATH,
    "image_path": _LONGEST_PATH,
    "tensor_shape": _LONGEST_SHAPE,
    "tile": _LONGEST_SHAPE,
}


@dataclass(frozen=True)
class Info:
    """One `embeddings` entry: a tensor and its companions. Empty where not given."""

    tensor_name: str = ""
    tensor_path: str = ""
    metadata_path: str = ""
    bookmarks_path: str = ""
    tensor_shape: tuple[int, ...] = ()
    image_path: str = ""
    tile: tuple[int, ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Config:
    """The content of a config file."""

    file: File
    infos: tuple[Info, ...]
    checkpoint_path: str = ""
    checkpoint_dir: str = ""
    problems: tuple[FileProblem, ...] = ()

    @property
    def base(self) -> Path:
        """The directory that its paths are relative to."""
        return self.file.path.parent

    @property
    def run_folder(self) -> Path:
        """The directory of the run that it describes."""
        if self.base.parts[-2:] == ASSETS and self.base.parent.parent.is_relative_to(
            self.file.root
        ):
            return self.base.parent.parent
        return self.base


class _Problems(list[FileProblem]):
    """The problems of one config; a text of nothing but mistakes has more than can be told."""

    def append(self, problem: FileProblem) -> None:
        """Add a problem, unless there are enough."""
        if len(self) < _MOST_PROBLEMS:
            super().append(problem)


def is_config(file: File) -> bool:
    """Recognize a config by name; the JSON form has no fixed name, so also by its fields."""
    if file.name == PBTXT:
        return True
    if not file.name.endswith(".json"):
        return False
    if _JSON_NAME.search(file.name) is not None:
        return True
    try:
        head = file.head()
    except LoadError:
        return False
    return b'"embeddings"' in head and (b'"tensorPath"' in head or b'"tensorName"' in head)


def read_config(file: File) -> Config:
    """Read either form. Never raises: a mistake becomes a problem and costs the entry it is in.

    Notes
    -----
    5,000 entries take about 50 ms.
    """
    try:
        raw = read_all(file.real, limit=_LIMIT, what="a config")
    except LoadError as error:
        return Config(file, (), problems=(FileProblem(error.message),))
    return _from_json(file, raw) if file.name.endswith(".json") else _from_pbtxt(file, raw)


def _from_pbtxt(file: File, raw: bytes) -> Config:
    problems: list[FileProblem] = _Problems()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in raw:
            message = "is a binary file; expected a config in text format. Write it as text."
            return Config(file, (), problems=(FileProblem(message),))
        text = raw.decode("latin-1")
        line = raw.count(b"\n", 0, error.start) + 1
        problems.append(
            FileProblem(
                f"line {line} is not UTF-8. The file was read as Latin-1; save it as UTF-8.",
                "warning",
            )
        )
    top = frozenset({"embeddings", "model_checkpoint_path", "model_checkpoint_dir"})
    whole, mistakes = parse(text, top=top, most=_MOST_ENTRIES)
    problems += [
        FileProblem(f"line {m.line}, column {m.column}: {m.message}{_SKIPPED[m.is_last]}")
        for m in mistakes
    ]
    config: dict[str, Any] = {}
    infos: list[Info] = []
    for name, value, line in whole.fields:
        if name == "embeddings" and isinstance(value, Message):
            infos += _info(value, f"line {line}", problems)
        elif name in top and isinstance(value, str) and not isinstance(value, Word):
            config[name] = value[:_LONGEST_PATH]
        else:
            _unknown(name, f"line {line}", problems, known=name in top)
    return Config(
        file,
        tuple(infos),
        config.get("model_checkpoint_path", ""),
        config.get("model_checkpoint_dir", ""),
        tuple(problems),
    )


_TEXTS = ("tensor_name", "tensor_path", "metadata_path", "bookmarks_path")


def _info(message: Message, place: str, problems: list[FileProblem]) -> list[Info]:
    given: dict[str, Any] = {"place": place}
    shape: list[int] = []
    for name, value, line in message.fields:
        where = f"line {line}"
        if name in _TEXTS:
            if not isinstance(value, str) or isinstance(value, Word):
                problems.append(
                    FileProblem(
                        f"{where}: {name} must be a string in quotes. This entry is skipped."
                    )
                )
                return []
            given[name] = _text(value, name, where, problems)
        elif name == "tensor_shape":
            shape += _counts(value, name, where, problems)
        elif name == "sprite" and isinstance(value, Message):
            given |= _sprite(value, problems)
        else:
            _unknown(name, where, problems, known=name == "sprite")
    return _bounded(Info(tensor_shape=tuple(shape), **given), problems)


def _bounded(info: Info, problems: list[FileProblem]) -> list[Info]:
    """Return an entry, or report that one of its values is too long to be one."""
    for name, limit in _BOUNDS.items():
        length = len(getattr(info, name))
        if length > limit:
            message = (
                f"{info.place}: {name} has a length of {length:,}, but at most {limit:,} are "
                "allowed. This entry is skipped."
            )
            problems.append(FileProblem(message))
            return []
    return [info]


def _sprite(message: Message, problems: list[FileProblem]) -> dict[str, Any]:
    image, tile = "", []
    for name, value, line in message.fields:
        if name == "image_path" and isinstance(value, str) and not isinstance(value, Word):
            image = value
        elif name == "single_image_dim":
            tile += _counts(value, name, f"line {line}", problems)
        else:
            _unknown(name, f"line {line}", problems, known=name == "image_path")
    return {"image_path": image, "tile": tuple(tile)}


def _text(value: str, name: str, where: str, problems: list[FileProblem]) -> str:
    if any("\udc80" <= letter <= "\udcff" for letter in value):
        problems.append(
            FileProblem(
                f"{where}: {name} is not UTF-8 and is shown as {printable(value)!r}.", "warning"
            )
        )
        return value if name.endswith("path") else printable(value)
    return value


def _counts(value: Value, name: str, where: str, problems: list[FileProblem]) -> list[int]:
    if isinstance(value, int) and 0 <= value < _UINT32:
        return [value]
    problems.append(
        FileProblem(
            f"{where}: {name} is {str(value)[:40]!r}; expected a whole number from 0 to "
            f"{_UINT32 - 1:,}. It is ignored.",
            "warning",
        )
    )
    return []


def _unknown(name: str, where: str, problems: list[FileProblem], *, known: bool) -> None:
    reason = "has a value of the wrong type" if known else "is unknown"
    problems.append(FileProblem(f"{where}: the field {name!r} {reason} and is ignored.", "warning"))


def _from_json(file: File, raw: bytes) -> Config:
    try:
        # Long numbers stay text: 5,000 digits would raise, and none is needed beyond uint32.
        content = parse_json(raw, parse_int=_json_int, parse_constant=str)
    except JsonBoundsError as error:
        message = f"is refused as a config: {error}. Write one flat object per embedding."
        return Config(file, (), problems=(FileProblem(message),))
    except UnicodeDecodeError:
        return Config(file, (), problems=(FileProblem("is not UTF-8. Save it as UTF-8."),))
    except json.JSONDecodeError as error:
        message = f"line {error.lineno}, column {error.colno}: {error.msg}. Correct the JSON."
        return Config(file, (), problems=(FileProblem(message),))
    entries = content.get("embeddings") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        message = "has no list 'embeddings'; a projector config needs one. Add it."
        return Config(file, (), problems=(FileProblem(message),))
    problems: list[FileProblem] = _Problems()
    infos: list[Info] = []
    if len(entries) > _MOST_ENTRIES:
        message = f"there are {len(entries):,} embeddings; the first {_MOST_ENTRIES:,} are read."
        problems.append(FileProblem(message))
    for number, entry in enumerate(entries[:_MOST_ENTRIES]):
        if isinstance(entry, dict):
            info = _json_info(entry, f"embeddings[{number}]", problems)
            infos += _bounded(info, problems)
        else:
            problems.append(FileProblem(f"embeddings[{number}] is not an object. It is skipped."))
    path = content.get("modelCheckpointPath")
    # The standalone page shows this as a title ("Demo datasets"), so it need not be a path.
    is_path = isinstance(path, str) and "/" in path and len(path) <= _LONGEST_PATH
    checkpoint = str(path) if is_path else ""
    return Config(file, tuple(infos), checkpoint, "", tuple(problems))


def _json_int(digits: str) -> int | str:
    return int(digits) if len(digits) < 20 else digits


def _json_info(entry: dict[str, Any], place: str, problems: list[FileProblem]) -> Info:
    def text(source: dict[str, Any], key: str) -> str:
        value = source.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            problems.append(
                FileProblem(f"{place}.{key} is not a string. It is ignored.", "warning")
            )
            return ""
        return value

    def counts(source: dict[str, Any], key: str) -> tuple[int, ...]:
        values = source.get(key)
        found: list[int] = []
        for value in values if isinstance(values, list) else [] if values is None else [values]:
            valid = isinstance(value, int) and not isinstance(value, bool)
            found += _counts(value if valid else str(value), f"{place}.{key}", place, problems)
        return tuple(found) if len(found) == len(values or ()) else ()

    sprite = entry.get("sprite")
    sprite = sprite if isinstance(sprite, dict) else {}
    return Info(
        text(entry, "tensorName"),
        text(entry, "tensorPath"),
        text(entry, "metadataPath"),
        text(entry, "bookmarksPath"),
        counts(entry, "tensorShape"),
        text(sprite, "imagePath"),
        counts(sprite, "singleImageDim"),
        place,
    )

"""The layout of a log that `projector.Writer` writes: names of files, and the lines of its index.

Both the writer and the loader take it from here. docs/writer.md describes it to the byte.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import numpy as np

from projector.errors import ParameterError

#: The version of the layout. A reader refuses lines of a later one.
VERSION: Final = 1
#: What the name of the folder of one embedding ends with.
SUFFIX: Final = ".projector"
#: The file that says which steps are whole; one line of JSON for each.
INDEX: Final = "index.jsonl"
#: The start of names of files that are being written.
UNFINISHED: Final = ".unfinished-"

#: Letters of folder names that no file system refuses; all others are written as ``%2F``.
_PLAIN = " !#$&'()+,-.;=@[]^_`{}~"
#: Most file systems take names of 255 bytes.
_MOST_BYTES = 255 - len(SUFFIX)
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_TYPE_NAME = re.compile(r"(bool|u?int(8|16|32|64)|b?float\w{1,20})")
_MAX_STEP = 2**63 - 1


@dataclass(frozen=True)
class StepLine:
    """One line of an index: a step of an embedding that is whole on the disk.

    Attributes
    ----------
    name : str
        The tensor name.
    step : int or None
    file : str
        The vectors, as a NumPy file in the folder of the index.
    shape : tuple of int
        (n_points, n_dims)
    dtype : str
        ``"float32"``, ``"bfloat16"``, ...; the NumPy file has bfloat16 as ``V2``.
    crc32c : int
        Of all bytes of `file`.
    time : float
        When it was given to the writer, in seconds since 1970 (UTC).
    metadata : str or None
        A Parquet table in the same folder, with a row for each point.
    sprite : str or None
        A PNG in the same folder, with a tile for each point, row by row.
    tile : tuple of int or None
        (width, height) of a tile in pixels.
    """

    name: str
    step: int | None
    file: str
    shape: tuple[int, int]
    dtype: str
    crc32c: int
    time: float
    metadata: str | None = None
    sprite: str | None = None
    tile: tuple[int, int] | None = None

    def text(self) -> str:
        """Return the line as it is written, with its line end."""
        fields: dict[str, Any] = {
            "projector": VERSION,
            "name": self.name,
            "step": self.step,
            "file": self.file,
            "shape": list(self.shape),
            "dtype": self.dtype,
            "crc32c": self.crc32c,
            "time": self.time,
        }
        if self.metadata is not None:
            fields["metadata"] = self.metadata
        if self.sprite is not None and self.tile is not None:
            fields |= {"sprite": self.sprite, "tile": list(self.tile)}
        return json.dumps(fields, ensure_ascii=True, separators=(",", ":")) + "\n"


def folder_name(name: str) -> str:
    """Return the name of the folder of an embedding.

    Raises
    ------
    ParameterError
        The name is empty, or too long for a file system.
    """
    if not name.strip():
        raise ParameterError(f"The name of an embedding must not be empty. Got {name!r}.")
    safe = quote(name, safe=_PLAIN, errors="replace")
    if safe.startswith("."):  # a hidden folder is not read
        safe = f"%2E{safe[1:]}"
    if len(safe) > _MOST_BYTES:
        raise ParameterError(
            f"The name of an embedding may take {_MOST_BYTES} bytes as a folder. {name[:40]!r}… "
            f"takes {len(safe):,}. Shorten it."
        )
    return safe + SUFFIX


def vectors_name(step: int | None, again: int = 0) -> str:
    """Return the name of the file of a step; `again` counts those that were written before."""
    base = "vectors" if step is None else f"step_{step:09d}"
    return f"{base}.npy" if not again else f"{base}.{again}.npy"


def is_index(name: str, folder: str) -> bool:
    """Tell whether a file is the index of a log, by its name and that of its folder."""
    return name == INDEX and folder.endswith(SUFFIX)


def read_line(fields: Any) -> StepLine:
    """Return the line that a JSON object says; unknown fields are skipped.

    Raises
    ------
    ValueError
        What was expected, and what was found, as the end of a sentence.
    """
    if not isinstance(fields, dict):
        raise ValueError(f"is no JSON object, but a {type(fields).__name__}")
    version = fields.get("projector")
    if not isinstance(version, int) or not _is_whole(version, 1, 10**6):
        raise ValueError(f"has no version: 'projector' must be a whole number, not {version!r}")
    if version > VERSION:
        raise ValueError(
            f"has the version {version}, but this projector reads up to {VERSION}; update projector"
        )
    sprite = _file(fields, "sprite")
    return StepLine(
        name=_name(fields.get("name")),
        step=_step(fields.get("step")),
        file=_file(fields, "file", must=True) or "",
        shape=_pair(fields, "shape", most=2**40),
        dtype=_dtype(fields.get("dtype")),
        crc32c=_checksum(fields.get("crc32c")),
        time=_time(fields.get("time")),
        metadata=_file(fields, "metadata"),
        sprite=sprite,
        tile=_pair(fields, "tile", most=1 << 16) if sprite is not None else None,
    )


def _is_whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > 1000:
        raise ValueError(f"has no name: 'name' must be a text, not {_shown(value)}")
    return value


def _step(value: Any) -> int | None:
    if value is None:
        return None
    if not _is_whole(value, 0, _MAX_STEP):
        raise ValueError(f"has no step: 'step' must be a whole number, not {_shown(value)}")
    return int(value)


def _file(fields: dict[str, Any], field: str, *, must: bool = False) -> str | None:
    value = fields.get(field)
    if value is None and not must:
        return None
    if not isinstance(value, str) or not _FILE_NAME.fullmatch(value):
        raise ValueError(f"names no file: {field!r} is {_shown(value)}, not the name of a file")
    return value


def _pair(fields: dict[str, Any], field: str, *, most: int) -> tuple[int, int]:
    value = fields.get(field)
    is_pair = isinstance(value, list) and len(value) == 2
    if not is_pair or not all(_is_whole(each, 1, most) for each in value or ()):
        raise ValueError(f"needs two whole numbers as {field!r}, not {_shown(value)}")
    first, second = value or (0, 0)
    return int(first), int(second)


def _dtype(value: Any) -> str:
    if not isinstance(value, str) or not _TYPE_NAME.fullmatch(value):
        raise ValueError(f"needs a type of numbers as 'dtype', not {_shown(value)}")
    return value


def _checksum(value: Any) -> int:
    if not _is_whole(value, 0, 2**32 - 1):
        raise ValueError(f"needs a checksum as 'crc32c', not {_shown(value)}")
    return int(value)


def _time(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"needs seconds since 1970 as 'time', not {_shown(value)}")
    return float(value)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def stored_dtype(dtype: np.dtype[Any]) -> str:
    """Return the type that the NumPy file of an array says; types of others are plain bytes."""
    little = dtype.newbyteorder("<") if dtype.kind != "V" else dtype
    is_known = dtype.kind in "biuf" and dtype.type.__module__ == "numpy"
    return str(little.str) if is_known else f"|V{dtype.itemsize}"

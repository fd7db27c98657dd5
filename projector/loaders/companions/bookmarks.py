"""Reads bookmarks: the file of saved views that a config names as ``bookmarks_path``."""

from __future__ import annotations

import json

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.bounded_json import JsonBoundsError, parse_json
from projector.loaders.safe_files import read_all

#: TensorBoard's bookmarks store a position for every point and every method.
MAX_BYTES = 32 << 20
#: The "format" of projector's own files of bookmarks.
_FORMAT = "projector bookmarks"


def _refuse(name: str) -> None:
    raise json.JSONDecodeError(f"{name} is not a JSON number", name, 0)


def read_bookmarks(file: File) -> bytes:
    """Return the content of a file of bookmarks after checking it.

    Returns
    -------
    bytes
        JSON in UTF-8: TensorBoard's list of States, or projector's own bookmarks.

    Raises
    ------
    LoadError
        The file cannot be read, is too large, is not JSON, or contains no bookmarks.
    """
    raw = read_all(file.real, limit=MAX_BYTES, what="bookmarks")
    try:
        content = parse_json(raw, parse_int=str, parse_float=str, parse_constant=_refuse)
    except JsonBoundsError as error:
        raise LoadError(file.path, f"is refused: {error}. Save them again.") from None
    except UnicodeDecodeError:
        raise LoadError(file.path, "is not UTF-8, as bookmarks must be. Save them again.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise LoadError(
            file.path,
            f"is not JSON, as bookmarks must be: {error.msg}. Save them again.",
            place=place,
        ) from None
    ours = isinstance(content, dict) and content.get("format") == _FORMAT
    states = content.get("bookmarks") if ours else content
    if not isinstance(states, list) or not all(isinstance(state, dict) for state in states):
        raise LoadError(
            file.path,
            "contains no bookmarks. Expected the list of states that TensorBoard's projector "
            "saves, or a file that projector saved.",
        )
    return raw.removeprefix(b"\xef\xbb\xbf")

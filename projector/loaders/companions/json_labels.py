"""Reads labels from JSON: lists, records, columns, and mappings from names to numbers or back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeGuard

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.bounded_json import JsonBoundsError, parse_json
from projector.loaders.safe_files import read_all
from projector.typing import Json

#: Larger JSON files are not read for labels.
MAX_JSON = 1 << 26
#: What programs keep beside vectors in JSON, and what has no labels.
_OTHER = re.compile(
    r"(^|[-_.])(config|configs|args|arguments|params|hparams|hyperparameters|settings|state|"
    r"trainer_state|index|modules|metrics|results|history|log|info|special_tokens_map|merges|"
    r"package|manifest|stats|summary|generation|schema)\.json$",
    re.IGNORECASE,
)
_Scalar: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True)
class JsonLabels:
    """The columns of a JSON file.

    Attributes
    ----------
    columns : dict of str to list
        As many values in each; None where there is none.
    is_vocabulary : bool
        Whether the file gives each name its row.
    keyed : bool
        Whether the first column has the keys of an object, which say nothing about an order.
    """

    columns: dict[str, list[_Scalar]] = field(default_factory=dict)
    is_vocabulary: bool = False
    keyed: bool = False

    @property
    def n_rows(self) -> int:
        """The number of values in each column."""
        return len(next(iter(self.columns.values()), ()))


def may_have_labels(file: File) -> bool:
    """Tell by name and size whether a JSON file is worth reading for labels."""
    return 0 < file.size <= MAX_JSON and _OTHER.search(file.name) is None


def read_json_labels(file: File) -> JsonLabels | None:
    """Return the labels in a JSON file, or None if it has something else.

    Raises
    ------
    LoadError
        It cannot be read, or is no JSON.
    """
    return json_labels(_content(file), file.stem)


def read_numbering(file: File) -> dict[str, int]:
    """Return the rows of the names in a JSON object; empty if it has something else.

    Raises
    ------
    LoadError
        It cannot be read, or is no JSON.
    """
    content = _content(file)
    if not isinstance(content, dict):
        return {}
    return {text: row for text, row in content.items() if type(row) is int and row >= 0}


def _content(file: File) -> Json:
    raw = read_all(file.real, limit=MAX_JSON, what="labels in JSON")
    try:
        content: Json = parse_json(raw)
    except JsonBoundsError as error:
        raise LoadError(file.path, f"has too much for labels: {error}. Split it.") from None
    except UnicodeDecodeError:
        raise LoadError(file.path, "is not UTF-8. Save it as UTF-8.") from None
    except ValueError as error:
        raise LoadError(file.path, f"is not JSON ({error}). Correct it.") from None
    return content


def json_labels(content: Json, name: str) -> JsonLabels | None:
    """Return the labels in the content of a JSON file; `name` is for a column without one."""
    if isinstance(content, list):
        return _of_list(content, name)
    if not isinstance(content, dict) or not content:
        return None
    tokens = _tokenizer(content)
    if tokens is not None:
        return _of_ids(tokens, "token")
    values = list(content.values())
    if all(isinstance(value, list) for value in values):
        return _of_columns(content)
    if all(isinstance(value, dict) for value in values):
        return _of_keyed_records(content)
    if not all(_is_scalar(value) for value in values):
        return None
    return _of_mapping(content, name)


def _is_scalar(value: Json) -> TypeGuard[_Scalar]:
    return value is None or isinstance(value, (str, int, float, bool))


def _of_list(content: list[Json], name: str) -> JsonLabels | None:
    if not content:
        return None
    if all(_is_scalar(value) for value in content):
        return JsonLabels({name: [value for value in content if _is_scalar(value)]})
    if all(isinstance(value, dict) for value in content):
        records = [value for value in content if isinstance(value, dict)]
        return _of_records(records, {})
    return None


def _of_records(
    records: list[dict[str, Json]], first: dict[str, list[_Scalar]], *, keyed: bool = False
) -> JsonLabels | None:
    """Return the fields that hold a single value in every record."""
    names = dict.fromkeys(name for record in records for name in record)
    columns = dict(first)
    for name in names:
        values = [record.get(name) for record in records]
        if all(_is_scalar(value) for value in values):
            columns.setdefault(name, [value for value in values if _is_scalar(value)])
    return JsonLabels(columns, keyed=keyed) if columns else None


def _of_columns(content: Mapping[str, Json]) -> JsonLabels | None:
    lists = {key: value for key, value in content.items() if isinstance(value, list)}
    flat: dict[str, list[_Scalar]] = {
        key: [each for each in value if _is_scalar(each)]
        for key, value in lists.items()
        if value and all(_is_scalar(each) for each in value)
    }
    if not flat:
        return None
    # A file of several lists: those as long as the longest belong together.
    longest = max(len(value) for value in flat.values())
    return JsonLabels({key: value for key, value in flat.items() if len(value) == longest})


def _of_keyed_records(content: Mapping[str, Json]) -> JsonLabels | None:
    records = [value for value in content.values() if isinstance(value, dict)]
    return _of_records(records, {"key": list(content)}, keyed=True)


def _of_mapping(content: Mapping[str, Json], name: str) -> JsonLabels | None:
    """Return what maps names to rows, rows to names, or names to values."""
    numbers = [value for value in content.values() if type(value) is int]
    if len(numbers) == len(content) and len(set(numbers)) == len(numbers):
        ids = {key: value for key, value in content.items() if type(value) is int}
        if min(numbers) >= 0 and max(numbers) < 2 * len(numbers):
            return _of_ids(ids, name)
    if all(key.isascii() and key.isdecimal() and len(key) < 10 for key in content):
        rows = {int(key): value for key, value in content.items() if _is_scalar(value)}
        if max(rows) < 2 * len(rows):
            column: list[_Scalar] = [rows.get(row) for row in range(max(rows) + 1)]
            return JsonLabels({name: column}, is_vocabulary=True)
    values = [value for value in content.values() if _is_scalar(value)]
    return JsonLabels({"key": list(content), name: values}, keyed=True)


def _of_ids(ids: Mapping[str, int], name: str) -> JsonLabels | None:
    """Return names in the order of their numbers; a number without a name stays empty."""
    if not ids or min(ids.values()) < 0 or max(ids.values()) >= 2 * len(ids) + 1024:
        return None
    column: list[_Scalar] = [None] * (max(ids.values()) + 1)
    for text, row in ids.items():
        column[row] = text
    return JsonLabels({name: column}, is_vocabulary=True)


def _tokenizer(content: Mapping[str, Json]) -> dict[str, int] | None:
    """Return the tokens of Hugging Face's ``tokenizer.json``, with those that were added."""
    model = content.get("model")
    vocabulary = model.get("vocab") if isinstance(model, dict) else None
    found: dict[str, int] = {}
    if isinstance(vocabulary, dict):
        found = {token: row for token, row in vocabulary.items() if type(row) is int}
    elif isinstance(vocabulary, list):  # a unigram model: [token, score] in the order of the rows
        for row, pair in enumerate(vocabulary):
            if isinstance(pair, list) and pair and isinstance(pair[0], str):
                found[pair[0]] = row
    else:
        return None
    added = content.get("added_tokens")
    for token in added if isinstance(added, list) else []:
        if isinstance(token, dict):
            text, row_id = token.get("content"), token.get("id")
            if isinstance(text, str) and type(row_id) is int:
                found[text] = row_id
    return found or None


def added_tokens(columns: Iterable[_Scalar], more: Mapping[str, int]) -> list[_Scalar]:
    """Return tokens with others at the rows that ``added_tokens.json`` gives."""
    column = list(columns)
    for text, row in more.items():
        if 0 <= row < 2 * len(column) + 1024:
            column += [None] * (row + 1 - len(column))
            column[row] = text
    return column

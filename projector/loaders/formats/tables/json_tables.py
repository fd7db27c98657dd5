"""Finds the tables of vectors in a JSON document: records, columns, or vectors by name."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from projector.loaders.formats.tables.json_text import JsonText, Number
from projector.loaders.formats.text.evidence import LOG_NAME
from projector.loaders.formats.text.header_rule import is_list

#: Columns of what has no name of its own.
NAME, VECTOR = "name", "vector"

#: Levels that are searched for a table, and levels of one record.
_DEPTH = 8
_MOST_COLUMNS = 1024
_LONGEST_TEXT = 2000
#: Records that are looked at before a list of them counts as a table.
_SAMPLE = 20
#: The share of values that must be of one kind.
_MOST = 0.8
#: Fewer vectors of fewer numbers are a setting, not a table.
_FEW, _SHORT = 3, 8
_SERIES = re.compile(r"\D*\d+$")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{64,}={0,2}")


@dataclass(frozen=True)
class JsonTable:
    """A table in a JSON document.

    Attributes
    ----------
    name : str
        Where it is in the document, as ``store.embedding_dict``; empty for the document itself.
    n_rows : int
    columns : dict of str to list
        The values of each column, None where there is none.
    """

    name: str
    n_rows: int
    columns: dict[str, list[Any]] = field(repr=False)


def tables_in(document: Any, text: JsonText) -> list[JsonTable]:
    """Return the tables of a document that have vectors in them.

    Parameters
    ----------
    document : object
        As `json_text.documents` gives it; for JSON lines a list of all of them.
    text : JsonText
    """
    return _Search(text).below(document, "", 0)


@dataclass
class _Search:
    text: JsonText

    def is_array(self, value: Any) -> bool:
        return self.text.index(value) is not None

    def below(self, value: Any, name: str, depth: int) -> list[JsonTable]:
        if depth > _DEPTH:
            return []
        if isinstance(value, list):
            found = self._of_list(value)
        elif isinstance(value, dict):
            found = self._by_name(value) or self._by_column(value) or self._single(value, depth)
        else:
            return []
        if found is not None:
            return [JsonTable(name, len(next(iter(found.values()), ())), found)] if found else []
        if not isinstance(value, dict):
            return []
        tables = [
            table
            for key, child in value.items()
            for table in self.below(child, f"{name}.{key}" if name else key, depth + 1)
        ]
        return [self._with_columns_beside(table, value) for table in tables]

    def _with_columns_beside(self, table: JsonTable, value: Mapping[str, Any]) -> JsonTable:
        """Add lists of as many values as a matrix has rows: the texts of an API's response."""
        if set(table.columns) != {VECTOR} or table.n_rows < 2:
            return table
        columns = dict(table.columns)
        for key, each in value.items():
            at = self.text.index(each)
            if at is not None and self.text.length(at) == table.n_rows:
                columns[key] = list(self._cells(at))
            elif (
                isinstance(each, list)
                and len(each) == table.n_rows
                and each != table.columns[VECTOR]
            ):
                columns[key] = each
        return JsonTable(table.name, table.n_rows, columns)

    def _of_list(self, value: list[Any]) -> dict[str, list[Any]] | None:
        present = [each for each in value[:_SAMPLE] if each is not None]
        if not present:
            return None
        if all(map(self.is_array, present)):
            return {VECTOR: value}
        if all(isinstance(each, dict) for each in present):
            if self._are_one_vector_each(present):
                pairs = [next(iter(each.items()), (None, None)) for each in value if each]
                return {NAME: [key for key, _ in pairs], VECTOR: [vector for _, vector in pairs]}
            return self.columns(value) if any(map(self._has_vector, present)) else None
        if all(self._is_pair(each) for each in present):
            pairs = [each if self._is_pair(each) else (None, None) for each in value]
            return {NAME: [key for key, _ in pairs], VECTOR: [vector for _, vector in pairs]}
        return None

    def _are_one_vector_each(self, records: list[Any]) -> bool:
        """Tell whether records are ``{name: vector}``, each with a name of its own."""
        keys = [next(iter(record), "") for record in records]
        return (
            len(set(keys)) > max(1, len(keys) // 2)
            and all(len(record) == 1 for record in records)
            and all(self.is_array(value) for record in records for value in record.values())
        )

    def _is_pair(self, value: Any) -> bool:
        return (
            isinstance(value, list)
            and len(value) == 2
            and isinstance(value[0], str)
            and not self.is_array(value[0])
            and self.is_array(value[1])
        )

    def _has_vector(self, record: Mapping[str, Any]) -> bool:
        flat = self.flat(record)
        numbered = sum(
            isinstance(value, Number) and _SERIES.match(key) is not None
            for key, value in flat.items()
        )
        return numbered > _FEW or any(
            self.is_array(value)
            or (isinstance(value, list) and any(self._holds(each) for each in value[:_SAMPLE]))
            or (isinstance(value, str) and (is_list(value) or _BASE64.fullmatch(value) is not None))
            for value in flat.values()
        )

    def _holds(self, value: Any) -> bool:
        if isinstance(value, dict):
            return any(self.is_array(each) for each in self.flat(value).values())
        return self.is_array(value)

    def _by_name(self, value: Mapping[str, Any]) -> dict[str, list[Any]] | None:
        """Read ``{name: vector}`` or ``{name: record}``."""
        items = [(key, each) for key, each in value.items() if each is not None]
        arrays = [key for key, each in items if self.is_array(each)]
        if len(arrays) >= _MOST * max(len(items), 1) and len(arrays) > 1:
            lengths = [self.text.length(self.text.index(value[key]) or 0) for key in arrays]
            length, count = Counter(lengths).most_common(1)[0]
            logs = sum(LOG_NAME.search(key) is not None for key in arrays)
            small = len(arrays) < _FEW and length < _SHORT
            if count >= _MOST * len(arrays) and 2 * logs < len(arrays) and not small:
                return {NAME: list(value), VECTOR: list(value.values())}
        records = [each for _, each in items if isinstance(each, dict)]
        if len(records) < max(2, _MOST * len(items)):
            return None
        paths = [self._paths(record) for record in records[:_SAMPLE]]
        if paths[0] and sum(path == paths[0] for path in paths) >= _MOST * len(paths):
            key = NAME if not any(NAME in record for record in records[:_SAMPLE]) else "key"
            named = [(name, each) for name, each in items if isinstance(each, dict)]
            return self.columns([{key: name, **each} for name, each in named])
        return None

    def _paths(self, record: Mapping[str, Any]) -> frozenset[str]:
        return frozenset(key for key, value in self.flat(record).items() if self.is_array(value))

    def _by_column(self, value: Mapping[str, Any]) -> dict[str, list[Any]] | None:
        """Read columns: lists of one length, or mappings with the same keys."""
        if isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
            names = [str(name) for name in value["columns"]]
            rows = [row for row in value["data"] if isinstance(row, list)]
            if rows and len(rows) == len(value["data"]):
                return self.columns([dict(zip(names, row, strict=False)) for row in rows])
        for key, each in value.items():
            if isinstance(each, list) and each and all(self.is_array(v) for v in each[:_SAMPLE]):
                return self._lists_like(value, len(each))
            if isinstance(each, dict) and self._by_name(each) is not None:
                columns = self._mappings_like(value, key)
                if columns is not None:
                    return columns
        return None

    def _lists_like(self, value: Mapping[str, Any], n_rows: int) -> dict[str, list[Any]] | None:
        columns: dict[str, list[Any]] = {}
        for key, each in value.items():
            at = self.text.index(each)
            if at is not None and self.text.length(at) == n_rows:
                columns[key] = self._cells(at)
            elif isinstance(each, list) and len(each) == n_rows:
                columns[key] = each
        return self.columns(_rows(columns)) if len(columns) > 1 else None

    def _cells(self, index: int) -> list[Number | None]:
        """Return the numbers of an array as cells."""
        cells = (cell.strip() for cell in self.text.text(index).strip("[] ").split(","))
        return [None if cell == "null" else Number(cell) for cell in cells]

    def _mappings_like(self, value: Mapping[str, Any], key: str) -> dict[str, list[Any]] | None:
        names = list(value[key])
        columns: dict[str, list[Any]] = {NAME: names}
        for other, each in value.items():
            if isinstance(each, dict) and each and set(each) <= set(names):
                columns[other] = [each.get(name) for name in names]
        return self.columns(_rows(columns)) if len(columns) > 2 else None

    def _single(self, value: Mapping[str, Any], depth: int) -> dict[str, list[Any]] | None:
        """Read a document that is one record with a vector in it."""
        if depth or any(isinstance(each, (list, dict)) for each in value.values()):
            return None
        arrays = [each for each in value.values() if self.is_array(each)]
        if len(arrays) != 1 or self.text.length(self.text.index(arrays[0]) or 0) < _SHORT:
            return None
        return self.columns([value])

    def columns(self, records: Sequence[Any]) -> dict[str, list[Any]]:
        """Return records as columns; a list of records inside each becomes rows of its own."""
        flat = [self.flat(record) if isinstance(record, dict) else {} for record in records]
        inner = self._inner(flat)
        if inner is not None:
            flat = [row for record in flat for row in self._exploded(record, inner)]
        columns: dict[str, list[Any]] = {}
        for number, record in enumerate(flat):
            for key, value in record.items():
                column = columns.get(key)
                if column is None:
                    if len(columns) >= _MOST_COLUMNS:
                        continue
                    column = columns[key] = []
                column += [None] * (number - len(column))
                column.append(value)
        for column in columns.values():
            column += [None] * (len(flat) - len(column))
        return columns

    def _inner(self, records: Iterable[Mapping[str, Any]]) -> str | None:
        """Return the column whose lists of several records have vectors in them."""
        for record in records:
            for key, value in record.items():
                if not isinstance(value, list) or len(value) < 2:
                    continue
                if all(isinstance(each, dict) for each in value) and self._holds(value[0]):
                    return key
        return None

    def _exploded(self, record: Mapping[str, Any], inner: str) -> list[dict[str, Any]]:
        """Return one row for each record in a list of records, with all other columns repeated."""
        base = {key: value for key, value in record.items() if not key.startswith(inner)}
        items = record.get(inner)
        if not isinstance(items, list):  # a list of one is no list any more
            within = f"{inner}[0]."
            own = {key: value for key, value in record.items() if key.startswith(within)}
            return [{**base, **{f"{inner}.{k[len(within) :]}": v for k, v in own.items()}}]
        return [{**base, **{f"{inner}.{k}": v for k, v in self.flat(i).items()}} for i in items]

    def flat(self, record: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
        """Return a record's values by their path, as ``response.data[0].embedding``."""
        found: dict[str, Any] = {}
        for key, value in record.items():
            path = f"{prefix}{key}"
            only = value[0] if isinstance(value, list) and len(value) == 1 else None
            if isinstance(only, dict) or self.is_array(only):
                value, path = only, f"{path}[0]"
            if isinstance(value, dict) and depth < _DEPTH:
                found.update(self.flat(value, f"{path}.", depth + 1))
            elif len(found) < _MOST_COLUMNS:
                found[path] = value
        return found


def _rows(columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def as_text(value: Any, text: JsonText) -> str | None:
    """Return a value as the text of a cell: numbers as they are written, the rest as JSON."""
    if value is None:
        return None
    index = text.index(value)
    if index is not None:
        return text.text(index)[:_LONGEST_TEXT]
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)[:_LONGEST_TEXT]

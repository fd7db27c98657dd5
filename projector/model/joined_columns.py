"""Joins the columns of several tables below each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from projector.model.metadata import Column
from projector.model.text import PackedText


def constant_column(name: str, value: str | None, count: int) -> Column:
    """Return a column with one value, missing where it is None, in each of `count` rows."""
    if value is None:
        return Column.from_text(name, PackedText.blank(count))
    raw = np.frombuffer(value.encode(), np.uint8)
    offsets = np.arange(count + 1, dtype=np.int64) * len(raw)
    text = PackedText(np.tile(raw, count), offsets, np.zeros(count, np.bool_))
    return Column.from_text(name, text)


def joined_columns(tables: Sequence[Sequence[Column]], counts: Sequence[int]) -> tuple[Column, ...]:
    """Return the columns of several tables below each other; a column may be missing in some.

    Of columns with one name in a table the first counts.
    """
    names = dict.fromkeys(column.name for table in tables for column in table)
    return tuple(_joined_column(name, tables, counts) for name in names)


def _joined_column(name: str, tables: Sequence[Sequence[Column]], counts: Sequence[int]) -> Column:
    pieces: list[Column | None] = []
    texts: list[PackedText] = []
    for table, count in zip(tables, counts, strict=True):
        column = next((each for each in table if each.name == name), None)
        pieces.append(column)
        texts.append(PackedText.blank(count) if column is None else column.text)
    whole = joined_text(texts)
    numbers = [column.numbers for column in pieces if column is not None]
    if all(column is not None and column.kind == "numeric" for column in pieces):
        return Column(name, "numeric", whole, np.concatenate([n for n in numbers if n is not None]))
    return Column.from_text(name, whole)


def joined_text(texts: Sequence[PackedText]) -> PackedText:
    """Return texts below each other."""
    lengths: list[Any] = [np.diff(text.offsets) for text in texts]
    offsets = np.zeros(sum(len(each) for each in lengths) + 1, np.int64)
    np.cumsum(np.concatenate(lengths), out=offsets[1:])
    return PackedText(  # a piece of a larger text does not start at its first byte
        np.concatenate([t.data[t.offsets[0] : t.offsets[-1]] for t in texts]),
        offsets,
        np.concatenate([text.missing for text in texts]),
    )

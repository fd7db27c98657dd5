"""What a dataset is, in the JSON of docs/wire.md, and what the page should show of it first."""

from __future__ import annotations

import hashlib
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from projector.api.session.in_memory import FORMAT as HELD
from projector.api.session.session import Opened
from projector.loaders.companions.media import media_kind
from projector.model.metadata import Column
from projector.model.sprite import Sprite
from projector.server.listing import shown
from projector.server.wire import code_bytes, number_bytes

#: A column with more values than this says little as a color.
_COLORABLE = 100
#: What people call the column that names a point, the best first.
_LABEL_NAMES = ("label", "labels", "name", "word", "token", "title", "text", "class", "target")


def describe_dataset(opened: Opened) -> dict[str, Any]:
    """Return what a dataset is, as JSON."""
    data, entry = opened.data, opened.entry
    columns = [describe_column(i, column) for i, column in enumerate(data.metadata.columns)]
    if entry.format == HELD:
        # What lies in memory has no folder in which a path could mean a file.
        columns = [{**column, "media": None} for column in columns]
    return {
        "id": opened.id,
        "run": shown(entry.run),
        "name": shown(entry.name),
        "step": entry.step,
        "n_points": data.n_points,
        "n_dims": data.n_dims,
        "content": data.content_hash,
        "warnings": list(data.warnings),
        "columns": columns,
        "label_column": label_column(columns),
        "color_column": color_column(columns, data.n_points),
        "sprite": None if data.sprite is None else describe_sprite(data.sprite),
        "has_bookmarks": entry.has_bookmarks,
        "n_unplaced": int((~data.finite_rows).sum()),
    }


def describe_column(index: int, column: Column) -> dict[str, Any]:
    """Return what a column is, as JSON."""
    # Counted, not listed: a list of a million names is made only for whoever asks for it.
    n_categories = column.text.n_distinct()
    numbers = column.numbers
    # A cell may say "nan": a value that is written and yet is none to draw a range from.
    present = numbers[np.isfinite(numbers)] if numbers is not None else None
    some = present is not None and len(present) > 0
    return {
        "index": index,
        "name": column.name,
        "kind": column.kind,
        "n_missing": column.n_missing,
        "n_categories": n_categories,
        "code_bytes": code_bytes(n_categories),
        "number_bytes": number_bytes(column) if numbers is not None else None,
        "is_integer": bool((present % 1 == 0).all()) if present is not None else None,
        "minimum": float(present.min()) if present is not None and some else None,
        "maximum": float(present.max()) if present is not None and some else None,
        "media": _media_of(column) if column.kind in ("text", "categorical") else None,
        "tags": None if column.tagged is None else describe_tagged(column, column.tagged),
    }


def describe_tagged(column: Column, tagged: NDArray[np.bool_]) -> dict[str, Any]:
    """Return what of a column are a person's tags, as JSON."""
    text = column.text
    said = hashlib.sha256(text.data.tobytes())
    said.update(text.offsets.tobytes() + text.missing.tobytes())
    return {
        "edits": column.source is not None,
        "n_tagged": int(tagged.sum()),
        "revision": said.hexdigest()[:16],
    }


def _media_of(column: Column) -> str | None:
    """Tell whether the first values of a column name pictures or sounds."""
    first = column.text.take(np.flatnonzero(~column.text.missing)[:50])
    kinds = {media_kind(text or "") for text in first}
    return kinds.pop() if len(kinds) == 1 else None


def describe_sprite(sprite: Sprite) -> dict[str, Any]:
    """Return how a sprite is cut, as JSON."""
    return {
        "tile": list(sprite.tile),
        "columns": sprite.columns,
        "n_points": sprite.n_points,
        "width": sprite.size[0],
        "height": sprite.size[1],
    }


def label_column(columns: list[dict[str, Any]]) -> int | None:
    """Return the column whose text names a point best.

    One that is called so; else the first that is not a number; else the first.
    """
    columns = of_the_data(columns)
    for name in _LABEL_NAMES:
        for column in columns:
            if column["name"].strip().casefold() == name:
                return cast("int", column["index"])
    named = [c["index"] for c in columns if c["kind"] != "numeric"]
    return cast("int | None", next(iter([*named, *(c["index"] for c in columns)]), None))


def of_the_data(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what was tagged: another tag must not change what a page shows first."""
    return [c for c in columns if not c.get("tags") or c["tags"]["edits"]]


def color_column(columns: list[dict[str, Any]], n_points: int) -> int | None:
    """Return the column to color by at first: one with a few values, else a number."""
    columns = of_the_data(columns)
    # Where hardly two points share a value, colors say nothing.
    most = min(_COLORABLE, max(2, n_points // 2))
    few = [c["index"] for c in columns if 2 <= c["n_categories"] <= most]
    numeric = [c["index"] for c in columns if c["kind"] == "numeric" and c["n_categories"] > 1]
    return cast("int | None", next(iter([*few, *numeric]), None))

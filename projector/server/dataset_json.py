"""Describes a dataset in the JSON of docs/wire.md."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.api.session.dataset_cache import Opened
from projector.api.session.in_memory import FORMAT as IN_MEMORY
from projector.api.table.first_columns import color_column, is_identifier, label_column
from projector.loaders.companions.media import media_kind
from projector.model.metadata import Column
from projector.model.sprite import Sprite
from projector.server.compact_listing import as_unicode
from projector.server.wire import code_bytes, number_bytes


def describe_dataset(opened: Opened) -> dict[str, Any]:
    """Return a description of a dataset, as JSON."""
    data, entry = opened.data, opened.entry
    columns = [describe_column(i, column) for i, column in enumerate(data.metadata.columns)]
    if entry.format == IN_MEMORY:
        # A dataset in memory has no folder in which a path could lead to a file.
        columns = [{**column, "media": None} for column in columns]
    return {
        "id": opened.id,
        "run": as_unicode(entry.run),
        "name": as_unicode(entry.name),
        "step": entry.step,
        "n_points": data.n_points,
        "n_all": data.n_all,
        "n_dims": data.n_dims,
        "content": data.content_hash,
        "warnings": list(data.warnings),
        "columns": columns,
        "label_column": label_column(data),
        "color_column": color_column(data),
        "sprite": None if data.sprite is None else describe_sprite(data.sprite),
        "has_bookmarks": entry.has_bookmarks,
        "n_unplaced": int((~data.finite_rows).sum()),
    }


def describe_column(index: int, column: Column) -> dict[str, Any]:
    """Return a description of a column, as JSON."""
    # Counted, not listed: a list of a million names is made only when it is requested.
    n_categories = column.text.n_distinct()
    numbers = column.numbers
    # A cell may contain "nan": not a missing value, but not part of the range either.
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
        "is_identifier": is_identifier(column),
        "media": _media_of(column) if column.kind in ("text", "categorical") else None,
        "tags": None if column.tagged is None else describe_tagged(column, column.tagged),
        "made_by": column.made_by,
        "compares": None if column.compares is None else list(column.compares),
        "span": None if column.span is None else list(column.span),
    }


def describe_tagged(column: Column, tagged: NDArray[np.bool_]) -> dict[str, Any]:
    """Return which part of a column is tags, as JSON."""
    text = column.text
    digest = hashlib.sha256(text.data.tobytes())
    digest.update(text.offsets.tobytes() + text.missing.tobytes())
    return {
        "edits": column.source is not None,
        "n_tagged": int(tagged.sum()),
        "revision": digest.hexdigest()[:16],
    }


def _media_of(column: Column) -> str | None:
    """Return whether the first values of a column are paths of images or of sounds."""
    first = column.text.take(np.flatnonzero(~column.text.missing)[:50])
    kinds = {media_kind(text or "") for text in first}
    return kinds.pop() if len(kinds) == 1 else None


def describe_sprite(sprite: Sprite) -> dict[str, Any]:
    """Return how a sprite is divided into tiles, as JSON."""
    return {
        "tile": list(sprite.tile),
        "columns": sprite.columns,
        "n_points": sprite.n_points,
        "width": sprite.size[0],
        "height": sprite.size[1],
    }

"""How the change between two sets of vectors is stored, and found again."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from projector.api.result_store import load_stored, part
from projector.compute.change.comparison import Change, ChangeSummary
from projector.compute.change.groups import Group
from projector.jobs.cache import ResultCache
from projector.jobs.cache_entry import Stored

_POINTS = ("kept", "shift", "radius", "state")
_NEAR = ("near_a", "near_b")


def save_change(cache: ResultCache, key: str, found: Change) -> None:
    """Store a change under its key."""
    arrays = {name: getattr(found, name) for name in (*_POINTS, *_NEAR)}
    groups = found.groups
    none = np.zeros(0, np.int64)
    arrays["group_rows"] = np.concatenate([none, *(each.rows for each in groups)])
    arrays["group_sizes"] = np.array([each.n for each in groups], np.int64)
    if groups:
        arrays["ways"] = np.stack([each.way for each in groups])
    about = {
        "summary": found.summary.as_json(),
        "groups": [
            {
                "kind": each.kind,
                "kept_inside": each.kept_inside,
                "coherence": each.coherence,
                "words": each.words,
            }
            for each in groups
        ],
    }
    cache.put(key, arrays, about)


def load_change(cache: ResultCache, key: str, n_points: int, k: int) -> Change | None:
    """Return the stored change of so many points with this key, or None."""

    def rebuild(stored: Stored) -> Change:
        arrays = stored.arrays
        lengths = {arrays[name].shape for name in _POINTS}
        if lengths != {(n_points,)} or arrays["near_a"].shape != (n_points, k):
            raise ValueError("another number of points")
        return Change(
            **{name: arrays[name] for name in (*_POINTS, *_NEAR)},
            groups=_groups(stored),
            summary=_summary(part(stored.about, "summary", dict)),
        )

    return load_stored(cache, key, rebuild)


def _groups(stored: Stored) -> tuple[Group, ...]:
    about = part(stored.about, "groups", list)
    stops = np.cumsum(stored.arrays["group_sizes"])
    rows = np.split(stored.arrays["group_rows"], stops[:-1]) if about else []
    return tuple(
        Group(
            rows[at],
            each["kind"],
            part(each, "kept_inside", float),
            stored.arrays["ways"][at],
            part(each, "coherence", float),
            part(each, "words", str),
        )
        for at, each in enumerate(about)
    )


def _summary(about: dict[str, Any]) -> ChangeSummary:
    kinds = {each.name: each.type for each in fields(ChangeSummary)}
    if set(about) != set(kinds):
        raise ValueError("another summary")
    values: dict[str, Any] = {
        name: float("nan") if about[name] is None and kind == "float" else about[name]
        for name, kind in kinds.items()
    }
    values["warnings"] = tuple(about["warnings"])
    return ChangeSummary(**values)

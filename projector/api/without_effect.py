"""Says which of the caller's wishes have no effect on a projection, so that none is ignored."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from projector.api.options import parameters_of
from projector.compute.method import Method
from projector.model.dataset import Dataset
from projector.model.parameters import Value
from projector.typing import AnyArray

#: A column with more different values than this share of its rows has no groups to speak of.
_ALL_DIFFERENT = 0.9


def without_effect(
    dataset: Dataset,
    method: Method,
    settings: Mapping[str, Value],
    *,
    labels: AnyArray | None = None,
    has_initial: bool = False,
    has_shared: bool = False,
    has_align_to: bool = False,
    has_targets: bool = False,
) -> tuple[str, ...]:
    """Return a sentence for each setting that changes nothing.

    Parameters
    ----------
    dataset : Dataset
    method : Method
    settings : mapping
        Every parameter, checked.
    labels : ndarray of shape (n_points,), optional
        The values of the column that `supervise_by` names, -1 where there is none. The dataset's
        metadata are not asked: a job's process has none.
    has_initial, has_shared, has_align_to, has_targets : bool
        Which of the other arguments of `projector.project`, and of the estimators, are given.
    """
    found = [] if has_targets else [*_of_labels(labels, method, settings)]
    takes_start = any(p.name == "init" for p in method.parameters)
    if has_initial and not takes_start:
        found.append(f"'initial' has no effect: {method.title} does not start from positions.")
    if has_shared and not has_align_to:
        found.append("'shared' has no effect without 'align_to'.")
    n_landmarks = settings.get("n_landmarks")
    if n_landmarks is not None and int(n_landmarks) >= dataset.n_points:
        found.append(
            f"n_landmarks has no effect: all {dataset.n_points:,} points are laid out, which are "
            f"no more than {int(n_landmarks):,}."
        )
    if settings.get("n_components") == 2:
        found += [
            f"{each.name} has no effect in 2D: it belongs to the third axis."
            for each in parameters_of(method)
            if each.only_3d and settings.get(each.name) != each.default
        ]
    return tuple(found)


def _of_labels(labels: AnyArray | None, method: Method, settings: Mapping[str, Value]) -> list[str]:
    if not method.takes_labels:
        return []
    column = settings.get("supervise_by")
    if column is None:
        return [
            f"{each.name} has no effect without supervise_by."
            for each in parameters_of(method)
            if each.name in ("supervise_weight", "ignored_label")
            and settings.get(each.name) != each.default
        ]
    if not settings.get("supervise_weight"):
        return ["supervise_by has no effect: supervise_weight is 0."]
    if settings.get("target_metric", "categorical") != "categorical":
        return []  # numbers are compared, not categories
    if labels is None:
        return []
    present = labels[labels >= 0]
    n_present, n_different = len(present), len(np.unique(present))
    if n_different < 2:
        return [f"supervise_by has no effect: all values of {str(column)!r} are the same."]
    if n_present > 1 and n_different > _ALL_DIFFERENT * n_present:
        return [
            f"supervise_by has almost no effect: {n_different:,} of {n_present:,} values of "
            f"{str(column)!r} differ, so that nearly all neighbors are moved away alike."
        ]
    return []

"""A request for a projection: everything that the result depends on, validated."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.api.methods import find_method, origin_of
from projector.api.options import labels_of, parameters_of, with_points
from projector.api.result_store import result_key, versions_of
from projector.api.without_effect import without_effect
from projector.compute.method import Method
from projector.compute.point_set import format_indices
from projector.compute.preprocess import takes_differences
from projector.errors import ParameterError, ShapeError
from projector.model.arguments import shown
from projector.model.arrays import as_positions
from projector.model.dataset import Dataset
from projector.model.parameters import Parameter, Value, resolve
from projector.model.projection import Projection
from projector.model.rows import as_rows
from projector.typing import AnyArray, Positions, Vectors


@dataclass(frozen=True)
class ProjectionRequest:
    """Everything that a projection depends on, validated. Made by `of`.

    Attributes
    ----------
    dataset : Dataset
    method : Method
    settings : dict
        A value for every parameter.
    initial, align_to : ndarray of shape (n_points, 2 or 3), or None
        Positions to start from, and to align the result to.
    labels : ndarray of shape (n_points,), int32 or float64, or None
        Categories of the column that supervises the layout, -1 where the category is unknown; or
        its numbers.
    targets : ndarray of shape (n_points, n_targets), float32, or None
        Numbers that supervise the layout by its graph, in place of categories; NaN where one is
        unknown.
    modified : dict
        Live parameters that are updated during the run; filled from another thread.
    actions : list of str
        Actions that are triggered during the run, oldest first; filled from another thread.
    shared : pair of ndarray, or None
        Rows of the points in `dataset`, and of the same points in `align_to`.
    """

    dataset: Dataset
    method: Method
    settings: dict[str, Value]
    initial: Positions | None = None
    align_to: Positions | None = None
    labels: NDArray[np.int32] | NDArray[np.float64] | None = None
    modified: dict[str, Value] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)
    shared: tuple[AnyArray, AnyArray] | None = None
    targets: Positions | None = None

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        method: str,
        params: Mapping[str, Any],
        *,
        initial: Any = None,
        align_to: Any = None,
        shared: Any = None,
        declared: Sequence[Parameter] | None = None,
        label_column: int | None = None,
    ) -> ProjectionRequest:
        """Validate the method, every parameter, and the projections that are referred to.

        Parameters
        ----------
        dataset : Dataset
        method : str
        params : mapping
        initial, align_to : array-like, Projection or None
        shared : pair of rows, or None
        declared : sequence of Parameter, optional
            In place of the method's own: the estimators allow more dimensions than can be shown.
        label_column : int, optional
            Whose values name points in sets of points; by default the one that labels them.

        Raises
        ------
        UnknownNameError, ParameterError, ShapeError
        """
        chosen = find_method(method)
        known = parameters_of(chosen) if declared is None else declared
        given = _with_point_texts(known, params, dataset.n_points)
        settings = resolve(known, given, owner=method)
        if chosen.check is not None:
            chosen.check(settings)
        settings = with_points(dataset, chosen, settings, label_column)
        start, reference = _positions("initial", initial), _positions("align_to", align_to)
        if start is not None:
            _check_length("initial", start, dataset)
        if reference is not None and shared is None:
            _check_length("align_to", reference, dataset)
        n_other = dataset.n_points if reference is None else len(reference)
        rows = None if shared is None else _shared_rows(shared, dataset.n_points, n_other)
        labels = labels_of(dataset, settings)
        return cls(dataset, chosen, settings, start, reference, labels, shared=rows)

    @cached_property
    def without_effect(self) -> tuple[str, ...]:
        """A sentence for everything that was asked for and changes nothing."""
        return without_effect(
            self.dataset,
            self.method,
            self.settings,
            labels=self.labels,
            has_initial=self.initial is not None,
            has_shared=self.shared is not None,
            has_align_to=self.align_to is not None,
            has_targets=self.targets is not None,
        )

    @property
    def needed_metric(self) -> str | None:
        """The metric that decides which vectors are computed with (`Dataset.vectors_under`)."""
        by_steps = takes_differences(self.settings)
        if by_steps is not None:
            return "euclidean" if by_steps else None
        if not self.method.takes_differences:
            return None
        return str(self.settings.get("metric") or "euclidean")

    @property
    def vectors(self) -> Vectors:
        """What is computed with: the dataset's vectors, or their differences to a constant."""
        return self.dataset.vectors_under(self.needed_metric)

    @property
    def is_modified(self) -> bool:
        """Whether the settings no longer determine the result."""
        return bool(self.modified or self.actions)

    @cached_property
    def key(self) -> str:
        """The projection's id: equal for requests with equal results."""
        method = self.method
        about: dict[str, Any] = {
            "method": method.name,
            "version": method.version,
            "params": self.settings,
            **origin_of(method.name),
        }
        for name, positions in (("initial", self.initial), ("align_to", self.align_to)):
            if positions is not None:
                about[name] = Dataset(positions).content_hash
        if self.shared is not None:
            about["shared"] = [rows.tolist() for rows in self.shared]
        if self.targets is not None:
            about["targets"] = hashlib.sha256(self.targets.tobytes()).hexdigest()
        if method.libraries is not None and method.libraries(self.settings):
            about["libraries"] = versions_of(method.libraries(self.settings))
        if self.labels is not None:
            about["labels"] = hashlib.sha256(self.labels.tobytes()).hexdigest()
        return result_key("projection", self.dataset.content_hash, about)


def _check_length(name: str, positions: Positions, dataset: Dataset) -> None:
    if len(positions) != dataset.n_points:
        raise ShapeError(
            f"{name!r} has {len(positions):,} positions, but the dataset has "
            f"{dataset.n_points:,} points."
        )


def _positions(name: str, given: Any) -> Positions | None:
    """Return given positions as they are now: a later change must not reach what is stored."""
    if given is None:
        return None
    positions = given.positions if isinstance(given, Projection) else given
    return np.array(as_positions(positions, what=repr(name)))


def _shared_rows(shared: Any, n_own: int, n_other: int) -> tuple[AnyArray, AnyArray]:
    if not isinstance(shared, tuple | list) or len(shared) != 2:
        raise ParameterError(
            f"'shared' must be a pair: the rows of the points in the data, and in 'align_to'. Got "
            f"{shown(shared)}."
        )
    own = as_rows(shared[0], n_own, what="The rows of 'shared'")
    other = as_rows(shared[1], n_other, what="The rows of 'shared' in 'align_to'")
    if len(own) != len(other):
        raise ParameterError(
            "'shared' must be two lists of rows of the same length, at least 1. Got "
            f"{len(own):,} and {len(other):,} rows."
        )
    return own, other


def _with_point_texts(
    declared: Sequence[Parameter], given: Mapping[str, Any], n_points: int
) -> Mapping[str, Any]:
    """Write sets of points that are given as rows or masks as texts, which all interfaces have."""
    texts = dict(given)
    for each in declared:
        points = given.get(each.name)
        if each.kind == "points" and points is not None and not isinstance(points, str):
            rows = as_rows(points, n_points, what=f"The points {each.name!r}")
            texts[each.name] = format_indices(rows)
    return texts

"""A request for a projection: everything that the result depends on, validated."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.api.methods import find_method
from projector.api.options import labels_of, parameters_of, with_points
from projector.api.result_store import result_key, versions_of
from projector.compute.method import Method
from projector.errors import ParameterError, ShapeError
from projector.model.dataset import Dataset
from projector.model.parameters import Value, resolve
from projector.typing import AnyArray, Positions


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

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        method: str,
        params: Mapping[str, Any],
        *,
        initial: Positions | None = None,
        align_to: Positions | None = None,
        shared: tuple[AnyArray, AnyArray] | None = None,
    ) -> ProjectionRequest:
        """Validate the method, every parameter, and the projections that are referred to.

        Raises
        ------
        UnknownNameError, ParameterError, ShapeError
        """
        chosen = find_method(method)
        settings = resolve(parameters_of(chosen), params, owner=method)
        if chosen.check is not None:
            chosen.check(settings)
        settings = with_points(dataset, chosen, settings)
        if initial is not None:
            _check_length("initial", initial, dataset)
        if align_to is not None and shared is None:
            _check_length("align_to", align_to, dataset)
        if align_to is not None and shared is not None:
            _check_shared(shared, dataset.n_points, len(align_to))
        labels = labels_of(dataset, settings)
        return cls(dataset, chosen, settings, initial, align_to, labels, shared=shared)

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
        }
        for name, positions in (("initial", self.initial), ("align_to", self.align_to)):
            if positions is not None:
                about[name] = Dataset(positions).content_hash
        if self.shared is not None:
            about["shared"] = [rows.tolist() for rows in self.shared]
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


def _check_shared(shared: tuple[AnyArray, AnyArray], n_own: int, n_other: int) -> None:
    own, other = shared
    if len(own) != len(other) or len(own) == 0:
        raise ParameterError(
            "'shared' must be two lists of rows of the same length, at least 1. Got "
            f"{len(own):,} and {len(other):,} rows."
        )
    for rows, n_points in ((own, n_own), (other, n_other)):
        if rows.min() < 0 or rows.max() >= n_points:
            raise ParameterError(
                f"'shared' must contain rows from 0 to {n_points - 1:,}. Got {int(rows.min())} to "
                f"{int(rows.max())}."
            )

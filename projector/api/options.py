"""Parameters that methods share, and the checks of parameters against a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.api.methods import METHODS
from projector.api.nearest import label_column_of, read_expression
from projector.compute.method import Method
from projector.compute.point_set import format_indices, parse_indices
from projector.compute.preprocess import PREPROCESSING
from projector.errors import ParameterError, UnknownNameError
from projector.model.dataset import Dataset
from projector.model.metadata import Column
from projector.model.parameters import Parameter, Value
from projector.typing import AnyArray

#: How a metadata column influences a layout: for every method that takes labels.
SUPERVISION = (
    Parameter(
        "supervise_by",
        "column",
        None,
        "Metadata column that influences the layout: neighbors with a different value are moved "
        "away.",
        advanced=True,
        group="labels",
        unset="off",
        note="supervised by {value}",
    ),
    Parameter(
        "supervise_weight",
        "float",
        0.5,
        "Influence of the column supervise_by: 0 has no effect; at 1, a neighbor with a different "
        "value counts as 10 times as far away.",
        low=0,
        high=1,
        advanced=True,
        group="labels",
        note="weight {value}",
    ),
    Parameter(
        "ignored_label",
        "category",
        None,
        "Value of the column that means unknown: such points are not moved away from any others.",
        advanced=True,
        group="labels",
        unset="none",
        note="ignoring {value}",
        of="supervise_by",
    ),
)

#: For data whose neighbor graph does not fit in memory.
LANDMARKS = (
    Parameter(
        "n_landmarks",
        "int",
        None,
        "Lay out a random sample of this size and place the remaining points next to their "
        "nearest sampled neighbors. Use it only for data that does not fit in memory.",
        low=2,
        log=True,
        advanced=True,
        group="scale",
        unset="all",
        note="{value} landmarks",
    ),
)


def parameters_of(method: Method) -> tuple[Parameter, ...]:
    """Return everything that can be set for a method.

    Its own parameters, then those of supervision, landmarks and preprocessing that apply to it.
    """
    own = {parameter.name for parameter in method.parameters}
    labels = SUPERVISION if method.takes_labels else ()
    scale = LANDMARKS if method.neighbors_needed else ()
    extra = (*labels, *scale, *PREPROCESSING)
    return (*method.parameters, *(p for p in extra if p.name not in own))


def laid_out(settings: Mapping[str, Value], n_points: int) -> int:
    """Return how many of `n_points` are laid out: the landmarks, or all of them."""
    n_landmarks = settings.get("n_landmarks")
    return n_points if n_landmarks is None else min(n_points, int(n_landmarks))


def needs_metadata(method: str, params: Mapping[str, Any]) -> bool:
    """Tell whether parameters may name columns or labels, so that metadata are needed."""
    chosen = METHODS.get(method)
    if chosen is None:
        return True
    kinds = {each.name: each.kind for each in parameters_of(chosen)}
    named = [name for name, value in params.items() if value not in (None, "")]
    return any(kinds.get(name) in (None, "points", "column", "category") for name in named)


def with_points(
    dataset: Dataset, method: Method, settings: Mapping[str, Value], column: int | None = None
) -> dict[str, Value]:
    """Check every parameter that is a set of points, and write labels as row indices.

    ``"= king + queen"`` becomes the rows with one of these labels, which are those of `column`, or
    of the one that labels the points (`projector.label_column`). What begins with a letter can be
    no row index: ``"king"`` is read in the same way.

    Raises
    ------
    UnknownNameError
        A label that no point has.
    ParameterError
        Neither row indices nor labels, a row that does not exist, or an expression that
        subtracts: a set of points has no differences.
    """
    found = dict(settings)
    for name, text in _point_sets(method, settings):
        expression = _expression_in(text)
        if expression is None:
            parse_indices(text, dataset.n_points, parameter=name, owner=method.name)
            continue
        terms = read_expression(expression, label_column_of(dataset, column))
        if any(term.weight != 1 for term in terms):
            raise ParameterError(
                f"The parameter {name!r} of {method.name} is a set of points: labels with + "
                f"between them. Got {text!r}."
            )
        found[name] = format_indices(np.unique(np.concatenate([term.rows for term in terms])))
    return found


def _expression_in(text: str) -> str | None:
    """Return the labels of a set of points as they are joined; None for row indices."""
    stripped = text.lstrip()
    if stripped.startswith("="):
        return stripped[1:]
    return stripped if stripped[:1].isalpha() else None


def among_finite(
    method: Method, settings: Mapping[str, Value], finite: NDArray[np.bool_]
) -> dict[str, Value]:
    """Return the sets of points as rows of the finite vectors, which is what a method is given.

    Parameters
    ----------
    method : Method
    settings : mapping
        As `with_points` returns them.
    finite : ndarray of shape (n_points,), bool
        Points without a finite vector are left out of the sets.

    Raises
    ------
    ParameterError
        None of the points of a set has a finite vector.
    """
    place: AnyArray = np.cumsum(finite) - 1
    found: dict[str, Value] = {}
    for name, text in _point_sets(method, settings):
        rows = parse_indices(text, len(finite), parameter=name, owner=method.name)
        kept = rows[finite[rows]]
        if len(rows) and not len(kept):
            raise ParameterError(
                f"The parameter {name!r} of {method.name} names only points with NaN or infinity. "
                f"Got {text!r}."
            )
        found[name] = format_indices(place[kept])
    return found


def labels_of(
    dataset: Dataset, settings: Mapping[str, Value]
) -> NDArray[np.int32] | NDArray[np.float64] | None:
    """Return the values of the column that influences the layout, or None without one.

    Returns
    -------
    ndarray of shape (n_points,), int32 or float64, or None
        Categories, -1 where the value is missing or ignored; or the numbers of the column, if the
        method compares these.

    Raises
    ------
    UnknownNameError
        A column that does not exist, or a label to ignore that no point has.
    ParameterError
        Numbers are to be compared, and the column has other values or misses some.
    """
    name, ignored = settings.get("supervise_by"), settings.get("ignored_label")
    if not name:
        return None
    column = dataset.metadata[str(name)]
    if settings.get("target_metric", "categorical") != "categorical":
        return _numbers(column, str(settings["target_metric"]))
    codes, names, _ = column.categories()
    if ignored and ignored not in names:
        raise UnknownNameError(f"value of the column {str(name)!r}:", str(ignored), names)
    if not settings.get("supervise_weight"):
        return None
    if ignored:
        codes = np.where(codes == names.index(str(ignored)), np.int32(-1), codes)
    return codes


def _numbers(column: Column, metric: str) -> NDArray[np.float64]:
    found = column.numbers
    if found is None or not np.isfinite(found).all():
        has = "other values" if found is None else f"{column.n_missing:,} rows without a number"
        raise ParameterError(
            f"target_metric={metric!r} compares numbers, and the column {column.name!r} has {has}. "
            "Use target_metric='categorical', or a column of numbers."
        )
    return found


def _point_sets(method: Method, settings: Mapping[str, Value]) -> list[tuple[str, str]]:
    """Return name and text of every set of points that is given."""
    names = [each.name for each in parameters_of(method) if each.kind == "points"]
    return [(name, str(settings[name])) for name in names if settings.get(name)]

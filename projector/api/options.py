"""What can be asked for beside a method's own parameters, and how a wish is read."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from projector.api.nearest import label_column_of, read_expression
from projector.compute.method import Method
from projector.compute.preprocess import PREPROCESSING
from projector.errors import ParameterError
from projector.model.dataset import Dataset
from projector.model.parameters import Parameter, Value

#: How a metadata column takes part in a layout: for every method that starts from neighbors.
SUPERVISION = (
    Parameter(
        "supervise_by",
        "text",
        None,
        "Metadata column that takes part in the layout: neighbors with another value are moved "
        "away. None by default.",
        advanced=True,
    ),
    Parameter(
        "supervise_weight",
        "float",
        0.0,
        "How much the column counts: 0 not at all; at 1 a neighbor with another value is 10 "
        "times as far.",
        low=0,
        high=1,
        advanced=True,
    ),
    Parameter(
        "ignored_label",
        "text",
        None,
        "The column's value that means unknown: such points are not moved away from anything.",
        advanced=True,
    ),
)

#: Data whose graph does not fit: some points are laid out, the others placed among them.
LANDMARKS = (
    Parameter(
        "n_landmarks",
        "int",
        None,
        "Points that are laid out; all others are placed among their nearest of them. All points "
        "where nobody says: lower it only where the data does not fit.",
        low=2,
        log=True,
        advanced=True,
    ),
)


def parameters_of(method: Method) -> tuple[Parameter, ...]:
    """Return what can be set: the method's own parameters, supervision, what is done before."""
    own = {parameter.name for parameter in method.parameters}
    layout = (*SUPERVISION, *LANDMARKS) if method.neighbors_needed else ()
    extra = (*layout, *PREPROCESSING)
    return (*method.parameters, *(p for p in extra if p.name not in own))


def with_points(dataset: Dataset, method: Method, settings: dict[str, Value]) -> dict[str, Value]:
    """Write out the points that ``= king + queen`` means, for the ends of axes.

    Raises
    ------
    UnknownName
        A label that no point bears.
    ParameterError
        An expression that takes something away: an end is a set of points.
    """
    found = dict(settings)
    for name, value in settings.items():
        if method.name != "axes" or not (isinstance(value, str) and value.startswith("=")):
            continue
        terms = read_expression(value[1:], label_column_of(dataset, None))
        if any(term.weight != 1 for term in terms):
            raise ParameterError(
                f"The parameter {name!r} of axes is a set of points: labels with + between them. "
                f"Got {value!r}."
            )
        rows = np.unique(np.concatenate([term.rows for term in terms]))
        found[name] = ", ".join(map(str, rows.tolist()))
    return found


def labels_of(dataset: Dataset, settings: Mapping[str, Value]) -> NDArray[np.int32] | None:
    """Return the categories that take part in the layout, or None where none do."""
    name, ignored = settings.get("supervise_by"), settings.get("ignored_label")
    if not name or not settings.get("supervise_weight"):
        return None
    codes, names, _ = dataset.metadata[str(name)].categories()
    if ignored and ignored in names:
        codes = np.where(codes == names.index(str(ignored)), np.int32(-1), codes)
    return codes

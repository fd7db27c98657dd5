"""Parameters that several methods share, declared once so that they mean the same everywhere."""

from __future__ import annotations

from typing import get_args

from projector.model.arguments import MAX_SEED
from projector.model.parameters import Parameter, Value
from projector.typing import Metric

RANDOM_STATE = Parameter(
    "random_state",
    "int",
    0,
    "Seed. The same data, parameters and seed give the same result, byte for byte.",
    low=0,
    high=MAX_SEED,
    advanced=True,
    note="seed {value}",
)

METRIC = Parameter(
    "metric",
    "choice",
    "euclidean",
    "How the distance between two vectors is measured. Use cosine if only their direction "
    "matters, as in most text embeddings.",
    # A product is no distance that a layout could keep.
    choices=tuple(each for each in get_args(Metric) if each != "inner_product"),
)


def n_components(default: int) -> Parameter:
    """Declare the dimension of the projection, with a method's own default."""
    return Parameter(
        "n_components",
        "int",
        default,
        "Dimensions of the projection: 2 for a map, 3 for a cloud that can be rotated.",
        low=2,
        high=3,
    )


def whole(value: Value) -> int:
    """Return the checked value of a parameter of kind ``"int"`` as an int."""
    assert isinstance(value, int), f"A whole number was declared, and {value!r} came through."
    return int(value)


def number(value: Value) -> float:
    """Return the checked value of a parameter of kind ``"float"`` as a float."""
    assert isinstance(value, int | float), f"A number was declared, and {value!r} came through."
    return float(value)

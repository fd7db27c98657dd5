"""Parameters that several methods share, declared once so that they mean the same everywhere."""

from __future__ import annotations

from projector.model.parameters import Parameter, Value

RANDOM_STATE = Parameter(
    "random_state",
    "int",
    0,
    "Seed of everything random: the same data, parameters and seed give the same bytes.",
    low=0,
    high=2**31 - 1,
    advanced=True,
)

METRIC = Parameter(
    "metric",
    "choice",
    "euclidean",
    "How far apart two vectors are. Choose cosine where only the direction carries meaning, as "
    "in most text embeddings.",
    choices=("euclidean", "cosine", "manhattan"),
)


def n_components(default: int) -> Parameter:
    """Declare the dimension of the picture, with a method's own default."""
    return Parameter(
        "n_components",
        "int",
        default,
        "Dimensions of the picture: 2 for a map, 3 for a cloud to turn around.",
        low=2,
        high=3,
    )


def whole(value: Value) -> int:
    """Return a checked parameter of kind ``"int"`` as what it is."""
    assert isinstance(value, int), f"A whole number was declared, and {value!r} came through."
    return int(value)


def number(value: Value) -> float:
    """Return a checked parameter of kind ``"float"`` as what it is."""
    assert isinstance(value, int | float), f"A number was declared, and {value!r} came through."
    return float(value)

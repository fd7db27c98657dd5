"""The metrics that neighbors are searched under, by name."""

from __future__ import annotations

from typing import get_args

from projector.errors import ParameterError
from projector.typing import Metric

METRICS: tuple[Metric, ...] = get_args(Metric)


def check_metric(metric: str) -> None:
    """Raise `ParameterError` for an unknown metric."""
    if metric not in METRICS:
        known = ", ".join(repr(each) for each in METRICS)
        raise ParameterError(f"The metric must be one of {known}. Got {metric!r}.")


def zero_warning(n_zero: int) -> str:
    """Return a warning about vectors without a direction."""
    noun = "vector is" if n_zero == 1 else "vectors are"
    return (
        f"{n_zero:,} {noun} zero and have no direction: their cosine distance is 0 to each other "
        "and 1 to every other point."
    )

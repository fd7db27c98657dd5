"""Reads what scikit-learn's users give: vectors, labels, seeds, metrics and initial positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.utils.validation import validate_data

from projector.api.methods import find_method
from projector.api.options import parameters_of
from projector.errors import ParameterError
from projector.model.arguments import seed, shown
from projector.model.arrays import as_numbers, as_vectors
from projector.model.parameters import Parameter
from projector.model.sparse_rows import is_sparse
from projector.typing import AnyArray

#: Names that scikit-learn and umap-learn have for the same metrics.
_METRICS = {"l2": "euclidean", "l1": "manhattan", "cityblock": "manhattan", "taxicab": "manhattan"}
_MAX_DRAWN = 2**31 - 1
#: Components of a layout; beyond, distances between points hardly differ.
MAX_COMPONENTS = 10_000


class WrongTypeError(ParameterError, TypeError):
    """Something else than an array of numbers; scikit-learn expects a TypeError for it."""


def checked_vectors(estimator: Any, given: Any, *, reset: bool) -> AnyArray:
    """Return vectors, (n_points, n_dims) float32 or float64, as scikit-learn checks them.

    A sparse matrix becomes an array if that takes at most `DENSE_BYTES`, else `SparseRows`.

    Raises
    ------
    ParameterError
        What scikit-learn says; it is a ValueError, and where scikit-learn raises a TypeError,
        one of these, too.
    """
    if isinstance(given, np.ma.MaskedArray | np.matrix):
        given, _ = as_numbers(given)
    try:
        found = validate_data(
            estimator,
            given,
            reset=reset,
            dtype=[np.float64, np.float32],
            order="C",
            accept_sparse="csr",
        )
    except TypeError as error:
        raise WrongTypeError(str(error)) from error
    except ValueError as error:
        raise ParameterError(str(error)) from error
    except RuntimeError as error:  # a tensor that refuses
        raise ParameterError(f"The vectors cannot be read: {error}") from error
    return as_vectors(found)[0] if is_sparse(found) else np.asarray(found)


def drawn_seed(given: Any) -> int:
    """Return a seed: a given one, or one drawn from a generator; None draws a new one each time.

    Raises
    ------
    ParameterError
        Neither None, a whole number from 0 to 2**32 - 1, nor a generator of numpy's.
    """
    if given is None or given is np.random:
        return int(np.random.default_rng().integers(_MAX_DRAWN))
    if isinstance(given, np.random.RandomState):
        return int(given.randint(_MAX_DRAWN))
    if isinstance(given, np.random.Generator):
        return int(given.integers(_MAX_DRAWN))
    return seed(given)


def metric_of(given: Any) -> Any:
    """Return a metric by its name here."""
    return _METRICS.get(given, given) if isinstance(given, str) else given


def split_init(given: Any) -> tuple[Any, Any]:
    """Return the name of an initialization, or None, and given positions, or None."""
    if given is None or isinstance(given, str):
        return given, None
    return None, given


def labels_checked(y: Any, n_points: int) -> AnyArray | None:
    """Return labels as an array with one row per point, or None without any.

    Raises
    ------
    ParameterError
        Another number of labels than points.
    """
    if y is None:
        return None
    try:
        found = np.asarray(y)
    except (ValueError, TypeError, RuntimeError) as error:
        raise ParameterError(f"y cannot be read as an array: {error}") from error
    if found.ndim == 2 and found.shape[1] == 1:
        found = found.ravel()
    if found.ndim == 0 or len(found) != n_points:
        raise ParameterError(
            f"y must have one value for each of the {n_points:,} points. Got {shown(y)}."
        )
    return found


def declared_for(method: str) -> tuple[Parameter, ...]:
    """Return a method's parameters, with any number of components: none of them is drawn."""
    return tuple(
        replace(each, low=1, high=MAX_COMPONENTS) if each.name == "n_components" else each
        for each in parameters_of(find_method(method))
    )


def own_settings(method: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of an estimator's parameters that the method declares."""
    names = {each.name for each in declared_for(method)}
    return {name: value for name, value in values.items() if name in names}

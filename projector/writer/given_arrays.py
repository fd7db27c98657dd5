"""Copies what a training gives: tensors of any library, by the protocols that they share."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from projector.errors import ShapeError
from projector.model.arrays import as_numbers, as_vectors
from projector.model.small_floats import SMALL_FLOATS
from projector.typing import AnyArray


def own_vectors(given: Any) -> AnyArray:
    """Return a copy of vectors, (n_points, n_dims), that nobody else changes.

    Parameters
    ----------
    given : array-like
        An array, or a tensor of torch, JAX, TensorFlow or another library that shares it by
        `__array__` or `__dlpack__`; also one with a gradient or on a device.

    Returns
    -------
    ndarray of shape (n_points, n_dims)
        In C order, of the type given: bfloat16 and float8 are kept.

    Raises
    ------
    ShapeError
        Not numbers in two dimensions, or empty.
    """
    array = shared_array(given)
    if array.dtype.name in SMALL_FLOATS:
        as_vectors(array.view(f"u{array.dtype.itemsize}"))  # only its shape is checked
    else:
        array, _ = as_vectors(array)
    return np.array(array, order="C", copy=True)


def shared_array(given: Any) -> AnyArray:
    """Return the array of a tensor, without a copy where it lies in this machine's memory.

    Raises
    ------
    ShapeError
        It is not numbers.
    """
    given = on_this_machine(given)
    dtype = getattr(given, "dtype", None)
    name = str(getattr(dtype, "name", None) or str(dtype).rpartition(".")[2])
    if name not in SMALL_FLOATS:
        return as_numbers(given)[0]
    import ml_dtypes

    kind = np.dtype(getattr(ml_dtypes, name))
    torch = sys.modules.get("torch")
    if type(given).__module__.partition(".")[0] == "torch" and torch is not None:
        # torch shares no array of a type that numpy lacks; its bytes are of one that both have.
        given = given.view(torch.int16 if kind.itemsize == 2 else torch.uint8)
    try:
        return np.asarray(given).view(kind)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ShapeError(
            f"Vectors of {name} cannot be read from a {type(given).__name__}: {error}. Convert "
            "them to float32."
        ) from None


def on_this_machine(given: Any) -> Any:
    """Return a tensor without its gradient and in this machine's memory; others as they are."""
    for name in ("detach", "cpu"):
        method = getattr(given, name, None)
        if callable(method):
            given = method()
    return given

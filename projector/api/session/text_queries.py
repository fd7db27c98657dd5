"""Turns a text into a vector by a function that the caller of `serve` gave."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from projector.errors import ParameterError, UnknownNameError
from projector.model.arguments import check_callable

#: Takes a text and returns its vector, of as many numbers as the data has dimensions.
Embed: TypeAlias = Callable[[str], Any]


class TextQueries:
    """Calls the function for one text at a time: few models may be used from several threads.

    Parameters
    ----------
    embed : callable or None
    """

    def __init__(self, embed: Embed | None) -> None:
        check_callable(embed, name="embed")
        self._embed = embed
        self._turn = threading.Lock()

    def __bool__(self) -> bool:
        return self._embed is not None

    def vector(self, text: str, n_dims: int) -> NDArray[np.float64]:
        """Return the vector of a text.

        Raises
        ------
        UnknownNameError
            No function was given.
        ParameterError
            It raised an error, or returned something else than `n_dims` finite numbers.
        """
        if self._embed is None:
            raise UnknownNameError.missing("function 'embed'", "This server")
        try:
            with self._turn:
                found = np.asarray(self._embed(text), np.float64).squeeze()
        # Whatever the caller's function raises is told to the page.
        except Exception as error:  # noqa: BLE001
            raise ParameterError(
                f"The function 'embed' failed with {type(error).__name__}: {error}"
            ) from None
        if found.shape != (n_dims,) or not np.isfinite(found).all():
            what = f"shape {found.shape}" if found.shape != (n_dims,) else "NaN or infinity"
            raise ParameterError(
                f"The function 'embed' must return {n_dims:,} finite numbers, as the vectors "
                f"have. It returned {what}."
            )
        return found

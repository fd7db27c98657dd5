"""What a variable of MATLAB is here: an array of numbers, or a list of texts."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from projector.loaders.base import Tensor
from projector.loaders.naming import role_of
from projector.loaders.safe_files import printable
from projector.model.listing import Role
from projector.typing import AnyArray


@dataclass(frozen=True)
class Variable:
    """One variable, or one field of a structure.

    Attributes
    ----------
    name : str
        Fields are joined by periods.
    shape : tuple of int
    dtype : str
        numpy's name; ``"str"`` for texts.
    take : callable
        Returns the values; texts as an array of str.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    take: Callable[[], AnyArray]

    @property
    def flat(self) -> tuple[int, ...]:
        """The shape, of one dimension for a row or column: everything in MATLAB has two."""
        if len(self.shape) == 2 and 1 in self.shape and max(self.shape) > 1:
            return (math.prod(self.shape),)
        return self.shape

    def tensor(self) -> Tensor:
        """Return the entry of the listing."""
        name, is_text = printable(self.name), self.dtype == "str"
        real = not is_text and not self.dtype.startswith("complex")
        # Few variables have telling names; what is a matrix is taken for what was wanted.
        role: Role = "slot" if role_of(name, self.flat) == "slot" else "embedding"
        return Tensor(self.name, name, self.flat, self.dtype, role=role, real=real)

    def values(self) -> AnyArray:
        """Return the values in the shape of the listing."""
        return self.take().reshape(self.flat)


def texts_of(rows: Sequence[str]) -> AnyArray:
    """Return texts as an array."""
    return np.array(rows) if len(rows) else np.zeros(0, "U1")

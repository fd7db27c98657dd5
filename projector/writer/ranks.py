"""Which of several processes of one training writes, by the variables that launchers set."""

from __future__ import annotations

import os
from typing import Literal, TypeAlias, cast, get_args

from projector.errors import ParameterError
from projector.model.arguments import shown, whole_number

#: Which processes write: the first one alone, or each one under a name of its own.
Ranks: TypeAlias = Literal["first", "each"]
#: torchrun, Lightning, accelerate and DeepSpeed set it.
VARIABLE = "RANK"


def rank_of(given: int | None) -> int:
    """Return the number of this process: as given, else as the launcher says, else 0.

    Raises
    ------
    ParameterError
        It is no whole number from 0.
    """
    if given is not None:
        return whole_number(given, name="rank", low=0, high=None)
    said = os.environ.get(VARIABLE, "")
    if not said:
        return 0
    if not said.isdecimal():
        raise ParameterError(
            f"The environment variable {VARIABLE} must be a whole number from 0. Got {said!r}. "
            "Unset it, or give rank=."
        )
    return int(said)


def checked_ranks(given: str) -> Ranks:
    """Return which processes write, or raise `ParameterError`."""
    if given not in get_args(Ranks):
        raise ParameterError(f"'ranks' must be 'first' or 'each'. Got {shown(given)}.")
    return cast("Ranks", given)

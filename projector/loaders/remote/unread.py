"""The error for files that cannot be read now, although nothing is wrong with them."""

from __future__ import annotations

from projector.errors import LoadError


class UnreadNowError(LoadError):
    """A file that cannot be read now, for reasons that are not in it."""


class OutdatedError(UnreadNowError):
    """An object elsewhere that is no longer the one that was listed."""

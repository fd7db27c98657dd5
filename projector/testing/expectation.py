"""What the checks share: an assertion that is no statement, so that it is never left out."""

from __future__ import annotations


def expect(holds: object, message: str) -> None:
    """Raise AssertionError with a sentence unless something holds."""
    if not holds:
        raise AssertionError(message)

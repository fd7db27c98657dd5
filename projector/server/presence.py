"""Ends the work of a request whose client has left."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import request

from projector.errors import Cancelled


def still_there() -> Callable[[], None]:
    """Return a function for the work of this request: it raises Cancelled if the client has left.

    A page leaves a search when another letter is typed. Nobody reads what is found then.
    """
    # The WSGI server's own, where it looks ahead; others do not tell.
    has_left = cast(
        "Callable[[], bool] | None", request.environ.get("waitress.client_disconnected")
    )

    def check() -> None:
        if has_left is not None and has_left():
            raise Cancelled("The client has left.")

    return check

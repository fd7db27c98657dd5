"""The gate: decides from a request's line and headers whether its body is read at all.

The application asks the same two questions, so that a request is refused alike before its body has
arrived and behind a server that collects bodies first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from projector.server.access import AccessPolicy
from projector.server.body_limits import BodyLimits

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class Gate:
    """Decides whether a request is answered, and how large its body may be.

    Parameters
    ----------
    policy : AccessPolicy
    bodies : BodyLimits
    """

    def __init__(self, policy: AccessPolicy, bodies: BodyLimits) -> None:
        self._policy = policy
        self._bodies = bodies

    def admit(self, environ: WSGIEnvironment) -> int:
        """Return the size of the largest body that a request may have, in bytes.

        Parameters
        ----------
        environ : dict
            The request's method, path, query, scheme and headers as WSGI names them, as they
            arrived. It is not changed, and no body is needed in it.

        Raises
        ------
        RequestError, HTTPException
            It is refused.
        """
        placed = dict(environ)
        self._policy.placement.place(placed)
        refused = self._policy.check(placed)
        if refused is not None:
            raise refused
        return self._bodies.check(placed)

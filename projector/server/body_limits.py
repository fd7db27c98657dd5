"""How large a body each request may have: the one declaration of the routes that take much."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from werkzeug.routing import Map
from werkzeug.wrappers import Request

from projector.errors import RequestError
from projector.loaders.tags.sidecar import LIMIT as TAGS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: The largest file that can be dropped; open larger ones with --logdir, which copies nothing.
UPLOAD = 8 << 30
#: Some parameters, as JSON. A larger body is never kept in memory while it arrives.
PARAMETERS = 1 << 20
#: Routes without parameters of their own: some clients send an empty object.
_EMPTY_OBJECT = 1 << 10
_METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})

_LIMITS: Mapping[str, int] = {
    "api.analyses.begin": PARAMETERS,
    "api.columns.named": PARAMETERS,
    "api.columns.texts": PARAMETERS,
    "api.formulas.compute": PARAMETERS,
    "api.formulas.remove": PARAMETERS,
    "api.formulas.where": PARAMETERS,
    "api.log.upload": UPLOAD,
    "api.projections.start": PARAMETERS,
    "api.projections.update": PARAMETERS,
    "api.search.nearest_points": PARAMETERS,
    "api.tags.save": TAGS,
}


class BodyLimits:
    """Says how large a body a request may have, from its line and headers alone.

    Parameters
    ----------
    routes : Map
        All routes of the application.
    largest_selection : callable
        Returns the size of the largest selection now, in bytes.
    largest_groups : callable
        Returns the size of the largest two groups of points now, in bytes.
    """

    def __init__(
        self,
        routes: Map,
        largest_selection: Callable[[], int],
        largest_groups: Callable[[], int],
    ) -> None:
        self._routes = routes
        #: Limits that depend on what is listed.
        self._by_size = {
            "api.selection.save": largest_selection,
            "api.contrast.compare": largest_groups,
            "api.datasets.subset": largest_groups,
        }

    def check(self, environ: WSGIEnvironment) -> int:
        """Return the size of the largest body of a request, in bytes.

        Parameters
        ----------
        environ : dict
            The request, which has been placed already; its body is not touched.

        Raises
        ------
        HTTPException
            There is no such route, or it does not take the method.
        RequestError
            The body is larger, or encoded.
        """
        request = Request(environ, populate_request=False, shallow=True)
        endpoint, _ = self._routes.bind("").match(request.path, request.method)
        limit = self._limit(endpoint, request.method)
        length = request.content_length or 0
        # What arrives in pieces is counted as it arrives.
        if length > limit or (limit == 0 and "HTTP_TRANSFER_ENCODING" in environ):
            raise too_large(limit, length)
        coding = environ.get("HTTP_CONTENT_ENCODING", "identity").strip().lower()
        if coding != "identity":
            raise RequestError(
                f"Bodies are read as they are, without Content-Encoding. Got {coding!r}.",
                status=415,
            )
        return limit

    def _limit(self, endpoint: str, method: str) -> int:
        if endpoint in self._by_size:
            return self._by_size[endpoint]()
        return _LIMITS.get(endpoint, _EMPTY_OBJECT if method in _METHODS_WITH_BODY else 0)


def too_large(limit: int, length: int = 0) -> RequestError:
    """Return the refusal of a body of more than `limit` bytes; `length` 0 is unknown."""
    got = f" Got {length:,} bytes." if length else ""
    if limit == 0:
        return RequestError(f"This request takes no body.{got}", status=413)
    return RequestError(
        f"The body of this request may have at most {limit:,} bytes.{got}", status=413
    )

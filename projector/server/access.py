"""Access control: whom the server answers, decided from a request's line and headers alone.

Without it any web page could read a user's embeddings: by a request across sites, or by a name
that resolves first to that page's own server and then to 127.0.0.1 (DNS rebinding).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.wrappers import Request

from projector.errors import ParameterError, RequestError
from projector.server.addresses import (
    PublicUrl,
    host_name,
    is_loopback,
    matches,
    read_host,
    read_origin,
    read_public_url,
)
from projector.server.placement import Placement, first_host, forwarded_fault

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: Cookies are shared by all ports of a host, so the name has the port, too.
COOKIE = "projector-token"


def _no_change(method: str, path: str) -> bool:
    return False


@dataclass(frozen=True)
class AccessPolicy:
    """How a server decides whom it answers.

    Attributes
    ----------
    token : str or None
        Required with every request; with None only names of this machine and allowed ones are
        answered.
    embedded : bool
        Whether another program has its own gate before us: `Host`, `Origin` and `Sec-Fetch-…` are
        left to it.
    allowed_hosts : tuple of str
        Names that are answered besides those of this machine (see `addresses.read_host`).
    behind_proxy : bool
        Whether the forwarded headers of one proxy are believed.
    frame_origins : tuple of str
        Origins of pages that may frame ours.
    public_url : PublicUrl or None
        Where others open the page.
    read_only : bool
        Whether requests that change something are refused.
    changes : callable
        Says of a method and a path, below the root, whether the request changes something.
    """

    token: str | None = None
    embedded: bool = False
    allowed_hosts: tuple[str, ...] = ()
    behind_proxy: bool = False
    frame_origins: tuple[str, ...] = ()
    public_url: PublicUrl | None = None
    read_only: bool = False
    changes: Callable[[str, str], bool] = _no_change

    @cached_property
    def placement(self) -> Placement:
        """How the environment of a request is corrected before `check`."""
        return Placement(behind_proxy=self.behind_proxy, public_url=self.public_url)

    def refusal(self, environ: WSGIEnvironment) -> RequestError | None:
        """Return why a request is refused, or None, before its body is read.

        Parameters
        ----------
        environ : dict
            The request's method, path, query, scheme and headers as WSGI names them, as they
            arrived. It is not changed, and no body is needed in it.
        """
        placed = dict(environ)
        self.placement.place(placed)
        return self.check(placed)

    def check(self, environ: WSGIEnvironment) -> RequestError | None:
        """Return why a request is refused, or None; `environ` has been placed already."""
        request = Request(environ, populate_request=False, shallow=True)
        return (
            (forwarded_fault(environ) if self.behind_proxy else None)
            or (None if self.embedded else self._foreign(request))
            or (self._without_token(request) if self.token is not None else None)
            or (None if self.embedded or self.token is not None else self._unknown_host(request))
            or self._change(request)
        )

    def has_token(self, request: Request) -> bool:
        """Return whether the address of a request has the token."""
        return self._is_token(request.args.get("token"))

    def _foreign(self, request: Request) -> RequestError | None:
        origin = request.headers.get("Origin")
        if origin is not None and not self._own_origin(origin, request):
            return RequestError(f"Requests from the page {origin} are not allowed.", status=403)
        foreign = request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
        navigates = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.method == "GET"
        # A link on another site may open the page, but not read data.
        if foreign and not (navigates and request.path == "/"):
            return RequestError("Requests from a page of another site are not allowed.", status=403)
        return None

    def _own_origin(self, origin: str, request: Request) -> bool:
        if origin in (f"http://{request.host}", f"https://{request.host}"):
            return True
        if self.public_url is not None and origin == self.public_url.origin:
            return True
        # A proxy may have replaced the address that the browser shows. Where the name was kept,
        # another port of it is another program's page, unless the browser says that it is not.
        try:
            name = urlsplit(origin).hostname or ""
        except ValueError:
            return False
        if not origin.startswith(("http://", "https://")):
            return False
        if request.headers.get("Sec-Fetch-Site") == "same-origin":
            return is_loopback(name) or self._allows(name)
        return name != host_name(request.host) and self._allows(name)

    def _allows(self, name: str) -> bool:
        public = self.public_url is not None and name == self.public_url.host
        return public or matches(name, self.allowed_hosts)

    def _unknown_host(self, request: Request) -> RequestError | None:
        # A page on a name that was bound to this machine can send any other header, too: the
        # proxy's correction does not excuse the name that it was sent to.
        for name in (host_name(first_host(request.environ)), host_name(request.host)):
            if not is_loopback(name) and not self._allows(name):
                return RequestError(
                    f"Only requests to localhost are answered, not to {name!r}. If this is a name "
                    "of this server, start projector with --allow-host and the name; to let other "
                    "machines in with a token, with --host.",
                    status=403,
                )
        return None

    def _without_token(self, request: Request) -> RequestError | None:
        kept = (
            value for name, value in request.cookies.items(multi=True) if name.startswith(COOKIE)
        )
        if self.has_token(request) or any(map(self._is_token, kept)):
            return None
        return RequestError(
            "A token is required. Open the address that projector printed when it started.",
            status=401,
        )

    def _is_token(self, given: str | None) -> bool:
        if given is None or self.token is None:
            return False
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())

    def _change(self, request: Request) -> RequestError | None:
        if not self.read_only or not self.changes(request.method, request.path):
            return None
        return RequestError(
            "This server is read-only: it was started with --read-only, or in a TensorBoard "
            "that other machines can reach, so tags, the shared "
            "selection, files and the computations of others stay as they are.",
            status=403,
        )


def access_policy(
    *,
    token: str | None = None,
    embedded: bool = False,
    allowed_hosts: Sequence[str] = (),
    behind_proxy: bool = False,
    frame_origins: Sequence[str] = (),
    public_url: str | None = None,
    read_only: bool = False,
) -> AccessPolicy:
    """Return the policy of what a user named, checked.

    Parameters
    ----------
    token, embedded, allowed_hosts, behind_proxy, frame_origins, public_url, read_only
        See `AccessPolicy`; as texts, as they were typed.

    Raises
    ------
    ParameterError
        A host, an origin or the URL is none.
    """
    return AccessPolicy(
        token=token,
        embedded=embedded,
        allowed_hosts=tuple(map(read_host, _several(allowed_hosts, "allowed_hosts"))),
        behind_proxy=behind_proxy,
        frame_origins=tuple(map(read_origin, _several(frame_origins, "frame_origins"))),
        public_url=None if public_url is None else read_public_url(public_url),
        read_only=read_only,
    )


def _several(given: Sequence[str], name: str) -> Sequence[str]:
    """Return a list of texts; one text alone would be taken for a list of letters."""
    if isinstance(given, str):
        raise ParameterError(f"{name!r} must be a list of texts. Got {given!r}.")
    return given

"""Where the browser sees this server: the headers of one trusted proxy, the path of our root."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from werkzeug.middleware.proxy_fix import ProxyFix

from projector.errors import RequestError
from projector.server.addresses import PublicUrl, host_name, is_path

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: How the paths of the application begin.
_OWN_PATH = re.compile(r"/?$|/api/v1(/|$)|/assets/|/notebook/|/favicon\.")
_ORIGINAL = "werkzeug.proxy_fix.orig"


class Placement:
    """Says in a request's environment how the browser addressed us.

    Parameters
    ----------
    behind_proxy : bool
        Whether the `X-Forwarded-…` headers of one proxy are believed; else they change nothing.
    public_url : PublicUrl, optional
        Its path is cut off, whether or not the proxy has done so already.
    """

    def __init__(self, *, behind_proxy: bool, public_url: PublicUrl | None) -> None:
        self._public = public_url
        self._trust = (
            ProxyFix(_nothing, x_for=1, x_proto=1, x_host=1, x_port=1, x_prefix=1)
            if behind_proxy
            else None
        )

    def around(self, app: WSGIApplication) -> WSGIApplication:
        """Return an application that places every request before `app` sees it."""

        def placed(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            self.place(environ)
            return app(environ, start_response)

        return placed

    def place(self, environ: WSGIEnvironment) -> None:
        """Correct scheme, host, client and root of a request, in its environment."""
        if self._trust is not None:
            self._trust(environ, _refuse_to_start)
            if environ.get("HTTP_X_FORWARDED_PREFIX"):
                # With a slash at its end, and encoded, it names the same root.
                _set_root(environ, unquote(environ["SCRIPT_NAME"].rstrip("/"), "latin-1"))
        if self._public is not None:
            self._place_below(environ, self._public)
        asked = str(environ.get("REQUEST_URI") or environ.get("RAW_URI") or "")
        if not environ.get("PATH_INFO") and asked.partition("?")[0].endswith("/"):
            # The program that mounts us has taken the slash away, and would do so again.
            environ["PATH_INFO"] = "/"

    def _place_below(self, environ: WSGIEnvironment, public: PublicUrl) -> None:
        is_below = _below(environ.get("PATH_INFO", ""), public.root) is not None
        # A request straight to this machine has neither the path nor the name.
        if is_below or host_name(environ.get("HTTP_HOST", "")) == public.host:
            environ["wsgi.url_scheme"] = public.scheme
            _set_root(environ, public.root)


def first_host(environ: WSGIEnvironment) -> str:
    """Return the `Host` header as it arrived, before any other header corrected it."""
    found = environ.get(_ORIGINAL, environ).get("HTTP_HOST")
    return found or ""


def forwarded_fault(environ: WSGIEnvironment) -> RequestError | None:
    """Return what is wrong with the forwarded headers of a request that was placed by them."""
    scheme = environ.get("wsgi.url_scheme")
    if scheme not in ("http", "https"):
        return RequestError(f"X-Forwarded-Proto must be http or https. Got {scheme!r}.")
    prefix = environ.get("HTTP_X_FORWARDED_PREFIX", "").rpartition(",")[2].strip()
    if not is_path(prefix.rstrip("/")):
        return RequestError(
            "X-Forwarded-Prefix must be a path such as /projector, percent-encoded. Got "
            f"{prefix!r}."
        )
    return None


def _set_root(environ: WSGIEnvironment, root: str) -> None:
    """Set the script's root, and cut it off a path that still has it."""
    environ["SCRIPT_NAME"] = root
    below = _below(environ.get("PATH_INFO", ""), root)
    if below is not None:
        environ["PATH_INFO"] = below


def _below(path: str, root: str) -> str | None:
    """Return what of a path is below the root; None if the path does not have it any more.

    A root may be called as one of our own paths is: it is cut off where one of ours is left.
    """
    below = path.removeprefix(root)
    return below if root and below != path and _OWN_PATH.match(below) else None


def _nothing(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Answer nothing: only what stands around it is wanted."""
    return ()


def _refuse_to_start(*_: Any) -> Any:
    raise AssertionError("nothing is answered while a request is placed")

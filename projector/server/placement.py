"""Where the browser sees this server: the headers of one trusted proxy, the path of our root."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from werkzeug.middleware.proxy_fix import ProxyFix

from projector.errors import RequestError
from projector.server.addresses import PREFIX, PublicUrl, host_name

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

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
            # A header with a slash at its end, and one that is encoded, name the same root.
            prefix = environ.get("SCRIPT_NAME", "").rstrip("/")
            forwarded = bool(environ.get("HTTP_X_FORWARDED_PREFIX"))
            _set_root(environ, unquote(prefix, "latin-1") if forwarded else prefix)
        if self._public is not None:
            self._place_below(environ, self._public)

    def _place_below(self, environ: WSGIEnvironment, public: PublicUrl) -> None:
        below = _is_below(environ.get("PATH_INFO", ""), public.root)
        # A request straight to this machine has neither the path nor the name.
        if below or host_name(environ.get("HTTP_HOST", "")) == public.host:
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
    # "//host" would be another server in a redirect.
    if not PREFIX.fullmatch(prefix.rstrip("/")):
        return RequestError(
            "X-Forwarded-Prefix must be a path such as /projector, percent-encoded. Got "
            f"{prefix!r}."
        )
    return None


def _set_root(environ: WSGIEnvironment, root: str) -> None:
    """Set the script's root, and cut it off a path that still has it."""
    environ["SCRIPT_NAME"] = root
    path = environ.get("PATH_INFO", "")
    if root and _is_below(path, root):
        environ["PATH_INFO"] = path[len(root) :]


def _is_below(path: str, root: str) -> bool:
    return bool(root) and (path == root or path.startswith(root + "/"))


def _nothing(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Answer nothing: only what stands around it is wanted."""
    return ()


def _refuse_to_start(*_: Any) -> Any:
    raise AssertionError("nothing is answered while a request is placed")

"""Access control: only the page itself, on this machine or with the token, is answered.

Without it any web page could read a user's embeddings: by a request across sites, or by a name
that resolves first to that page's own server and then to 127.0.0.1 (DNS rebinding).
"""

from __future__ import annotations

import hmac
import ipaddress

from flask import Flask, Response, redirect, request

from projector.errors import RequestError

_COOKIE = "projector-token"

#: Scripts, styles, images and data come from this server only. Only the same origin may frame
#: the page (a notebook's proxy), and no inline script or style ever runs.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)


def is_loopback(host: str) -> bool:
    """Return whether a host name, without port, is a loopback name of this machine."""
    name = host.strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def guard(app: Flask, token: str | None) -> None:
    """Refuse requests from elsewhere, and add the security headers to every response.

    Parameters
    ----------
    app : Flask
    token : str or None
        Required with every request; with None only loopback host names are answered.
    """

    @app.before_request
    def check() -> Response | None:
        _check_origin()
        if token is None:
            _check_host()
            return None
        return _check_token(token)

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers.pop("Server", None)
        return response


def _check_host() -> None:
    name = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if not is_loopback(name):
        raise RequestError(
            f"Only requests to localhost are answered, not to {name!r}. To allow other machines, "
            "start projector with --host.",
            status=403,
        )


def _check_origin() -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin not in (f"http://{request.host}", f"https://{request.host}"):
        raise RequestError(f"Requests from the page {origin} are not allowed.", status=403)
    foreign = request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    navigates = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.method == "GET"
    # A link on another site may open the page, but not read data.
    if foreign and not (navigates and request.path == "/"):
        raise RequestError("Requests from a page of another site are not allowed.", status=403)


def _check_token(token: str) -> Response | None:
    given = request.args.get("token")
    if given is not None and hmac.compare_digest(given.encode(), token.encode()):
        if request.path != "/":
            return None
        # Remove the token from the address bar, so that it does not leak with a screenshot.
        response = redirect("/")
        response.set_cookie(_COOKIE, token, httponly=True, samesite="Strict")
        return Response(response.response, response.status, response.headers)
    kept = request.cookies.get(_COOKIE, "")
    if not hmac.compare_digest(kept.encode(), token.encode()):
        raise RequestError(
            "A token is required. Open the address that projector printed when it started.",
            status=401,
        )
    return None

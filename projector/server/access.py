"""Who is answered: the page itself, on this machine, and whoever has the token.

Without this any web page could read a person's embeddings: by a request across sites, or by a
name that is first bound to its own server and then to 127.0.0.1 (DNS rebinding).
"""

from __future__ import annotations

import hmac
import ipaddress

from flask import Flask, Response, redirect, request

from projector.errors import RequestError

_COOKIE = "projector-token"

#: Scripts, styles, pictures and data come from this server only; nothing may frame the page
#: but the same origin (a notebook's proxy), and no inline script or style ever runs.
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
    """Tell whether a host name, without port, means this very machine."""
    name = host.strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def guard(app: Flask, token: str | None) -> None:
    """Let only proper requests in and give every answer its headers.

    Parameters
    ----------
    app : Flask
    token : str or None
        Asked for when the server can be reached from elsewhere; None binds it to loopback names.
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
            f"projector answers only to localhost, not to the name {name!r}. To open it to other "
            "machines, start it with --host.",
            status=403,
        )


def _check_origin() -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin not in (f"http://{request.host}", f"https://{request.host}"):
        raise RequestError(f"A page from {origin} may not use projector.", status=403)
    foreign = request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    navigates = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.method == "GET"
    # A link from elsewhere may open the page; it may not touch the data.
    if foreign and not (navigates and request.path == "/"):
        raise RequestError("A page from another site may not use projector.", status=403)


def _check_token(token: str) -> Response | None:
    given = request.args.get("token")
    if given is not None and hmac.compare_digest(given.encode(), token.encode()):
        if request.path != "/":
            return None
        # The token leaves the address bar, so that it is not shared with a screenshot.
        answer = redirect("/")
        answer.set_cookie(_COOKIE, token, httponly=True, samesite="Strict")
        return Response(answer.response, answer.status, answer.headers)
    kept = request.cookies.get(_COOKIE, "")
    if not hmac.compare_digest(kept.encode(), token.encode()):
        raise RequestError(
            "projector asks for its token here: open the address that it printed when it started.",
            status=401,
        )
    return None

"""The guard of the application: refuses requests, keeps the token, hardens every response."""

from __future__ import annotations

from flask import Flask, Response, redirect, request
from werkzeug.datastructures import Headers

from projector.server.access import COOKIE, AccessPolicy
from projector.server.body_limits import BodyLimits
from projector.server.queries import check_query

#: Scripts, styles, images and data come from this server only. No inline script or style ever runs.
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
    )
)


class _TypedResponse(Response):
    """A response that says its type with status 304, too, as TensorBoard wants it."""

    def get_wsgi_headers(self, environ: dict[str, object]) -> Headers:
        """Return the headers, with the type that Werkzeug leaves out of a 304."""
        headers = super().get_wsgi_headers(environ)
        if "Content-Type" not in headers:
            headers["Content-Type"] = self.headers.get("Content-Type") or "application/octet-stream"
        return headers


def guard(app: Flask, policy: AccessPolicy, bodies: BodyLimits) -> None:
    """Refuse what the policy refuses, and add the security headers to every response."""
    app.response_class = _TypedResponse
    # Only these pages may frame ours: those of the same origin, such as a notebook's proxy, and
    # those that the user named.
    ancestors = " ".join(("frame-ancestors 'self'", *policy.frame_origins))

    @app.before_request
    def check() -> Response | None:
        refused = policy.check(request.environ)
        if refused is not None:
            raise refused
        if request.script_root and not request.environ.get("PATH_INFO"):
            # Without the slash the page's relative addresses would leave the root.
            query = request.query_string.decode("latin-1")
            return _redirect(request.script_root + "/" + (f"?{query}" if query else ""))
        if policy.token is not None and policy.has_token(request) and request.path == "/":
            return _keep_token(policy, policy.token)
        check_query(request.environ)
        request.max_content_length = bodies.check(request.environ)
        return None

    @app.after_request
    def harden(response: Response) -> Response:
        page_in_frame = bool(policy.frame_origins) and request.path == "/"
        response.headers["Content-Security-Policy"] = f"{_POLICY}; {ancestors}"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Resource-Policy"] = (
            "cross-origin" if page_in_frame else "same-origin"
        )
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers.pop("Server", None)
        return response


def _keep_token(policy: AccessPolicy, token: str) -> Response:
    """Remove the token from the address bar, so that it does not leak with a screenshot."""
    root = request.script_root
    # Without a known root both are relative to the page's own address: a proxy may have cut a path
    # off without a word.
    response = _redirect(f"{root}/" if root else "./")
    secure = request.scheme == "https"
    # In a frame of another site the cookie needs a place of its own, which only https has.
    framed = secure and bool(policy.frame_origins)
    response.set_cookie(
        f"{COOKIE}-{_port()}",
        token,
        path=f"{root}/" if root else None,
        secure=secure,
        httponly=True,
        samesite="None" if framed else "Strict",
        partitioned=framed,
    )
    return response


def _redirect(address: str) -> Response:
    found = redirect(address)
    return Response(found.response, found.status, found.headers)


def _port() -> str:
    """Return the port of the address that the browser shows."""
    if not request.host.endswith("]"):
        _, colon, port = request.host.rpartition(":")
        if colon:
            return port
    return "443" if request.scheme == "https" else "80"

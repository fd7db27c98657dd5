"""Pages of other sites, which TensorBoard does not keep away."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def is_foreign(environ: WSGIEnvironment) -> bool:
    """Return whether a page of another site asks, and not by a link to the page.

    TensorBoard answers every host name and every origin: it only reads. Our routes change things,
    too, so that a page anywhere could make a visitor's browser drop files here.
    """
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        is_link = (
            environ.get("HTTP_SEC_FETCH_MODE") == "navigate"
            and environ.get("REQUEST_METHOD") == "GET"
        )
        return site in ("cross-site", "same-site") and not is_link
    # Browsers leave it out without encryption, except to this machine.
    origin = environ.get("HTTP_ORIGIN")
    if origin is None:
        return False
    asked = [environ.get("HTTP_HOST", "")]
    # A proxy may replace the name, and say so; no page can set this header unasked.
    asked += environ.get("HTTP_X_FORWARDED_HOST", "").split(",")
    try:
        return urlsplit(origin).netloc not in {each.strip() for each in asked if each.strip()}
    except ValueError:
        return True

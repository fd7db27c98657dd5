"""Routes of the page: the built front end, and no other file."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, send_from_directory

from projector.api.session.session import Session
from projector.errors import MachineError

_PACKAGE = Path(__file__).resolve().parents[1]

_NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>projector</title>
<h1>The page has not been built</h1>
<p>This checkout has no front end yet. Run <code>make setup</code> (or
<code>pip install -e .</code>), and reload.</p>
"""


def page_folder() -> Path | None:
    """Return the folder of the built page, in the installed package or in a checkout; else None."""
    for folder in (_PACKAGE / "_static", _PACKAGE.parent / "static" / "dist"):
        if (folder / "index.html").is_file():
            return folder
    return None


def notebook_file(name: str) -> Path:
    """Return a file of the page that notebooks need.

    Raises
    ------
    MachineError
        The page has not been built.
    """
    return _built_file(f"notebook/{name}", "for notebooks")


def tab_file() -> Path:
    """Return the script that TensorBoard runs in the page's tab.

    Raises
    ------
    MachineError
        The page has not been built.
    """
    return _built_file("tensorboard/tab.js", "for TensorBoard")


def _built_file(name: str, purpose: str) -> Path:
    folder = page_folder()
    if folder is None or not (folder / name).is_file():
        raise MachineError(
            f"The page {purpose} has not been built: there is no {name}. Run: make page"
        )
    return folder / name


def page_blueprint(session: Session) -> Blueprint:
    """Return the routes of the page."""
    routes = Blueprint("page", __name__)
    folder = page_folder()

    @routes.get("/")
    def index() -> Response:
        """Send the page."""
        if folder is None:
            return Response(_NOT_BUILT, 503, content_type="text/html; charset=utf-8")
        session.expect_page()
        response = send_from_directory(folder, "index.html", max_age=0)
        response.headers["Cache-Control"] = "no-cache"
        return response

    @routes.get("/assets/<path:name>")
    def asset(name: str) -> Response:
        """Send a script or a style sheet."""
        # The name contains a hash of the content, so it never stands for other content.
        home = folder or Path("/nonexistent")
        response = send_from_directory(home / "assets", name, max_age=31_536_000)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    @routes.get("/notebook/<any('page.js', 'page.css'):name>")
    def notebook(name: str) -> Response:
        """Send a part of the page as notebooks have it: all scripts in one file."""
        session.expect_page()
        return send_from_directory((folder or Path("/nonexistent")) / "notebook", name, max_age=0)

    @routes.get("/<any('favicon.svg', 'favicon.ico'):name>")
    def icon(name: str) -> Response:
        """Send the icon."""
        return send_from_directory(folder or Path("/nonexistent"), name, max_age=86_400)

    return routes
